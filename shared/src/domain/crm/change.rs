//! What changes at a deal that a lead joins: nothing that a person or an earlier form has said.

use std::collections::BTreeMap;

use super::account::{CrmDeal, Pipeline, Stage};
use crate::domain::lead::{Form, Lead};
use crate::domain::money::Tenge;
use crate::domain::product::{Product, ProductRules};
use crate::domain::utm::{self, UtmName};

/// amoCRM cuts longer texts, or refuses them; the note has the whole of it.
const LONGEST_VALUE: usize = 250;

/// What a lead would have at its deal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The stage of its payment method.
    pub stage: Option<Stage>,
    /// What is ordered.
    pub price: Option<Tenge>,
    /// UTM values by the codes of their fields.
    pub utm: BTreeMap<String, String>,
}

impl Wish {
    /// What a lead brings, apart from its stage.
    pub fn of(lead: &Lead, products: &ProductRules) -> Self {
        let price = match lead.form {
            Form::Proftest => None,
            Form::Express => Some(products.list_price(Product::Express)).filter(|price| price.0 > 0),
        };
        let utm = utm::shown(&lead.readings);
        let utm = utm.into_iter().map(|(name, value)| (code(name), shortened(&value, LONGEST_VALUE)));
        Self { stage: None, price, utm: utm.collect() }
    }
}

/// The code of the field that holds a UTM value.
pub fn code(name: UtmName) -> String {
    name.as_str().to_ascii_uppercase()
}

/// The beginning of a text.
pub fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What is to be written to a deal. What is nothing here is not written at all: another's value could have changed since
/// it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DealChange {
    /// A pipeline and its stage: stages repeat in pipelines.
    pub stage: Option<(u64, u64)>,
    /// The price.
    pub price: Option<Tenge>,
    /// UTM values by the codes of their fields.
    pub utm: BTreeMap<String, String>,
}

impl DealChange {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What of a wish a deal does not have yet. A deal is never moved backwards, never out of won or lost, and not from a
/// stage that nobody knows; a price and UTM values that are there stay.
pub fn change(deal: &CrmDeal, pipeline: &Pipeline, wish: &Wish) -> DealChange {
    let is_ahead = |stage: &&Stage| {
        let present = pipeline.stage(deal.stage).filter(|_| deal.pipeline == pipeline.id);
        !deal.is_closed() && present.is_some_and(|present| present.sort < stage.sort)
    };
    let missing = |(code, _): &(&String, &String)| !deal.filled.contains(*code);
    DealChange {
        stage: wish.stage.as_ref().filter(is_ahead).map(|stage| (pipeline.id, stage.id)),
        price: wish.price.filter(|_| !deal.has_price),
        utm: wish.utm.iter().filter(missing).map(|(code, value)| (code.clone(), value.clone())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stage::{LOST, WON};

    fn pipeline() -> Pipeline {
        let stages = [(1, 10, 1), (20, 20, 0), (30, 30, 0), (40, 40, 0), (WON, 10_000, 0), (LOST, 11_000, 0)];
        let stages = stages.map(|(id, sort, kind)| Stage { id, name: String::new(), sort, kind });
        Pipeline { id: 10, name: String::new(), is_main: true, stages: stages.into() }
    }

    fn deal(stage: u64) -> CrmDeal {
        CrmDeal { id: 1, pipeline: 10, stage, has_price: true, ..CrmDeal::default() }
    }

    fn moved(deal: &CrmDeal, to: u64) -> Option<u64> {
        let wish = Wish { stage: pipeline().stage(to).cloned(), ..Wish::default() };
        change(deal, &pipeline(), &wish).stage.map(|(of, stage)| {
            assert_eq!(of, 10);
            stage
        })
    }

    #[test]
    fn a_deal_moves_only_forwards() {
        for (from, to, expected) in [
            (20, 30, Some(30)),
            (1, 40, Some(40)),
            (20, WON, Some(WON)),
            (40, LOST, Some(LOST)),
            (30, 20, None),
            (30, 30, None),
            (WON, 30, None),
            (WON, LOST, None),
            (LOST, 30, None),
            (99, 30, None),
        ] {
            assert_eq!(moved(&deal(from), to), expected, "{from} to {to}");
        }
        assert_eq!(
            moved(&CrmDeal { pipeline: 11, ..deal(20) }, 30),
            None,
            "20 is a stage of another pipeline"
        );
    }

    #[test]
    fn what_is_there_stays() {
        let utm = |code: &str| (code.to_owned(), "value".to_owned());
        let wish = Wish {
            stage: None,
            price: Some(Tenge(5_000)),
            utm: [utm("UTM_SOURCE"), utm("UTM_CAMPAIGN")].into(),
        };
        let empty = CrmDeal { has_price: false, ..deal(20) };
        let all = DealChange { stage: None, price: wish.price, utm: wish.utm.clone() };
        assert_eq!(change(&empty, &pipeline(), &wish), all);
        let touched = CrmDeal { filled: ["UTM_SOURCE".to_owned()].into(), ..deal(20) };
        let rest = DealChange { utm: [utm("UTM_CAMPAIGN")].into(), ..DealChange::default() };
        assert_eq!(change(&touched, &pipeline(), &wish), rest);
        let full = CrmDeal { filled: wish.utm.keys().cloned().collect(), ..deal(20) };
        assert!(change(&full, &pipeline(), &wish).is_empty());
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(shortened("жжж", 3), "жжж");
        assert_eq!(shortened("жжжж", 3), "жжж…");
    }
}
