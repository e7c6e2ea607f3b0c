//! The mark that a quarantined event was replayed, and what came of it.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{EventLog, key, text};
use crate::domain::ledger::Verdict;
use crate::store::StoreError;
use crate::store::document::Item;
use crate::store::heard_on::HeardOn;
use crate::store::place::instant;

/// A body may hold thousands of leads, an item 400 KB: the mark says what became of so many.
const MOST_TOLD: usize = 50;

/// What became of one lead and action of a hook that was taken in again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayedItem {
    /// What was done, as the body names it.
    pub action: String,
    /// The lead, where it could be read.
    pub lead_id: Option<u64>,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// A replay that took in what had been quarantined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// When.
    pub at: DateTime<Utc>,
    /// What came of the hook, in its order; of a very long one the beginning.
    pub results: Vec<ReplayedItem>,
}

impl EventLog {
    /// Marks an event as replayed, so that it no longer waits for a person. The first mark stands: a second one changes nothing.
    pub async fn mark(&self, id: &str, replay: &Replay) -> Result<(), StoreError> {
        let doing = || format!("mark of the replay of event {id}");
        let told = &replay.results[..replay.results.len().min(MOST_TOLD)];
        let results = serde_json::to_string(told).map_err(|error| StoreError::item(doing(), &error))?;
        let marked = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(id)))
            .update_expression("SET replayed_at = :at, #replay = :results, heard_on = :replayed")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(replayed_at)")
            .expression_attribute_names("#replay", "replay")
            .expression_attribute_values(":at", text(&instant(replay.at)))
            .expression_attribute_values(":results", text(&results))
            .expression_attribute_values(":replayed", text(HeardOn::Replayed.as_str()))
            .send()
            .await;
        match marked {
            Ok(_) => Ok(()),
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(UpdateItemError::ConditionalCheckFailedException(_))
                ) =>
            {
                Ok(())
            }
            Err(error) => Err(StoreError::call(doing(), &error)),
        }
    }
}

/// The mark that an item carries.
pub(super) fn read(item: &Item) -> Result<Option<Replay>, StoreError> {
    let attribute = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let (Some(at), Some(results)) = (attribute("replayed_at"), attribute("replay")) else { return Ok(None) };
    let at = at.parse().map_err(|error| StoreError::item("reading the mark of a replay", &error))?;
    let results = serde_json::from_str(results);
    let results = results.map_err(|error| StoreError::item("reading the mark of a replay", &error))?;
    Ok(Some(Replay { at, results }))
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Client;
    use serde_json::json;

    use super::*;
    use crate::domain::ledger::{Ignored, Outcome};
    use crate::outbox::stand_in::world;

    fn replay(results: usize) -> Replay {
        let item = ReplayedItem {
            action: "status".to_owned(),
            lead_id: Some(7),
            verdict: Verdict {
                sale_id: Some("1-7-express".to_owned()),
                outcome: Outcome::Recorded,
                ..Verdict::ignored(Ignored::Stage)
            },
        };
        Replay { at: "2026-11-20T05:00:00Z".parse().unwrap(), results: vec![item; results] }
    }

    #[tokio::test]
    async fn a_mark_moves_the_event_once_and_reads_back() {
        for answer in [json!({}), json!({"__type": "x#ConditionalCheckFailedException", "message": "no"})] {
            let world = world(move |_| Some(answer.clone()));
            let log = EventLog::new(Client::new(&world.sdk), "events".to_owned());
            log.mark("ab", &replay(60)).await.unwrap();
            let call = world.calls().remove(0).body;
            assert_eq!(call["Key"], json!({"pk": {"S": "event#ab"}}));
            assert_eq!(
                call["ConditionExpression"],
                "attribute_exists(pk) AND attribute_not_exists(replayed_at)"
            );
            let values = &call["ExpressionAttributeValues"];
            assert_eq!(values[":replayed"]["S"], "replayed");
            let attribute = |name: &str| text(values[name]["S"].as_str().unwrap());
            let item = Item::from([
                ("replayed_at".to_owned(), attribute(":at")),
                ("replay".to_owned(), attribute(":results")),
            ]);
            assert_eq!(read(&item).unwrap(), Some(replay(MOST_TOLD)));
        }
    }

    #[tokio::test]
    async fn a_mark_that_the_store_refuses_is_no_mark() {
        let world = world(|_| Some(json!({"__type": "x#ValidationException", "message": "no"})));
        let log = EventLog::new(Client::new(&world.sdk), "events".to_owned());
        assert!(log.mark("ab", &replay(1)).await.is_err());
    }
}
