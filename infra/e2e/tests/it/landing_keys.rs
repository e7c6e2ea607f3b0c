//! A form that is sent again under its `Idempotency-Key` is the lead that it was before.

use e2e::landing::lead_id;
use e2e::{Form, Guest, Stack, leads};
use futures::future::join_all;

const NONE: [String; 0] = [];

fn key() -> String {
    format!("{:032x}", fastrand::u128(..))
}

#[tokio::test]
async fn a_form_sent_again_under_its_key_is_the_same_lead() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let slug = key();
    let form = Form::proftest(&guest).with("slug", slug.as_str()).keyed(&key());
    let id = form.taken(&stack).await;
    // More often than one person may send forms in an hour: these are none of theirs.
    for _ in 0..7 {
        assert_eq!(form.taken(&stack).await, id);
    }
    // The page fills in what it knows by now; it is the same form all the same.
    assert_eq!(form.clone().with("metadata", "later").with("name", "Other").taken(&stack).await, id);
    assert_eq!(leads::of_phone(&guest).await, std::slice::from_ref(&id));
    let counted: u64 = leads::counted(&stack, &format!("proftest_{slug}")).await.into_values().sum();
    assert_eq!((counted, leads::messages_of(&id).await.len()), (1, 2));
}

#[tokio::test]
async fn twenty_parallel_copies_under_one_key_are_one_lead_and_all_are_told_so() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let form = Form::order(&guest, "kaspi").keyed(&key());
    let answers = join_all((0..20).map(|_| form.send(&stack))).await;
    let ids: Vec<String> = answers.iter().map(lead_id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(leads::of_phone(&guest).await, [ids[0].clone()]);
    assert_eq!(leads::lead(&ids[0]).await["form"], "express");
    assert_eq!(leads::messages_of(&ids[0]).await.len(), 2, "nobody is told that too many forms came");
}

#[tokio::test]
async fn a_key_is_of_one_form_and_one_person() {
    let stack = Stack::for_forms().await;
    let (key, one, other) = (key(), Guest::new(), Guest::new());
    let mut ids = vec![
        Form::proftest(&one).keyed(&key).taken(&stack).await,
        Form::proftest(&other).keyed(&key).taken(&stack).await,
        Form::order(&one, "halyk").keyed(&key).taken(&stack).await,
        Form::proftest(&one.sharing_phone()).keyed(&key).taken(&stack).await,
        Form::proftest(&one.sharing_email()).keyed(&key).taken(&stack).await,
    ];
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5, "{ids:?}");
}

#[tokio::test]
async fn a_form_that_was_refused_has_used_no_key_up() {
    let stack = Stack::for_forms().await;
    let (key, guest) = (key(), Guest::new());
    Form::proftest(&guest).with("name", "").keyed(&key).send(&stack).await.invalid(&["name"]);
    assert_eq!(leads::of_phone(&guest).await, NONE);
    let id = Form::proftest(&guest).keyed(&key).taken(&stack).await;
    assert_eq!(leads::of_phone(&guest).await, [id]);
}

#[tokio::test]
async fn keys_that_are_none_are_as_if_there_were_none() {
    let stack = Stack::for_forms().await;
    for key in ["", "   ", &"k".repeat(300)] {
        let guest = Guest::new();
        let form = Form::proftest(&guest).keyed(key);
        let ids = [form.taken(&stack).await, form.taken(&stack).await];
        assert_eq!(leads::of_phone(&guest).await, ids, "{} characters", key.len());
    }
}
