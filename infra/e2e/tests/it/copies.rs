//! However many hooks bring a sale, by whatever routes, it is counted once.

use std::collections::BTreeMap;

use e2e::figures::{self, Sum, figures};
use e2e::hook::{LOST, PAID, WON};
use e2e::{Deal, Hook, Route, Stack, days, rebuild, wait};
use futures::future::join_all;

async fn outcomes(stack: &Stack, hooks: &[Hook]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for answer in join_all(hooks.iter().map(|hook| stack.hook(hook))).await {
        *counts.entry(answer.outcome()).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn fifty_parallel_copies_of_a_hook_are_one_sale() {
    let stack = Stack::alone().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let hook = Hook::won(Route::Sales, deal, day.noon()).campaign("onai2_reels");
    let seen = outcomes(&stack, &vec![hook; 50]).await;
    assert_eq!(seen, BTreeMap::from([("duplicate".to_owned(), 49), ("recorded".to_owned(), 1)]));
    let expected = figures([("muha", "flagship", Sum::active(1, 490_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
    let page = stack.sale(&deal.sale("flagship")).await.ok();
    assert_eq!(page["events"].as_array().unwrap().len(), 1);
    assert_eq!((&page["sale"]["versions"], page["versions"].as_array().unwrap().len()), (&1.into(), 1));
}

#[tokio::test]
async fn parallel_copies_of_a_body_of_two_leads_are_two_sales() {
    let stack = Stack::alone().await;
    let day = days::fresh(&stack, 1).await;
    let first = Deal::new();
    let won = |deal, at| Hook::won(Route::Sales, deal, at).campaign("onai2_reels");
    let second = won(Deal { account: first.account, ..Deal::new() }, day.noon() + 1);
    let hook = won(first, day.noon()).and(&[second]);
    let mut seen = BTreeMap::new();
    for answer in join_all((0..20).map(|_| stack.hook(&hook))).await {
        for result in answer.results() {
            *seen.entry(result["outcome"].as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    assert_eq!(seen, BTreeMap::from([("duplicate".to_owned(), 38), ("recorded".to_owned(), 2)]));
    let expected = figures([("muha", "flagship", Sum::active(2, 2 * 490_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
}

#[tokio::test]
async fn a_duplicate_is_told_what_became_of_the_first() {
    let stack = Stack::open().await;
    let deal = Deal::new();
    let hook = Hook::won(Route::Funnel, deal, days::fresh(&stack, 1).await.noon()).campaign("alex_broad_kz");
    assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
    let again = stack.hook(&hook).await.result();
    let expected = serde_json::json!({
        "action": "status", "lead_id": deal.lead, "outcome": "duplicate",
        "sale_id": deal.sale("express"), "team": "traf4",
    });
    assert_eq!(again, expected);
}

#[tokio::test]
async fn a_deal_won_over_two_routes_in_any_order_is_one_sale() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    for (first, second) in [(Route::Sales, Route::Traffic), (Route::Traffic, Route::Sales)] {
        let deal = Deal::new();
        // One and the same body, as amoCRM sends it to both.
        let hook = |route, at| Hook::won(Route::Traffic, deal, at).campaign("nutcab_video3").to(route);
        let one = stack.hook(&hook(first, day.noon())).await.result();
        let two = stack.hook(&hook(second, day.noon() + 2)).await.result();
        assert_eq!(one["outcome"], "recorded", "{one}");
        assert_eq!((&two["outcome"], &two["reason"]), (&"ignored".into(), &"no_change".into()), "{two}");
        assert_eq!((&one["sale_id"], &two["sale_id"]), (&deal.sale("flagship").into(), &one["sale_id"]));
    }
    // At once, so that both may find nothing there.
    let deal = Deal::new();
    let hook = Hook::won(Route::Traffic, deal, day.noon()).campaign("nutcab_video3");
    let hooks = [Route::Sales, Route::Traffic].map(|route| hook.clone().to(route));
    let seen = outcomes(&stack, &hooks).await;
    assert_eq!(seen.get("recorded"), Some(&1), "{seen:?}");
    let expected = figures([("kenesary", "flagship", Sum::active(3, 3 * 490_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
}

#[tokio::test]
async fn sixty_four_parallel_sales_of_one_team_and_day_are_all_counted() {
    let stack = Stack::alone().await;
    let day = days::fresh(&stack, 1).await;
    let hooks: Vec<Hook> = (0..64)
        .map(|n| {
            Hook::won(Route::Traffic, Deal::new(), day.noon() + n)
                .price(490_000 + n)
                .campaign("kz_ar_video_1")
        })
        .collect();
    let seen = outcomes(&stack, &hooks).await;
    assert_eq!(seen, BTreeMap::from([("recorded".to_owned(), 64)]));
    let sum = (0..64).map(|n| 490_000 + n).sum();
    let expected = figures([("arystan", "flagship", Sum::active(64, sum))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
    assert_eq!(rebuild::assert_no_difference(day, day).await, 64);
}

#[tokio::test]
async fn parallel_conflicting_events_of_one_deal_lose_nothing() {
    let stack = Stack::alone().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let campaigns = ["nutcab_video3", "kz_ar_video_1", "onai2_reels", "alex_broad_kz", "fast_start"];
    // Won, lost and paid again and again, each time for another team at another price; the last one is a sale.
    let hooks: Vec<Hook> = (0_i64..20)
        .map(|n| {
            let place = usize::try_from(n).unwrap();
            let stage = [WON, LOST, PAID, WON][place % 4];
            let route = if place.is_multiple_of(2) { Route::Traffic } else { Route::Sales };
            Hook::won(route, deal, day.noon() + 60 * n)
                .stage(stage)
                .price(400_000 + n)
                .campaign(campaigns[place % 5])
        })
        .collect();
    let seen = outcomes(&stack, &hooks).await;
    assert_eq!(seen.values().sum::<usize>(), 20);
    assert!(!seen.contains_key("duplicate") && !seen.contains_key("quarantined"), "{seen:?}");
    let id = deal.sale("flagship");
    let page = wait::until("all twenty events", async || {
        let page = stack.sale(&id).await;
        (page.status == 200).then(|| page.ok()).filter(|page| page["events"].as_array().unwrap().len() == 20)
    })
    .await;
    // Event 17 lost it, event 18 began the present time as a sale, event 19 told the newest price and campaign.
    let sale = &page["sale"];
    assert_eq!((&sale["state"], &sale["amount"]["amount"]), (&"active".into(), &400_019.into()), "{sale}");
    assert_eq!(sale["team"], serde_json::Value::Null, "{sale}");
    let sold_at = chrono::DateTime::parse_from_rfc3339(sale["sold_at"].as_str().unwrap()).unwrap();
    assert_eq!(sold_at.timestamp(), day.noon() + 60 * 18, "{sale}");
    let expected = figures([(figures::NOBODY, "flagship", Sum::active(1, 400_019))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
    assert_eq!(rebuild::assert_no_difference(day, day).await, 1);
}
