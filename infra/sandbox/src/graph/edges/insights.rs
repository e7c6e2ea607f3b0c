//! `act_{id}/insights`, at once or as a report.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Scene;
use crate::graph::errors::{GraphError, no_such_object};
use crate::graph::insights::{Query, rows};
use crate::graph::runs::{Fate, Runs};
use crate::graph::world::Account;

/// A page of rows.
pub fn page(scene: &Scene<'_>) -> Result<Value, GraphError> {
    scene.needs("ads_read")?;
    told(scene, scene.account()?, &scene.call.parameters)
}

/// Starts a report. Its parameters are judged now, its rows are made when they are read.
pub fn start(scene: &Scene<'_>, runs: &mut Runs, fate: Option<Fate>) -> Result<Value, GraphError> {
    scene.needs("ads_read")?;
    let account = scene.account()?;
    Query::read(&scene.call.parameters, account.today(scene.now))?;
    let mut parameters = scene.call.parameters.clone();
    parameters.retain(|name, _| name != "access_token" && name != "appsecret_proof");
    let id = runs.start(&account.id, parameters, fate, scene.now);
    Ok(json!({ "report_run_id": id }))
}

/// A page of a report's rows. One that is not done cannot be read.
pub fn report(scene: &Scene<'_>, runs: &Runs) -> Result<Value, GraphError> {
    let id = &scene.call.address.node;
    let run = runs.get(id).filter(|run| run.is_done()).ok_or_else(|| no_such_object(id))?;
    let account = scene.visible(&run.account_id).ok_or_else(|| no_such_object(id))?;
    told(scene, account, &run.parameters)
}

fn told(
    scene: &Scene<'_>,
    account: &Account,
    parameters: &BTreeMap<String, String>,
) -> Result<Value, GraphError> {
    let query = Query::read(parameters, account.today(scene.now))?;
    let rows = rows(scene.world, account, &query, scene.now);
    scene.page(rows.len(), |index| Ok(rows[index].told(account, &query.fields)))
}
