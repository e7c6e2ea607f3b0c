//! The store, the queue or both refuse: no hook is lost, none counts twice.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use e2e::faults::{self, Faults, fault};
use e2e::figures::{self, Sum, figures};
use e2e::{Deal, Hook, Route, Stack, aws, clock, days, events, wait};
use serde_json::{Value, json};

const CAMPAIGN: &str = "onai2_reels";
const WORKER: &str = "hook-retry";

fn time(text: &Value) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text.as_str().expect("a time")).expect("RFC 3339").to_utc()
}

fn store_of(function: &str, kind: &str) -> Value {
    fault(kind, "dynamodb", function)
}

#[tokio::test]
async fn a_hook_that_the_store_refuses_is_queued_and_then_in_the_ledger_once() {
    let stack = Stack::alone().await;
    for (kind, route) in
        [("throttle", Route::Sales), ("unavailable", Route::Funnel), ("refuse", Route::Traffic)]
    {
        let day = days::fresh(&stack, 1).await;
        let deal = Deal::new();
        let hook = Hook::won(route, deal, day.noon()).campaign(CAMPAIGN);
        let faults = Faults::on(&stack, &[store_of(route.function(), kind)]).await;
        let result = stack.hook(&hook).await.result();
        assert_eq!(result, json!({"action": "status", "lead_id": deal.lead, "outcome": "queued"}), "{kind}");
        assert!(faults.hits().await[0] > 0, "{kind}");
        faults.off().await;
        let page = stack.until_sold(deal, route.product()).await;
        assert_eq!(page["events"].as_array().unwrap().len(), 1, "{kind}");
        let price = if route == Route::Funnel { 5_000 } else { 490_000 };
        let expected = figures([("muha", route.product(), Sum::active(1, price))]);
        assert_eq!(figures::of(&stack, day, day).await, expected, "{kind}");
        assert_eq!(stack.hook(&hook).await.outcome(), "duplicate", "{kind}");
    }
}

#[tokio::test]
async fn a_hook_without_a_time_counts_from_its_first_arrival_however_late_it_is_stored() {
    let stack = Stack::alone().await;
    let deal = Deal::new();
    let refused = [store_of("amocrm-funnel-sale", "unavailable"), store_of(WORKER, "unavailable")];
    let faults = Faults::on(&stack, &refused).await;
    let put_off = faults::count_of(WORKER, "ChangeMessageVisibility").await;
    // Times are kept to the millisecond.
    let before = clock::now() - TimeDelta::milliseconds(1);
    assert_eq!(stack.hook(&Hook::digital(Route::Funnel, deal)).await.outcome(), "queued");
    let after = clock::now();
    faults.until_hit(1).await;
    wait::until("the worker to put the hook off", async || {
        (faults::count_of(WORKER, "ChangeMessageVisibility").await > put_off).then_some(())
    })
    .await;
    stack.sale(&deal.sale("express")).await.refused(404, "not_found");
    faults.off().await;
    let page = stack.until_sold(deal, "express").await;
    for told in [&page["sale"]["sold_at"], &page["sale"]["received_at"], &page["events"][0]["happened_at"]] {
        assert!((before..=after).contains(&time(told)), "{told} is not between {before} and {after}");
    }
    assert_eq!(page["events"].as_array().unwrap().len(), 1);
    let again = stack.hook(&Hook::digital(Route::Funnel, deal)).await;
    assert_eq!(again.outcome(), "duplicate", "identical within five minutes");
}

#[tokio::test]
async fn an_event_that_moves_a_sale_moves_it_from_the_queue_too() {
    let stack = Stack::alone().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let hook = |at, price| Hook::won(Route::Sales, deal, at).price(price).campaign(CAMPAIGN);
    assert_eq!(stack.hook(&hook(day.noon(), 120_000)).await.outcome(), "recorded");
    let faults = Faults::on(&stack, &[store_of("amocrm-sales-webhook", "throttle")]).await;
    assert_eq!(stack.hook(&hook(day.noon() + 60, 490_000)).await.outcome(), "queued");
    faults.off().await;
    let expected = figures([("muha", "flagship", Sum::active(1, 490_000))]);
    let id = deal.sale("other");
    wait::until("the move", async || {
        (stack.sale(&id).await.ok()["sale"]["product"] == "flagship").then_some(())
    })
    .await;
    assert_eq!(figures::of(&stack, day, day).await, expected);
}

#[tokio::test]
async fn without_store_and_queue_a_hook_is_refused_whole_and_taken_in_when_it_comes_again() {
    let stack = Stack::alone().await;
    for (route, kind) in
        [(Route::Sales, "unavailable"), (Route::Funnel, "throttle"), (Route::Traffic, "refuse")]
    {
        let day = days::fresh(&stack, 1).await;
        let deals = [Deal::new(), Deal::new()].map(|deal| Deal { account: 29_600_001, ..deal });
        let hooks = deals.map(|deal| Hook::won(route, deal, day.noon()).campaign(CAMPAIGN));
        let [first, second] = &hooks;
        for (hook, deals) in
            [(first.clone(), &deals[..1]), (first.clone().and(std::slice::from_ref(second)), &deals[..])]
        {
            let function = route.function();
            let refused = [store_of(function, kind), fault(kind, "sqs", function)];
            let faults = Faults::on(&stack, &refused).await;
            stack.hook(&hook).await.refused(503, "service_unavailable");
            faults.off().await;
            assert!(!events::is_kept(&hook.body()).await, "{kind}: a refused hook was kept");
            for deal in deals {
                let known = events::of_deal(*deal).await.len();
                assert_eq!(
                    known > 0,
                    deals.len() == 2 && *deal == deals[0],
                    "{kind}: half of it was written"
                );
            }
            let results = stack.hook(&hook).await.results();
            let last = results.last().unwrap();
            assert_eq!(
                (results.len(), &last["outcome"]),
                (deals.len(), &"recorded".into()),
                "{kind}: {results:?}"
            );
        }
        let price = if route == Route::Funnel { 5_000 } else { 490_000 };
        let expected = figures([("muha", route.product(), Sum::active(2, 2 * price))]);
        assert_eq!(figures::of(&stack, day, day).await, expected, "{kind}");
    }
}

#[tokio::test]
async fn a_body_without_an_entity_is_kept_later_where_it_cannot_be_kept_now() {
    let stack = Stack::alone().await;
    let body = format!("note={:032x}", fastrand::u128(..)).into_bytes();
    let faults = Faults::on(&stack, &[store_of("amocrm-traffic", "unavailable")]).await;
    stack.hook_body(Route::Traffic, body.clone()).await.invalid(&["body"]);
    faults.off().await;
    let kept =
        wait::until("the body to be kept", async || events::kept(Route::Traffic, &body).await.pop()).await;
    assert_eq!(kept.outcome, "quarantined");
}

#[tokio::test]
async fn a_store_that_fails_in_the_middle_of_a_body_neither_loses_nor_doubles_a_lead() {
    let stack = Stack::alone().await;
    let day = days::fresh(&stack, 1).await;
    let deals: Vec<Deal> = (0..6).map(|_| Deal { account: 29_600_001, ..Deal::new() }).collect();
    let hook = |deal: &Deal| Hook::won(Route::Traffic, *deal, day.noon()).campaign(CAMPAIGN);
    let others: Vec<Hook> = deals[1..].iter().map(hook).collect();
    let body = hook(&deals[0]).and(&others);
    // Every call is tried twice, so ten failures leave one or two leads whole and the others without luck.
    let mut middle = store_of("amocrm-traffic", "throttle");
    middle["action"] = "TransactWriteItems".into();
    middle["resource"] = "-sales".into();
    middle["count"] = 10.into();
    let faults = Faults::on(&stack, &[middle]).await;
    let results = stack.hook(&body).await.results();
    assert_eq!(faults.hits().await, [10]);
    faults.off().await;
    let outcomes: BTreeSet<&str> = results.iter().map(|result| result["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, BTreeSet::from(["queued", "recorded"]), "{results:?}");
    let leads: Vec<u64> = results.iter().map(|result| result["lead_id"].as_u64().unwrap()).collect();
    assert_eq!(leads, deals.iter().map(|deal| deal.lead).collect::<Vec<_>>(), "in the order of the body");
    for deal in &deals {
        let page = stack.until_sold(*deal, "flagship").await;
        assert_eq!(page["events"].as_array().unwrap().len(), 1);
    }
    let expected = figures([("muha", "flagship", Sum::active(6, 6 * 490_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
    let again = stack.hook(&body).await.results();
    assert!(again.iter().all(|result| result["outcome"] == "duplicate"), "{again:?}");
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_counts_once() {
    let stack = Stack::alone().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let hook = Hook::won(Route::Traffic, deal, day.noon()).campaign(CAMPAIGN);
    // Once, then on every try of the first hook: the queue's worker finds it written.
    for (deal, hook, count) in [
        (deal, hook, Some(1)),
        (Deal::new(), Hook::won(Route::Traffic, deal, day.noon()).campaign(CAMPAIGN), None),
    ] {
        let hook = hook.about(deal);
        let mut lost = store_of("amocrm-traffic", "lost_answer");
        if let Some(count) = count {
            lost["count"] = count.into();
        }
        let faults = Faults::on(&stack, &[lost]).await;
        stack.hook(&hook).await.result();
        assert!(faults.hits().await[0] > 0);
        faults.off().await;
        let page = stack.until_sold(deal, "flagship").await;
        assert_eq!((page["events"].as_array().unwrap().len(), &page["sale"]["versions"]), (1, &1.into()));
        assert_eq!(stack.hook(&hook).await.outcome(), "duplicate");
    }
    let expected = figures([("muha", "flagship", Sum::active(2, 980_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
}

#[tokio::test]
async fn a_conflict_with_another_transaction_is_no_reason_to_queue() {
    let stack = Stack::alone().await;
    let mut conflict = store_of("amocrm-funnel-sale", "conflict");
    conflict["count"] = 4.into();
    let faults = Faults::on(&stack, &[conflict]).await;
    let hook = Hook::won(Route::Funnel, Deal::new(), days::fresh(&stack, 1).await.noon());
    assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
    assert_eq!(faults.hits().await, [4]);
    faults.off().await;
}

#[tokio::test]
async fn a_message_that_holds_no_hook_is_parked_and_does_not_block_its_neighbours() {
    let stack = Stack::alone().await;
    let day = days::fresh(&stack, 1).await;
    let [queue, dead_letters] =
        ["QUEUE_HOOK_RETRY", "QUEUE_HOOK_RETRY_DLQ"].map(|name| e2e::env::env().get(name));
    for url in [queue, dead_letters] {
        aws::sqs("PurgeQueue", &json!({ "QueueUrl": url })).await;
    }
    let poison = ["not JSON", "{}", r#"{"route":"nowhere","received_at":"never","body":"x"}"#, "[1]"];
    let faults = Faults::on(&stack, &[store_of("amocrm-traffic", "throttle")]).await;
    let mut deals = vec![];
    for poison in poison {
        aws::sqs("SendMessage", &json!({"QueueUrl": queue, "MessageBody": poison})).await;
        let deal = Deal::new();
        let hook = Hook::won(Route::Traffic, deal, day.noon()).campaign(CAMPAIGN);
        assert_eq!(stack.hook(&hook).await.outcome(), "queued");
        deals.push(deal);
    }
    faults.off().await;
    for deal in deals {
        stack.until_sold(deal, "flagship").await;
    }
    let expected = figures([("muha", "flagship", Sum::active(4, 4 * 490_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
    // Nobody drops what nobody understood: it waits for a person, with the reason.
    wait::until("the poison to be parked", async || {
        (in_queue(queue).await == 0 && in_queue(dead_letters).await == 4).then_some(())
    })
    .await;
    let order =
        json!({"QueueUrl": dead_letters, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]});
    let mut parked = BTreeSet::new();
    wait::until("all parked messages", async || {
        let received = aws::sqs("ReceiveMessage", &order).await;
        for message in received["Messages"].as_array().into_iter().flatten() {
            let reason = message["MessageAttributes"]["reason"]["StringValue"].as_str();
            assert!(reason.is_some_and(|reason| !reason.is_empty()), "{message}");
            parked.insert(message["Body"].as_str().expect("a body").to_owned());
        }
        (parked.len() >= 4).then_some(())
    })
    .await;
    assert_eq!(parked, poison.map(str::to_owned).into());
    aws::sqs("PurgeQueue", &json!({ "QueueUrl": dead_letters })).await;
}

/// How many messages a queue holds, seen or not.
async fn in_queue(url: &str) -> u64 {
    let names = json!(["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]);
    let told = aws::sqs("GetQueueAttributes", &json!({"QueueUrl": url, "AttributeNames": names})).await;
    let counts = told["Attributes"].as_object().expect("attributes").values();
    counts.map(|count| count.as_str().expect("a count").parse::<u64>().expect("a number")).sum()
}
