//! Events as the table holds them, written past the functions: what older code, which could not read a hook that is readable
//! today, has left behind.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::env::env;
use crate::hook::Route;
use crate::{aws, clock};

/// A batch takes so many.
const AT_ONCE: usize = 25;

/// A record to be written.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its id, which is that of its raw hook too.
    pub id: String,
    /// The partition of the index.
    pub heard_on: &'static str,
    /// What it says.
    pub document: Value,
    received_at: String,
    body: Option<Vec<u8>>,
}

impl Record {
    /// A quarantined hook with its body.
    pub fn quarantined(route: Route, body: Vec<u8>, received_at: DateTime<Utc>) -> Self {
        let record = Self::of("quarantined", route, "quarantined", received_at);
        Self { body: Some(body), ..record }
    }

    /// A record of any outcome in any partition, whose hook is not kept.
    pub fn of(heard_on: &'static str, route: Route, outcome: &str, received_at: DateTime<Utc>) -> Self {
        let id = format!("{:032x}", fastrand::u128(..));
        let received_at = received_at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let problems =
            if outcome == "quarantined" { json!(["an older version could not read it"]) } else { json!([]) };
        let document = json!({
            "id": id, "route": route.as_str(), "action": "status", "account": null, "lead_id": null,
            "happened_at": null, "received_at": received_at, "raw_id": id, "problems": problems,
            "outcome": outcome,
        });
        Self { id, heard_on, document, received_at, body: None }
    }

    fn items(&self) -> Vec<Value> {
        let event = json!({
            "pk": {"S": format!("event#{}", self.id)}, "document": {"S": self.document.to_string()},
            "received_at": {"S": self.received_at}, "heard_on": {"S": self.heard_on},
        });
        let raw = self.body.as_ref().map(|body| {
            let expires_at = (clock::now() + TimeDelta::days(60)).timestamp();
            json!({
                "pk": {"S": format!("raw#{}#0", self.id)}, "parts": {"N": "1"},
                "body": {"S": std::str::from_utf8(body).expect("a body of text")},
                "expires_at": {"N": expires_at.to_string()},
            })
        });
        [Some(event), raw].into_iter().flatten().collect()
    }
}

/// Writes records and their hooks.
pub async fn write(records: &[Record]) {
    let items: Vec<Value> = records.iter().flat_map(Record::items).collect();
    for some in items.chunks(AT_ONCE) {
        let puts: Vec<Value> = some.iter().map(|item| json!({"PutRequest": {"Item": item}})).collect();
        let table = env().get("TABLE_EVENTS");
        aws::dynamodb("BatchWriteItem", &json!({"RequestItems": {table: puts}})).await;
    }
}
