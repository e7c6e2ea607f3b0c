//! What may happen to a deal after it was sold, in any order of arrival, and what the sale's page then tells.

use e2e::figures::{self, NOBODY, Sum, figures};
use e2e::hook::{LOST, PAID};
use e2e::{Deal, Hook, Route, Stack, clock, days};
use serde_json::{Value, json};

pub const MUHA: &str = "onai2_reels";
const ARYSTAN: &str = "kz_ar_video_1";

pub async fn sends(stack: &Stack, hook: Hook, outcome: &str) -> Value {
    let result = stack.hook(&hook).await.result();
    let told = match result["reason"].as_str() {
        Some(reason) => format!("{} {reason}", result["outcome"].as_str().unwrap()),
        None => result["outcome"].as_str().unwrap().to_owned(),
    };
    assert_eq!(told, outcome, "{result}");
    result
}

pub async fn sale(stack: &Stack, id: &str) -> Value {
    stack.sale(id).await.ok()["sale"].clone()
}

fn seconds(time: &Value) -> i64 {
    chrono::DateTime::parse_from_rfc3339(time.as_str().expect("a time")).expect("RFC 3339").timestamp()
}

#[tokio::test]
async fn a_loss_cancels_a_sale_and_winning_it_back_restores_it_on_the_new_day() {
    let stack = Stack::open().await;
    for route in Route::ALL {
        let day = days::fresh(&stack, 3).await;
        let (deal, product) = (Deal::new(), route.product());
        let (id, price) = (deal.sale(product), if product == "express" { 5_000 } else { 490_000 });
        sends(&stack, Hook::won(route, deal, day.noon()).campaign(MUHA), "recorded").await;
        sends(&stack, Hook::lost(route, deal, day.plus(1).noon()).campaign(MUHA), "updated").await;
        let lost = sale(&stack, &id).await;
        assert_eq!((&lost["state"], seconds(&lost["sold_at"])), (&"cancelled".into(), day.noon()), "{lost}");
        let expected = figures([("muha", product, Sum::cancelled(1, price))]);
        assert_eq!(figures::of(&stack, day, day.plus(2)).await, expected);

        let back = day.plus(2).noon();
        sends(&stack, Hook::won(route, deal, back).old_stage(LOST).campaign(MUHA), "updated").await;
        let restored = sale(&stack, &id).await;
        assert_eq!(
            (&restored["state"], seconds(&restored["sold_at"])),
            (&"active".into(), back),
            "{restored}"
        );
        assert_eq!((&restored["day"], &restored["versions"]), (&day.plus(2).to_string().into(), &3.into()));
        assert!(figures::of(&stack, day, day.plus(1)).await.is_empty(), "the old day keeps nothing");
        let expected = figures([("muha", product, Sum::active(1, price))]);
        assert_eq!(figures::of(&stack, day.plus(2), day.plus(2)).await, expected);
    }
}

#[tokio::test]
async fn leaving_142_cancels_only_what_no_product_route_has_recorded() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let (plain, pinned) = (Deal::new(), Deal::new());
    sends(&stack, Hook::won(Route::Sales, plain, day.noon()).campaign(MUHA), "recorded").await;
    let left = |deal| Hook::won(Route::Sales, deal, day.noon() + 60).stage(PAID).campaign(MUHA);
    sends(&stack, left(plain), "updated").await;
    assert_eq!(sale(&stack, &plain.sale("flagship")).await["state"], "cancelled");

    let sold = Hook::won(Route::Sales, pinned, day.noon()).campaign(MUHA).to(Route::Traffic);
    sends(&stack, sold, "recorded").await;
    sends(&stack, Hook::won(Route::Sales, pinned, day.noon() + 30).campaign(MUHA), "ignored no_change").await;
    sends(&stack, left(pinned), "ignored no_change").await;
    assert_eq!(sale(&stack, &pinned.sale("flagship")).await["state"], "active");
    let sum = Sum::active(1, 490_000).plus(Sum::cancelled(1, 490_000));
    assert_eq!(figures::of(&stack, day, day).await, figures([("muha", "flagship", sum)]));
}

#[tokio::test]
async fn a_deletion_cancels_over_any_route_and_a_restoration_undoes_it() {
    let stack = Stack::open().await;
    for (sold, deleted) in
        [(Route::Traffic, Route::Traffic), (Route::Funnel, Route::Sales), (Route::Sales, Route::Sales)]
    {
        let day = days::fresh(&stack, 1).await;
        let (deal, product) = (Deal::new(), sold.product());
        sends(&stack, Hook::won(sold, deal, day.noon()).campaign(MUHA), "recorded").await;
        sends(&stack, Hook::deleted(deleted, deal), "updated").await;
        sends(&stack, Hook::deleted(deleted, deal), "duplicate").await;
        assert_eq!(sale(&stack, &deal.sale(product)).await["state"], "cancelled");
        // Back from the bin as amoCRM tells it: the whole deal, with the time of its last change before the deletion.
        let mut restore = Hook::won(sold, deal, day.noon()).campaign(MUHA);
        restore =
            Hook::sample(Route::Traffic, "flagship-restore").about(deal).at(day.noon()).to(restore.route);
        let restore = if sold == Route::Sales { restore.stage(e2e::hook::WON) } else { restore };
        sends(&stack, restore, "updated").await;
        assert_eq!(sale(&stack, &deal.sale(product)).await["state"], "active");
    }
}

#[tokio::test]
async fn a_new_price_on_the_sales_route_moves_the_sale_to_its_product_and_the_old_link_holds() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let hook = |at, price| Hook::won(Route::Sales, deal, at).price(price).campaign(ARYSTAN);
    sends(&stack, hook(day.noon(), 450_000), "recorded").await;
    let moved = sends(&stack, hook(day.noon() + 60, 490_000), "updated").await;
    assert_eq!(moved["sale_id"], deal.sale("flagship"));
    let expected = figures([("arystan", "flagship", Sum::active(1, 490_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);

    sends(&stack, hook(day.noon() + 120, 5_000), "updated").await;
    let page = stack.sale(&deal.sale("express")).await.ok();
    for old in ["other", "flagship"] {
        let old = stack.sale(&deal.sale(old)).await.ok();
        assert_eq!((&old["sale"], &old["versions"]), (&page["sale"], &page["versions"]));
    }
    let versions: Vec<Value> = page["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| {
            json!([of["version"], of["product"], of["moved_from"], of["amount"]["amount"], of["state"]])
        })
        .collect();
    assert_eq!(
        versions,
        [
            json!([1, "other", null, 450_000, "active"]),
            json!([2, "flagship", "other", 490_000, "active"]),
            json!([3, "express", "flagship", 5_000, "active"]),
        ]
    );
    assert_eq!(seconds(&page["sale"]["sold_at"]), day.noon(), "a price never moves the time of sale");
    let expected = figures([("arystan", "express", Sum::active(1, 5_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
}

#[tokio::test]
async fn a_product_route_sets_the_product_whatever_the_price() {
    let stack = Stack::open().await;
    for (route, product, price) in [(Route::Funnel, "express", 490_000), (Route::Traffic, "flagship", 5_000)]
    {
        let day = days::fresh(&stack, 1).await;
        let deal = Deal::new();
        // First as a deal of neither product, over the sales route.
        let first = Hook::won(Route::Sales, deal, day.noon()).price(120_000).campaign(MUHA);
        assert_eq!(sends(&stack, first, "recorded").await["sale_id"], deal.sale("other"));
        let set = Hook::won(route, deal, day.noon() + 60).price(price).campaign(MUHA);
        assert_eq!(sends(&stack, set, "updated").await["sale_id"], deal.sale(product));
        // The price of the other product does not take it away again.
        let other = if price == 5_000 { 490_000 } else { 5_000 };
        sends(&stack, Hook::won(Route::Sales, deal, day.noon() + 120).price(other).campaign(MUHA), "updated")
            .await;
        let expected = figures([("muha", product, Sum::active(1, other))]);
        assert_eq!(figures::of(&stack, day, day).await, expected);
        assert_eq!(stack.sale(&deal.sale("other")).await.ok()["sale"]["product"], product);
    }
}

#[tokio::test]
async fn a_price_and_utm_values_that_come_later_replace_the_list_price_and_give_the_sale_its_team() {
    let stack = Stack::open().await;
    for route in [Route::Funnel, Route::Traffic] {
        let day = days::fresh(&stack, 1).await;
        let (deal, product) = (Deal::new(), route.product());
        let (list, paid) = if product == "express" { (5_000, 4_500) } else { (490_000, 441_000) };
        sends(&stack, Hook::added(route, deal, day.noon()), "recorded").await;
        let id = deal.sale(product);
        let first = sale(&stack, &id).await;
        assert_eq!(
            (&first["amount_source"], &first["team"]),
            (&"list_price".into(), &Value::Null),
            "{first}"
        );
        assert_eq!(
            (&first["trail"]["source"], &first["trail"]["reason"]),
            (&"none".into(), &"no_utm".into())
        );
        let expected = figures([(NOBODY, product, Sum::active(1, list))]);
        assert_eq!(figures::of(&stack, day, day).await, expected);

        let result =
            sends(&stack, Hook::won(route, deal, day.noon() + 60).price(paid).campaign(MUHA), "updated")
                .await;
        assert_eq!(result["team"], "muha");
        let then = sale(&stack, &id).await;
        assert_eq!(
            (&then["amount"]["amount"], &then["amount_source"]),
            (&paid.into(), &"hook".into()),
            "{then}"
        );
        let trail = json!({"source": "utm", "field": "utm_campaign", "value": MUHA, "pattern": "onai", "team": "muha"});
        for (name, value) in trail.as_object().unwrap() {
            assert_eq!(&then["trail"][name], value, "{then}");
        }
        assert_eq!(then["utm"]["utm_campaign"], MUHA);
        assert_eq!(seconds(&then["sold_at"]), day.noon());
        assert_eq!(figures::of(&stack, day, day).await, figures([("muha", product, Sum::active(1, paid))]));

        // An unset price later on does not take the real one away.
        sends(&stack, Hook::won(route, deal, day.noon() + 120).price(0).campaign(MUHA), "ignored no_change")
            .await;
        assert_eq!(sale(&stack, &id).await["amount"]["amount"], paid);
    }
}

#[tokio::test]
async fn a_price_of_zero_on_the_sales_route_is_other_until_the_real_one_comes() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let hook = |at| Hook::won(Route::Sales, deal, at).campaign(MUHA);
    sends(&stack, hook(day.noon()).price(0), "recorded").await;
    assert_eq!(figures::of(&stack, day, day).await, figures([("muha", "other", Sum::active(1, 0))]));
    sends(&stack, hook(day.noon() + 1).without("[price]"), "ignored no_change").await;
    sends(&stack, hook(day.noon() + 2).price(490_000), "updated").await;
    sends(&stack, hook(day.noon() + 3).with("[price]", ""), "ignored no_change").await;
    assert_eq!(figures::of(&stack, day, day).await, figures([("muha", "flagship", Sum::active(1, 490_000))]));
}

#[tokio::test]
async fn an_old_event_that_arrives_late_changes_nothing_newer() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 2).await;
    let deal = Deal::new();
    let id = deal.sale("flagship");
    let hook = |at| Hook::won(Route::Traffic, deal, at);
    let (first, second) = (day.noon(), day.plus(1).noon());
    sends(&stack, hook(second).price(450_000).campaign(MUHA), "recorded").await;
    // The earlier event tells when it was sold; price and campaign stay those of the newer one.
    sends(&stack, hook(first).price(490_000).campaign(ARYSTAN), "updated").await;
    let known = sale(&stack, &id).await;
    assert_eq!((&known["amount"]["amount"], &known["team"]), (&450_000.into(), &"muha".into()), "{known}");
    assert_eq!(seconds(&known["sold_at"]), first, "{known}");
    // A loss between the two: the present time as a sale begins after it.
    sends(&stack, Hook::lost(Route::Traffic, deal, first + 60).price(490_000).campaign(ARYSTAN), "updated")
        .await;
    let known = sale(&stack, &id).await;
    assert_eq!((&known["state"], seconds(&known["sold_at"])), (&"active".into(), second), "{known}");
    let expected = figures([("muha", "flagship", Sum::active(1, 450_000))]);
    assert_eq!(figures::of(&stack, day, day.plus(1)).await, expected);
    // A stage before the sale that the sales route tells late.
    let early = Hook::won(Route::Sales, deal, first - 3_600).stage(PAID).price(490_000).campaign(ARYSTAN);
    sends(&stack, early, "ignored no_change").await;
}

#[tokio::test]
async fn the_same_events_in_any_order_make_the_same_sale() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let events = |deal| {
        [
            Hook::added(Route::Traffic, deal, day.noon()),
            Hook::won(Route::Sales, deal, day.noon() + 60).campaign(ARYSTAN),
            Hook::lost(Route::Traffic, deal, day.noon() + 120).price(441_000).campaign(ARYSTAN),
            Hook::won(Route::Traffic, deal, day.noon() + 180).price(450_000).campaign(MUHA),
        ]
    };
    let mut seen = vec![];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        let deal = Deal::new();
        for place in order {
            stack.hook(&events(deal)[place]).await.ok();
        }
        let mut sale = sale(&stack, &deal.sale("flagship")).await;
        for own in ["sale_id", "account_id", "lead_id", "received_at", "versions"] {
            sale.as_object_mut().unwrap().remove(own);
        }
        seen.push(sale);
    }
    assert!(seen.iter().all(|sale| *sale == seen[0]), "{seen:#?}");
    assert_eq!((&seen[0]["team"], &seen[0]["amount"]["amount"]), (&"muha".into(), &450_000.into()));
    let expected = figures([("muha", "flagship", Sum::active(4, 4 * 450_000))]);
    assert_eq!(figures::of(&stack, day, day).await, expected);
}

#[tokio::test]
async fn a_sales_page_tells_every_event_with_both_its_times() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deal = Deal::new();
    let before = clock::now().timestamp();
    sends(&stack, Hook::won(Route::Sales, deal, day.noon() + 60).campaign(MUHA), "recorded").await;
    sends(&stack, Hook::won(Route::Traffic, deal, day.noon()).price(450_000).campaign(MUHA), "updated").await;
    sends(&stack, Hook::lost(Route::Sales, deal, day.noon() + 120).campaign(MUHA), "updated").await;
    let after = clock::now().timestamp();
    let page = stack.sale(&deal.sale("flagship")).await.ok();
    let events: Vec<Value> = page["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            let received = seconds(&event["received_at"]);
            assert!((before..=after).contains(&received), "{event}");
            let happened = seconds(&event["happened_at"]) - day.noon();
            json!([event["route"], event["action"], event["stage_id"], event["price"]["amount"], happened])
        })
        .collect();
    assert_eq!(
        events,
        [
            json!(["traffic", "status", 142, 450_000, 0]),
            json!(["sales", "status", 142, 490_000, 60]),
            json!(["sales", "status", 143, 490_000, 120]),
        ]
    );
    let states: Vec<&Value> =
        page["versions"].as_array().unwrap().iter().map(|version| &version["state"]).collect();
    assert_eq!(states, ["active", "active", "cancelled"]);
    assert!((before..=after).contains(&seconds(&page["sale"]["received_at"])));
    assert_eq!(page["freshness"]["sales"]["status"], "fresh");
}
