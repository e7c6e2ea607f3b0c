//! The last run of the diagnostics, in the settings table: `pk` is `diagnostics#last`, its document what was told, `ran_at`
//! when it began, in milliseconds.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use super::document::{self, Item};
use super::{StoreError, conditional};
use crate::domain::diagnostics::last_run::LastRun;

const PK: &str = "diagnostics#last";
const DOING: &str = "the last run of the diagnostics";

/// Keeps it.
#[derive(Debug, Clone)]
pub struct DiagnosticsRuns {
    client: Client,
    table: String,
}

impl DiagnosticsRuns {
    /// Over the settings table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The last run; nothing where there was none.
    pub async fn last(&self) -> Result<Option<LastRun>, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key()));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call(DOING, &error))?;
        found.item.as_ref().map(document::read).transpose()
    }

    /// Keeps a run, unless a later one is kept already.
    pub async fn keep(&self, run: &LastRun) -> Result<(), StoreError> {
        conditional::held(self.keeping(run)?.send().await, || DOING.to_owned()).map(drop)
    }

    fn keeping(&self, run: &LastRun) -> Result<PutItemFluentBuilder, StoreError> {
        let ran_at = AttributeValue::N(run.ran_at.timestamp_millis().to_string());
        let mut item = document::item(run, [])?;
        item.extend(key());
        item.insert("ran_at".to_owned(), ran_at.clone());
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item));
        Ok(request
            .condition_expression("attribute_not_exists(ran_at) OR ran_at <= :ran_at")
            .expression_attribute_values(":ran_at", ran_at))
    }
}

fn key() -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(PK.to_owned()))])
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Config;
    use serde_json::json;

    use super::*;
    use crate::domain::diagnostics::queues::Since;

    #[test]
    fn a_run_is_one_item_that_no_earlier_run_takes_the_place_of() {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let runs = DiagnosticsRuns::new(Client::from_conf(config.build()), "settings".to_owned());
        let run = LastRun {
            ran_at: "2026-11-20T05:00:00Z".parse().unwrap(),
            dead_letters_since: Since::new(),
            report: json!({"overall_status": "ok"}),
        };
        let request = runs.keeping(&run).unwrap();
        let condition = "attribute_not_exists(ran_at) OR ran_at <= :ran_at";
        assert_eq!(request.get_condition_expression().as_deref(), Some(condition));
        let item = request.get_item().clone().unwrap();
        assert_eq!(item["pk"], AttributeValue::S("diagnostics#last".to_owned()));
        assert_eq!(item["ran_at"], AttributeValue::N("1795150800000".to_owned()));
        assert_eq!(request.get_expression_attribute_values().clone().unwrap()[":ran_at"], item["ran_at"]);
        assert_eq!(document::read::<LastRun>(&item).unwrap(), run);
    }
}
