//! What is to be worked out anew, and where to go on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::lead_days::LeadSums;
use super::pairs;
use crate::domain::day::{BadPeriod, Day, Period};
use crate::domain::deal_counts::DealCounters;
use crate::domain::event::Route;
use crate::store::heard::HeardPlace;
use crate::store::ledger_walk::{DealPlace, SalePlace};

/// What can be worked out anew, in the order in which it is: each mends what the next one starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Deals, from the hooks that came in the period.
    Events,
    /// The sales of the period, from their deals.
    Sales,
    /// All deals there are: their sales, of whatever day, and how many of the period stand in each stage.
    Deals,
    /// The counters of the period, from sales and leads.
    Counters,
}

/// An order, as a person writes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Order {
    /// What; by default sales and counters.
    pub what: Option<BTreeSet<Step>>,
    /// The first day; by default 29 days before the last.
    pub from: Option<String>,
    /// The last day; by default today.
    pub to: Option<String>,
    /// Whether to mend what differs.
    pub write: bool,
    /// Whether to mend the counters that differ, and nothing else.
    pub repair: bool,
    /// Where to go on, as the answer before said.
    pub after: Option<Place>,
}

/// Where the work stands. What is not yet done is from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Place {
    /// The events of a day that came by one route.
    Events {
        /// Which day.
        day: Day,
        /// Which route.
        route: Route,
        /// After which event.
        heard: Option<HeardPlace>,
    },
    /// The sales of a day.
    Sales {
        /// Which day.
        day: Day,
    },
    /// All deals.
    Deals(DealsWalk),
    /// The counters of a day.
    Counters {
        /// Which day.
        day: Day,
    },
    /// All sales since the period's beginning: any of them may be of one of its leads.
    LeadDays(LeadDaysWalk),
}

/// A walk through all deals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealsWalk {
    /// How far it has come.
    pub at: Option<DealPlace>,
    /// What was counted on the way.
    #[serde(with = "pairs")]
    pub sums: DealCounters,
    /// What the first walk found wrong, on the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaps: Option<Gaps>,
}

/// Counts that were found wrong, and by how much.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gaps(#[serde(with = "pairs")] pub DealCounters);

/// A walk through all sales since a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadDaysWalk {
    /// How far it has come.
    pub at: SalePlace,
    /// What was counted on the way.
    pub sums: LeadSums,
    /// What the first walk found wrong, on the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaps: Option<LeadSums>,
}

/// An order that can be carried out.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What.
    pub what: BTreeSet<Step>,
    /// Which days.
    pub period: Period,
    /// Whether to mend deals and sales.
    pub mends_sales: bool,
    /// Whether to mend counters.
    pub mends_counters: bool,
}

impl Order {
    /// The plan, and where to begin; nowhere where nothing is to be done.
    pub fn plan(self, now: DateTime<Utc>) -> Result<(Plan, Option<Place>), BadPeriod> {
        let plan = Plan {
            period: Period::parse(self.from.as_deref(), self.to.as_deref(), now)?,
            what: self.what.unwrap_or_else(|| [Step::Sales, Step::Counters].into()),
            mends_sales: self.write,
            mends_counters: self.write || self.repair,
        };
        let place = self.after.or_else(|| plan.what.first().map(|step| plan.beginning(*step)));
        Ok((plan, place))
    }
}

impl Plan {
    /// Where the step after this one begins; nothing after the last.
    pub fn after(&self, step: Step) -> Option<Place> {
        self.what.iter().find(|other| **other > step).map(|step| self.beginning(*step))
    }

    fn beginning(&self, step: Step) -> Place {
        let day = self.period.from;
        match step {
            Step::Events => Place::Events { day, route: Route::ALL[0], heard: None },
            Step::Sales => Place::Sales { day },
            Step::Deals => Place::Deals(DealsWalk::default()),
            Step::Counters => Place::Counters { day },
        }
    }

    /// The day after this one, if the period has it.
    pub fn next(&self, day: Day) -> Option<Day> {
        Some(day.plus(1)).filter(|next| *next <= self.period.to)
    }
}

/// The days from one on that are looked at together: as many as hold little by what is counted of them, and one at least.
pub fn stretch(from: Day, last: Day, counted: &BTreeMap<Day, u64>) -> Period {
    const MOST_DAYS: u64 = 31;
    const MUCH: u64 = 2_000;
    let (mut to, mut held) = (from, counted.get(&from).copied().unwrap_or_default());
    for day in (1..MOST_DAYS).map(|after| from.plus(after)).take_while(|day| *day <= last) {
        held = held.saturating_add(counted.get(&day).copied().unwrap_or_default());
        if held > MUCH {
            break;
        }
        to = day;
    }
    Period { from, to }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn plan(order: serde_json::Value) -> (Plan, Option<Place>) {
        let order: Order = serde_json::from_value(order).unwrap();
        order.plan("2026-11-20T06:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn an_order_of_nothing_looks_at_sales_and_counters_of_thirty_days() {
        let (plan, place) = plan(json!({}));
        assert_eq!(place, Some(Place::Sales { day: day("2026-10-22") }));
        assert_eq!(plan.after(Step::Sales), Some(Place::Counters { day: day("2026-10-22") }));
        assert_eq!(plan.after(Step::Counters), None);
        assert!(!plan.mends_sales && !plan.mends_counters);
    }

    #[test]
    fn a_repair_mends_counters_and_a_write_everything() {
        let (plan_of_repair, _) = plan(json!({"repair": true}));
        assert!(plan_of_repair.mends_counters && !plan_of_repair.mends_sales);
        let (plan_of_write, place) = plan(json!({"write": true, "what": ["counters", "events", "deals"]}));
        assert!(plan_of_write.mends_counters && plan_of_write.mends_sales);
        let day = plan_of_write.period.from;
        assert_eq!(place, Some(Place::Events { day, route: Route::Sales, heard: None }));
        assert_eq!(plan_of_write.after(Step::Events), Some(Place::Deals(DealsWalk::default())));
        assert_eq!(plan(json!({"what": []})).1, None);
    }

    #[test]
    fn every_place_reads_back_as_it_was_told() {
        let day = day("2026-11-20");
        let key = crate::domain::deal_counts::DealCountKey { team: None, day, pipeline: 7, stage: 142 };
        let sums = DealCounters::from([(key, 3)]);
        let lead_sums =
            LeadSums::from_iter([((None, day, crate::domain::product::Product::Express), [1, 2, 3, 4])]);
        for place in [
            Place::Events { day, route: Route::Traffic, heard: None },
            Place::Sales { day },
            Place::Deals(DealsWalk { at: None, sums: sums.clone(), gaps: Some(Gaps(sums)) }),
            Place::Counters { day },
            Place::LeadDays(LeadDaysWalk {
                at: SalePlace::default(),
                sums: lead_sums.clone(),
                gaps: Some(lead_sums),
            }),
        ] {
            let order = json!({"after": serde_json::to_value(&place).unwrap()});
            assert_eq!(plan(order).1, Some(place));
        }
    }

    #[test]
    fn empty_days_are_looked_at_together_and_a_full_one_alone() {
        let (first, last) = (day("2026-01-01"), day("2026-12-31"));
        assert_eq!(stretch(first, last, &BTreeMap::new()).to, day("2026-01-31"));
        assert_eq!(stretch(first, day("2026-01-02"), &BTreeMap::new()).to, day("2026-01-02"));
        let counted = BTreeMap::from([(first, 9_000), (day("2026-01-05"), 1_500), (day("2026-01-07"), 501)]);
        assert_eq!(stretch(first, last, &counted).to, first);
        assert_eq!(stretch(first.plus(1), last, &counted).to, day("2026-01-06"));
    }
}
