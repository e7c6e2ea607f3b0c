//! Hooks that older code could not read, taken in again.

use chrono::TimeDelta;
use e2e::figures::{Sum, figures};
use e2e::quarantine::{self, Record};
use e2e::{Caller, Deal, Hook, Route, Stack, clock, days, outbox};
use serde_json::{Value, json};

const EVENTS: &str = "/api/admin/events";

/// Gives a team, by its digits too: whoever reads it looks for an ad of that number.
const CAMPAIGN: &str = "onai2_120398765432109876";

async fn one(stack: &Stack, id: &str) -> Value {
    stack.get(&Caller::Admin, &format!("{EVENTS}/{id}")).await.ok()
}

async fn replay(stack: &Stack, id: &str) -> Vec<Value> {
    stack.post_json(&Caller::Admin, &format!("{EVENTS}/{id}/replay"), &json!({})).await.results()
}

async fn replay_many(stack: &Stack, question: &Value) -> Value {
    stack.post_json(&Caller::Admin, &format!("{EVENTS}/replay"), question).await.ok()
}

/// Replays to the end, and adds up what became of it.
async fn replay_all(stack: &Stack, mut question: Value) -> (u64, u64, Value) {
    let (mut matched, mut replayed, mut results) = (0, 0, json!({}));
    loop {
        let answer = replay_many(stack, &question).await;
        assert_eq!(answer["failures"], json!([]), "{answer}");
        matched += answer["matched"].as_u64().unwrap();
        replayed += answer["replayed"].as_u64().unwrap();
        for (name, count) in answer["results"].as_object().unwrap() {
            results[name] = (results[name].as_u64().unwrap_or(0) + count.as_u64().unwrap()).into();
        }
        match answer.get("next") {
            Some(next) => question["cursor"] = next.clone(),
            None => return (matched, replayed, results),
        }
    }
}

fn results(told: &Value) -> Value {
    let mut results =
        json!({"recorded": 0, "updated": 0, "duplicate": 0, "ignored": 0, "quarantined": 0, "failed": 0});
    for (name, count) in told.as_object().unwrap() {
        results[name] = count.clone();
    }
    results
}

async fn quarantined(stack: &Stack, day: days::Day) -> usize {
    let path = format!("{EVENTS}?outcome=quarantined&from={day}&to={day}&limit=500");
    stack.get(&Caller::Admin, &path).await.ok()["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_hook_that_can_be_read_by_now_is_taken_in_as_when_it_came_and_once() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let hook = Hook::won(Route::Sales, deal, day.noon()).campaign("onai2_reels");
    let came = days::time(day.noon() + 5);
    let record = Record::quarantined(Route::Sales, hook.body(), came);
    quarantine::write(std::slice::from_ref(&record)).await;
    assert_eq!(quarantined(&stack, day).await, 1);
    let first = replay(&stack, &record.id).await;
    assert_eq!(
        (&first[0]["outcome"], &first[0]["sale_id"]),
        (&json!("recorded"), &json!(deal.sale("flagship")))
    );
    let page = stack.sale(&deal.sale("flagship")).await.ok();
    let received: chrono::DateTime<chrono::Utc> =
        page["sale"]["received_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(received, came, "it came when it came");
    // It no longer waits, and says what came of it.
    assert_eq!(quarantined(&stack, day).await, 0);
    let marked = one(&stack, &record.id).await;
    assert_eq!(marked["event"]["outcome"], "quarantined");
    assert_eq!(marked["event"]["replayed_at"], marked["replay"]["replayed_at"]);
    assert_eq!(marked["replay"]["results"][0]["sale_id"], deal.sale("flagship"));
    // The past is no news.
    let event = page["events"][0]["event_id"].as_str().unwrap();
    assert_eq!(e2e::leads::message(&format!("{event}-telegram")).await, None);
    let sold = figures([("muha", "flagship", Sum::active(1, 490_000))]);
    assert_eq!(e2e::figures::of(&stack, day, day).await, sold);
    assert_eq!(replay(&stack, &record.id).await[0]["outcome"], "duplicate");
    assert_eq!(one(&stack, &record.id).await, marked);
    // The same hook from amoCRM is a duplicate too, and so is a replay of what was recorded.
    assert_eq!(stack.hook(&hook).await.outcome(), "duplicate");
    assert_eq!(replay(&stack, event).await[0]["outcome"], "duplicate");
    assert_eq!(e2e::figures::of(&stack, day, day).await, sold);
    // Killed between the ledger and the mark: the next replay mends it.
    quarantine::write(std::slice::from_ref(&record)).await;
    assert_eq!(quarantined(&stack, day).await, 1);
    assert_eq!(replay(&stack, &record.id).await[0]["outcome"], "duplicate");
    let mended = one(&stack, &record.id).await;
    assert_eq!(mended["replay"]["results"][0]["sale_id"], deal.sale("flagship"));
    assert_eq!((quarantined(&stack, day).await, e2e::figures::of(&stack, day, day).await), (0, sold));
}

/// A sale that moves to another product, and a new one of which the messenger tells.
async fn moved_and_new(stack: &Stack) -> [Record; 2] {
    let day = days::fresh(stack, 1).await;
    let moving = Deal::new();
    let hook = Hook::won(Route::Sales, moving, day.noon()).campaign("fast_start");
    assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
    let cheaper = hook.at(day.noon() + 60).price(5_000);
    let now = clock::now();
    let new = Hook::won(Route::Traffic, Deal::new(), now.timestamp() - 60).campaign(CAMPAIGN_OF_NOBODY);
    [
        Record::quarantined(Route::Sales, cheaper.body(), days::time(day.noon() + 70)),
        Record::quarantined(Route::Traffic, new.body(), now - TimeDelta::seconds(30)),
    ]
}

/// Matches no team, so that its number is looked for among the ads.
const CAMPAIGN_OF_NOBODY: &str = "120398765432109876";

async fn assert_moved_and_told(stack: &Stack, [moved, new]: &[Record; 2]) {
    let of = async |record: &Record| one(stack, &record.id).await["replay"]["results"][0].clone();
    let (moved, new) = (of(moved).await, of(new).await);
    let sale = moved["sale_id"].as_str().unwrap();
    assert_eq!((&moved["outcome"], sale.ends_with("-express")), (&json!("updated"), true), "{moved}");
    // The old address leads to where the sale is now.
    let before = stack.sale(&sale.replace("express", "flagship")).await.ok();
    assert_eq!(before["sale"]["sale_id"], sale);
    assert_eq!(new["outcome"], "recorded");
    let page = stack.sale(new["sale_id"].as_str().unwrap()).await.ok();
    let event = page["events"][0]["event_id"].as_str().unwrap();
    outbox::until(&format!("{event}-telegram"), "sent").await;
}

#[tokio::test]
async fn a_replay_goes_through_the_same_door_as_a_hook() {
    let stack = Stack::open().await;
    let records = moved_and_new(&stack).await;
    quarantine::write(&records).await;
    for record in &records {
        replay(&stack, &record.id).await;
    }
    assert_moved_and_told(&stack, &records).await;
}

#[tokio::test]
async fn events_that_are_named_are_replayed_together_and_what_cannot_be_is_told() {
    let stack = Stack::open().await;
    let records = moved_and_new(&stack).await;
    quarantine::write(&records).await;
    let gone = Record::of("quarantined", Route::Sales, "quarantined", clock::now() - TimeDelta::days(100));
    let mut healed = Record::of("healed", Route::Sales, "ignored", clock::now() - TimeDelta::days(100));
    (healed.document["origin"], healed.document["raw_id"]) = ("read".into(), "".into());
    quarantine::write(&[gone.clone(), healed.clone()]).await;
    let ids = json!([records[0].id, records[1].id, records[0].id, gone.id, healed.id, "no-such-event"]);
    let dry = replay_many(&stack, &json!({"ids": ids, "dry_run": true})).await;
    assert_eq!(
        (&dry["matched"], &dry["replayed"], dry["items"].as_array().unwrap().len()),
        (&4.into(), &0.into(), 4)
    );
    assert_eq!(dry["replayable"], 2, "of one the hook is gone, of another there was none: {dry}");
    let answer = replay_many(&stack, &json!({"ids": ids})).await;
    assert_eq!((&answer["matched"], &answer["replayed"]), (&4.into(), &2.into()), "{answer}");
    assert_eq!(answer["results"], results(&json!({"recorded": 1, "updated": 1, "failed": 3})));
    let mut failed: Vec<&str> = answer["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|failure| failure["id"].as_str().unwrap())
        .collect();
    failed.sort_unstable();
    let mut expected = vec![gone.id.as_str(), &healed.id, "no-such-event"];
    expected.sort_unstable();
    assert_eq!(failed, expected);
    assert_moved_and_told(&stack, &records).await;
    let path = format!("{EVENTS}/{}/replay", healed.id);
    stack.post_json(&Caller::Admin, &path, &json!({})).await.refused(409, "conflict");
}

#[tokio::test]
async fn a_thousand_hooks_that_waited_are_in_the_ledger_once_however_often_they_are_replayed() {
    const HOOKS: usize = 1_000;
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let record = |number: i64| {
        let at = day.noon() + number;
        let hook = Hook::won(Route::Funnel, Deal::new(), at).campaign(CAMPAIGN);
        // Those of one second stand beside each other in the index, as the leads of one hook do.
        Record::quarantined(Route::Funnel, hook.body(), days::time(day.noon() + number / 4 + 1_000))
    };
    let records: Vec<Record> = (0..i64::try_from(HOOKS).unwrap()).map(record).collect();
    quarantine::write(&records).await;
    let filter =
        json!({"outcome": "quarantined", "route": "funnel", "from": day.to_string(), "to": day.to_string()});
    let mut dry = filter.clone();
    dry["dry_run"] = true.into();
    let dry = replay_many(&stack, &dry).await;
    assert_eq!(
        (&dry["matched"], &dry["replayed"], &dry["results"]),
        (&HOOKS.into(), &0.into(), &results(&json!({})))
    );
    assert_eq!(dry["items"].as_array().unwrap().len(), 20);
    assert_eq!(e2e::figures::of(&stack, day, day).await, figures([]), "a dry run writes nothing");

    let all = u64::try_from(HOOKS).unwrap();
    let told = replay_all(&stack, filter.clone()).await;
    assert_eq!(told, (all, all, results(&json!({"recorded": HOOKS}))));
    let revenue = 5_000 * i64::try_from(HOOKS).unwrap();
    let sold = figures([("muha", "express", Sum::active(i64::try_from(HOOKS).unwrap(), revenue))]);
    assert_eq!(e2e::figures::of(&stack, day, day).await, sold);
    assert_eq!(quarantined(&stack, day).await, 0);

    // Again: none waits, and who names them changes nothing.
    assert_eq!(replay_all(&stack, filter).await, (0, 0, results(&json!({}))));
    let ids: Vec<&str> = records.iter().take(500).map(|record| record.id.as_str()).collect();
    let told = replay_all(&stack, json!({ "ids": ids })).await;
    assert_eq!(told, (500, 500, results(&json!({"duplicate": 500}))));
    assert_eq!(e2e::figures::of(&stack, day, day).await, sold);
}
