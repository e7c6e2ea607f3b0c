//! A deal that a test makes in the sandbox's amoCRM, what is done with it there, and the sale that the ledger has to make
//! of that.

use serde_json::{Value, json};

use crate::crm::PIPELINE;
use crate::days::{Day, time};
use crate::hook::{Deal, Hook, Route, WON};
use crate::poll::{ACCOUNT, day_of, lead_of};
use crate::sandbox::control;
use crate::{clock, figures};

/// The stage in which deals begin.
pub const NEW: u64 = 87_654_321;

/// Campaigns and whose they are.
pub const CAMPAIGNS: [(Option<&str>, Option<&str>); 5] = [
    (Some("proftest_kenesary"), Some("kenesary")),
    (Some("kz_ar_video"), Some("arystan")),
    (Some("onai2"), Some("muha")),
    (Some("alex_1"), Some("traf4")),
    (None, None),
];

/// A restoration counts from its hook, which comes within this time.
const LATE: i64 = 120;

/// A deal.
#[derive(Debug, Clone)]
pub struct Dealing {
    /// Its id.
    pub id: u64,
    campaign: Option<&'static str>,
    team: Option<&'static str>,
    made_at: i64,
    price: i64,
    stage: u64,
    first_stage: u64,
    first_price: i64,
    is_deleted: bool,
    /// Whether it was won, and when last.
    won_at: Option<i64>,
    is_restored: bool,
}

/// A sale as the ledger shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sold {
    /// The deal.
    pub lead: u64,
    /// What was sold.
    pub product: String,
    /// What it cost.
    pub amount: i64,
    /// Whether it counts.
    pub is_active: bool,
    /// Whose it is.
    pub team: Option<String>,
    /// When, in Unix seconds.
    pub at: i64,
}

impl Dealing {
    /// A deal that is about to be made.
    pub fn new(id: u64, at: i64, price: i64) -> Self {
        let (campaign, team) = CAMPAIGNS[usize::try_from(id).expect("a small id") % CAMPAIGNS.len()];
        Self {
            id,
            campaign,
            team,
            made_at: at,
            price,
            stage: NEW,
            first_stage: NEW,
            first_price: price,
            is_deleted: false,
            won_at: None,
            is_restored: false,
        }
    }

    /// In another stage from the beginning.
    #[must_use]
    pub fn at_stage(mut self, stage: u64) -> Self {
        (self.first_stage, self.stage) = (stage, stage);
        self.won_at = (stage == WON).then_some(self.made_at);
        self
    }

    /// When it was made.
    pub fn made_at(&self) -> i64 {
        self.made_at
    }

    /// As the sandbox is to make it.
    pub fn wanted(&self) -> Value {
        let mut wanted = json!({
            "id": self.id, "price": self.first_price, "pipeline_id": PIPELINE, "status_id": self.first_stage,
            "created_at": self.made_at, "updated_at": self.made_at,
        });
        if let Some(campaign) = self.campaign {
            wanted["values"] = json!({ "UTM_CAMPAIGN": campaign });
        }
        wanted
    }

    /// Moves it.
    pub async fn moves(&mut self, at: i64, stage: u64) {
        self.change(&json!({"status_id": stage, "updated_at": at})).await;
        self.stands(at, stage);
    }

    /// Moves it and gives it a price in the same moment.
    pub async fn moves_at_price(&mut self, at: i64, stage: u64, price: i64) {
        self.change(&json!({"status_id": stage, "price": price, "updated_at": at})).await;
        self.price = price;
        self.stands(at, stage);
    }

    /// Gives it another price.
    pub async fn costs(&mut self, at: i64, price: i64) {
        self.change(&json!({"price": price, "updated_at": at})).await;
        self.price = price;
    }

    /// Throws it away, now.
    pub async fn goes(&mut self) {
        control("DELETE", &format!("/control/amocrm/leads/{}", self.id), None).await;
        self.is_deleted = true;
    }

    /// Has vanished, by whatever means.
    pub fn is_gone(&mut self) {
        self.is_deleted = true;
    }

    /// Takes it back, now.
    pub async fn returns(&mut self) {
        let not_before = clock::now().timestamp();
        control("POST", &format!("/control/amocrm/leads/{}/restore", self.id), None).await;
        (self.is_deleted, self.is_restored) = (false, true);
        if self.stage == WON {
            self.won_at = Some(not_before);
        }
    }

    async fn change(&self, change: &Value) {
        control("PATCH", &format!("/control/amocrm/leads/{}", self.id), Some(change)).await;
    }

    fn stands(&mut self, at: i64, stage: u64) {
        if stage == WON && self.stage != WON {
            self.won_at = Some(at);
        }
        self.stage = stage;
    }

    /// The hook that tells of its sale, where it counts.
    pub fn hook(&self) -> Option<Hook> {
        let sold = self.sold().filter(|sold| sold.is_active)?;
        let hook =
            Hook::won(Route::Sales, Deal { account: ACCOUNT, lead: self.id }, sold.at).price(self.price);
        Some(self.campaign.into_iter().fold(hook, Hook::campaign))
    }

    /// What the ledger has to make of it; nothing where it was never won.
    pub fn sold(&self) -> Option<Sold> {
        let product = match self.price {
            5_000 => "express",
            490_000 => "flagship",
            _ => "other",
        };
        Some(Sold {
            lead: self.id,
            product: product.to_owned(),
            amount: self.price,
            is_active: self.stage == WON && !self.is_deleted,
            team: self.team.map(str::to_owned),
            at: self.won_at?,
        })
    }

    /// Whether amoCRM has it so, which shows no deal that was thrown away.
    pub fn is_like(&self, lead: Option<&Value>) -> bool {
        let Some(lead) = lead else { return self.is_deleted };
        let closed_at = (self.stage == WON && !self.is_restored).then_some(self.won_at).flatten();
        !self.is_deleted
            && (&lead["price"], &lead["status_id"]) == (&json!(self.price), &json!(self.stage))
            && closed_at.is_none_or(|at| lead["closed_at"] == at)
    }

    /// What this makes of it, beside what the ledger says: equal where it is the same sale.
    pub fn judged(&self, shown: &Sold) -> Option<Sold> {
        let is_close = |sold: &Sold| (0..=LATE).contains(&(shown.at - sold.at));
        self.sold().map(|sold| {
            if self.is_restored && is_close(&sold) { Sold { at: shown.at, ..sold } } else { sold }
        })
    }
}

impl Sold {
    /// A row of `sales`; nothing where it is of another account.
    pub fn of(row: &Value) -> Option<Self> {
        let at = row["sold_at"].as_str().expect("a time");
        Some(Self {
            lead: lead_of(row)?,
            product: row["product"].as_str().expect("a product").to_owned(),
            amount: row["amount"]["amount"].as_i64().expect("an amount"),
            is_active: row["state"] == "active",
            team: row["team"].as_str().map(str::to_owned),
            at: chrono::DateTime::parse_from_rfc3339(at).expect("a time").timestamp(),
        })
    }

    /// The day on which it counts.
    pub fn day(&self) -> Day {
        day_of(time(self.at))
    }

    /// What it adds to the figures.
    pub fn counted(&self) -> ((String, String), figures::Sum) {
        let team = self.team.as_deref().unwrap_or(figures::NOBODY);
        let sum = if self.is_active {
            figures::Sum::active(1, self.amount)
        } else {
            figures::Sum::cancelled(1, self.amount)
        };
        ((team.to_owned(), self.product.clone()), sum)
    }
}
