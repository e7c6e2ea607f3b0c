//! amoCRM's deals by stage: what is counted, against the deals as amoCRM had them when they were last read.

use std::collections::BTreeSet;

use serde::Serialize;

use super::words::{self, Change};
use crate::domain::day::{Day, Period};
use crate::domain::deal::Deal;
use crate::domain::deal_counts::{self, DealCountKey, DealCounters};

/// One count that is not the number of deals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DealCountDifference {
    team: String,
    day: Day,
    pipeline: u64,
    stage: u64,
    counted: i64,
    deals: i64,
    #[serde(skip)]
    key: DealCountKey,
}

impl DealCountDifference {
    /// Which count.
    pub fn key(&self) -> &DealCountKey {
        &self.key
    }

    /// Which count, for people.
    pub fn name(&self) -> String {
        format!("{} {} pipeline {} stage {}", self.team, self.day, self.pipeline, self.stage)
    }

    /// Which day's it is.
    pub fn day(&self) -> Day {
        self.day
    }

    /// What has to be added to the count.
    pub fn delta(&self) -> i64 {
        self.deals - self.counted
    }

    /// The same for the sum in words.
    pub fn change(&self) -> Change {
        let name = format!("pipeline {} stage {}", self.pipeline, self.stage);
        let what = words::count(&name, self.counted, self.deals).unwrap_or_default();
        Change { owner: self.team.clone(), kind: "count of deals", what }
    }
}

/// What deals add to the counts of these days.
pub fn counted(deals: &[Deal], period: Period) -> DealCounters {
    let mut counters = DealCounters::new();
    for deal in deals {
        let key = deal.read.as_ref().and_then(|read| read.counted.as_ref());
        let key = key.filter(|key| (period.from..=period.to).contains(&key.day));
        deal_counts::add(&mut counters, deal_counts::moved(None, key));
    }
    counters
}

/// Compares counts with the deals.
pub fn deal_count_differences(summed: &DealCounters, held: &DealCounters) -> Vec<DealCountDifference> {
    let keys: BTreeSet<&DealCountKey> = summed.keys().chain(held.keys()).collect();
    let of = |counters: &DealCounters, key| counters.get(key).copied().unwrap_or_default();
    keys.into_iter()
        .map(|key| DealCountDifference {
            team: key.owner().key().to_owned(),
            day: key.day,
            pipeline: key.pipeline,
            stage: key.stage,
            counted: of(held, key),
            deals: of(summed, key),
            key: key.clone(),
        })
        .filter(|difference| difference.delta() != 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::deal::LastRead;
    use crate::domain::event::DealId;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn deal(lead: u64, made: &str, stage: Option<u64>) -> Deal {
        let read_at = "2026-11-20T06:00:00Z".parse().unwrap();
        let counted = stage.map(|stage| DealCountKey { team: None, day: day(made), pipeline: 7, stage });
        let read = Some(LastRead { read_at, updated_at: read_at, counted });
        Deal { read, ..Deal::new(DealId { account: 1, lead }) }
    }

    #[test]
    fn deals_are_counted_as_amocrm_was_last_seen_to_have_them() {
        let period = Period { from: day("2026-11-19"), to: day("2026-11-20") };
        let deals = [
            deal(1, "2026-11-20", Some(142)),
            deal(2, "2026-11-20", Some(142)),
            deal(3, "2026-11-19", Some(143)),
            deal(4, "2026-11-18", Some(142)),
            deal(5, "2026-11-20", None),
            Deal::new(DealId { account: 1, lead: 6 }),
        ];
        let summed = counted(&deals, period);
        assert_eq!(summed.values().collect::<Vec<_>>(), [&1, &2]);
        assert_eq!(deal_count_differences(&summed, &summed), []);
        let mut held = summed.clone();
        deal_counts::add(&mut held, counted(&deals[..1], period));
        let found = deal_count_differences(&summed, &held);
        assert_eq!(
            serde_json::to_value(&found).unwrap(),
            json!([{"team": "unattributed", "day": "2026-11-20", "pipeline": 7, "stage": 142, "counted": 3, "deals": 2}])
        );
        assert_eq!(
            (found[0].delta(), found[0].name().as_str()),
            (-1, "unattributed 2026-11-20 pipeline 7 stage 142")
        );
    }
}
