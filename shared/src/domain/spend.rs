//! What was spent: one ad on one day, and one account on one day.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::day::Day;
use super::money::{Currency, Tenge};
use super::rates::{Rate, convert};

/// One ad on one day. A day is a day of the account's own time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdDay {
    /// The ad.
    pub ad_id: String,
    /// Its name then.
    pub ad_name: Option<String>,
    /// Its ad set.
    pub adset_id: Option<String>,
    /// The ad set's name then.
    pub adset_name: Option<String>,
    /// Its campaign.
    pub campaign_id: Option<String>,
    /// The campaign's name then.
    pub campaign_name: Option<String>,
    /// What was spent, in units of the account's currency.
    pub spend: i64,
    /// How often it was shown.
    pub impressions: i64,
    /// To how many people.
    pub reach: Option<i64>,
    /// How often it was clicked, wherever.
    pub clicks: i64,
    /// How often its link was clicked.
    pub link_clicks: i64,
}

/// What adds up over ads and days. Reach does not: one person may be reached by two ads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Units of the account's currency.
    pub spend: i64,
    /// The same in tenge, each ad and day rounded for itself; 0 where no rate is known.
    pub spend_kzt: Tenge,
    /// How often ads were shown.
    pub impressions: i64,
    /// How often they were clicked.
    pub clicks: i64,
    /// How often their links were clicked.
    pub link_clicks: i64,
}

impl Delivery {
    /// One ad's day at that day's rate.
    pub fn of(row: &AdDay, currency: Currency, rate: Option<&Rate>) -> Self {
        let in_tenge = rate.and_then(|rate| convert(row.spend, currency, *rate));
        Self {
            spend: row.spend,
            spend_kzt: in_tenge.unwrap_or_default(),
            impressions: row.impressions,
            clicks: row.clicks,
            link_clicks: row.link_clicks,
        }
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.spend = self.spend.saturating_add(other.spend);
        self.spend_kzt += other.spend_kzt;
        self.impressions = self.impressions.saturating_add(other.impressions);
        self.clicks = self.clicks.saturating_add(other.clicks);
        self.link_clicks = self.link_clicks.saturating_add(other.link_clicks);
    }
}

/// One account's day, as the last pull left it. It also says which rows are the day's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDay {
    /// The account.
    pub account_id: AdAccountId,
    /// The day, in the account's own zone.
    pub day: Day,
    /// The pull that the day's rows are from; a later pull has a greater one.
    pub generation: String,
    /// In how many parts its rows are stored.
    pub parts: u32,
    /// How many rows there are.
    pub rows: u32,
    /// What the account is billed in.
    pub currency: Currency,
    /// The rate that the day was converted at; none was known where it is absent.
    pub rate: Option<Rate>,
    /// All rows together.
    pub total: Delivery,
    /// When the pull began.
    pub pulled_at: DateTime<Utc>,
}
