//! What there is to see on Facebook: a token, businesses, ad accounts, and what every ad delivered.
//!
//! Held in memory and never changed by a call. Figures are not stored but computed when asked, see [`delivery`].

pub mod delivery;
mod figures;
mod generate;
mod rhythm;
mod sums;
mod wanted;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::zone::Zone;

pub use self::figures::Figures;
pub use self::rhythm::Plan;
pub use self::wanted::{Wrong, read, school};

/// The whole of it.
#[derive(Debug, Clone)]
pub struct World {
    pub token: Token,
    pub app: App,
    pub tier: Tier,
    pub page_cap: usize,
    /// Every page of this number comes short; 0 for never.
    pub short_pages: u64,
    pub movement: Movement,
    pub businesses: Vec<Business>,
    pub accounts: Vec<Account>,
    /// Rows changed by hand: by ad and day, the new spend, or `None` for a row that vanished.
    pub patched: HashMap<String, BTreeMap<NaiveDate, Option<Decimal>>>,
}

/// The one token that is valid here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    pub access_token: String,
    pub state: TokenState,
    pub user_id: String,
    pub scopes: Vec<String>,
    /// Whether it may see the fields of an ad account that need more than `ads_read`.
    pub gated_fields: bool,
    pub issued_at: i64,
    pub expires_at: i64,
    pub data_access_expires_at: i64,
}

impl Token {
    /// Whether this permission was granted.
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// What became of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    Valid,
    Expired,
    Checkpoint,
    Removed,
    Password,
}

/// The app that the token was made for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    pub id: String,
    pub secret: String,
    pub name: String,
}

/// How much the app may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Limited,
    #[default]
    Full,
}

/// What the figures of unsettled days follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// The clock, in steps of 15 minutes; today is partial.
    Clock,
    /// This step, whatever the time; 0 gives the figures as they stand in the world.
    Pinned(u64),
}

/// A business portfolio.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Business {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub owned: Vec<String>,
    #[serde(default)]
    pub client: Vec<String>,
}

/// An ad account, by its digits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub currency: String,
    #[serde(rename = "timezone_name", deserialize_with = "zone")]
    pub zone: Zone,
    #[serde(default = "one")]
    pub account_status: u16,
    /// Whether it is listed by `me/adaccounts`.
    #[serde(default = "yes")]
    pub assigned: bool,
    /// For ads that name none of their own.
    pub url_tags: Option<String>,
    /// Where ads lead to that name no link of their own.
    pub link: Option<String>,
    /// The rhythm of ads without figures of their own.
    pub plan: Option<Plan>,
    /// Days outside deliver nothing.
    pub delivers: Option<Span>,
    #[serde(default)]
    pub campaigns: Vec<Campaign>,
    /// How many ads share the plan.
    #[serde(skip)]
    pub ad_count: u64,
}

impl Account {
    /// The calendar day in the account's own zone.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.zone.offset(now)).date_naive()
    }

    /// Every ad with what it stands under.
    pub fn ads(&self) -> impl Iterator<Item = (&Campaign, &AdSet, &Ad)> {
        self.campaigns.iter().flat_map(|campaign| {
            let sets = campaign.adsets.iter();
            sets.flat_map(move |set| set.ads.iter().map(move |ad| (campaign, set, ad)))
        })
    }
}

/// Days from the first to the last, both included; open where one is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub since: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

impl Span {
    fn holds(&self, day: NaiveDate) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// A campaign.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    pub id: String,
    pub name: String,
    #[serde(default = "active")]
    pub status: String,
    pub effective_status: Option<String>,
    #[serde(default = "sales")]
    pub objective: String,
    /// In the currency's offset units, as Facebook gives it.
    pub daily_budget: Option<String>,
    #[serde(default)]
    pub adsets: Vec<AdSet>,
}

/// An ad set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdSet {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub ads: Vec<Ad>,
}

/// An ad and what it delivers: some days by name, or every day the same, or by its account's plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ad {
    pub id: String,
    pub name: String,
    #[serde(default = "active")]
    pub status: String,
    pub effective_status: Option<String>,
    /// Empty for a creative without any.
    pub url_tags: Option<String>,
    /// Where it leads to.
    pub link: Option<String>,
    /// Where its pictures lead to, where it shows several.
    #[serde(default)]
    pub links: Vec<String>,
    pub daily: Option<Figures>,
    pub rows: Option<BTreeMap<NaiveDate, Figures>>,
}

impl World {
    /// The account with these digits, with or without `act_`.
    pub fn account(&self, id: &str) -> Option<&Account> {
        let digits = id.strip_prefix("act_").unwrap_or(id);
        self.accounts.iter().find(|account| account.id == digits)
    }

    /// Changes the spend of one row from now on, or makes the row vanish. False where there is no such ad.
    pub fn patch(&mut self, ad_id: &str, day: NaiveDate, spend: Option<Decimal>) -> bool {
        let known = self.accounts.iter().flat_map(Account::ads).any(|(_, _, ad)| ad.id == ad_id);
        if known {
            self.patched.entry(ad_id.to_owned()).or_default().insert(day, spend);
        }
        known
    }

    /// The ad with this id, to change it.
    pub fn ad_mut(&mut self, id: &str) -> Option<&mut Ad> {
        let campaigns = self.accounts.iter_mut().flat_map(|account| &mut account.campaigns);
        let sets = campaigns.flat_map(|campaign| &mut campaign.adsets);
        sets.flat_map(|set| &mut set.ads).find(|ad| ad.id == id)
    }
}

fn zone<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Zone, D::Error> {
    let name = String::deserialize(input)?;
    Zone::parse(&name)
        .ok_or_else(|| serde::de::Error::custom(format!("{name} is not a time zone known here")))
}

fn one() -> u16 {
    1
}

fn yes() -> bool {
    true
}

fn active() -> String {
    "ACTIVE".to_owned()
}

fn sales() -> String {
    "OUTCOME_SALES".to_owned()
}
