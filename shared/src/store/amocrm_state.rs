//! What is found out about amoCRM, in the settings table: how it stands (`amocrm#state`), what its pipelines and stages are
//! called (`amocrm#pipelines`) and what the check of the pipeline has found (`pipeline-check`).

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::document::{self, Item};
use crate::domain::crm::account::Pipeline;
use crate::domain::crm::pipelines::PipelineNames;
use crate::domain::crm::state::CrmState;
use crate::domain::diagnostics::stages::StagesChecked;

const STATE: &str = "amocrm#state";
const PIPELINES: &str = "amocrm#pipelines";
const CHECK: &str = "pipeline-check";

/// Keeps it.
#[derive(Debug, Clone)]
pub struct AmocrmStates {
    client: Client,
    table: String,
}

impl AmocrmStates {
    /// Over the settings table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// How amoCRM stands.
    pub async fn state(&self) -> Result<CrmState, StoreError> {
        Ok(self.get(STATE).await?.unwrap_or_default())
    }

    /// amoCRM was found to be so. Of two who find different things at once the last is believed: the breaker, which
    /// decides, knows better.
    pub async fn found(&self, problem: Option<String>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let state = self.state().await?.found(problem, now);
        self.put(STATE, &state).await
    }

    /// Keeps what the check of the pipeline has found.
    pub async fn checked(&self, report: &impl Serialize) -> Result<(), StoreError> {
        self.put(CHECK, report).await
    }

    /// What the check of the pipeline has found last; nothing where it never could.
    pub async fn last_check(&self) -> Result<Option<StagesChecked>, StoreError> {
        self.get(CHECK).await
    }

    /// Keeps what the account's pipelines and stages are called, as it was read then.
    pub async fn pipelines(&self, pipelines: &[Pipeline], read_at: DateTime<Utc>) -> Result<(), StoreError> {
        self.put(PIPELINES, &PipelineNames::of(pipelines, read_at)).await
    }

    /// What they are called; nothing where they were never read.
    pub async fn pipeline_names(&self) -> Result<PipelineNames, StoreError> {
        Ok(self.get(PIPELINES).await?.unwrap_or_default())
    }

    async fn get<T: DeserializeOwned>(&self, pk: &str) -> Result<Option<T>, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(pk)));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call(format!("reading {pk}"), &error))?;
        found.item.as_ref().map(document::read).transpose()
    }

    async fn put(&self, pk: &str, document: &impl Serialize) -> Result<(), StoreError> {
        let mut item = document::item(document, [])?;
        item.extend(key(pk));
        let sent = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        sent.map(drop).map_err(|error| StoreError::call(format!("writing {pk}"), &error))
    }
}

fn key(pk: &str) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(pk.to_owned()))])
}
