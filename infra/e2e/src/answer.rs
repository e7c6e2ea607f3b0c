//! What came back, with what holds for every answer checked as it arrives.

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::env::env;

/// Words that only our insides use. None of them has a place in an answer that says what went wrong.
const INTERNAL: [&str; 12] = [
    "dynamodb",
    "sqs",
    "cognito",
    "sdkerror",
    "serviceerror",
    "dispatchfailure",
    "panicked",
    "backtrace",
    ".rs:",
    "arn:aws",
    "127.0.0.1",
    "requestid:",
];

/// What only a call to Facebook holds: no answer repeats a part of one.
const OF_FACEBOOK: [&str; 3] = ["access_token=", "appsecret_proof", "graph.facebook.com"];

/// An answer of the front door.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The method and the path that it answers.
    pub asked: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("an answer in UTF-8")
    }

    /// As much of the body as a message needs.
    pub fn shown(&self) -> String {
        const ENOUGH: usize = 1_500;
        let text = String::from_utf8_lossy(&self.body);
        let start: String = text.chars().take(ENOUGH).collect();
        if start.len() < text.len() { start + "…" } else { start }
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: not JSON ({error}): {}", self.asked, self.shown()))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of text"))
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}: {}", self.asked, self.shown());
        let body = self.json();
        assert_eq!(body["success"], true, "{}: {body}", self.asked);
        body
    }

    /// The body of an order that was taken and is carried out later.
    #[track_caller]
    pub fn accepted(&self) -> Value {
        assert_eq!(self.status, 202, "{}: {}", self.asked, self.shown());
        let body = self.json();
        assert_eq!(body["success"], true, "{}: {body}", self.asked);
        body
    }

    /// The body of a refusal with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.shown());
        let body = self.json();
        assert_eq!(body["error"], code, "{}: {body}", self.asked);
        body
    }

    /// Refused as invalid, for exactly these fields.
    #[track_caller]
    pub fn invalid(&self, fields: &[&str]) -> Value {
        let body = self.refused(400, "validation_error");
        let details = body["details"].as_array().unwrap_or_else(|| panic!("{}: no details", self.asked));
        let named: Vec<&str> = details.iter().map(|detail| detail["field"].as_str().unwrap()).collect();
        assert_eq!(named, fields, "{}: {body}", self.asked);
        for detail in details {
            assert_ne!(detail["problem"].as_str(), Some(""), "{}: {body}", self.asked);
        }
        body
    }

    /// Refused by the gateway itself, in its own words.
    #[track_caller]
    pub fn refused_by_gateway(&self, status: u16, message: &str) {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.shown());
        assert_eq!(self.json(), serde_json::json!({ "message": message }), "{}", self.asked);
    }

    /// The results of a hook that was taken in.
    #[track_caller]
    pub fn results(&self) -> Vec<Value> {
        self.ok()["results"].as_array().expect("results").clone()
    }

    /// The only result of a hook that was taken in.
    #[track_caller]
    pub fn result(&self) -> Value {
        let results = self.results();
        assert_eq!(results.len(), 1, "{}: {}", self.asked, self.shown());
        results[0].clone()
    }

    /// The outcome of the only result.
    #[track_caller]
    pub fn outcome(&self) -> String {
        self.result()["outcome"].as_str().expect("an outcome").to_owned()
    }

    /// Asserts what holds for every answer: the shape of a refusal, no internal text, no secret.
    pub fn assert_common(&self) {
        let text = String::from_utf8_lossy(&self.body);
        for secret in env().secrets() {
            assert!(!text.contains(secret), "{}: the answer holds a secret", self.asked);
        }
        for text_of_call in OF_FACEBOOK {
            assert!(!text.contains(text_of_call), "{}: {text_of_call} in {text}", self.asked);
        }
        if self.status < 400 {
            return;
        }
        let low = text.to_lowercase();
        let names = [
            "TABLE_EVENTS",
            "TABLE_SALES",
            "TABLE_COUNTERS",
            "TABLE_ADS",
            "TABLE_LEADS",
            "TABLE_NOTIFICATIONS",
            "TABLE_SETTINGS",
        ];
        for word in INTERNAL.into_iter().chain(names.map(|name| env().get(name))) {
            assert!(!low.contains(word), "{}: internal text {word:?} in {text}", self.asked);
        }
        let body = self.json();
        if body.get("success").is_none() {
            let is_gateways = matches!(self.status, 401 | 413) && body.as_object().unwrap().len() == 1;
            assert!(is_gateways, "{}: no error of ours: {text}", self.asked);
            return;
        }
        assert_eq!(body["success"], false, "{}: {text}", self.asked);
        for name in ["error", "message", "request_id"] {
            let is_told = body[name].as_str().is_some_and(|value| !value.is_empty());
            assert!(is_told, "{}: no {name} in {text}", self.asked);
        }
    }
}
