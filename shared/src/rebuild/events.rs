//! Records of events, against what the deals know of.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::words::Change;
use crate::domain::day::Day;
use crate::domain::deal::Deal;
use crate::domain::event::{DealId, Route};
use crate::store::events::EventRecord;

/// An event that its deal does not know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventDifference {
    event: String,
    deal: String,
    route: Route,
    action: String,
    day: Day,
    problem: &'static str,
}

impl EventDifference {
    /// Which event, for people.
    pub fn name(&self) -> String {
        format!("event {} of deal {}", self.event, self.deal)
    }

    /// The same for the sum in words.
    pub fn change(&self) -> Change {
        let what = format!("{} by {}: {}", self.action, self.route.as_str(), self.problem);
        Change { owner: format!("deal {}", self.deal), kind: "event", what }
    }
}

/// The deals that these events are of.
pub fn deals_of(records: &[EventRecord]) -> BTreeSet<DealId> {
    records.iter().filter_map(deal_of).collect()
}

fn deal_of(record: &EventRecord) -> Option<DealId> {
    Some(DealId { account: record.account?, lead: record.lead_id? })
}

/// The events of deals that the deals do not know of, each with its record.
pub fn event_differences<'a>(
    records: &'a [EventRecord],
    deals: &[Deal],
) -> Vec<(&'a EventRecord, EventDifference)> {
    let known: BTreeMap<DealId, BTreeSet<&str>> = deals
        .iter()
        .map(|deal| (deal.id(), deal.history.iter().map(|entry| entry.id.as_str()).collect()))
        .collect();
    let difference = |record: &'a EventRecord| {
        let deal = deal_of(record)?;
        let problem = match known.get(&deal) {
            None => "the ledger does not hold its deal",
            Some(ids) if !ids.contains(record.id.as_str()) => "its deal does not know of it",
            Some(_) => return None,
        };
        let difference = EventDifference {
            event: record.id.clone(),
            deal: deal.to_string(),
            route: record.route,
            action: record.action.clone(),
            day: Day::of(record.received_at),
            problem,
        };
        Some((record, difference))
    };
    records.iter().filter_map(difference).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::sold;
    use super::*;
    use crate::domain::event::Origin;
    use crate::domain::ledger::{Ignored, Verdict};

    fn record(id: &str, lead: Option<u64>) -> EventRecord {
        EventRecord {
            id: id.to_owned(),
            route: Route::Funnel,
            origin: Origin::Hook,
            action: "status".to_owned(),
            account: lead.map(|_| 29_600_001),
            lead_id: lead,
            happened_at: None,
            received_at: "2026-11-20T19:30:00Z".parse().unwrap(),
            raw_id: "raw".to_owned(),
            problems: vec![],
            healed: None,
            replayed_at: None,
            verdict: Verdict::ignored(Ignored::Stage),
        }
    }

    #[test]
    fn an_event_that_its_deal_does_not_know_of_is_found_and_so_is_one_without_a_deal() {
        let records = [record("1", Some(7)), record("2", Some(7)), record("3", Some(8)), record("4", None)];
        assert_eq!(deals_of(&records).len(), 2);
        let found = event_differences(&records, &[sold(7)]);
        let told: Vec<(&str, &str)> =
            found.iter().map(|(record, difference)| (record.id.as_str(), difference.problem)).collect();
        assert_eq!(told, [("2", "its deal does not know of it"), ("3", "the ledger does not hold its deal")]);
        assert_eq!(found[1].1.name(), "event 3 of deal 29600001-8");
        assert_eq!(found[1].1.change().what, "status by funnel: the ledger does not hold its deal");
        assert_eq!(found[1].1.day.to_string(), "2026-11-21", "a day of the business");
    }
}
