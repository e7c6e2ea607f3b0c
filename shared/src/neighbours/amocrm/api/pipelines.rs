//! Pipelines and their stages.

use serde::Deserialize;

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::page::{List, Page};
use crate::domain::crm::account::{Pipeline, Stage};

#[derive(Deserialize)]
struct Row {
    id: u64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    is_main: bool,
    #[serde(rename = "_embedded")]
    embedded: Stages,
}

#[derive(Deserialize)]
struct Stages {
    statuses: Vec<StageRow>,
}

#[derive(Deserialize)]
struct StageRow {
    id: u64,
    #[serde(default)]
    name: String,
    #[serde(default)]
    sort: i64,
    #[serde(rename = "type", default)]
    kind: i64,
}

impl Amocrm {
    /// All pipelines: they come on one page.
    pub async fn pipelines(&self) -> Answer<Vec<Pipeline>> {
        let list: Option<List<Row>> = self.call(Call::get(Asked::Always, "leads/pipelines", &[])).await?;
        Ok(Page::of(list, |row| Some(pipeline(row))).items)
    }
}

fn pipeline(row: Row) -> Pipeline {
    let stage = |row: StageRow| Stage { id: row.id, name: row.name, sort: row.sort, kind: row.kind };
    let stages = row.embedded.statuses.into_iter().map(stage).collect();
    Pipeline { id: row.id, name: row.name, is_main: row.is_main, stages }
}
