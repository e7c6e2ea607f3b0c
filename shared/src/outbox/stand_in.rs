//! What stands in for everything around the outbox: DynamoDB, SQS, Secrets Manager and the providers, all at one address.
//!
//! It carries out no conditions: whoever tests says how DynamoDB answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, Region, SharedCredentialsProvider};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::neighbours::stand_in::{Seen, json as answer, neighbour_that};

/// A call as it came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// `DynamoDB_20120810.Query`, `AmazonSQS.SendMessage`; the path where it is no call to AWS.
    pub name: String,
    /// What was sent.
    pub body: Value,
}

/// Everything around.
pub struct World {
    /// How to call it.
    pub sdk: SdkConfig,
    /// Where it is.
    pub base: String,
    calls: Receiver<Seen>,
}

/// A world that answers each call as `answers` says, and what it does not know with an empty object.
pub fn world(mut answers: impl FnMut(&Call) -> Option<Value> + Send + 'static) -> World {
    let (base, calls) = neighbour_that(move |seen| {
        let call = call(seen);
        let body = answers(&call).unwrap_or_else(|| json!({}));
        let is_refused = body.get("__type").is_some();
        answer(if is_refused { 400 } else { 200 }, &body.to_string())
    });
    let keys = Credentials::new("id", "secret", None, None, "test");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(&base)
        .build();
    World { sdk, base, calls }
}

impl World {
    /// All calls so far that were not told yet.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.try_iter().map(|seen| call(&seen)).collect()
    }

    /// The messages that were queued in those calls: queue, body, delay.
    pub fn queued(calls: &[Call]) -> Vec<(String, Value, u64)> {
        let sent = calls.iter().filter(|call| call.name == "AmazonSQS.SendMessage");
        let told = sent.map(|call| {
            let queue = call.body["QueueUrl"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            let body = serde_json::from_str(call.body["MessageBody"].as_str().unwrap()).unwrap();
            (queue, body, call.body["DelaySeconds"].as_u64().unwrap())
        });
        told.collect()
    }

    /// A client for neighbours.
    pub fn http() -> reqwest::Client {
        crate::neighbours::http::client(Duration::from_secs(5)).unwrap()
    }
}

fn call(seen: &Seen) -> Call {
    let name = seen.headers.get("x-amz-target").unwrap_or(&seen.target).clone();
    let body = serde_json::from_str(&seen.body).unwrap_or_else(|_| {
        let pairs = form_urlencoded::parse(seen.body.as_bytes()).into_owned();
        json!(pairs.collect::<BTreeMap<String, String>>())
    });
    Call { name, body }
}

/// An item as DynamoDB hands it out.
pub fn item(item: &HashMap<String, AttributeValue>) -> Value {
    let plain = |value: &AttributeValue| match value {
        AttributeValue::S(text) => json!({"S": text}),
        AttributeValue::N(number) => json!({"N": number}),
        other => panic!("{other:?} is not played"),
    };
    Value::Object(item.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
}
