//! The sandbox's Facebook through its control API: what it is to answer, how it goes wrong, what it was asked.
//!
//! There is one world for everybody; [`crate::Spend`] has the turn.

use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use crate::sandbox::control;
use crate::world::Span;

/// Another world. Reports, scores and blocks of the last one are forgotten, its faults are not.
pub async fn enter(world: &Value) {
    control("PUT", "/control/graph/world", Some(world)).await;
}

/// These faults and no others; the blocks that faults opened end.
pub async fn faults(faults: &[Value]) {
    control("PUT", "/control/graph/faults", Some(&json!({ "faults": faults }))).await;
}

/// How many calls each fault struck so far.
pub async fn hits() -> Vec<u64> {
    let report = control("GET", "/control/graph/faults", None).await;
    report["faults"].as_array().unwrap().iter().map(|fault| fault["hits"].as_u64().unwrap()).collect()
}

/// Changes what ads spent on days; nothing makes a row vanish.
pub async fn change(rows: &[(&str, NaiveDate, Option<&str>)]) {
    let changes: Vec<Value> =
        rows.iter().map(|(ad, day, spend)| json!({"ad_id": ad, "day": day, "spend": spend})).collect();
    control("PATCH", "/control/graph/rows", Some(&changes.into())).await;
}

/// Changes what ads lead to and whether they run: `ad_id`, and any of `url_tags`, `link`, `links`, `effective_status`.
pub async fn change_ads(changes: &Value) {
    control("PATCH", "/control/graph/ads", Some(changes)).await;
}

/// Pins the figures of days that still move.
pub async fn step(step: u64) {
    control("PUT", "/control/graph/movement", Some(&json!({ "step": step }))).await;
}

/// What Facebook would say now, added up by itself.
pub async fn sums(span: Span) -> Sums {
    Sums(control("GET", &format!("/control/graph/sums?{}", span.query()), None).await)
}

/// What Facebook was asked since that was last forgotten.
pub async fn asked() -> Asked {
    Asked(control("GET", "/control/graph/requests", None).await)
}

/// Starts the record of what was asked anew.
pub async fn forget_asked() {
    control("DELETE", "/control/graph/requests", None).await;
}

/// Facebook's own sums.
#[derive(Debug)]
pub struct Sums(Value);

/// What an object delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// In the smallest unit of the currency.
    pub spend: i64,
    /// How often ads were shown.
    pub impressions: i64,
    /// How often they were clicked.
    pub clicks: i64,
    /// How often their links were clicked.
    pub link_clicks: i64,
}

impl Delivered {
    /// As an answer of ours shows it, with its spend in one currency.
    pub fn shown(row: &Value) -> Self {
        let number = |value: &Value| value.as_i64().unwrap_or_else(|| panic!("no whole number in {row}"));
        Self {
            // What only sold has no spend, in no currency.
            spend: if row["spend"].is_null() { 0 } else { number(&row["spend"]["amount"]) },
            impressions: number(&row["impressions"]),
            clicks: number(&row["clicks"]),
            link_clicks: number(&row["link_clicks"]),
        }
    }

    fn of(told: &Value) -> Self {
        let number = |name: &str| told[name].as_i64().expect("a whole number");
        let currency = told["currency"].as_str().expect("a currency");
        Self {
            spend: units(told["spend"].as_str().expect("an amount"), currency),
            impressions: number("impressions"),
            clicks: number("clicks"),
            link_clicks: number("link_clicks"),
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            spend: self.spend + other.spend,
            impressions: self.impressions + other.impressions,
            clicks: self.clicks + other.clicks,
            link_clicks: self.link_clicks + other.link_clicks,
        }
    }
}

impl Sums {
    /// By account.
    pub fn accounts(&self) -> Vec<(String, Delivered)> {
        self.of("accounts", |told| text(told, "account_id"))
    }

    /// By account and day.
    pub fn days(&self) -> Vec<((String, String), Delivered)> {
        self.of("days", |told| (text(told, "account_id"), text(told, "day")))
    }

    /// By campaign.
    pub fn campaigns(&self) -> Vec<(String, Delivered)> {
        self.of("campaigns", |told| text(told, "campaign_id"))
    }

    /// Of one account; nothing delivered where it is not there.
    pub fn account(&self, id: &str) -> Delivered {
        self.accounts().into_iter().find(|(of, _)| of == id).map(|(_, sum)| sum).unwrap_or_default()
    }

    /// Of all accounts, which have to be billed alike.
    pub fn whole(&self) -> Delivered {
        self.accounts().into_iter().map(|(_, sum)| sum).fold(Delivered::default(), Delivered::plus)
    }

    fn of<K>(&self, list: &str, key: impl Fn(&Value) -> K) -> Vec<(K, Delivered)> {
        let told = self.0[list].as_array().expect("a list of sums").iter();
        told.map(|told| (key(told), Delivered::of(told))).collect()
    }
}

/// An amount in the smallest unit that is in use.
pub fn units(amount: &str, currency: &str) -> i64 {
    let places = if ["KZT", "JPY"].contains(&currency) { 0 } else { 2 };
    let amount: Decimal = amount.parse().expect("a decimal number");
    let amount = (amount * Decimal::from(10_i64.pow(places)))
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    amount.try_into().expect("an amount of whole units")
}

/// What Facebook was asked.
#[derive(Debug)]
pub struct Asked(Value);

impl Asked {
    /// Every request, in order.
    pub fn all(&self) -> Vec<&Value> {
        self.0["requests"].as_array().expect("requests").iter().collect()
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.sum(|_| true)
    }

    /// How many at an edge.
    pub fn count_at(&self, edge: &str) -> u64 {
        self.sum(|total| total["edge"] == edge)
    }

    /// How many about an account.
    pub fn count_of(&self, account: &str) -> u64 {
        self.sum(|total| total["account_id"] == account)
    }

    /// Those about an account.
    pub fn of(&self, account: &str) -> Vec<&Value> {
        self.all().into_iter().filter(|request| request["account_id"] == account).collect()
    }

    /// Those that were answered with an error's code.
    pub fn refused(&self) -> Vec<&Value> {
        self.all().into_iter().filter(|request| !request["code"].is_null()).collect()
    }

    /// How many were made in spite of a block.
    pub fn while_blocked(&self) -> u64 {
        let by_account = self.0["while_blocked"].as_object().expect("calls in blocks");
        by_account.values().map(|count| count.as_u64().unwrap()).sum()
    }

    /// How many about one account were under way at once.
    pub fn in_flight(&self, account: &str) -> u64 {
        self.0["in_flight_max"]["accounts"][account].as_u64().unwrap_or_default()
    }

    fn sum(&self, of: impl Fn(&Value) -> bool) -> u64 {
        let totals = self.0["totals"].as_array().expect("totals").iter().filter(|total| of(total));
        totals.map(|total| total["count"].as_u64().unwrap()).sum()
    }
}

fn text(told: &Value, name: &str) -> String {
    told[name].as_str().expect("a text").to_owned()
}

/// A fault of a kind on an account.
pub fn fault(kind: &str, account: &str) -> Value {
    json!({"kind": kind, "account_id": account})
}

/// The same, with more said about it.
pub fn fault_with(kind: &str, account: &str, more: &Value) -> Value {
    let mut fault = fault(kind, account);
    fault.as_object_mut().unwrap().extend(more.as_object().expect("fields of a fault").clone());
    fault
}
