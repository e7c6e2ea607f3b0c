//! Faults that a test switches on, and what the caller then sees.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::address::Edge;
use super::call::Call;
use super::problem::{Flaw, Problem, invalid, unauthorized};
use super::reply::Reply;

/// How a call goes wrong. README.md says what each looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Unpaid,
    Blocked,
    ForbiddenIp,
    Unauthorized,
    TooMany,
    BadGateway,
    #[serde(rename = "timeout_504")]
    Timeout504,
    HangUp,
    LostAnswer,
    Hang,
    Cut,
    #[serde(rename = "html_200")]
    Html200,
    Raw,
    Validation,
}

/// Which calls go wrong and how. What is left out fits every call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    #[serde(skip_serializing_if = "Option::is_none")]
    edge: Option<Edge>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    pub kind: Kind,
    /// How many calls are still to go wrong; without it, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// How many calls that fit are still to pass first.
    #[serde(default)]
    skip: u64,
    /// Only writes of more entities go wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_batch: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    /// The member that a `validation` blames.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(default, skip_deserializing)]
    hits: u64,
}

/// What happens to the call instead of, or beside, its answer.
pub enum Effect {
    /// This is the answer; nothing was carried out.
    Answer(Reply),
    /// The connection closes; nothing was carried out.
    HangUp,
    /// The connection closes after it was.
    LostAnswer,
    /// The call waits so many seconds.
    Hang(u64),
    /// Only half of the answer comes.
    Cut,
}

impl Fault {
    fn fits(&self, call: &Call) -> bool {
        let edge = call.address.edge;
        self.count != Some(0)
            && self.edge.is_none_or(|wanted| wanted == edge)
            && self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(&call.method))
            && self.max_batch.is_none_or(|most| edge.writes() && call.entities() > most)
    }

    fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status {
            let known = StatusCode::from_u16(status).ok().filter(|status| status.as_u16() >= 200);
            known.ok_or_else(|| format!("{status} is not a status"))?;
        }
        for (name, value) in self.headers.iter().flatten() {
            HeaderName::try_from(name.as_str()).map_err(|_| format!("{name:?} is not a header's name"))?;
            HeaderValue::try_from(value.as_str()).map_err(|_| format!("{name} cannot have that value"))?;
        }
        Ok(())
    }

    /// What it does to a call.
    pub fn effect(&self) -> Effect {
        let page = |status| Effect::Answer(Reply::page(status));
        let problem = |problem: Problem| Effect::Answer(problem.reply());
        match self.kind {
            Kind::Unpaid => problem(Problem::new(StatusCode::PAYMENT_REQUIRED, "Account is not paid")),
            Kind::Blocked => page(StatusCode::FORBIDDEN),
            Kind::ForbiddenIp => problem(
                Problem::new(StatusCode::FORBIDDEN, "Access denied from this IP").with("code", json!(113)),
            ),
            Kind::Unauthorized => problem(unauthorized()),
            Kind::TooMany => page(StatusCode::TOO_MANY_REQUESTS),
            Kind::BadGateway => page(StatusCode::BAD_GATEWAY),
            Kind::Timeout504 => page(StatusCode::GATEWAY_TIMEOUT),
            Kind::Html200 => page(StatusCode::OK),
            Kind::HangUp => Effect::HangUp,
            Kind::LostAnswer => Effect::LostAnswer,
            Kind::Hang => Effect::Hang(self.seconds.unwrap_or(30)),
            Kind::Cut => Effect::Cut,
            Kind::Validation => {
                let path = self.path.as_deref().unwrap_or("custom_fields_values.0.field_id");
                problem(invalid(&[("0".to_owned(), vec![Flaw::choice(path)])]))
            }
            Kind::Raw => Effect::Answer(self.raw()),
        }
    }

    fn raw(&self) -> Reply {
        let (kind, body) = match &self.body {
            None => ("text/plain", String::new()),
            Some(Value::String(text)) => ("text/plain", text.clone()),
            Some(json) => ("application/json", json.to_string()),
        };
        let status = StatusCode::from_u16(self.status.unwrap_or(200)).unwrap_or_default();
        let headers = self.headers.clone().unwrap_or_default().into_iter().collect();
        Reply { headers, ..Reply::text(status, kind, body) }
    }
}

/// The faults switched on, in order.
#[derive(Debug, Default, Serialize)]
pub struct Faults {
    faults: Vec<Fault>,
}

impl Faults {
    /// These and no others; the reason, if one of them cannot be played.
    pub fn replace(&mut self, faults: Vec<Fault>) -> Result<(), String> {
        faults.iter().try_for_each(Fault::check)?;
        self.faults = faults;
        Ok(())
    }

    /// The first fault that fits and lets no more calls pass, which is thereby used once.
    pub fn take(&mut self, call: &Call) -> Option<Fault> {
        for fault in self.faults.iter_mut().filter(|fault| fault.fits(call)) {
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.hits += 1;
            fault.count = fault.count.map(|left| left.saturating_sub(1));
            return Some(fault.clone());
        }
        None
    }
}
