//! Events newest first, from all partitions of the index that may hold them.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::try_join_all;

use super::places::merged;
use super::{EventLog, Key, Logged, Places, text};
use crate::domain::day::Period;
use crate::domain::event::Route;
use crate::domain::ledger::Outcome;
use crate::store::StoreError;
use crate::store::document::Item;
use crate::store::heard_on::HeardOn;
use crate::store::place::instant;

/// A filter may let nothing through, so a page ends when so many events were looked at.
const MOST_LOOKED_AT: usize = 1_000;

/// Where a filter leaves out some, so many are looked at together at least.
const AT_ONCE: usize = 100;

/// Which events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// By this door; by any where none is named.
    pub route: Option<Route>,
    /// Of which this became when they came; any where none is named.
    pub outcome: Option<Outcome>,
    /// That reached us in this period; ever, where none is named.
    pub period: Option<Period>,
    /// Only those that a kept hook can be replayed for.
    pub of_hooks: bool,
}

impl Selection {
    /// The partitions that may hold them.
    pub fn partitions(&self) -> Vec<HeardOn> {
        let may_hold = |partition: &HeardOn| match (*partition, self.outcome) {
            (_, Some(Outcome::Duplicate | Outcome::Queued)) => false,
            (HeardOn::Route(route), outcome) => {
                outcome != Some(Outcome::Quarantined) && self.route.is_none_or(|asked| asked == route)
            }
            (HeardOn::Quarantined, outcome) => outcome.is_none_or(|outcome| outcome == Outcome::Quarantined),
            (HeardOn::Healed, outcome) => !self.of_hooks && outcome != Some(Outcome::Quarantined),
            // Of what they became the routes tell.
            (HeardOn::Replayed, outcome) => !self.of_hooks && outcome.is_none(),
        };
        HeardOn::ALL.into_iter().filter(may_hold).collect()
    }

    /// Whether it is one of them. The index may be a moment late to tell that one was replayed.
    fn takes(&self, logged: &Logged) -> bool {
        let Logged { record, replay } = logged;
        let waits = replay.is_none() || !self.of_hooks && self.outcome.is_none();
        waits
            && self.route.is_none_or(|route| route == record.route)
            && self.outcome.is_none_or(|outcome| outcome == record.verdict.outcome)
    }
}

/// Some events.
#[derive(Debug, Clone, Default)]
pub struct EventPage {
    /// The events, newest first.
    pub events: Vec<Logged>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<Places>,
}

impl EventLog {
    /// At most `limit` events from these places on. A page may be short, and even empty, where a filter leaves out much.
    pub async fn page(
        &self,
        selection: &Selection,
        mut places: Places,
        limit: usize,
    ) -> Result<EventPage, StoreError> {
        let partitions = selection.partitions();
        let is_filtered = selection.route.is_some() || selection.outcome.is_some();
        let (mut events, mut looked_at) = (vec![], 0);
        loop {
            let wanted = (limit - events.len()).max(if is_filtered { AT_ONCE } else { 1 });
            let reading = partitions.iter().map(|partition| {
                // One more than is wanted tells whether there are more.
                self.keys(*partition, selection.period, &places, wanted + 1)
            });
            let keys = merged(try_join_all(reading).await?);
            let ids: Vec<String> = keys.iter().take(wanted).map(|(_, key)| key.id().to_owned()).collect();
            let mut logged = self.by_ids(&ids).await?;
            let mut left = keys.len();
            for (partition, key) in keys.iter().take(wanted) {
                places.take(*partition, key);
                left -= 1;
                looked_at += 1;
                events.extend(logged.remove(key.id()).filter(|logged| selection.takes(logged)));
                if events.len() == limit {
                    break;
                }
            }
            if left == 0 {
                return Ok(EventPage { events, next: None });
            }
            if events.len() == limit || looked_at >= MOST_LOOKED_AT {
                return Ok(EventPage { events, next: Some(places) });
            }
        }
    }

    /// The first keys of a partition from its place on.
    async fn keys(
        &self,
        partition: HeardOn,
        period: Option<Period>,
        places: &Places,
        most: usize,
    ) -> Result<(HeardOn, Vec<Key>), StoreError> {
        let doing = || format!("events heard on {}", partition.as_str());
        let (from, to) = period.map_or((String::from("0"), String::from("9")), |period| {
            let (from, to) = period.instants();
            (instant(from), last_before(to))
        });
        // A place behind the end of the period is none of this list's; DynamoDB would refuse it.
        let after = places.after(partition).filter(|key| key.received_at <= to);
        let to = places.newest(partition).map_or(to.clone(), |newest| to.min(newest.to_owned()));
        if to < from {
            return Ok((partition, vec![]));
        }
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("heard")
            .key_condition_expression("heard_on = :partition AND received_at BETWEEN :from AND :to")
            .expression_attribute_values(":partition", text(partition.as_str()))
            .expression_attribute_values(":from", text(&from))
            .expression_attribute_values(":to", text(&to))
            .set_exclusive_start_key(after.map(|key| start(partition, key)))
            .scan_index_forward(false)
            .limit(i32::try_from(most).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| StoreError::call(doing(), &error))?;
        let part = |item: &Item, name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        let key = |item| Some(Key { pk: part(item, "pk")?, received_at: part(item, "received_at")? });
        Ok((partition, found.items().iter().filter_map(key).collect()))
    }
}

/// The last instant before another, to the millisecond.
fn last_before(end: DateTime<Utc>) -> String {
    instant(end - TimeDelta::milliseconds(1))
}

fn start(partition: HeardOn, key: &Key) -> Item {
    let attributes =
        [("pk", key.pk.as_str()), ("received_at", &key.received_at), ("heard_on", partition.as_str())];
    attributes.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned()))).into()
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
