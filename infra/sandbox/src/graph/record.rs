//! The record of what was asked, for tests. Tokens and proofs are never kept, only whether they were there.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::address::Edge;
use super::auth::Proof;
use super::call::{Call, TokenIn};
use super::faults::Kind;

/// So many requests are kept.
const KEPT: usize = 5000;

/// One request as the control API tells it. `status` is null while it is in flight and where none was sent.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    n: u64,
    at: String,
    method: String,
    edge: Edge,
    account_id: Option<String>,
    since: Option<String>,
    until: Option<String>,
    level: Option<String>,
    limit: Option<u64>,
    filtering: Option<String>,
    after: bool,
    status: Option<u16>,
    code: Option<i64>,
    subcode: Option<i64>,
    fault: Option<Kind>,
    proof: Proof,
    token_in: TokenIn,
}

/// How a request ended.
pub struct End {
    pub status: Option<u16>,
    pub code: Option<i64>,
    pub subcode: Option<i64>,
    pub fault: Option<Kind>,
}

/// All of it.
#[derive(Default)]
pub struct Record {
    count: u64,
    seen: VecDeque<Seen>,
    totals: BTreeMap<(Option<String>, Edge), u64>,
    in_flight: HashMap<Option<String>, u64>,
    most_in_flight: BTreeMap<Option<String>, u64>,
    most_overall: u64,
}

impl Record {
    /// A request arrives; its number.
    pub fn arrive(&mut self, call: &Call, account_id: Option<&str>, proof: Proof, now: DateTime<Utc>) -> u64 {
        self.count += 1;
        let account_id = account_id.map(str::to_owned);
        let range: Value =
            call.get("time_range").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let text = |name: &str| call.get(name).map(str::to_owned);
        self.seen.push_back(Seen {
            n: self.count,
            at: now.to_rfc3339_opts(SecondsFormat::Millis, true),
            method: call.method.clone(),
            edge: call.address.edge,
            account_id: account_id.clone(),
            since: range["since"].as_str().map(str::to_owned),
            until: range["until"].as_str().map(str::to_owned),
            level: text("level"),
            limit: call.get("limit").and_then(|text| text.parse().ok()),
            filtering: text("filtering"),
            after: call.get("after").is_some(),
            status: None,
            code: None,
            subcode: None,
            fault: None,
            proof,
            token_in: call.token_in,
        });
        if self.seen.len() > KEPT {
            self.seen.pop_front();
        }
        *self.totals.entry((account_id.clone(), call.address.edge)).or_default() += 1;
        let flying = self.in_flight.entry(account_id.clone()).or_default();
        *flying += 1;
        let most = self.most_in_flight.entry(account_id).or_default();
        *most = (*most).max(*flying);
        self.most_overall = self.most_overall.max(self.in_flight.values().sum());
        self.count
    }

    /// How it ended.
    pub fn finish(&mut self, n: u64, end: &End) {
        if let Some(seen) = self.seen.iter_mut().rev().find(|seen| seen.n == n) {
            seen.status = end.status;
            seen.code = end.code;
            seen.subcode = end.subcode;
            seen.fault = end.fault;
        }
    }

    /// It is gone, answered or not.
    pub fn leave(&mut self, account_id: Option<&str>) {
        if let Some(flying) = self.in_flight.get_mut(&account_id.map(str::to_owned)) {
            *flying = flying.saturating_sub(1);
        }
    }

    /// Forgets everything but what is in flight.
    pub fn clear(&mut self) {
        let in_flight = std::mem::take(&mut self.in_flight);
        *self = Self { in_flight, count: self.count, ..Self::default() };
    }

    /// The record as the control API answers it.
    pub fn report(&self, while_blocked: &BTreeMap<String, u64>) -> Value {
        let totals = self
            .totals
            .iter()
            .map(|((account, edge), count)| json!({ "account_id": account, "edge": edge, "count": count }));
        let accounts =
            self.most_in_flight.iter().filter_map(|(account, most)| Some((account.clone()?, most)));
        json!({
            "requests": self.seen,
            "totals": totals.collect::<Vec<_>>(),
            "while_blocked": while_blocked,
            "in_flight_max": { "overall": self.most_overall, "accounts": accounts.collect::<BTreeMap<_, _>>() },
        })
    }
}
