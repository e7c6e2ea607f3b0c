//! What falls off is told once, is over once, and is silent in between and in quiet hours.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use e2e::alerts::{self, Alerts, age, bad, check, good, look, texts};
use e2e::messengers::Messenger;
use e2e::world::AdAccount;
use e2e::{Caller, clock, neighbours, outbox, pulling, settings};
use futures::future::join_all;
use serde_json::{Value, json};

const LETTERS: &str = "dead_letters:notifications";
const OF_LETTERS: &str = "Dead letters of notifications";
const TOKEN: &str = "token:openai";
const OF_TOKEN: &str = "Token of openai";

fn ids<const N: usize>(ids: [&str; N]) -> BTreeSet<String> {
    ids.map(str::to_owned).into()
}

fn news(incident: &Value) -> Vec<&str> {
    let told = incident["told"].as_array().expect("what was told");
    told.iter().map(|told| told["news"].as_str().expect("a word")).collect()
}

#[tokio::test]
async fn every_kind_is_told_once_and_once_when_it_is_over() {
    let desk = Alerts::begin().await;
    let first = check().await;
    first.assert_silent();
    assert_eq!(first.list("open"), ids([]));

    let account = AdAccount::new(1).id;
    let limit = format!("daily_limit:{account}:{}", clock::almaty_day(clock::now()));
    let off = json!({
        "path": "/webhook/amocrm/traffic", "problem": "disabled", "events": ["add_lead"], "what_to_do": "Switch it on.",
    });
    settings::change(desk.stack(), "ad_accounts", |held| {
        held[&account] = json!({"enabled": true, "daily_limit": {"amount": 5_000, "currency": "USD"}});
    })
    .await;
    alerts::token("openai", &good(Some(6 * 24))).await;
    alerts::read_amocrm(clock::now() - TimeDelta::hours(2), &[off]).await;
    alerts::ad_account(&account, 300, 5_001).await;
    alerts::open_breaker("amocrm", 20).await;
    alerts::park().await;
    let at_once = ids([TOKEN, "hook_disabled:traffic", "breaker:amocrm", LETTERS, &limit]);
    let later = ids(["proof:sales", "source_stale:sales", "source_stale:spend"]);
    let report = check().await;
    assert_eq!((report.list("opened"), report.list("told").len()), (at_once.clone(), 5));
    // Leads may be late too, by what other tests have left.
    assert!(alerts::held().await.is_superset(&(&at_once | &later)));
    check().await.assert_silent();
    // What may pass by itself has to last: nobody hears of it before.
    for (id, minutes) in [("proof:sales", 25), ("source_stale:sales", 55), ("source_stale:spend", 55)] {
        age(id, minutes).await;
    }
    check().await.assert_silent();
    for id in &later {
        age(id, 5).await;
    }
    let report = check().await;
    assert_eq!((report.list("opened"), report.list("told").len()), (later.clone(), 3));
    let all = &at_once | &later;
    for _ in 0..2 {
        let report = check().await;
        report.assert_silent();
        assert_eq!(report.list("open"), all);
    }
    let open = desk.list("state=open").await;
    assert_eq!(open.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>(), all);
    for incident in &open {
        assert_eq!((&incident["state"], &incident["ended_at"]), (&json!("open"), &Value::Null), "{incident}");
        assert_eq!(news(incident).len(), 1, "{incident}");
        for text in ["message", "what_to_do"] {
            assert!(!incident[text].as_str().unwrap().is_empty(), "{incident}");
        }
    }

    alerts::token("openai", &good(None)).await;
    alerts::read_amocrm(clock::now(), &[]).await;
    alerts::ad_account(&account, 5, 5_000).await;
    neighbours::forget("breaker#amocrm").await;
    alerts::clear().await;
    let report = check().await;
    assert_eq!((report.list("ended"), report.list("told").len()), (all.clone(), 8));
    assert_eq!(report.list("open"), ids([]));
    check().await.assert_silent();
    for title in [
        OF_TOKEN,
        OF_LETTERS,
        "hook traffic is off",
        "not proved",
        "No fresh sales",
        "No fresh spend",
        "amocrm is left alone",
        &format!("Ad account {account} over"),
    ] {
        let told = texts(title).await;
        assert_eq!(told.len(), 2, "{title}: {told:?}");
        assert!(told[0].contains("What to do: ") && told[1].contains("it is over"), "{told:?}");
        assert!(told.iter().all(|text| !text.contains('\\')), "{told:?}");
    }
    assert!(texts(&format!("Ad account {account}")).await[0].contains("50.01 USD of 50.00 USD"));
    // What has rested is forgotten but for the list.
    for id in &all {
        age(id, 16).await;
    }
    check().await.assert_silent();
    assert!(alerts::held().await.is_disjoint(&all));
    assert_eq!(news(&desk.newest(&limit).await), ["trouble", "ended"]);

    settings::change(desk.stack(), "ad_accounts", |held| {
        held.as_object_mut().expect("accounts").remove(&account);
    })
    .await;
    pulling::forget_spend([account.as_str()].into_iter()).await;
    desk.end().await;
}

#[tokio::test]
async fn a_token_is_told_once_at_each_level_and_when_it_is_dead() {
    let desk = Alerts::begin().await;
    for (found, level) in [
        (good(Some(15 * 24)), None),
        (good(Some(13 * 24)), Some("ends_in_14_days")),
        (good(Some(12 * 24)), None),
        (good(Some(7 * 24)), Some("ends_in_7_days")),
        (good(Some(25)), Some("ends_in_3_days")),
        (good(Some(23)), Some("ends_in_1_days")),
        (bad(), Some("dead")),
        (bad(), None),
    ] {
        alerts::token("openai", &found).await;
        let told = check().await.list("told");
        assert_eq!(told.len(), usize::from(level.is_some()), "{found}: {told:?}");
        if let Some(level) = level {
            assert_eq!(news(&desk.newest(TOKEN).await).last(), Some(&level));
        }
        check().await.assert_silent();
    }
    alerts::token("openai", &good(None)).await;
    assert_eq!(check().await.list("ended"), ids([TOKEN]));
    let told = texts(OF_TOKEN).await;
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told[4].contains("HTTP 401, says a test") && told[4].contains("Store another."), "{told:?}");
    // Days that people have set count.
    age(TOKEN, 16).await;
    desk.settle(|section| section["token_days"] = json!([30])).await;
    alerts::token("openai", &good(Some(29 * 24))).await;
    assert_eq!(check().await.list("opened"), ids([TOKEN]));
    assert_eq!(news(&desk.newest(TOKEN).await), ["ends_in_30_days"]);
    desk.end().await;
}

#[tokio::test]
async fn quiet_hours_are_silent_but_for_a_dead_token() {
    let desk = Alerts::begin().await;
    desk.quiet(true).await;
    alerts::park().await;
    alerts::open_breaker("amocrm", 20).await;
    alerts::token("openai", &bad()).await;
    let report = check().await;
    assert_eq!(report.list("opened"), ids([LETTERS, "breaker:amocrm", TOKEN]));
    assert_eq!((report.list("told").len(), texts(OF_TOKEN).await.len()), (1, 1), "{report:?}");
    check().await.assert_silent();
    assert_eq!(news(&desk.newest(LETTERS).await), [""; 0]);
    // One passes in quiet hours; that the token is well again can wait.
    alerts::clear().await;
    alerts::token("openai", &good(None)).await;
    let report = check().await;
    assert_eq!((report.list("ended"), report.list("told")), (ids([LETTERS, TOKEN]), ids([])));
    check().await.assert_silent();

    desk.quiet(false).await;
    let report = check().await;
    assert_eq!((report.list("told").len(), report.list("open")), (2, ids(["breaker:amocrm"])), "{report:?}");
    check().await.assert_silent();
    assert_eq!(texts(OF_TOKEN).await.len(), 2);
    assert_eq!(texts("amocrm is left alone").await.len(), 1);
    assert_eq!(texts(OF_LETTERS).await, [""; 0], "it came and went");
    assert_eq!(news(&desk.newest(TOKEN).await), ["dead", "ended"]);
    neighbours::forget("breaker#amocrm").await;
    assert_eq!(check().await.list("ended"), ids(["breaker:amocrm"]));
    assert_eq!(texts("amocrm is left alone").await.len(), 2);
    desk.end().await;
}

#[tokio::test]
async fn what_comes_and_goes_is_told_once_until_it_has_rested() {
    let desk = Alerts::begin().await;
    for _ in 0..3 {
        alerts::park().await;
        check().await;
        alerts::clear().await;
        check().await;
    }
    assert_eq!(texts(OF_LETTERS).await.len(), 2);
    let first = desk.newest(LETTERS).await;
    age(LETTERS, 15).await;
    alerts::park().await;
    assert_eq!(check().await.list("opened"), ids([LETTERS]));
    assert_eq!(texts(OF_LETTERS).await.len(), 3);
    let again = desk.newest(LETTERS).await;
    assert_ne!(again["opened_at"], first["opened_at"], "{again}");
    assert_eq!((news(&first), news(&again)), (vec!["trouble", "ended"], vec!["trouble"]));
    desk.end().await;
}

#[tokio::test]
async fn what_telegram_did_not_take_is_told_once_it_takes_messages_again() {
    let desk = Alerts::begin().await;
    let lost = Messenger::Telegram.fail(desk.stack(), &[json!({"kind": "chat_not_found"})]).await;
    alerts::park().await;
    let message = look().await.message();
    outbox::until(&message, "failed").await;
    look().await.assert_silent();
    drop(lost);
    look().await.assert_silent();
    alerts::token("telegram", &good(None)).await;
    assert_eq!(check().await.message(), message);
    assert_eq!(texts(OF_LETTERS).await.len(), 1);
    check().await.assert_silent();
    alerts::clear().await;
    assert_eq!(check().await.list("ended"), ids([LETTERS]));
    assert_eq!(texts(OF_LETTERS).await.len(), 2);
    desk.end().await;
}

#[tokio::test]
async fn what_is_over_before_telegram_took_it_is_not_told_and_neither_is_its_end() {
    let desk = Alerts::begin().await;
    let down = Messenger::Telegram.fail(desk.stack(), &[json!({"kind": "bad_gateway"})]).await;
    alerts::park().await;
    let begun = look().await.message();
    outbox::until_tried(&begun, 1).await;
    alerts::clear().await;
    let ended = look().await.message();
    // Nobody knows yet whether the beginning will be told.
    assert_eq!(outbox::until_tried(&ended, 1).await["state"], "pending");
    drop(down);
    for (message, reason) in [(&begun, "over before"), (&ended, "nobody was told")] {
        outbox::make_due(message).await;
        outbox::bring(message).await;
        let dropped = outbox::until(message, "failed").await;
        assert!(dropped["last_error"].as_str().unwrap().contains(reason), "{dropped}");
    }
    assert_eq!(texts(OF_LETTERS).await, [""; 0]);
    desk.end().await;
}

#[tokio::test]
async fn what_comes_into_quiet_hours_on_its_way_waits_for_their_end() {
    let desk = Alerts::begin().await;
    let down = Messenger::Telegram.fail(desk.stack(), &[json!({"kind": "bad_gateway"})]).await;
    alerts::park().await;
    let message = look().await.message();
    outbox::until_tried(&message, 1).await;
    drop(down);
    desk.quiet(true).await;
    outbox::make_due(&message).await;
    outbox::bring(&message).await;
    let waits = outbox::until_tried(&message, 2).await;
    let hour = clock::now() + TimeDelta::minutes(50);
    assert!(outbox::time(&waits["due_at"]) > hour && waits["state"] == "pending", "{waits}");
    desk.quiet(false).await;
    outbox::make_due(&message).await;
    outbox::bring(&message).await;
    outbox::until(&message, "sent").await;
    assert_eq!(texts(OF_LETTERS).await.len(), 1);
    desk.end().await;
}

#[tokio::test]
async fn of_several_looks_at_once_one_tells() {
    let desk = Alerts::begin().await;
    alerts::park().await;
    let reports = join_all((0..4).map(|_| check())).await;
    let told: Vec<String> = reports.iter().flat_map(|report| report.list("told")).collect();
    assert_eq!((told.len(), texts(OF_LETTERS).await.len()), (1, 1), "{reports:?}");
    alerts::clear().await;
    join_all((0..4).map(|_| check())).await;
    assert_eq!(texts(OF_LETTERS).await.len(), 2);
    // It is a message like any other.
    let path = "/api/admin/notifications?source_campaign=alerts&status=sent&limit=500";
    let sent = desk.stack().get(&Caller::Admin, path).await.ok();
    let row = sent["items"].as_array().unwrap().iter().find(|row| row["id"] == told[0].as_str());
    assert_eq!(row.expect("the message")["incident_id"], LETTERS);
    desk.end().await;
}

#[tokio::test]
async fn incidents_are_listed_in_pages_to_admins() {
    let desk = Alerts::begin().await;
    alerts::park().await;
    check().await;
    alerts::open_breaker("amocrm", 20).await;
    alerts::open_breaker("facebook", 20).await;
    check().await;
    alerts::clear().await;
    check().await;
    let path = |question: &str| format!("/api/admin/incidents?{question}");
    let whole = desk.list("state=open").await;
    assert_eq!(whole.len(), 2, "{whole:?}");
    let first = desk.stack().get(&Caller::Admin, &path("state=open&limit=1")).await.ok();
    let cursor = first["next_cursor"].as_str().expect("a next page");
    let second =
        desk.stack().get(&Caller::Admin, &path(&format!("state=open&limit=1&cursor={cursor}"))).await.ok();
    assert!(second.get("next_cursor").is_none() && second.get("period").is_none(), "{second}");
    let pages = [first["items"].as_array().unwrap().clone(), second["items"].as_array().unwrap().clone()];
    assert_eq!(pages.concat(), whole);
    // By the day on which they opened, whatever became of them.
    let today = clock::almaty_day(clock::now());
    let all = desk.list(&format!("from={today}&to={today}&limit=3")).await;
    let states: Vec<&Value> = all.iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["open", "open", "ended"]);
    let ended = desk.stack().get(&Caller::Admin, &path("state=ended&limit=1")).await.ok();
    assert_eq!((&ended["items"][0]["id"], &ended["period"]["to"]), (&json!(LETTERS), &json!(today)));
    assert!(desk.list("state=open&from=2026-01-01&to=2026-01-02").await.is_empty());
    for (question, field) in [
        ("state=closed", "state"),
        ("limit=0", "limit"),
        ("cursor=x", "cursor"),
        ("from=2026-02-01&to=2026-01-01", "to"),
    ] {
        desk.stack().get(&Caller::Admin, &path(question)).await.invalid(&[field]);
    }
    let held = settings::section(desk.stack(), "alerts").await;
    let wrong = json!({"quiet_hours": {"from": "25:00", "to": "08:00"}});
    settings::put(desk.stack(), "alerts", &held["version"], &wrong).await.invalid(&["quiet_hours.from"]);
    for question in ["", "state=open", "state=closed"] {
        desk.stack().get(&Caller::Buyer("muha"), &path(question)).await.refused(403, "forbidden");
    }
    desk.end().await;
}
