//! What stands in for Facebook and for the store, so that a test sees a call through to what it leaves behind.
//!
//! The store answers DynamoDB's own protocol, as far as a call to Facebook needs it. It does not look at conditions and
//! of updates it carries out `SET` alone: that writes are conditional is tested where they are made.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::config::{Credentials as Keys, Region};
use aws_sdk_dynamodb::{Client, Config};
use serde_json::{Map, Value, json};

use super::facebook::Facebook;
use crate::neighbours::facebook::{Credentials, Graph};
use crate::neighbours::http;
use crate::store::ads::Ads;
use crate::store::breaker::Breakers;
use crate::store::gate::Gate;

const SETTINGS: &str = "settings";

/// Items by table and key.
#[derive(Clone, Default)]
pub struct Store(Arc<Mutex<BTreeMap<String, Value>>>);

impl Store {
    /// The sort keys of the rows that there are of any account.
    pub fn rows(&self) -> Vec<String> {
        let items = self.0.lock().unwrap();
        let sort_keys = items.values().filter_map(|item| item["sk"]["S"].as_str());
        sort_keys.filter(|key| key.starts_with("rows#")).map(str::to_owned).collect()
    }

    fn client(&self) -> Client {
        let store = self.clone();
        let base = listen(move |head, body| (200, store.answer(head, &serde_json::from_str(body).unwrap())));
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(Keys::new("id", "secret", None, None, "test"))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(base);
        Client::from_conf(config.build())
    }

    fn answer(&self, head: &str, asked: &Value) -> String {
        let mut items = self.0.lock().unwrap();
        let operation = head.lines().find_map(|line| line.split_once("DynamoDB_20120810.")).unwrap().1;
        let table = &asked["TableName"];
        let answer = match operation {
            "GetItem" => items.get(&place(table, &asked["Key"])).map_or(json!({}), |it| json!({"Item": it})),
            "BatchGetItem" => {
                let found = |(table, wanted): (&String, &Value)| {
                    let places =
                        wanted["Keys"].as_array().unwrap().iter().map(|key| place(&json!(table), key));
                    (table.clone(), places.filter_map(|place| items.get(&place).cloned()).collect())
                };
                let responses: Map<String, Value> =
                    asked["RequestItems"].as_object().unwrap().iter().map(found).collect();
                json!({"Responses": responses})
            }
            "PutItem" => {
                items.insert(place(table, &asked["Item"]), asked["Item"].clone());
                json!({})
            }
            "UpdateItem" => {
                let item = items.entry(place(table, &asked["Key"])).or_insert_with(|| asked["Key"].clone());
                set(item, asked);
                json!({})
            }
            "BatchWriteItem" => {
                for (table, writes) in asked["RequestItems"].as_object().unwrap() {
                    for write in writes.as_array().unwrap() {
                        let (put, key) = (&write["PutRequest"]["Item"], &write["DeleteRequest"]["Key"]);
                        match put.is_null() {
                            true => items.remove(&place(&json!(table), key)),
                            false => items.insert(place(&json!(table), put), put.clone()),
                        };
                    }
                }
                json!({})
            }
            other => panic!("nobody answers {other}"),
        };
        answer.to_string()
    }
}

fn place(table: &Value, key: &Value) -> String {
    format!("{table} {} {}", key["pk"]["S"], key["sk"]["S"])
}

fn set(item: &mut Value, asked: &Value) {
    let update = asked["UpdateExpression"].as_str().unwrap();
    let sets = update.strip_prefix("SET ").unwrap_or_default();
    let sets = sets.split(" ADD ").next().and_then(|sets| sets.split(" REMOVE ").next()).unwrap();
    for (name, value) in sets.split(", ").filter_map(|set| set.split_once(" = ")) {
        let name = asked["ExpressionAttributeNames"][name].as_str().unwrap_or(name);
        item[name] = asked["ExpressionAttributeValues"][value].clone();
    }
}

/// What calls to Facebook go through.
pub struct StandIn {
    /// What is left behind.
    pub store: Store,
    /// Facebook, as syncs call it.
    pub facebook: Facebook,
    /// What is stored of it.
    pub gate: Gate,
    /// Where rows go.
    pub ads: Ads,
    /// Whether it is well.
    pub breakers: Breakers,
    /// Which token it is called with.
    pub fingerprint: String,
}

/// A store with nothing in it, and a Facebook that answers the request for this path and query.
pub fn stand_in(mut answer: impl FnMut(&Store, &str) -> (u16, String) + Send + 'static) -> StandIn {
    let store = Store::default();
    let seen = store.clone();
    let base = listen(move |head, _| answer(&seen, head.split(' ').nth(1).unwrap()));
    let credentials = Credentials::parse(r#"{"access_token":"t"}"#).unwrap();
    let graph = Graph::new(http::client(Duration::from_secs(25)).unwrap(), &base, credentials);
    let fingerprint = graph.fingerprint().to_owned();
    let client = store.client();
    let ads = Ads::new(client.clone(), "ads".to_owned());
    let gate = Gate::new(client.clone(), SETTINGS.to_owned(), ads.clone());
    let breakers = Breakers::new(client, SETTINGS.to_owned());
    let facebook = Facebook::new(graph, gate.clone(), ads.clone(), breakers.clone());
    StandIn { store, facebook, gate, ads, breakers, fingerprint }
}

/// The body of a refusal.
pub fn refusal(code: u32, subcode: u32) -> String {
    let error = json!({"message": "no", "type": "OAuthException", "code": code, "error_subcode": subcode});
    json!({ "error": error }).to_string()
}

/// Answers every connection's one request, and tells where.
fn listen(mut answer: impl FnMut(&str, &str) -> (u16, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (head, body) = request(&mut stream);
            let (status, body) = answer(&head, &body);
            let length = body.len();
            let head =
                format!("HTTP/1.1 {status} Some\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream.write_all((head + &body).as_bytes()).unwrap();
        }
    });
    base
}

fn request(stream: &mut TcpStream) -> (String, String) {
    let (mut head, mut byte) = (vec![], [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}
