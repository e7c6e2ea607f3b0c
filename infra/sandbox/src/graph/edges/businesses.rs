//! `me/businesses` and the ad accounts of a business.

use serde_json::{Value, json};

use super::{Scene, account};
use crate::graph::errors::{GraphError, no_such_object};
use crate::graph::fields::{select, unknown};
use crate::graph::world::Account;

/// Whose accounts are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Owned,
    Client,
}

/// `me/businesses`.
pub fn list(scene: &Scene<'_>) -> Result<Value, GraphError> {
    scene.needs("business_management")?;
    let fields = scene.fields(&["id", "name"])?;
    let businesses = &scene.world.businesses;
    scene.page(businesses.len(), |index| {
        let business = &businesses[index];
        select(&fields, &business.id, |field| match field.name.as_str() {
            "id" => Ok(Some(json!(business.id))),
            "name" => Ok(Some(json!(business.name))),
            other => Err(unknown(other, "Business")),
        })
    })
}

/// `{business}/owned_ad_accounts` and `{business}/client_ad_accounts`.
pub fn accounts(scene: &Scene<'_>, side: Side) -> Result<Value, GraphError> {
    scene.needs("business_management")?;
    let id = &scene.call.address.node;
    let business = scene.world.businesses.iter().find(|business| business.id == *id);
    let business = business.ok_or_else(|| no_such_object(id))?;
    let ids = if side == Side::Owned { &business.owned } else { &business.client };
    let fields = scene.fields(&["id", "account_id"])?;
    let accounts = ids.iter().filter_map(|id| scene.world.account(id)).collect::<Vec<&Account>>();
    let mut answer = scene.page(accounts.len(), |index| {
        let mut item = account::told(scene, accounts[index], &fields, side == Side::Client)?;
        if side == Side::Client && scene.call.get("fields").is_none() {
            item["permitted_tasks"] = account::tasks();
        }
        Ok(item)
    })?;
    answer["summary"] = json!({ "total_count": accounts.len() });
    Ok(answer)
}
