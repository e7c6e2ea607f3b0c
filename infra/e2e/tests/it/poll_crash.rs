//! A poll that dies, or whose store or amoCRM fails, at any step; and two at once. No gap, no double.

use e2e::books::Books;
use e2e::days::Day;
use e2e::dealing::{Dealing, NEW};
use e2e::events;
use e2e::faults::Faults;
use e2e::hook::WON;
use e2e::{Crm, Deal, books, poll, pulling, wait};
use serde_json::{Value, json};

/// Three pages.
const DEALS: u64 = 600;

/// Deals of a day that amoCRM has told nothing of, a third of them won.
async fn untold(crm: &Crm, day: Day, first: u64, count: u64) -> Vec<Dealing> {
    let dealing = |n: u64| {
        let of = Dealing::new(first + n, day.at(5, 0, 0) + i64::try_from(n).unwrap(), 5_000);
        of.at_stage(if n.is_multiple_of(3) { WON } else { NEW })
    };
    let dealings: Vec<Dealing> = (0..count).map(dealing).collect();
    books::make(crm, &dealings).await;
    dealings
}

/// Fails unless everything was heard of once.
async fn assert_once(books: &Books<'_>, dealings: &[Dealing]) {
    books.assert_equal(dealings).await;
    for row in books.rows(dealings).await {
        // That its people are unknown to us is found out after the sale, and is another version of it.
        let versions = if row["team"].is_null() { 2 } else { 1 };
        assert_eq!((&row["versions"], &row["verified"]), (&json!(versions), &json!(true)), "{row}");
    }
    for dealing in dealings.iter().step_by(50) {
        let items = events::of_deal(Deal { account: poll::ACCOUNT, lead: dealing.id }).await;
        let deal = items.iter().find(|item| item["sk"]["S"] == "deal").expect("a deal");
        let history = events::document(deal)["history"].as_array().expect("a history").len();
        assert_eq!(history, 2, "it was made, and it was seen: {deal}");
    }
}

fn hang(edge: &str, skip: u64, seconds: u64) -> Value {
    json!({"edge": edge, "kind": "hang", "seconds": seconds, "skip": skip, "count": 1})
}

async fn until_it_hangs(crm: &Crm) {
    wait::until("the poll to wait for amoCRM", async || (crm.hits().await > 0).then_some(())).await;
}

fn of_poll(kind: &str, action: &str, resource: &str) -> Value {
    json!({"kind": kind, "service": "dynamodb", "function": poll::FUNCTION, "action": action, "resource": resource})
}

#[tokio::test]
async fn a_poll_that_dies_while_amocrm_thinks_leaves_no_gap_and_no_double() {
    let crm = Crm::alone().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let dealings = untold(&crm, day, crm.id(0) + 2_000, DEALS).await;
    for (edge, skip) in
        [("webhooks", 0), ("events", 0), ("events", 3), ("leads", 0), ("leads", 1), ("leads", 2)]
    {
        let mark = poll::look_back_to(day.at(0, 0, 0)).await;
        crm.fail(&[hang(edge, skip, 20)]).await;
        let during = async {
            until_it_hangs(&crm).await;
            assert!(pulling::kill(poll::FUNCTION).await > 0, "nobody was about it");
        };
        let (polled, ()) = tokio::join!(poll::attempt(), during);
        assert!(polled.is_err(), "it lived: {polled:?}");
        assert_eq!(poll::mark().await, Some(mark), "{edge}: the mark moves when all is stored");
    }
    crm.fail(&[]).await;
    poll::good().await;
    assert_once(&books, &dealings).await;
    crm.end().await;
}

#[tokio::test]
async fn a_poll_whose_store_fails_at_any_step_leaves_no_gap_and_no_double() {
    let crm = Crm::alone().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let dealings = untold(&crm, day, crm.id(0) + 2_000, DEALS).await;
    for (action, resource, skip) in [
        ("GetItem", "settings", 0),
        ("BatchGetItem", "sales", 0),
        ("TransactWriteItems", "sales", 0),
        ("TransactWriteItems", "sales", 1),
        ("BatchGetItem", "sales", 2),
        ("Query", "unread", 0),
        ("PutItem", "settings", 2),
    ] {
        let mark = poll::look_back_to(day.at(0, 0, 0)).await;
        // The store fails from when amoCRM has been asked for this page on.
        crm.fail(&[hang("leads", skip, 2)]).await;
        let during = async {
            until_it_hangs(&crm).await;
            Faults::on(&crm.stack, &[of_poll("unavailable", action, resource)]).await
        };
        let (polled, faults) = tokio::join!(poll::attempt(), during);
        assert!(polled.is_err(), "{action} {resource}: {polled:?}");
        assert!(faults.hits().await[0] > 0, "{action} {resource} was not called");
        faults.off().await;
        assert_eq!(poll::mark().await, Some(mark), "{action} {resource}: the mark moves when all is stored");
    }
    crm.fail(&[]).await;
    // What was carried out though nobody was told so is not done twice.
    poll::look_back_to(day.at(0, 0, 0)).await;
    let lost = ["TransactWriteItems", "PutItem"].map(|action| {
        let mut fault = of_poll("lost_answer", action, "");
        fault["count"] = 1.into();
        fault
    });
    let faults = Faults::on(&crm.stack, &lost).await;
    poll::good().await;
    faults.off().await;
    assert_once(&books, &dealings).await;
    crm.end().await;
}

#[tokio::test]
async fn a_poll_that_amocrm_breaks_off_anywhere_says_so_and_the_next_one_leaves_no_gap() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let dealings = untold(&crm, day, crm.id(0) + 2_000, DEALS).await;
    for (edge, skip) in
        [("webhooks", 0), ("events", 0), ("events", 2), ("leads", 0), ("leads", 1), ("leads", 2)]
    {
        // A list without subscriptions has no body that could be cut.
        let kinds = ["hang_up", "bad_gateway", "cut"];
        for kind in &kinds[..if edge == "webhooks" { 2 } else { 3 }] {
            let mark = poll::look_back_to(day.at(0, 0, 0)).await;
            crm.fail(&[json!({"edge": edge, "kind": kind, "skip": skip})]).await;
            let polled = poll::attempt().await.expect("a report");
            assert_eq!(polled["ok"], false, "{edge} {kind} {skip}: {polled}");
            let problem = polled["problem"].as_str().expect("a reason");
            assert!(!problem.is_empty() && !problem.contains("127.0.0.1"), "{problem}");
            assert_eq!(poll::mark().await, Some(mark), "{edge} {kind}: the mark moves when all is stored");
            crm.fail(&[]).await;
            poll::forget_breaker().await;
        }
    }
    poll::good().await;
    assert_once(&books, &dealings).await;
    crm.end().await;
}

#[tokio::test]
async fn two_polls_at_once_do_everything_once() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let dealings = untold(&crm, day, crm.id(0) + 2_000, DEALS / 2).await;
    poll::look_back_to(day.at(0, 0, 0)).await;
    let (one, other) = tokio::join!(poll::attempt(), poll::attempt());
    let (one, other) = (poll::expect_good(one), poll::expect_good(other));
    let healed = |polled: &Value| polled["healed"].as_u64().unwrap();
    let recorded = |polled: &Value| polled["recorded"].as_u64().unwrap();
    assert_eq!(recorded(&one) + recorded(&other), DEALS / 6, "{one} {other}");
    // And the one deal that the account has besides.
    assert_eq!(healed(&one) + healed(&other), DEALS / 2 + 1, "{one} {other}");
    assert_once(&books, &dealings).await;
    crm.end().await;
}
