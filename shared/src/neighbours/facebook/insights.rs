//! What each ad cost and brought, by day.
//!
//! There are rows only for ads that delivered: a day without rows is a day without spend, not an error.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::classify::Asked;
use super::graph::{Answer, Graph};
use super::page::{Cursor, Page};
use super::scalar;
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Day;
use crate::domain::money::Currency;

const FIELDS: &str = "account_currency,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,\
                      spend,impressions,reach,clicks,inline_link_clicks";

/// What is asked for: the days of an ad account, by its own calendar, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsightsAsk {
    /// The account.
    pub account: AdAccountId,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// How many rows a page may have.
    pub limit: u32,
}

impl InsightsAsk {
    pub(super) fn path(&self) -> String {
        format!("{}/insights", self.account.node())
    }

    pub(super) fn time_range(&self) -> String {
        format!(r#"{{"since":"{}","until":"{}"}}"#, self.from, self.to)
    }

    /// No filter: with one, Meta leaves out what is no longer active.
    pub(super) fn query(time_range: &str) -> Vec<(&str, &str)> {
        vec![("level", "ad"), ("time_increment", "1"), ("time_range", time_range), ("fields", FIELDS)]
    }
}

/// One ad on one day. A metric that is missing has no value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "AsSent")]
pub struct InsightRow {
    /// What the spend is in.
    pub account_currency: Option<Currency>,
    /// The campaign.
    pub campaign_id: Option<String>,
    /// Its name.
    pub campaign_name: Option<String>,
    /// The ad set.
    pub adset_id: Option<String>,
    /// Its name.
    pub adset_name: Option<String>,
    /// The ad.
    pub ad_id: String,
    /// Its name.
    pub ad_name: Option<String>,
    /// The day, by the account's calendar.
    pub day: Day,
    /// What it cost, in the currency's major unit.
    pub spend: Decimal,
    /// How often it was seen.
    pub impressions: i64,
    /// By how many people. Never to be summed over days or ads.
    pub reach: Option<i64>,
    /// All clicks on the ad.
    pub clicks: i64,
    /// The clicks that led to our page.
    pub link_clicks: i64,
}

#[derive(Deserialize)]
struct AsSent {
    #[serde(default)]
    account_currency: Option<Currency>,
    #[serde(default, deserialize_with = "scalar::text")]
    campaign_id: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    campaign_name: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    adset_id: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    adset_name: Option<String>,
    #[serde(deserialize_with = "scalar::id")]
    ad_id: String,
    #[serde(default, deserialize_with = "scalar::text")]
    ad_name: Option<String>,
    #[serde(deserialize_with = "scalar::day")]
    date_start: Day,
    #[serde(default, deserialize_with = "scalar::maybe_day")]
    date_stop: Option<Day>,
    #[serde(default, deserialize_with = "scalar::amount")]
    spend: Decimal,
    #[serde(default, deserialize_with = "scalar::count")]
    impressions: i64,
    #[serde(default, deserialize_with = "scalar::maybe_count")]
    reach: Option<i64>,
    #[serde(default, deserialize_with = "scalar::count")]
    clicks: i64,
    #[serde(default, deserialize_with = "scalar::count")]
    inline_link_clicks: i64,
}

impl TryFrom<AsSent> for InsightRow {
    type Error = &'static str;

    fn try_from(sent: AsSent) -> Result<Self, Self::Error> {
        if sent.date_stop.is_some_and(|stop| stop != sent.date_start) {
            return Err("a row covers more than its day");
        }
        Ok(Self {
            account_currency: sent.account_currency,
            campaign_id: sent.campaign_id,
            campaign_name: sent.campaign_name,
            adset_id: sent.adset_id,
            adset_name: sent.adset_name,
            ad_id: sent.ad_id,
            ad_name: sent.ad_name,
            day: sent.date_start,
            spend: sent.spend,
            impressions: sent.impressions,
            reach: sent.reach,
            clicks: sent.clicks,
            link_clicks: sent.inline_link_clicks,
        })
    }
}

impl Graph {
    /// One page of rows, answered at once.
    pub async fn insights(&self, ask: &InsightsAsk, after: Option<&Cursor>) -> Answer<Page<InsightRow>> {
        let (range, limit) = (ask.time_range(), ask.limit.to_string());
        let mut query = InsightsAsk::query(&range);
        query.push(("limit", limit.as_str()));
        self.page(Asked::Object, &ask.path(), &query, after).await
    }
}

#[cfg(test)]
#[path = "insights_tests.rs"]
mod tests;
