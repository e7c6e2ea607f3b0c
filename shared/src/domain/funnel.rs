//! The arithmetic of the funnel: four stages, the conversion between them, and what came back per tenge.

use serde::Serialize;

use super::ad_spend::{AdSpend, Unconverted};
use super::counters::Tallies;
use super::lead::Form;
use super::money::{Money, ratio};
use super::product::Product;

/// Everything the funnel of one owner is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Ad spend.
    pub spend: AdSpend,
    /// Leads and sales.
    pub counted: Tallies,
}

impl Figures {
    /// The figures of only these leads and sales.
    pub fn of_counted(counted: Tallies) -> Self {
        Self { counted, ..Self::default() }
    }

    /// The figures of only this spend.
    pub fn of_spend(spend: AdSpend) -> Self {
        Self { spend, ..Self::default() }
    }

    /// All of the other are counted here too.
    pub fn add(&mut self, other: &Self) {
        self.spend.add(&other.spend);
        self.counted.add(&other.counted);
    }
}

/// A funnel as the dashboard shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Funnel {
    /// Spend, ProfTest, Express, flagship.
    pub stages: [Stage; 4],
    /// What it comes to.
    pub totals: Totals,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// Its stable id.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Its figures.
    pub metrics: Metrics,
}

/// The figures of a stage, under the names that the dashboard has always read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Metrics {
    /// Ad spend.
    Spend {
        /// In tenge, without what is in `unconverted`.
        spend_kzt: i64,
        /// In the currencies it was spent in.
        spend: Vec<Money>,
        /// What no rate could turn into tenge: costs and returns are without it too.
        unconverted: Vec<Unconverted>,
        /// How often ads were shown.
        impressions: i64,
        /// How often ads were clicked.
        clicks: i64,
        /// Nothing comes before it.
        conversion_from_previous: Option<f64>,
    },
    /// Leads of the career test.
    Proftest {
        /// How many.
        leads: i64,
        /// Leads per click.
        conversion_from_previous: Option<f64>,
    },
    /// Express Course.
    Express {
        /// How many were bought.
        express_purchases: i64,
        /// For how much.
        express_revenue: i64,
        /// How many of those once bought were cancelled.
        express_cancelled: i64,
        /// Purchases per lead.
        conversion_from_previous: Option<f64>,
    },
    /// The flagship course.
    Flagship {
        /// How many were bought.
        main_purchases: i64,
        /// For how much.
        main_revenue: i64,
        /// How many of those once bought were cancelled.
        main_cancelled: i64,
        /// Purchases per Express Course purchase.
        conversion_from_previous: Option<f64>,
    },
}

/// What the funnel comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Totals {
    /// Revenue of both products.
    pub revenue_kzt: i64,
    /// Revenue of won deals whose price belongs to neither product; not in `revenue_kzt`.
    pub other_revenue_kzt: i64,
    /// How many such deals there are.
    pub other_purchases: i64,
    /// Revenue per tenge spent.
    pub roas: Option<f64>,
    /// Profit per tenge spent.
    pub roi: Option<f64>,
    /// Spend per lead; unknown while nothing was spent.
    pub cpl: Option<f64>,
    /// Spend per sale of either product; unknown while nothing was spent.
    pub cpa: Option<f64>,
}

impl From<&Figures> for Funnel {
    fn from(figures: &Figures) -> Self {
        // Forms that order the Express Course are no stage: who pays is a sale.
        let leads = figures.counted.leads.of(Form::Proftest);
        let express = figures.counted.of(Product::Express);
        let flagship = figures.counted.of(Product::Flagship);
        let other = figures.counted.of(Product::Other);
        let revenue = express.active.sum + flagship.active.sum;
        let sales = express.active.count + flagship.active.count;
        let spend = figures.spend.kzt;
        // What came without ads cost nothing to get, which says nothing about what ads cost.
        let cost_per = |count| ratio(spend.0, count).filter(|_| spend.0 != 0);
        Self {
            stages: [
                Stage {
                    id: "spend",
                    title: "Затраты",
                    metrics: Metrics::Spend {
                        spend_kzt: spend.0,
                        spend: figures.spend.money(),
                        unconverted: figures.spend.unconverted(),
                        impressions: figures.spend.impressions,
                        clicks: figures.spend.clicks,
                        conversion_from_previous: None,
                    },
                },
                Stage {
                    id: "proftest",
                    title: "ProfTest",
                    metrics: Metrics::Proftest {
                        leads,
                        conversion_from_previous: ratio(leads, figures.spend.clicks),
                    },
                },
                Stage {
                    id: "express",
                    title: "Express Course",
                    metrics: Metrics::Express {
                        express_purchases: express.active.count,
                        express_revenue: express.active.sum.0,
                        express_cancelled: express.cancelled.count,
                        conversion_from_previous: ratio(express.active.count, leads),
                    },
                },
                Stage {
                    id: "flagship",
                    title: "Integrator Flagman",
                    metrics: Metrics::Flagship {
                        main_purchases: flagship.active.count,
                        main_revenue: flagship.active.sum.0,
                        main_cancelled: flagship.cancelled.count,
                        conversion_from_previous: ratio(flagship.active.count, express.active.count),
                    },
                },
            ],
            totals: Totals {
                revenue_kzt: revenue.0,
                other_revenue_kzt: other.active.sum.0,
                other_purchases: other.active.count,
                roas: ratio(revenue.0, spend.0),
                roi: ratio((revenue - spend).0, spend.0),
                cpl: cost_per(leads),
                cpa: cost_per(sales),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::ad_account::AdAccountId;
    use crate::domain::counters::{LeadTally, ProductTally, Tally};
    use crate::domain::day::Day;
    use crate::domain::money::{Currency, Tenge};
    use crate::domain::rates::Rate;
    use crate::domain::spend::{AccountDay, Delivery};

    fn sold(product: Product, count: i64, sum: i64) -> Tallies {
        let active = Tally { count, sum: Tenge(sum) };
        Tallies::from([(product, ProductTally { active, cancelled: Tally::default() })])
    }

    /// A day in dollars at a rate of 500, and one in lari that there is no rate for.
    fn spend() -> AdSpend {
        let day = |account: &str, currency: &str, rate: Option<&str>, total| AccountDay {
            account_id: AdAccountId::parse(account).unwrap(),
            day: Day::parse("2026-11-19").unwrap(),
            generation: "g".to_owned(),
            parts: 1,
            rows: 1,
            currency: Currency::parse(currency).unwrap(),
            rate: rate
                .map(|value| Rate { value: value.parse().unwrap(), date: Day::parse("2026-11-19").unwrap() }),
            total,
            pulled_at: DateTime::UNIX_EPOCH,
        };
        let total = |spend, kzt, impressions, clicks| Delivery {
            spend,
            spend_kzt: Tenge(kzt),
            impressions,
            clicks,
            link_clicks: 0,
        };
        let mut spend = AdSpend::of(&day("1", "USD", Some("500"), total(50_000, 250_000, 9_000, 350)));
        spend.add(&AdSpend::of(&day("2", "GEL", None, total(7_000, 0, 1_000, 50))));
        spend
    }

    #[test]
    fn a_funnel_of_nothing_knows_no_ratio() {
        let funnel = Funnel::from(&Figures::default());
        assert_eq!(
            (funnel.totals.roas, funnel.totals.roi, funnel.totals.cpl, funnel.totals.cpa),
            (None, None, None, None)
        );
        assert_eq!(
            funnel.stages.each_ref().map(|stage| stage.id),
            ["spend", "proftest", "express", "flagship"]
        );
    }

    #[test]
    fn sales_without_spend_have_no_cost_per_sale() {
        let figures = Figures::of_counted(sold(Product::Express, 3, 15_000));
        assert_eq!(Funnel::from(&figures).totals.cpa, None);
    }

    #[test]
    fn revenue_is_that_of_both_products_and_other_deals_stand_apart() {
        let mut figures = Figures::of_spend(spend());
        figures.counted.leads = LeadTally { proftest: 40, express: 12 };
        figures.counted.add(&sold(Product::Express, 10, 50_000));
        figures.counted.add(&sold(Product::Flagship, 1, 490_000));
        figures.counted.add(&sold(Product::Other, 1, 7_000));
        insta::assert_json_snapshot!(Funnel::from(&figures));
    }
}
