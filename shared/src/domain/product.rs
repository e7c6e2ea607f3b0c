//! What was sold, and how a price or a stage tells it.

use serde::{Deserialize, Serialize};

use super::money::Tenge;

/// What the school sells through the funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Product {
    /// Express Course.
    Express,
    /// Integrator Flagman, once called Main Product.
    Flagship,
    /// Won in amoCRM at a price that belongs to neither.
    Other,
}

impl Product {
    /// Every product, in the order of the funnel.
    pub const ALL: [Self; 3] = [Self::Express, Self::Flagship, Self::Other];

    /// Its id in addresses, keys and answers.
    pub fn id(self) -> &'static str {
        match self {
            Self::Express => "express",
            Self::Flagship => "flagship",
            Self::Other => "other",
        }
    }

    /// Reads what [`Product::id`] writes.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.id() == id)
    }
}

/// A stage of one pipeline. Stage ids such as 142 repeat in every pipeline, so both make the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PipelineStage {
    /// The pipeline's id.
    pub pipeline: u64,
    /// The stage's id.
    pub stage: u64,
}

/// How one product is told and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRule {
    /// The product.
    pub product: Product,
    /// Its price where the hook names none.
    pub list_price: Tenge,
    /// The lowest price that tells it.
    pub from_price: Tenge,
    /// The highest price that tells it.
    pub to_price: Tenge,
    /// Stages that tell it, whatever the price.
    pub stages: Vec<PipelineStage>,
}

/// The rules of all products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRules(pub Vec<ProductRule>);

impl Default for ProductRules {
    fn default() -> Self {
        let exactly = |product, price| ProductRule {
            product,
            list_price: Tenge(price),
            from_price: Tenge(price),
            to_price: Tenge(price),
            stages: vec![],
        };
        Self(vec![exactly(Product::Express, 5_000), exactly(Product::Flagship, 490_000)])
    }
}

impl ProductRules {
    /// The product that a pair of pipeline and stage stands for, if it is configured.
    pub fn by_stage(&self, pipeline: Option<u64>, stage: Option<u64>) -> Option<Product> {
        let pair = PipelineStage { pipeline: pipeline?, stage: stage? };
        self.0.iter().find(|rule| rule.stages.contains(&pair)).map(|rule| rule.product)
    }

    /// The product that a price stands for; no price or an unknown one is `other`.
    pub fn by_price(&self, price: Option<Tenge>) -> Product {
        price
            .and_then(|price| self.0.iter().find(|rule| rule.from_price <= price && price <= rule.to_price))
            .map_or(Product::Other, |rule| rule.product)
    }

    /// What the product costs where nobody says otherwise.
    pub fn list_price(&self, product: Product) -> Tenge {
        self.0.iter().find(|rule| rule.product == product).map_or(Tenge(0), |rule| rule.list_price)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_tells_the_product() {
        let rules = ProductRules::default();
        for (price, expected) in [
            (Some(5_000), Product::Express),
            (Some(490_000), Product::Flagship),
            (Some(450_000), Product::Other),
            (Some(1), Product::Other),
            (None, Product::Other),
        ] {
            assert_eq!(rules.by_price(price.map(Tenge)), expected, "{price:?}");
        }
    }

    #[test]
    fn a_configured_stage_tells_the_product_only_in_its_pipeline() {
        let mut rules = ProductRules::default();
        rules.0[0].stages.push(PipelineStage { pipeline: 7, stage: 142 });
        assert_eq!(rules.by_stage(Some(7), Some(142)), Some(Product::Express));
        assert_eq!(rules.by_stage(Some(8), Some(142)), None);
        assert_eq!(rules.by_stage(None, Some(142)), None);
    }
}
