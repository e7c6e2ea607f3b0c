//! Faults of a neighbour that carries messages: which calls go wrong, how often, and in which of its ways.
//!
//! The gate and Facebook narrow their faults by things that no other has, and so have lists of their own.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

/// A neighbour's ways to fail, as an enum that is tagged by `kind`.
pub trait Kind: Clone + Serialize + DeserializeOwned {
    /// The field that narrows a fault to one recipient.
    const RECIPIENT: &'static str;
    /// The edges that a fault may name.
    const EDGES: &'static [&'static str];

    /// Where a fault of this kind strikes that names no edge.
    fn strikes(&self, edge: &str) -> bool;

    /// The reason, if this cannot be played.
    fn check(&self) -> Result<(), String>;
}

/// One fault. What is left out fits every call that the kind strikes.
#[derive(Debug, Clone)]
pub struct Fault<K> {
    edge: Option<String>,
    recipient: Option<String>,
    kind: K,
    /// How many calls are still to go wrong; without it, all.
    count: Option<u64>,
    /// How many calls that fit are still to pass first.
    skip: u64,
    hits: u64,
}

impl<'de, K: Kind> Deserialize<'de> for Fault<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By hand, because serde cannot refuse unknown fields beside a flattened enum.
        let mut fields = Map::deserialize(deserializer)?;
        let mut take = |name: &str| fields.remove(name).filter(|value| !value.is_null());
        let edge =
            take("edge").map(serde_json::from_value::<String>).transpose().map_err(D::Error::custom)?;
        if let Some(edge) = edge.as_deref().filter(|edge| !K::EDGES.contains(edge)) {
            return Err(D::Error::custom(format!(
                "unknown edge {edge}, expected one of {}",
                K::EDGES.join(", ")
            )));
        }
        let recipient = take(K::RECIPIENT).map(|value| plain(&value));
        let count = take("count").map(serde_json::from_value).transpose().map_err(D::Error::custom)?;
        let skip = take("skip").map_or(Ok(0), serde_json::from_value).map_err(D::Error::custom)?;
        // Told by GET, so that what was got may be put again.
        drop(take("hits"));
        let kind = K::deserialize(Value::Object(fields)).map_err(D::Error::custom)?;
        kind.check().map_err(D::Error::custom)?;
        Ok(Self { edge, recipient, kind, count, skip, hits: 0 })
    }
}

impl<K: Kind> Serialize for Fault<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut told = json!(self.kind);
        told["skip"] = json!(self.skip);
        told["hits"] = json!(self.hits);
        let narrow =
            [("edge", json!(self.edge)), (K::RECIPIENT, json!(self.recipient)), ("count", json!(self.count))];
        for (name, value) in narrow.into_iter().filter(|(_, value)| !value.is_null()) {
            told[name] = value;
        }
        told.serialize(serializer)
    }
}

impl<K: Kind> Fault<K> {
    fn fits(&self, edge: &str, recipient: Option<&str>) -> bool {
        let place = match &self.edge {
            Some(wanted) => wanted == edge,
            None => self.kind.strikes(edge),
        };
        self.count != Some(0)
            && place
            && self.recipient.as_deref().is_none_or(|wanted| recipient == Some(wanted))
    }
}

/// The faults switched on, in order.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "K: Kind", deny_unknown_fields)]
pub struct Faults<K> {
    faults: Vec<Fault<K>>,
}

impl<K> Default for Faults<K> {
    fn default() -> Self {
        Self { faults: Vec::new() }
    }
}

impl<K: Kind> Faults<K> {
    /// The first fault that fits and lets no more calls pass, which is thereby used once.
    pub fn take(&mut self, edge: &str, recipient: Option<&str>) -> Option<K> {
        for fault in self.faults.iter_mut().filter(|fault| fault.fits(edge, recipient)) {
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.hits += 1;
            fault.count = fault.count.map(|left| left.saturating_sub(1));
            return Some(fault.kind.clone());
        }
        None
    }

    /// What is switched on.
    pub fn kinds(&self) -> impl Iterator<Item = &K> {
        self.faults.iter().map(|fault| &fault.kind)
    }
}

/// The name of a kind, for a record.
pub fn name(kind: &impl Kind) -> Option<String> {
    json!(kind)["kind"].as_str().map(str::to_owned)
}

/// Text as it stands, a number in digits.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An answer as a test writes it down.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Raw {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

impl Raw {
    /// The reason, if there can be no such answer.
    pub fn check(&self) -> Result<(), String> {
        self.try_response().map(drop)
    }

    /// The answer: text as it stands, anything else as JSON.
    pub fn response(&self) -> Response {
        self.try_response().unwrap_or_default()
    }

    fn try_response(&self) -> Result<Response, String> {
        let (kind, body) = match &self.body {
            None => ("text/plain", String::new()),
            Some(Value::String(text)) => ("text/plain", text.clone()),
            Some(body) => ("application/json", body.to_string()),
        };
        let mut response = Response::new(Body::from(body));
        let status = self.status.unwrap_or(200);
        // hyper cannot end a request with an informational answer.
        *response.status_mut() = StatusCode::from_u16(status)
            .ok()
            .filter(|status| !status.is_informational())
            .ok_or_else(|| format!("{status} is no status"))?;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name).map_err(|error| format!("{name}: {error}"))?;
            let value = HeaderValue::try_from(value).map_err(|error| format!("{name}: {error}"))?;
            response.headers_mut().insert(name, value);
        }
        Ok(response)
    }
}

/// A web server's error page.
pub fn page(status: StatusCode) -> Response {
    let text = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body><center><h1>{status}</h1></center></body>\r\n</html>\r\n"
    );
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
    enum Way {
        Slow { seconds: u64 },
        Gone {},
    }

    impl Kind for Way {
        const RECIPIENT: &'static str = "chat_id";
        const EDGES: &'static [&'static str] = &["send", "me"];

        fn strikes(&self, edge: &str) -> bool {
            *self != Self::Gone {} || edge == "send"
        }

        fn check(&self) -> Result<(), String> {
            if *self == (Self::Slow { seconds: 0 }) { Err("no wait".to_owned()) } else { Ok(()) }
        }
    }

    fn faults(value: Value) -> Faults<Way> {
        serde_json::from_value(json!({ "faults": value })).unwrap()
    }

    #[test]
    fn some_calls_pass_first_and_a_counted_fault_ends() {
        let mut faults = faults(json!([{"kind": "slow", "seconds": 3, "skip": 1, "count": 2}]));
        let taken = (0..4).map(|_| faults.take("me", None).is_some()).collect::<Vec<_>>();
        assert_eq!(taken, [false, true, true, false]);
        let told = json!({"faults": [{"kind": "slow", "seconds": 3, "skip": 0, "count": 0, "hits": 2}]});
        assert_eq!(json!(faults), told);
    }

    #[test]
    fn a_fault_is_narrowed_by_edge_and_recipient() {
        let mut here = faults(json!([{"kind": "gone", "chat_id": -5}]));
        assert!(here.take("send", Some("5")).is_none() && here.take("me", Some("-5")).is_none());
        assert_eq!(here.take("send", Some("-5")), Some(Way::Gone {}));
        assert!(faults(json!([{"kind": "gone", "edge": "me"}])).take("me", None).is_some());
    }

    #[test]
    fn what_cannot_be_played_is_refused() {
        for fault in [
            json!({"kind": "explode"}),
            json!({"kind": "gone", "seconds": 1}),
            json!({"kind": "slow"}),
            json!({"kind": "slow", "seconds": 0}),
            json!({"kind": "gone", "edge": "sned"}),
            json!({"kind": "gone", "cuont": 1}),
        ] {
            assert!(serde_json::from_value::<Fault<Way>>(fault.clone()).is_err(), "{fault}");
        }
        for raw in [json!({"status": 99}), json!({"status": 100}), json!({"headers": {"a b": "c"}})] {
            assert!(serde_json::from_value::<Raw>(raw.clone()).unwrap().check().is_err(), "{raw}");
        }
    }
}
