//! The queues or the store refuse: a form that was answered 200 is there whole, and one that was not is not there.

use std::collections::BTreeSet;

use e2e::faults::{Faults, fault};
use e2e::landing::lead_id;
use e2e::{Form, Guest, Stack, leads};
use futures::future::join_all;
use serde_json::{Value, json};

const FUNCTIONS: [&str; 2] = ["landing-proftest", "landing-submit"];

fn form(function: &str, guest: &Guest) -> Form {
    if function == "landing-submit" { Form::order(guest, "kaspi") } else { Form::proftest(guest) }
}

fn transactions(function: &str, kind: &str) -> Value {
    json!({"kind": kind, "service": "dynamodb", "function": function, "action": "TransactWriteItems"})
}

async fn assert_whole(id: &str, guest: &Guest) {
    assert_eq!(leads::lead(id).await["phone"], guest.phone());
    let links = (leads::of_phone(guest).await, leads::of_email(guest).await);
    assert_eq!(links, (vec![id.to_owned()], vec![id.to_owned()]));
    assert_eq!(leads::messages_of(id).await.len(), 2);
    let item = leads::item(id).await.unwrap();
    assert_eq!(item["job_key"]["S"], "amocrm", "the sweeper finds it");
}

#[tokio::test]
async fn queues_that_refuse_cost_nobody_a_form() {
    let stack = Stack::alone().await;
    for function in FUNCTIONS {
        for kind in ["throttle", "unavailable", "refuse", "lost_answer"] {
            let guest = Guest::new();
            let faults = Faults::on(&stack, &[fault(kind, "sqs", function)]).await;
            let id = form(function, &guest).taken(&stack).await;
            assert!(faults.hits().await[0] >= 1, "{kind}");
            assert_whole(&id, &guest).await;
            faults.off().await;
        }
    }
}

#[tokio::test]
async fn a_store_that_refuses_takes_nothing_of_a_form_and_the_form_comes_again() {
    let stack = Stack::alone().await;
    for function in FUNCTIONS {
        for kind in ["throttle", "unavailable", "refuse"] {
            let (guest, slug) = (Guest::new(), format!("e2e_{:016x}", fastrand::u64(..)));
            let form = form(function, &guest).with("slug", slug.as_str()).keyed(&slug);
            let faults = Faults::on(&stack, &[fault(kind, "dynamodb", function)]).await;
            form.send(&stack).await.refused(503, "service_unavailable");
            assert!(faults.hits().await[0] > 0, "{kind}");
            faults.off().await;
            let links = (leads::of_phone(&guest).await, leads::of_email(&guest).await);
            assert_eq!(links, (vec![], vec![]), "{kind}: half of it was written");
            let id = form.taken(&stack).await;
            assert_whole(&id, &guest).await;
        }
    }
}

#[tokio::test]
async fn a_form_is_not_refused_for_the_sake_of_a_limit_or_of_an_ad() {
    let stack = Stack::alone().await;
    for function in FUNCTIONS {
        let guest = Guest::new();
        // All that is done before the lead is stored, but the key, which this form has none of.
        let others = ["UpdateItem", "Query"].map(
            |action| json!({"kind": "unavailable", "service": "dynamodb", "function": function, "action": action}),
        );
        let faults = Faults::on(&stack, &others).await;
        let form = form(function, &guest).with("utm_content", "120210000000000001").with("slug", "arystan");
        let id = form.taken(&stack).await;
        assert!(faults.hits().await.iter().all(|hits| *hits > 0), "{:?}", faults.hits().await);
        faults.off().await;
        assert_whole(&id, &guest).await;
        assert_eq!(leads::lead(&id).await["team"], "arystan");
    }
}

#[tokio::test]
async fn a_lead_that_was_stored_without_our_hearing_of_it_is_stored_once() {
    let stack = Stack::alone().await;
    for function in FUNCTIONS {
        for key in [None, Some(format!("{:032x}", fastrand::u128(..)))] {
            let (guest, slug) = (Guest::new(), format!("e2e_{:016x}", fastrand::u64(..)));
            let form = form(function, &guest).with("utm_content", slug.as_str());
            let form = key.iter().fold(form, |form, key| form.keyed(key));
            let once = json!({"count": 1});
            let mut lost = transactions(function, "lost_answer");
            lost.as_object_mut().unwrap().extend(once.as_object().unwrap().clone());
            let faults = Faults::on(&stack, &[lost]).await;
            let id = form.taken(&stack).await;
            assert_eq!(faults.hits().await, [1]);
            faults.off().await;
            assert_whole(&id, &guest).await;
            let (proftest, express) = leads::counted_by_content("unattributed", &slug).await;
            assert_eq!(proftest + express, 1, "counted once");
        }
    }
}

#[tokio::test]
async fn sixty_parallel_forms_of_as_many_people_are_each_stored_and_counted() {
    let stack = Stack::alone().await;
    let before = leads::counted_today("muha").await;
    let guests: Vec<Guest> = (0..60).map(|_| Guest::new()).collect();
    // One team and one campaign: all of them add to the same counters.
    let answers = join_all(guests.iter().enumerate().map(async |(n, guest)| {
        form(FUNCTIONS[n % 2], guest).with("utm_campaign", "onai2_reels").send(&stack).await
    }));
    let ids: BTreeSet<String> = answers.await.iter().map(lead_id).collect();
    assert_eq!(ids.len(), 60);
    let after = leads::counted_today("muha").await;
    assert_eq!((after.0 - before.0, after.1 - before.1), (30, 30));
}
