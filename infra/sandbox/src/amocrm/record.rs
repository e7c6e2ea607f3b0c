//! The record of what was asked, for tests. Tokens, and what people were searched by, are never kept.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::address::Edge;
use super::call::Call;
use super::faults::Kind;
use super::limits::Window;
use super::tokens::Carried;

/// So many requests are kept.
const KEPT: usize = 5000;

/// One request as the control API tells it. `status` is null while it is in flight and where no answer was sent.
#[derive(Debug, Clone, Serialize)]
struct Seen {
    n: u64,
    at: String,
    method: String,
    edge: Edge,
    path: String,
    status: Option<u16>,
    fault: Option<Kind>,
    token: Carried,
    ids: Vec<u64>,
}

/// All of it.
#[derive(Default)]
pub struct Record {
    count: u64,
    seen: VecDeque<Seen>,
    totals: BTreeMap<(Edge, Option<u16>), u64>,
    tokens: BTreeMap<Carried, u64>,
    second: Window,
    peak: usize,
    in_flight: u64,
    most_in_flight: u64,
}

impl Record {
    /// A request arrives; its number.
    pub fn arrive(&mut self, call: &Call, token: Carried, now: DateTime<Utc>) -> u64 {
        self.count += 1;
        let edge = call.address.edge;
        // The token endpoint is outside of the API, and so of its limits.
        if edge != Edge::Token {
            self.peak = self.peak.max(self.second.count(now));
        }
        *self.tokens.entry(token.clone()).or_default() += 1;
        self.seen.push_back(Seen {
            n: self.count,
            at: now.to_rfc3339_opts(SecondsFormat::Millis, true),
            method: call.method.clone(),
            edge,
            path: call.shown(),
            status: None,
            fault: None,
            token,
            ids: call.ids(),
        });
        if self.seen.len() > KEPT {
            self.seen.pop_front();
        }
        self.in_flight += 1;
        self.most_in_flight = self.most_in_flight.max(self.in_flight);
        self.count
    }

    /// How it ended.
    pub fn finish(&mut self, n: u64, edge: Edge, status: Option<u16>, fault: Option<Kind>, made: &[u64]) {
        *self.totals.entry((edge, status)).or_default() += 1;
        if let Some(seen) = self.seen.iter_mut().rev().find(|seen| seen.n == n) {
            seen.status = status;
            seen.fault = fault;
            seen.ids.extend(made);
        }
    }

    /// It is gone, answered or not.
    pub fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Forgets everything but what is in flight.
    pub fn clear(&mut self) {
        *self = Self { in_flight: self.in_flight, count: self.count, ..Self::default() };
    }

    /// The record as the control API answers it.
    pub fn report(&self) -> Value {
        let totals = self
            .totals
            .iter()
            .map(|((edge, status), count)| json!({ "edge": edge, "status": status, "count": count }));
        let tokens = self.tokens.iter().map(|(token, count)| (String::from(token.clone()), *count));
        json!({
            "requests": self.seen,
            "totals": totals.collect::<Vec<_>>(),
            "tokens": tokens.collect::<BTreeMap<_, _>>(),
            "peak_per_second": self.peak,
            "in_flight_max": self.most_in_flight,
        })
    }
}
