//! Hooks that are lost, late, doubled and out of order, and the record that says which.

use std::sync::Mutex;

use axum::http::StatusCode;
use axum::routing::post;
use tokio::sync::Semaphore;

use super::hooks::{decoded, receiver, serve, settled, subscribe};
use super::*;

impl Account {
    /// Prices of 1, 2, 3 … for a deal, so that a hook is known by its price.
    async fn change_prices(&self, count: u64) {
        for price in 1..=count {
            self.wait(1_000);
            let change = json!({ "price": price });
            assert_eq!(self.control("PATCH", "leads/30200003", change).await.status, 204);
        }
    }
}

fn price(body: &str) -> u64 {
    let body = decoded(body);
    let line = body.lines().find_map(|line| line.strip_prefix("leads[update][0][price]=")).unwrap();
    line.parse().unwrap()
}

#[tokio::test]
async fn the_record_knows_exactly_which_changes_had_no_hook() {
    let account = Account::calm().await;
    let (url, mut arrived) = receiver(&[]).await;
    let hooks =
        json!({"url": url, "settings": ["update_lead"], "lose": 10, "duplicate": 10, "hold": 10, "swap": 10});
    subscribe(&account, hooks).await;
    account.change_prices(105).await;
    let record = settled(&account).await;
    let record = record.as_array().unwrap();
    let marked = |mark: &str| {
        let of = record.iter().filter(|one| one[mark] == true);
        of.map(|one| one["n"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let every_ten = |first: u64| (0..10).map(|n| first + 10 * n).collect::<Vec<_>>();
    assert_eq!(marked("lost"), every_ten(10));
    assert_eq!(marked("held"), every_ten(11));
    assert_eq!(marked("swapped"), every_ten(12));
    assert_eq!(marked("doubled"), every_ten(13));
    assert_eq!((&record[9]["lead_id"], &record[9]["updated_at"]), (&json!(30_200_003), &json!(NOON + 10)));

    let mut prices = Vec::new();
    while let Ok(body) = arrived.try_recv() {
        prices.push(price(&body));
    }
    prices.sort_unstable();
    let mut expected = (1..=105).filter(|n| ![0, 1].contains(&(n % 10)) || *n == 1).collect::<Vec<u64>>();
    expected.extend(every_ten(13));
    expected.sort_unstable();
    assert_eq!(prices, expected);
    assert_eq!(account.control("GET", "hooks", Value::Null).await.body["kept_back"], 10);

    let released = account.control("POST", "hooks/release", Value::Null).await.body;
    assert_eq!(released, json!({"released": 10}));
    settled(&account).await;
    let mut late = Vec::new();
    while let Ok(body) = arrived.try_recv() {
        late.push(price(&body));
    }
    let newest_first = every_ten(11).into_iter().rev().collect::<Vec<_>>();
    assert_eq!(late, newest_first);
    assert_eq!(account.control("GET", "hooks", Value::Null).await.body["kept_back"], 0);
}

#[tokio::test]
async fn a_swapped_hook_comes_after_the_next_that_is_sent() {
    let account = Account::calm().await;
    let (url, mut arrived) = receiver(&[]).await;
    subscribe(&account, json!({"url": url, "settings": ["update_lead"], "swap": 1, "lose": 3})).await;
    account.change_prices(5).await;
    settled(&account).await;
    let mut come = Vec::new();
    for _ in 0..4 {
        come.push(price(&arrived.recv().await.unwrap()));
    }
    // The third is lost, so the fourth waits for the fifth.
    let at = |price| come.iter().position(|one| *one == price).unwrap();
    assert!(at(2) < at(1) && at(5) < at(4), "{come:?}");
    account.change_prices(1).await;
    account.change_prices(1).await;
    assert_eq!(account.control("GET", "hooks", Value::Null).await.body["kept_back"], 1);
    account.control("POST", "hooks/release", Value::Null).await;
    settled(&account).await;
    assert_eq!(price(&arrived.recv().await.unwrap()), 1, "one that nothing came after is released too");
}

#[tokio::test]
async fn what_is_kept_back_ends_with_its_record_or_its_world() {
    let account = Account::calm().await;
    let (url, _arrived) = receiver(&[]).await;
    for path in ["hooks", "world"] {
        subscribe(&account, json!({"url": url, "settings": ["update_lead"], "hold": 1})).await;
        account.change_prices(2).await;
        assert_eq!(account.control("GET", "hooks", Value::Null).await.body["kept_back"], 2);
        account.control("DELETE", path, Value::Null).await;
        let released = account.control("POST", "hooks/release", Value::Null).await.body;
        assert_eq!(released, json!({"released": 0}), "{path}");
    }
}

#[tokio::test]
async fn no_more_than_sixteen_are_on_the_wire_at_once() {
    let account = Account::calm().await;
    let gate = Arc::new(Semaphore::new(0));
    let inside = Arc::new(Mutex::new(0));
    let (door, count) = (Arc::clone(&gate), Arc::clone(&inside));
    let take = move || {
        let (door, count) = (Arc::clone(&door), Arc::clone(&count));
        async move {
            *count.lock().unwrap() += 1;
            door.acquire().await.unwrap().forget();
            StatusCode::NO_CONTENT
        }
    };
    let url = serve(Router::new().route("/hook", post(take))).await;
    subscribe(&account, json!({"url": url, "settings": ["update_lead"]})).await;
    account.change_prices(40).await;
    for _ in 0..20_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(*inside.lock().unwrap(), 16);
    assert_eq!(account.control("GET", "hooks", Value::Null).await.body["on_their_way"], 40);
    gate.add_permits(40);
    let record = settled(&account).await;
    assert!(record.as_array().unwrap().iter().all(|one| one["answers"] == json!([204])), "{record}");
}
