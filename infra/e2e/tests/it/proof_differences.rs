//! What keeps the ledger from being amoCRM's is named, deal by deal, and healed where amoCRM says how.

use std::collections::BTreeSet;

use e2e::books::{self, Books};
use e2e::days::Day;
use e2e::dealing::Dealing;
use e2e::hook::WON;
use e2e::proof::Proof;
use e2e::sandbox::control;
use e2e::{Crm, Deal, Hook, Route, aws, clock, events, poll, rebuild};
use serde_json::{Value, json};

const AMOUNT: i64 = 120_000;

/// Sold deals that the poll has read, and the day.
async fn sell(crm: &Crm, books: &Books<'_>, day: Day, count: u64) -> Vec<Dealing> {
    let first = crm.id(0) + 2_000;
    let dealings: Vec<Dealing> =
        (0..count).map(|n| Dealing::new(first + n, day.at(6, 0, 0), AMOUNT).at_stage(WON)).collect();
    books::make(crm, &dealings).await;
    poll::look_back_to(day.at(0, 0, 0)).await;
    poll::good().await;
    books.assert_equal(&dealings).await;
    Proof::of(&crm.stack, &books.period()).await.assert_green();
    dealings
}

fn deal(dealing: &Dealing) -> Deal {
    Deal { account: poll::ACCOUNT, lead: dealing.id }
}

async fn put(item: &Value) {
    aws::dynamodb("PutItem", &json!({"TableName": e2e::env::env().get("TABLE_SALES"), "Item": item})).await;
}

/// The same item with another amount wherever one stands.
fn with_amount(item: &Value, amount: i64) -> Value {
    let (old, new) = (format!("\"amount\":{AMOUNT}"), format!("\"amount\":{amount}"));
    let document = item["document"]["S"].as_str().expect("a document");
    assert!(document.contains(&old), "{document}");
    let mut item = item.clone();
    item["document"]["S"] = document.replace(&old, &new).into();
    item
}

async fn vanish(dealing: &Dealing) {
    control("DELETE", &format!("/control/amocrm/leads/{}?silent=true", dealing.id), None).await;
}

fn only(dealing: &Dealing) -> BTreeSet<u64> {
    BTreeSet::from([dealing.id])
}

#[tokio::test]
async fn a_sale_changed_by_hand_is_named_as_different_until_somebody_mends_it() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let dealings = sell(&crm, &books, day, 3).await;
    let items = events::of_deal(deal(&dealings[1])).await;
    assert!(items.len() >= 2, "the deal and its sale: {items:?}");
    for item in &items {
        put(&with_amount(item, 1)).await;
    }
    // However often it is compared.
    for _ in 0..2 {
        poll::good().await;
        let proof = Proof::of(&crm.stack, &books.period()).await;
        assert_eq!(
            (&proof.0["state"], proof.listed("different")),
            (&json!("red"), only(&dealings[1])),
            "{}",
            proof.0
        );
        assert_eq!(proof.reason("different", dealings[1].id), "amount");
        let named = &proof.0["different"][0];
        let amounts = [&named["crm"]["amount"]["amount"], &named["ledger"]["amount"]["amount"]];
        assert_eq!(amounts, [&json!(AMOUNT), &json!(1)], "{named}");
        assert_eq!((proof.listed("missing"), proof.listed("extra")), (BTreeSet::new(), BTreeSet::new()));
        assert_eq!(proof.0["counters"]["ok"], false, "the counters have it still: {}", proof.0["counters"]);
    }
    for item in &items {
        put(item).await;
    }
    poll::good().await;
    Proof::of(&crm.stack, &books.period()).await.assert_green();
    crm.end().await;
}

#[tokio::test]
async fn a_sale_taken_away_by_hand_is_named_as_missing_and_brought_back() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let dealings = sell(&crm, &books, day, 3).await;
    for item in events::of_deal(deal(&dealings[0])).await {
        let key = json!({"pk": item["pk"], "sk": item["sk"]});
        aws::dynamodb("DeleteItem", &json!({"TableName": e2e::env::env().get("TABLE_SALES"), "Key": key}))
            .await;
    }
    poll::good().await;
    let proof = Proof::of(&crm.stack, &books.period()).await;
    assert_eq!(proof.listed("missing"), only(&dealings[0]), "{}", proof.0);
    assert_eq!(proof.reason("missing", dealings[0].id), "unknown_deal");
    assert!(proof.0["missing"][0]["healed_at"].is_string(), "{}", proof.0["missing"]);
    let shown = books.sold(&dealings).await;
    assert_eq!(shown.get(&dealings[0].id), dealings[0].sold().as_ref());
    // Its counters had outlived it, so that now they have it twice.
    assert_eq!(
        (&proof.0["state"], &proof.0["counters"]["ok"]),
        (&json!("red"), &json!(false)),
        "{}",
        proof.0
    );
    rebuild::report(day, day, true).await;
    poll::good().await;
    Proof::of(&crm.stack, &books.period()).await.assert_green();
    books.assert_equal(&dealings).await;
    crm.end().await;
}

#[tokio::test]
async fn a_deal_that_amocrm_deleted_is_cancelled_whether_its_journal_tells_or_not() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let mut dealings = sell(&crm, &books, day, 6).await;
    let began = clock::now().timestamp();
    dealings[0].goes().await;
    vanish(&dealings[1]).await;
    dealings[1].is_gone();
    poll::good().await;
    books.assert_equal(&dealings).await;
    let proof = Proof::of(&crm.stack, &books.period()).await;
    assert_eq!((&proof.0["state"], &proof.0["crm"]["count"]), (&json!("green"), &json!(4)), "{}", proof.0);
    assert_eq!(proof.listed("extra"), only(&dealings[1]), "the one of which nobody told: {}", proof.0);
    assert_eq!(proof.reason("extra", dealings[1].id), "gone");
    assert!(proof.0["extra"][0]["healed_at"].is_string(), "{}", proof.0["extra"]);
    let healed = Proof::of_month(&crm.stack).await.healed();
    let healed: BTreeSet<u64> = healed.iter().filter(|(_, at)| *at >= began).map(|(lead, _)| *lead).collect();
    assert_eq!(healed, [&dealings[0], &dealings[1]].map(|dealing| dealing.id).into());
    poll::good().await;
    Proof::of(&crm.stack, &books.period()).await.assert_green();
    crm.end().await;
}

#[tokio::test]
async fn a_price_edited_after_the_sale_is_healed_and_one_edited_in_silence_is_named() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let mut dealings = sell(&crm, &books, day, 3).await;
    let at = clock::now().timestamp();
    dealings[0].costs(at, 130_000).await;
    crm.change(dealings[1].id, &json!({"price": 140_000, "silent": true})).await;
    poll::good().await;
    books.assert_equal(&dealings).await;
    let proof = Proof::of(&crm.stack, &books.period()).await;
    assert_eq!(
        (&proof.0["state"], proof.listed("different")),
        (&json!("red"), only(&dealings[1])),
        "{}",
        proof.0
    );
    assert_eq!(proof.reason("different", dealings[1].id), "amount");
    assert!(Proof::of_month(&crm.stack).await.healed().contains(&(dealings[0].id, at)));
    // The next change of the deal says it aloud.
    crm.change(dealings[1].id, &json!({"price": AMOUNT, "silent": true})).await;
    dealings[1].costs(clock::now().timestamp(), 140_000).await;
    poll::good().await;
    books.assert_equal(&dealings).await;
    poll::good().await;
    Proof::of(&crm.stack, &books.period()).await.assert_green();
    crm.end().await;
}

#[tokio::test]
async fn a_deal_that_amocrm_never_had_is_extra_and_stays() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let dealings = sell(&crm, &books, day, 2).await;
    let unknown = Dealing::new(crm.id(5), day.at(6, 0, 0), AMOUNT).at_stage(WON);
    crm.stack.hook(&unknown.hook().expect("a sale")).await.ok();
    for _ in 0..2 {
        poll::good().await;
        let proof = Proof::of(&crm.stack, &books.period()).await;
        assert_eq!(
            (&proof.0["state"], proof.listed("extra")),
            (&json!("red"), only(&unknown)),
            "{}",
            proof.0
        );
        assert_eq!(proof.reason("extra", unknown.id), "never_shown");
        assert!(books.sold(std::slice::from_ref(&unknown)).await[&unknown.id].is_active);
    }
    books.assert_equal(&[dealings, vec![unknown]].concat()).await;
    crm.end().await;
}

#[tokio::test]
async fn deals_that_vanish_in_masses_are_not_taken_for_deleted() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let dealings = sell(&crm, &books, day, 20).await;
    for dealing in &dealings[..10] {
        vanish(dealing).await;
    }
    for _ in 0..2 {
        poll::good().await;
        books.assert_equal(&dealings).await;
        let proof = Proof::of(&crm.stack, &books.period()).await;
        assert_eq!(proof.listed("extra"), dealings[..10].iter().map(|dealing| dealing.id).collect());
        let reason = proof.0["reason"].as_str().expect("a reason");
        assert!(proof.0["state"] == "red" && reason.contains("rights"), "{reason}");
    }
    for dealing in &dealings[..10] {
        control("POST", &format!("/control/amocrm/leads/{}/restore", dealing.id), None).await;
    }
    poll::good().await;
    Proof::of(&crm.stack, &books.period()).await.assert_green();
    books.assert_equal(&dealings).await;
    crm.end().await;
}

#[tokio::test]
async fn deals_whose_deletion_was_told_are_asked_for_once_however_many_they_are() {
    // Nobody else's sale is to be confirmed.
    let crm = Crm::alone().await;
    let day = poll::begin(&crm, 1).await;
    let books = Books::open(&crm.stack, day, 1).await;
    let mut dealings = sell(&crm, &books, day, 20).await;
    for dealing in &mut dealings[..10] {
        dealing.goes().await;
        crm.stack.hook(&Hook::deleted(Route::Sales, deal(dealing))).await.ok();
    }
    for is_first in [true, false] {
        crm.forget_asked().await;
        let polled = poll::good().await;
        let asked_again = polled["asked_again"].as_u64().expect("a count");
        assert_eq!(asked_again >= 10, is_first, "{polled}");
        assert!(is_first || asked_again == 0, "{polled}");
        assert_eq!(crm.asked().await.count_at("lead"), 0, "not one by one");
        books.assert_equal(&dealings).await;
    }
    Proof::of(&crm.stack, &books.period()).await.assert_green();
    crm.end().await;
}
