//! What each kind of fault does to a call.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{Fault, Kind};
use crate::graph::errors::{
    GraphError, account_limit, business_limit, dead_token, forbidden, no_such_object, old_version,
};
use crate::graph::reply::{Payload, Reply};
use crate::graph::runs::Fate;
use crate::graph::usage::{Block, Scope};
use crate::graph::world::{Tier, TokenState};

/// What happens to the call instead of, or beside, its answer.
pub enum Effect {
    /// This is the answer, and a block may open with it.
    Answer(Reply, Option<(Scope, Block)>),
    /// The connection closes without one.
    HangUp,
    /// It comes after so many seconds.
    Hang(u64),
    /// Only half of it comes.
    Cut,
    /// The report goes this way.
    Fate(Fate),
}

/// Refuses what could not be put on the wire.
pub fn check(fault: &Fault) -> Result<(), String> {
    if let Some(status) = fault.status {
        StatusCode::from_u16(status)
            .ok()
            .filter(|status| status.as_u16() >= 200)
            .ok_or_else(|| format!("{status} is not a status"))?;
    }
    for (name, value) in fault.headers.iter().flatten() {
        HeaderName::try_from(name.as_str()).map_err(|_| format!("{name:?} is not a header's name"))?;
        if let Some(value) = value {
            HeaderValue::try_from(value.as_str()).map_err(|_| format!("{name} cannot have that value"))?;
        }
    }
    Ok(())
}

/// The effect on a call about this object.
pub fn effect(
    fault: &Fault,
    account: Option<&str>,
    node: &str,
    tier: Tier,
    trace: u64,
    now: DateTime<Utc>,
) -> Effect {
    let code = StatusCode::from_u16;
    let says = |error: GraphError| Effect::Answer(dress(error.reply(trace), fault), None);
    match fault.kind {
        Kind::AccountBlock | Kind::BucBlock | Kind::BucManagementBlock => {
            let refusal = match fault.kind {
                Kind::BucBlock => business_limit(80_000),
                Kind::BucManagementBlock => business_limit(80_004),
                _ => account_limit(),
            };
            let scope = account.map(|account| Scope::Account(account.to_owned()));
            let block = scope.zip(block(fault, refusal.clone(), usual_length(fault.kind, tier), now));
            Effect::Answer(dress(refusal.reply(trace), fault), block)
        }
        Kind::AppBlock | Kind::InsightsBlock => {
            let refusal = GraphError::new(4, "(#4) Application request limit reached").transient(true);
            let (refusal, scope) = match fault.kind {
                Kind::InsightsBlock => (refusal.subcode(1_504_022), Scope::Insights),
                _ => (refusal, Scope::App),
            };
            let block = block(fault, refusal.clone(), TimeDelta::zero(), now);
            Effect::Answer(dress(refusal.reply(trace), fault), block.map(|block| (scope, block)))
        }
        Kind::ReduceData => says(
            GraphError::new(1, "Please reduce the amount of data you're asking for, then retry your request")
                .bare()
                .status(StatusCode::INTERNAL_SERVER_ERROR),
        ),
        Kind::TooMuchData100 => {
            says(GraphError::new(100, "(#100) The request asks for too much data").subcode(1_487_534))
        }
        Kind::Timeout100 => says(
            GraphError::new(
                100,
                "(#100) Your request timed out. Please try again or use an asynchronous query",
            )
            .subcode(1_504_018),
        ),
        Kind::Transient => says(
            GraphError::new(2, "(#2) Service temporarily unavailable")
                .transient(true)
                .status(StatusCode::SERVICE_UNAVAILABLE),
        ),
        Kind::Unknown1 => {
            says(GraphError::new(1, "An unknown error occurred").status(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Kind::OkWithError => says(
            GraphError::new(2, "(#2) Service temporarily unavailable").transient(true).status(StatusCode::OK),
        ),
        Kind::Bare503 => text(fault, 503, "text/plain", "Service Unavailable"),
        Kind::OkPlainText => text(fault, 200, "text/plain", "Service Unavailable"),
        Kind::Html => text(
            fault,
            502,
            "text/html",
            "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>",
        ),
        Kind::Permission => says(forbidden("business_management")),
        Kind::Permission100With33 => says(no_such_object(node)),
        Kind::Expired => says(dead_token(Some(TokenState::Expired))),
        Kind::Version => says(old_version()),
        Kind::Abuse => says(GraphError::new(
            368,
            "The action attempted has been deemed abusive or is otherwise disallowed",
        )),
        Kind::HangUp => Effect::HangUp,
        Kind::Hang => Effect::Hang(fault.seconds.unwrap_or(30)),
        Kind::Cut => Effect::Cut,
        Kind::ReportFailed => Effect::Fate(Fate::Failed),
        Kind::ReportSkipped => Effect::Fate(Fate::Skipped),
        Kind::ReportSlow => Effect::Fate(Fate::Slow(fault.polls.unwrap_or(5))),
        Kind::ReportUnreadable => says(
            GraphError::new(2601, "(#2601) Report run could not be read").subcode(1_815_107).transient(true),
        ),
        Kind::Raw => {
            let body = match &fault.body {
                None => Payload::Text("text/plain", String::new()),
                Some(Value::String(text)) => Payload::Text("text/plain", text.clone()),
                Some(json) => Payload::Json(json.clone()),
            };
            let status = code(fault.status.unwrap_or(200)).unwrap_or_default();
            Effect::Answer(dress(Reply { status, headers: Vec::new(), body }, fault), None)
        }
    }
}

fn text(fault: &Fault, status: u16, kind: &'static str, body: &str) -> Effect {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    let body = Payload::Text(kind, body.to_owned());
    Effect::Answer(dress(Reply { status, headers: Vec::new(), body }, fault), None)
}

/// The fault's own status and headers win over its kind's.
fn dress(mut reply: Reply, fault: &Fault) -> Reply {
    if let Some(status) = fault.status.and_then(|status| StatusCode::from_u16(status).ok()) {
        reply.status = status;
    }
    reply.headers.extend(fault.headers.clone().into_iter().flatten());
    reply
}

fn usual_length(kind: Kind, tier: Tier) -> TimeDelta {
    if kind == Kind::AccountBlock { tier.block() } else { TimeDelta::minutes(5) }
}

/// The block that a fault opens for the time it names; none for 0.
fn block(fault: &Fault, refusal: GraphError, usual: TimeDelta, now: DateTime<Utc>) -> Option<Block> {
    let length = |unit: i64, count: Option<u64>| {
        let count = i64::try_from(count.unwrap_or(0)).unwrap_or(0).min(1_000_000);
        TimeDelta::seconds(count * unit)
    };
    let named = length(1, fault.seconds).max(length(60, fault.minutes));
    let unnamed = fault.seconds.is_none() && fault.minutes.is_none();
    let lasts = if unnamed { usual } else { named };
    let in_minutes = if unnamed { fault.kind != Kind::AccountBlock } else { fault.minutes.is_some() };
    (lasts > TimeDelta::zero()).then(|| Block {
        until: now + lasts,
        refusal,
        in_seconds: if unnamed { fault.kind == Kind::AccountBlock } else { fault.seconds.is_some() },
        in_minutes,
        by_fault: true,
    })
}
