//! `act_{id}`, and an ad account wherever one stands in a list.

use chrono::Days;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Scene;
use crate::graph::errors::{GraphError, forbidden};
use crate::graph::fields::{Field, select, unknown};
use crate::graph::world::{Account, Business};

/// One of these in a request by a token without rights over the account, and all of it fails.
const GATED: [&str; 5] = ["owner", "business", "funding_source_details", "is_prepay_account", "tos_accepted"];
/// Currencies whose amounts Facebook gives in whole units; all others in hundredths.
const WHOLE: [&str; 11] = ["CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"];

/// The account itself.
pub fn node(scene: &Scene<'_>) -> Result<Value, GraphError> {
    scene.needs("ads_read")?;
    let account = scene.account()?;
    told(scene, account, &scene.fields(&["account_id", "id"])?, false)
}

/// What one may do with a client's account.
pub fn tasks() -> Value {
    json!(["ANALYZE"])
}

/// The account with these fields.
pub fn told(
    scene: &Scene<'_>,
    account: &Account,
    fields: &[Field],
    of_client: bool,
) -> Result<Value, GraphError> {
    let owner = scene.world.businesses.iter().find(|business| business.owned.contains(&account.id));
    let seconds = account.zone.offset(scene.now).local_minus_utc();
    select(fields, &format!("act_{}", account.id), |field| {
        let name = field.name.as_str();
        if GATED.contains(&name) {
            if !scene.world.token.gated_fields {
                return Err(forbidden("business_management"));
            }
            return Ok(gated(name, owner));
        }
        Ok(Some(match name {
            "id" => json!(format!("act_{}", account.id)),
            "account_id" => json!(account.id),
            "name" => json!(account.name),
            "currency" => json!(account.currency),
            "timezone_name" => json!(account.zone.name()),
            "timezone_offset_hours_utc" => hours(seconds),
            "account_status" => json!(account.account_status),
            "disable_reason" => json!(0),
            "created_time" => json!("2024-03-21T22:33:56+0500"),
            "amount_spent" => json!(spent(scene, account)),
            "balance" | "spend_cap" => json!("0"),
            "min_daily_budget" => json!(100),
            "permitted_tasks" if of_client => tasks(),
            other => return Err(unknown(other, "AdAccount")),
        }))
    })
}

fn gated(name: &str, owner: Option<&Business>) -> Option<Value> {
    match name {
        "owner" => owner.map(|business| json!(business.id)),
        "business" => owner.map(|business| json!({ "id": business.id, "name": business.name })),
        "funding_source_details" => Some(json!({ "id": "1", "display_string": "Visa *0000", "type": 1 })),
        "is_prepay_account" => Some(json!(false)),
        _ => Some(json!({ "web_custom_audience_tos": 1 })),
    }
}

/// A number with a fraction only where there is one: 5, 5.5, -3.5.
fn hours(seconds: i32) -> Value {
    let hours = Decimal::from(seconds) / Decimal::from(3600);
    serde_json::from_str(&hours.normalize().to_string()).unwrap_or_default()
}

/// Of the last 30 days only: Facebook's own figure is no dependable total either.
fn spent(scene: &Scene<'_>, account: &Account) -> String {
    let today = account.today(scene.now);
    let days = (0..30).filter_map(|age| today.checked_sub_days(Days::new(age)));
    let rows = days.flat_map(|day| {
        account.ads().filter_map(move |(_, _, ad)| scene.world.delivered(account, ad, day, scene.now))
    });
    let sum: Decimal = rows.filter_map(|figures| figures.spend).sum();
    let offset = if WHOLE.contains(&account.currency.as_str()) { Decimal::ONE } else { Decimal::ONE_HUNDRED };
    (sum * offset).trunc().normalize().to_string()
}
