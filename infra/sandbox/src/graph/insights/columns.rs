//! The fields of a row. Every metric is text, and one without a value is left out.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};

use super::rows::Row;
use crate::graph::world::Account;

/// The fields that can be asked for.
pub const KNOWN: [&str; 21] = [
    "account_id",
    "account_name",
    "account_currency",
    "campaign_id",
    "campaign_name",
    "adset_id",
    "adset_name",
    "ad_id",
    "ad_name",
    "objective",
    "spend",
    "impressions",
    "reach",
    "frequency",
    "clicks",
    "inline_link_clicks",
    "ctr",
    "cpc",
    "cpm",
    "actions",
    "date_start",
];

impl Row<'_> {
    /// The row with these fields and its days.
    pub fn told(&self, account: &Account, fields: &[String]) -> Value {
        let mut told = Map::new();
        for name in fields {
            if let Some(value) = self.column(account, name) {
                told.insert(name.clone(), value);
            }
        }
        told.insert("date_start".to_owned(), json!(self.start));
        told.insert("date_stop".to_owned(), json!(self.stop));
        Value::Object(told)
    }

    fn column(&self, account: &Account, name: &str) -> Option<Value> {
        let figures = &self.figures;
        let text = |value: Option<u64>| value.map(|value| json!(value.to_string()));
        let spend = figures.spend;
        let count = |value: Option<u64>| value.filter(|value| *value > 0).map(Decimal::from);
        let hundred = Decimal::ONE_HUNDRED;
        match name {
            "account_id" => Some(json!(account.id)),
            "account_name" => Some(json!(account.name)),
            "account_currency" => Some(json!(account.currency)),
            "campaign_id" => self.campaign.map(|campaign| json!(campaign.id)),
            "campaign_name" => self.campaign.map(|campaign| json!(campaign.name)),
            "objective" => self.campaign.map(|campaign| json!(campaign.objective)),
            "adset_id" => self.adset.map(|set| json!(set.id)),
            "adset_name" => self.adset.map(|set| json!(set.name)),
            "ad_id" => self.ad.map(|ad| json!(ad.id)),
            "ad_name" => self.ad.map(|ad| json!(ad.name)),
            "spend" => spend.map(|spend| json!(spend.to_string())),
            "impressions" => text(figures.impressions),
            "reach" => text(figures.reach),
            "clicks" => text(figures.clicks),
            "inline_link_clicks" => text(figures.link_clicks.filter(|clicks| *clicks > 0)),
            "frequency" => ratio(count(figures.impressions)?, count(figures.reach)?),
            "ctr" => ratio(Decimal::from(figures.clicks?) * hundred, count(figures.impressions)?),
            "cpc" => ratio(spend?, count(figures.clicks)?),
            "cpm" => ratio(spend? * Decimal::ONE_THOUSAND, count(figures.impressions)?),
            "actions" => {
                let clicks = figures.link_clicks.filter(|clicks| *clicks > 0)?;
                Some(json!([{ "action_type": "link_click", "value": clicks.to_string() }]))
            }
            _ => None,
        }
    }
}

/// With six decimals at most, as Facebook writes it.
fn ratio(part: Decimal, whole: Decimal) -> Option<Value> {
    let exact = part.checked_div(whole)?;
    Some(json!(
        exact.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
    ))
}
