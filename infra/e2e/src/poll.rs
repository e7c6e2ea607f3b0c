//! The poll of amoCRM as its schedule invokes it: its answer, how far it has read, and what a test begins from.
//!
//! Only the last month is compared with amoCRM, and its days are few. So tests of the poll share them, one after the other
//! (`Crm`), and each begins without the sales that another has left there.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::days::{Day, time};
use crate::env::{env, root};
use crate::hook::Route;
use crate::sandbox;
use crate::{Caller, Crm, Deal, Hook, Stack, aws, clock, crm, figures, pulling, subscription, wait};

/// The function.
pub const FUNCTION: &str = "amocrm-poll";

/// The account that the sandbox plays.
pub const ACCOUNT: u64 = 29_600_001;

/// Ids that the sandbox's worlds give to deals (see [`Crm::id`]); samples and other tests have shorter or longer ones.
const OF_SANDBOX: std::ops::Range<u64> = 100_000_000..5_000_000_000;

/// So many deals are told of in one hook.
const IN_A_HOOK: usize = 25;

/// Polls since the mark; what it came to, or what the function failed with.
pub async fn attempt() -> Result<Value, Value> {
    aws::invoke(FUNCTION, &json!({})).await
}

/// Polls since the mark, and expects amoCRM to be well.
pub async fn good() -> Value {
    expect_good(attempt().await)
}

/// Polls the whole month, and expects amoCRM to be well.
pub async fn good_month() -> Value {
    expect_good(aws::invoke(FUNCTION, &json!({"window": "month"})).await)
}

/// Expects that a poll has read everything.
pub fn expect_good(polled: Result<Value, Value>) -> Value {
    let polled = polled.unwrap_or_else(|error| panic!("the poll failed: {error}"));
    assert_eq!(polled["ok"], true, "{polled}");
    polled
}

/// Polls, and expects it to be stopped by amoCRM; why.
pub async fn problem() -> String {
    let polled = attempt().await.unwrap_or_else(|error| panic!("the poll failed: {error}"));
    assert_eq!(polled["ok"], false, "{polled}");
    polled["problem"].as_str().expect("a reason").to_owned()
}

/// Up to when amoCRM was read; nothing where it never was.
pub async fn mark() -> Option<String> {
    let input = json!({"TableName": env().get("TABLE_SETTINGS"), "Key": mark_key(), "ConsistentRead": true});
    let found = aws::dynamodb("GetItem", &input).await;
    Some(found["Item"]["mark"]["S"].as_str()?.to_owned())
}

/// Has the next poll read what changed since then, and returns the mark that this takes.
pub async fn look_back_to(at: i64) -> String {
    // The poll begins five minutes before its mark.
    let mark = (time(at) + TimeDelta::minutes(4)).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    let mut item = mark_key();
    item["mark"] = json!({ "S": mark });
    aws::dynamodb("PutItem", &json!({"TableName": env().get("TABLE_SETTINGS"), "Item": item})).await;
    mark
}

fn mark_key() -> Value {
    json!({"pk": {"S": format!("amocrm#poll#{ACCOUNT}")}})
}

/// Closes the breaker, as its time and a good call would.
pub async fn forget_breaker() {
    forget(&["breaker#amocrm", "amocrm#state"]).await;
}

async fn forget(settings: &[&str]) {
    for pk in settings {
        let key = json!({"TableName": env().get("TABLE_SETTINGS"), "Key": {"pk": {"S": pk}}});
        aws::dynamodb("DeleteItem", &key).await;
    }
}

/// The most memory that the function's processes have had so far, in KiB; nothing where none runs.
pub fn peak_memory() -> Option<u64> {
    let peak = |pid: u32| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.split_whitespace().next()?.parse().ok()
    };
    pulling::processes(FUNCTION).into_iter().filter_map(peak).max()
}

/// How often amoCRM was asked for a deal by its id.
pub async fn readings(crm: &Crm, lead: u64) -> usize {
    let asked = crm.asked().await;
    let lead = lead.to_string();
    let names = |request: &&Value| request["path"].as_str().is_some_and(|path| path.contains(&lead));
    asked.all().iter().filter(|request| request["edge"] != "events").filter(names).count()
}

/// Ends the time for which the breaker, or amoCRM's own limit, lets nobody through.
pub async fn let_through(crm: &Crm) {
    if crm.breaker().await["state"] == "open" {
        crm::end_cool_down().await;
    }
    forget(&["rate#amocrm"]).await;
    // What we have forgotten of the last second, the other side must not count either.
    sandbox::control("DELETE", "/control/amocrm/block", None).await;
}

/// The day so many days ago, in Almaty.
pub fn days_ago(days: u64) -> Day {
    Day((clock::now() + TimeDelta::hours(5)).date_naive() - Days::new(days))
}

/// Begins a test of the poll: what earlier ones have sold is deleted, nothing is left to be read, and no process runs that
/// remembers anything. Returns the first of `length` past days of the last month on which nobody else sells.
pub async fn begin(crm: &Crm, length: u64) -> Day {
    delete_sold(&crm.stack).await;
    look_back_to(clock::now().timestamp()).await;
    subscription::forget().await;
    pulling::kill(FUNCTION).await;
    let taken = days_of_samples();
    // A month has 31 days; at midnight the oldest is gone, and today is everybody's.
    let mut starts = (length..29).rev().map(days_ago);
    let is_free = |start: &Day| (0..length).all(|n| !taken.contains(&start.plus(n)));
    starts.find(is_free).expect("free days in the last month")
}

/// The days that a month back from here has, as a question.
pub fn month() -> String {
    format!("from={}&to={}", days_ago(30), days_ago(0))
}

/// Deletes what tests of amoCRM have sold in the last month, as amoCRM would tell of it.
async fn delete_sold(stack: &Stack) {
    let rows = figures::rows(stack, &Caller::Admin, &month(), 500).await;
    let left = rows.iter().filter(|row| row["state"] == "active").filter_map(lead_of);
    let left: Vec<u64> = left.filter(|lead| OF_SANDBOX.contains(lead)).collect();
    for some in left.chunks(IN_A_HOOK) {
        let hooks =
            some.iter().map(|lead| Hook::deleted(Route::Sales, Deal { account: ACCOUNT, lead: *lead }));
        let mut hooks: Vec<Hook> = hooks.collect();
        let others = hooks.split_off(1);
        let hook = hooks[0].clone().and(&others);
        // As amoCRM does where the store had no time for so many.
        wait::until("the deletions to be taken", async || {
            (stack.hook(&hook).await.status == 200).then_some(())
        })
        .await;
    }
}

/// The lead of a row of `sales`, if it is of the sandbox's account.
pub fn lead_of(row: &Value) -> Option<u64> {
    (row["account_id"] == ACCOUNT).then(|| row["lead_id"].as_u64().expect("a lead"))
}

/// The days that the sample bodies name: their sales are of the same account, and amoCRM has none of them.
fn days_of_samples() -> BTreeSet<Day> {
    let mut days = BTreeSet::new();
    for route in Route::ALL {
        let folder = root().join("events").join(route.function());
        for file in std::fs::read_dir(&folder).expect("samples").flatten() {
            let body = std::fs::read(file.path()).expect("a sample");
            let numbers = body.split(|byte| !byte.is_ascii_digit()).filter(|digits| digits.len() == 10);
            let numbers = numbers.filter_map(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
            days.extend(numbers.filter_map(|at| DateTime::<Utc>::from_timestamp(at, 0)).map(day_of));
        }
    }
    days
}

/// The business day of a moment of the last months.
pub fn day_of(at: DateTime<Utc>) -> Day {
    Day((at + TimeDelta::hours(5)).date_naive())
}
