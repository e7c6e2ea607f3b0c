//! What stands in for an old database and for our own store, so that a run is seen through to what it leaves behind.
//!
//! The store keeps items and looks at conditions; of updates it carries out `SET` and `ADD`. The database hands out rows as
//! PostgREST would, in their order and by the filters that a walk uses.

use std::collections::BTreeMap;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::*;
use crate::domain::lead::Lead;
use crate::domain::old::lead::is_proftest;
use crate::domain::old::row::Row;
use crate::edge::clock;
use crate::neighbours::stand_in::{Seen, json as answer, neighbour_that};
use crate::outbox::stand_in::{Call, World, item, world};
use crate::store::leads;
use crate::sync::old::{Report, Table};

/// The account whose deals they are.
pub const ACCOUNT: u64 = 1;

type Items = BTreeMap<(String, String, String), Value>;

/// Our own store.
#[derive(Clone, Default)]
pub struct Store(Arc<Mutex<Items>>);

impl Store {
    /// A lead as our own intake or an import keeps it.
    pub fn put(&self, lead: &Lead) {
        self.insert(item(&leads::item(lead, Some(lead.received_at)).unwrap()));
        for partition in [leads::of_phone(&lead.phone), leads::of_email(&lead.email)] {
            self.insert(item(&leads::key(partition, leads::received_key(lead))));
        }
    }

    fn insert(&self, item: Value) {
        self.0.lock().unwrap().insert(place("leads", &item), item);
    }

    /// All leads, the oldest first.
    pub fn leads(&self) -> Vec<Lead> {
        let items = self.0.lock().unwrap();
        let leads = items.iter().filter(|((table, _, sk), _)| table == "leads" && sk == "lead");
        let mut leads: Vec<Lead> = leads.map(|(_, item)| document(item)).collect();
        leads.sort_by_key(|lead| (lead.received_at, lead.id.clone()));
        leads
    }

    /// The attributes of a lead's item.
    pub fn item_of(&self, id: &str) -> Value {
        self.0.lock().unwrap()[&place("leads", &item(&leads::lead_key(id)))].clone()
    }

    /// The links of phones and addresses.
    pub fn links(&self) -> Vec<String> {
        let items = self.0.lock().unwrap();
        let links = items.keys().filter(|(_, pk, _)| pk.starts_with("phone#") || pk.starts_with("email#"));
        links.map(|(_, _, sk)| sk.split_once('#').unwrap().1.to_owned()).collect()
    }

    /// The counted leads, of all days and teams together.
    pub fn counted(&self) -> i64 {
        let items = self.0.lock().unwrap();
        let counts =
            items.iter().filter(|((table, pk, _), _)| table == "counters" && pk.starts_with("leads#"));
        counts.map(|(_, item)| number(&item["n"])).sum()
    }

    /// The documents of a table whose sort key begins so.
    pub fn documents<T: serde::de::DeserializeOwned>(&self, table: &str, start: &str) -> Vec<T> {
        let items = self.0.lock().unwrap();
        let of = items.iter().filter(|((of, _, sk), _)| of == table && sk.starts_with(start));
        of.map(|(_, item)| document(item)).collect()
    }

    fn answer(&self, call: &Call) -> Option<Value> {
        let body = &call.body;
        let mut items = self.0.lock().unwrap();
        let table = body["TableName"].as_str().unwrap_or_default();
        match call.name.strip_prefix("DynamoDB_20120810.")? {
            "GetItem" => items.get(&place(table, &body["Key"])).map(|item| json!({ "Item": item })),
            "BatchGetItem" => {
                let keys = body["RequestItems"]["leads"]["Keys"].as_array()?;
                let found = keys.iter().filter_map(|key| items.get(&place("leads", key)).cloned());
                Some(json!({"Responses": {"leads": found.collect::<Vec<_>>()}}))
            }
            "Query" if table == "leads" => {
                let text =
                    |name: &str| body["ExpressionAttributeValues"][name]["S"].as_str().unwrap().to_owned();
                let key = |sk: String| ("leads".to_owned(), text(":person"), sk);
                let found = items.range(key(String::new())..key(text(":this"))).rev();
                Some(json!({"Items": found.map(|(_, item)| item.clone()).collect::<Vec<_>>()}))
            }
            "Query" => Some(json!({"Items": []})),
            "PutItem" => match write(&mut items, &json!({ "Put": body })) {
                Ok(()) => None,
                Err(_) => Some(json!({"__type": "ConditionalCheckFailedException"})),
            },
            "TransactWriteItems" => transact(&mut items, body["TransactItems"].as_array()?),
            other => panic!("nobody answers {other}"),
        }
    }
}

/// All or nothing.
fn transact(items: &mut Items, writes: &[Value]) -> Option<Value> {
    let mut after = items.clone();
    let done: Vec<Result<(), Value>> = writes.iter().map(|one| write(&mut after, one)).collect();
    if done.iter().all(Result::is_ok) {
        *items = after;
        return None;
    }
    let reason = |done: &Result<(), Value>| match done {
        Ok(()) => json!({"Code": "None"}),
        Err(old) if old.is_null() => json!({"Code": "ConditionalCheckFailed"}),
        Err(old) => json!({"Code": "ConditionalCheckFailed", "Item": old}),
    };
    let reasons: Vec<Value> = done.iter().map(reason).collect();
    Some(json!({"__type": "TransactionCanceledException", "Message": "no", "CancellationReasons": reasons}))
}

/// The old item, where the condition of a write does not hold and it wants that back.
fn write(items: &mut Items, write: &Value) -> Result<(), Value> {
    let (kind, what) = write.as_object().unwrap().iter().next().unwrap();
    let table = what["TableName"].as_str().unwrap();
    let key = place(table, if kind == "Put" { &what["Item"] } else { &what["Key"] });
    let old = items.get(&key).cloned();
    if let Some(condition) = what["ConditionExpression"].as_str()
        && !condition.split(" OR ").any(|term| holds(term, old.as_ref(), what))
    {
        let returned = what["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD";
        return Err(old.filter(|_| returned).unwrap_or_default());
    }
    match kind.as_str() {
        "Put" => drop(items.insert(key, what["Item"].clone())),
        "Delete" => drop(items.remove(&key)),
        "ConditionCheck" => {}
        "Update" => update(items.entry(key).or_insert_with(|| what["Key"].clone()), what),
        other => panic!("{other} is not played"),
    }
    Ok(())
}

fn holds(term: &str, old: Option<&Value>, what: &Value) -> bool {
    if term == "attribute_not_exists(pk)" {
        return old.is_none();
    }
    let mut words = term.split(' ');
    let (name, operator, value) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
    let Some(old) = old.map(|old| &old[name]).filter(|old| !old.is_null()) else { return false };
    let value = &what["ExpressionAttributeValues"][value];
    match operator {
        "=" => old == value,
        "<=" => number(old) <= number(value),
        other => panic!("{other} is not played"),
    }
}

fn update(item: &mut Value, what: &Value) {
    let expression = what["UpdateExpression"].as_str().unwrap();
    let (sets, adds) = expression.split_once("ADD ").unwrap_or((expression, ""));
    let name = |name: &str| what["ExpressionAttributeNames"][name].as_str().unwrap_or(name).to_owned();
    let value = |value: &str| what["ExpressionAttributeValues"][value].clone();
    for (place, set) in sets.trim_start_matches("SET ").split(", ").filter_map(|set| set.split_once(" = ")) {
        if set.starts_with(':') {
            item[name(place)] = value(set.trim());
        }
    }
    for add in adds.split(", ").filter(|add| !add.is_empty()) {
        let (place, more) = add.split_once(' ').unwrap();
        let sum = number(&item[name(place)]) + number(&value(more.trim()));
        item[name(place)] = json!({"N": sum.to_string()});
    }
}

fn number(value: &Value) -> i64 {
    value["N"].as_str().map_or(0, |number| number.parse().unwrap())
}

fn place(table: &str, item: &Value) -> (String, String, String) {
    let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    (table.to_owned(), text("pk"), text("sk"))
}

fn document<T: serde::de::DeserializeOwned>(item: &Value) -> T {
    serde_json::from_str(item["document"]["S"].as_str().unwrap()).unwrap()
}

/// The tables of an old database; a test writes there as the old system does.
#[derive(Clone, Default)]
pub struct Rows {
    tables: Arc<Mutex<BTreeMap<String, Vec<Value>>>>,
    refusal: Arc<Mutex<Option<Value>>>,
    lacks: Arc<Mutex<Lacks>>,
}

/// What an old database may be without.
#[derive(Clone, Copy, Default)]
pub struct Lacks {
    /// It does not count.
    pub range: bool,
    /// It does not keep when a row was made.
    pub created_at: bool,
}

impl Rows {
    /// One more row.
    pub fn add(&self, table: &str, row: Value) {
        self.tables.lock().unwrap().entry(table.to_owned()).or_default().push(row);
    }

    /// Answers 404 with this from now on.
    pub fn refuse(&self, said: Value) {
        *self.refusal.lock().unwrap() = Some(said);
    }

    /// It is without that from now on.
    pub fn lack(&self, lacks: Lacks) {
        *self.lacks.lock().unwrap() = lacks;
    }

    fn answer(&self, target: &str) -> String {
        let lacks = *self.lacks.lock().unwrap();
        if lacks.created_at && target.contains("created_at") {
            let message = "column landing_leads.created_at does not exist";
            return answer(400, &json!({"code": "42703", "message": message}).to_string());
        }
        if let Some(said) = &*self.refusal.lock().unwrap() {
            return answer(404, &said.to_string());
        }
        let (table, query) = target.strip_prefix("/rest/v1/").unwrap().split_once('?').unwrap();
        let mut found = self.tables.lock().unwrap().get(table).cloned().unwrap_or_default();
        let row = |row: &Value| Row::from(row.clone());
        found.sort_by_key(|one| (row(one).created_at(), row(one).id()));
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (operator, wanted) = value.split_once('.').unwrap_or_default();
            found.retain(|one| match (name.as_ref(), operator) {
                ("source", "ilike") => is_proftest(&row(one)),
                ("created_at", "gte") => row(one).created_at() >= wanted.parse().ok(),
                ("created_at", "gt") => row(one).created_at() > wanted.parse().ok(),
                ("created_at", "is") => row(one).created_at().is_none(),
                ("created_at", "eq") => row(one).created_at() == wanted.parse().ok(),
                ("id", "gt") => row(one).text("id").unwrap().as_str() > wanted,
                _ => true,
            });
        }
        let range = format!("content-range: */{}", found.len());
        let rows = answer(200, &Value::from(found).to_string());
        if lacks.range { rows } else { rows.replacen("\r\n", &format!("\r\n{range}\r\n"), 1) }
    }
}

/// Everything around a run.
pub struct Scene {
    /// Our own store.
    pub store: Store,
    /// The old database.
    pub rows: Rows,
    /// Everything around both.
    pub world: World,
    landing: Source,
    tripwire: Source,
    // The old database answers while somebody could be told what it was asked.
    _asked: Receiver<Seen>,
}

/// With nothing in either.
pub fn scene() -> Scene {
    scene_that(|_| None)
}

/// The same, where some calls are answered so.
pub fn scene_that(mut answers: impl FnMut(&Call) -> Option<Value> + Send + 'static) -> Scene {
    let (store, rows) = (Store::default(), Rows::default());
    let (of_store, of_rows) = (store.clone(), rows.clone());
    let world = world(move |call| answers(call).or_else(|| secret(call)).or_else(|| of_store.answer(call)));
    let (base, asked) = neighbour_that(move |seen| of_rows.answer(&seen.target));
    let source = |database| {
        let secret = "supabase".to_owned();
        Source::new(database, &world.sdk, tables(), Some(ACCOUNT), World::http(), base.clone(), secret)
    };
    let (landing, tripwire) = (source(Database::Landing), source(Database::Tripwire));
    Scene { store, rows, world, landing, tripwire, _asked: asked }
}

fn secret(call: &Call) -> Option<Value> {
    let keys = r#"{"landing_key":"k-1","tripwire_key":"k-2"}"#;
    (call.name == "secretsmanager.GetSecretValue").then(|| json!({ "SecretString": keys }))
}

fn tables() -> Tables {
    let name = |name: &str| name.to_owned();
    Tables {
        events: name("events"),
        sales: name("sales"),
        counters: name("counters"),
        ads: name("ads"),
        leads: name("leads"),
        notifications: name("notifications"),
        settings: name("settings"),
    }
}

impl Scene {
    /// What the landing pages' database is read with.
    pub fn source(&self) -> &Source {
        &self.landing
    }

    /// One run over a table.
    pub async fn read(&self, table: Table) -> Report {
        self.read_in(table, Duration::from_secs(300)).await.unwrap()
    }

    /// One run with so much time.
    pub async fn read_in(&self, table: Table, time: Duration) -> Result<Report, StoreError> {
        let source = if table == Table::Tripwire { &self.tripwire } else { &self.landing };
        source.read(table, false, SystemTime::from(clock::now()) + time).await
    }
}

/// A source that nobody has configured.
pub fn unconfigured(scene: &Scene) -> Source {
    let http = World::http();
    Source::new(Database::Landing, &scene.world.sdk, tables(), None, http, String::new(), "s".to_owned())
}
