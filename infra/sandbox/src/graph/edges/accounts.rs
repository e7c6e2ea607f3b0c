//! `me/adaccounts`: the accounts that are assigned to the token's user, which need not be all of a business.

use serde_json::{Value, json};

use super::{Scene, account};
use crate::graph::errors::GraphError;

/// The list.
pub fn assigned(scene: &Scene<'_>) -> Result<Value, GraphError> {
    scene.needs("ads_read")?;
    let fields = scene.fields(&["id", "account_id"])?;
    let accounts = scene.world.accounts.iter().filter(|account| account.assigned).collect::<Vec<_>>();
    let mut answer =
        scene.page(accounts.len(), |index| account::told(scene, accounts[index], &fields, false))?;
    if scene.call.get("summary").is_some() {
        answer["summary"] = json!({ "total_count": accounts.len() });
    }
    Ok(answer)
}
