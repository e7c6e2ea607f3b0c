//! The proof that the ledger is amoCRM's: what `GET /api/admin/reconciliation` answers.

use std::collections::BTreeSet;

use chrono::DateTime;
use serde_json::{Value, json};

use crate::dealing::Sold;
use crate::{Caller, Stack, poll};

/// What it answers about a period.
#[derive(Debug, Clone)]
pub struct Proof(pub Value);

/// How many changes there were, and of how many a hook has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Changes.
    pub changes: i64,
    /// Of so many a hook has told.
    pub hooks_seen: i64,
}

impl Delivery {
    /// What was added since.
    #[must_use]
    pub fn less(self, before: Self) -> Self {
        Self { changes: self.changes - before.changes, hooks_seen: self.hooks_seen - before.hooks_seen }
    }
}

impl Proof {
    /// Of a period, or of a part of it.
    pub async fn of(stack: &Stack, question: &str) -> Self {
        let path = format!("/api/admin/reconciliation?{question}");
        Self(stack.get(&Caller::Admin, &path).await.ok())
    }

    /// Of all days that are compared with amoCRM.
    pub async fn of_month(stack: &Stack) -> Self {
        Self::of(stack, &poll::month()).await
    }

    /// The leads in one of its lists.
    pub fn listed(&self, list: &str) -> BTreeSet<u64> {
        let list = self.0[list].as_array().unwrap_or_else(|| panic!("no {list} in {}", self.0));
        list.iter().map(|one| one["lead_id"].as_u64().expect("a lead")).collect()
    }

    /// What is listed of a lead, and why.
    pub fn reason(&self, list: &str, lead: u64) -> String {
        let list = self.0[list].as_array().unwrap_or_else(|| panic!("no {list} in {}", self.0));
        let of = list
            .iter()
            .find(|one| one["lead_id"] == lead)
            .unwrap_or_else(|| panic!("no {lead} in {}", self.0));
        of["reason"].as_str().expect("a reason").to_owned()
    }

    /// What was healed, by lead and time.
    pub fn healed(&self) -> BTreeSet<(u64, i64)> {
        let healed = self.0["healed"].as_array().expect("a list of what was healed").iter();
        let named = healed.map(|one| {
            let at = one["happened_at"].as_str().expect("a time");
            let at = DateTime::parse_from_rfc3339(at).expect("a time").timestamp();
            (one["lead_id"].as_u64().expect("a lead"), at)
        });
        named.collect()
    }

    /// How well amoCRM delivers.
    pub fn delivery(&self) -> Delivery {
        let number = |name: &str| self.0["delivery"][name].as_i64().expect("a count");
        Delivery { changes: number("changes"), hooks_seen: number("hooks_seen") }
    }

    /// Fails unless both sides are equal, and nothing is listed.
    pub fn assert_green(&self) {
        assert_eq!((&self.0["state"], &self.0["reason"]), (&json!("green"), &Value::Null), "{}", self.0);
        for list in ["missing", "extra", "different"] {
            assert_eq!(self.listed(list), BTreeSet::new(), "{list}");
        }
    }

    /// Fails unless both sides have exactly these sales.
    pub fn assert_equal(&self, sold: &[Sold]) {
        let active = sold.iter().filter(|sold| sold.is_active);
        let (mut count, mut revenue) = (0, 0);
        for sold in active {
            (count, revenue) = (count + 1, revenue + sold.amount);
        }
        let expected = json!({"count": count, "revenue": {"amount": revenue, "currency": "KZT"}});
        for side in ["crm", "ledger"] {
            assert_eq!(self.0[side], expected, "{side}");
        }
    }
}
