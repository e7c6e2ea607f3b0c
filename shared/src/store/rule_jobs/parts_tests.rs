use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::domain::audit::Who;
use crate::domain::day::Period;
use crate::domain::event::DealId;
use crate::domain::rule_job::{Kind, RuleJob};
use crate::domain::rules::RulesVersion;
use crate::outbox::stand_in::{Call, World, world};
use crate::store::audit::Audit;

const JOB: &str = "01931d6c-5b00-7000-8000-000000000001";

type Items = Arc<Mutex<BTreeMap<String, Value>>>;

fn cancelled(codes: [&str; 2]) -> Value {
    let reasons = codes.map(|code| json!({"Code": code}));
    json!({"__type": "TransactionCanceledException", "Message": "no", "CancellationReasons": reasons})
}

fn jobs(answers: impl FnMut(&Call) -> Option<Value> + Send + 'static) -> (World, RuleJobs) {
    let world = world(answers);
    let client = Client::new(&world.sdk);
    let audit = Audit::new(client.clone(), "counters".to_owned());
    (world, RuleJobs::new(client, "settings".to_owned(), audit))
}

/// A table that keeps what is put where nothing is.
fn table() -> (World, RuleJobs, Items) {
    let items = Items::default();
    let held = Arc::clone(&items);
    let (world, jobs) = jobs(move |call| {
        let mut held = held.lock().unwrap();
        if call.name.ends_with("GetItem") {
            return held.get(call.body["Key"]["pk"]["S"].as_str()?).map(|item| json!({"Item": item}));
        }
        let item = &call.body["TransactItems"][1]["Put"]["Item"];
        let pk = item["pk"]["S"].as_str()?.to_owned();
        if held.contains_key(&pk) {
            return Some(cancelled(["None", "ConditionalCheckFailed"]));
        }
        held.insert(pk, item.clone());
        None
    });
    (world, jobs, items)
}

fn day() -> Day {
    Day::parse("2026-11-20").unwrap()
}

fn deals(numbers: std::ops::Range<u64>) -> Touched {
    Touched { deals: numbers.map(|lead| DealId { account: 1, lead }).collect(), leads: vec![] }
}

#[tokio::test]
async fn a_day_of_many_sales_is_stored_in_parts_that_are_read_one_after_the_other() {
    let (_world, jobs, items) = table();
    let found = deals(0..4_500);
    assert_eq!(jobs.touch(JOB, day(), &found).await.unwrap(), Some(found.clone()));
    let names: Vec<String> = items.lock().unwrap().keys().cloned().collect();
    let name = format!("rule-job#{JOB}#2026-11-20");
    assert_eq!(names, [name.clone(), format!("{name}#1"), format!("{name}#2")]);
    let mut read = Touched::default();
    for n in 0..3 {
        read.join(jobs.part(JOB, day(), n).await.unwrap().unwrap());
    }
    assert_eq!((read, jobs.part(JOB, day(), 3).await.unwrap()), (found.clone(), None));
    // Begun again with what is left, all of it is told, and only what is new is stored.
    assert_eq!(jobs.touch(JOB, day(), &deals(10..20)).await.unwrap(), Some(found));
    assert_eq!(jobs.touch(JOB, day(), &deals(4_499..4_501)).await.unwrap(), Some(deals(0..4_501)));
    assert_eq!(jobs.part(JOB, day(), 3).await.unwrap(), Some(deals(4_500..4_501)));
}

#[tokio::test]
async fn a_day_on_which_nothing_moves_stores_nothing() {
    let (world, jobs, items) = table();
    assert_eq!(jobs.touch(JOB, day(), &Touched::default()).await.unwrap(), Some(Touched::default()));
    assert!(items.lock().unwrap().is_empty());
    assert!(world.calls().iter().all(|call| call.name.ends_with("GetItem")));
}

#[tokio::test]
async fn who_was_outrun_moves_nothing_and_who_met_another_tries_again() {
    let is_write = |call: &Call| call.name.ends_with("TransactWriteItems");
    let (_world, outrun) =
        jobs(move |call| is_write(call).then(|| cancelled(["ConditionalCheckFailed", "None"])));
    assert_eq!(outrun.touch(JOB, day(), &deals(0..1)).await.unwrap(), None);
    let now: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
    let by = Who { id: "u".to_owned(), email: None };
    let kind = Kind::Apply { rules: RulesVersion::default() };
    let job = RuleJob::new(JOB.to_owned(), kind, Period { from: day(), to: day() }, by, now);
    assert!(!outrun.progress(&job, day(), now).await.unwrap());
    let mut busy = 3;
    let (world, jobs) = jobs(move |call| {
        busy -= i32::from(is_write(call));
        (is_write(call) && busy >= 0).then(|| cancelled(["TransactionConflict", "None"]))
    });
    assert!(jobs.progress(&job, day(), now).await.unwrap());
    assert_eq!(world.calls().len(), 4);
}
