//! The past from amoCRM: once, however often it is read and whatever hooks tell beside it.

use e2e::books::{self, Books};
use e2e::crm::PIPELINE;
use e2e::dealing::Dealing;
use e2e::hook::{LOST, WON};
use e2e::{Crm, Deal, Form, Guest, Hook, Route, aws, poll, subscription};
use serde_json::{Value, json};

const DEALS: u64 = 60;
const DAYS: u64 = 3;

async fn backfill(question: &Value) -> Value {
    let report = aws::invoke("backfill", question).await.expect("a report");
    assert_eq!((&report["done"], report.get("problem")), (&json!(true), None), "{report}");
    report
}

fn sum(report: &Value, name: &str) -> u64 {
    report["days"].as_array().expect("days").iter().map(|day| day[name].as_u64().expect("a count")).sum()
}

#[tokio::test]
async fn the_same_past_read_twice_and_beside_live_hooks_changes_nothing() {
    let crm = Crm::open().await;
    let from = poll::begin(&crm, DAYS).await;
    let books = Books::open(&crm.stack, from, DAYS).await;
    let first = crm.id(0) + 2_000;
    let mut dealings: Vec<Dealing> = (0..DEALS)
        .map(|n| {
            let at = from.plus(n % DAYS).at(5, 0, 0) + i64::try_from(n).unwrap();
            Dealing::new(first + n, at, [5_000, 490_000, 120_000][usize::try_from(n / 5 % 3).unwrap()])
        })
        .collect();
    // Of every other deal hooks tell everything.
    let kinds = ["add_lead", "status_lead", "update_lead"];
    let (told, untold): (Vec<Dealing>, Vec<Dealing>) =
        dealings.drain(..).partition(|dealing| dealing.id % 2 == 0);
    let mut all = vec![];
    for (mut some, is_told) in [(told, true), (untold, false)] {
        if is_told {
            subscription::subscribe(&kinds, &json!({})).await;
        } else {
            e2e::sandbox::control("DELETE", "/control/amocrm/settings", None).await;
        }
        books::make(&crm, &some).await;
        for (n, dealing) in some.iter_mut().enumerate() {
            let at = dealing.made_at();
            if n % 3 > 0 {
                dealing.moves(at + 600, WON).await;
            }
            if n % 6 == 2 {
                dealing.moves(at + 1_200, LOST).await;
            }
        }
        subscription::until_arrived().await;
        all.extend(some);
    }
    let period = json!({"from": from.to_string(), "to": from.plus(DAYS - 1).to_string()});
    let report = backfill(&period).await;
    assert_eq!(sum(&report, "deals"), DEALS, "{report}");
    // A deal that was lost before it was ever heard of leaves no trace of having been won.
    let is_known =
        |dealing: &&Dealing| dealing.id.is_multiple_of(2) || dealing.sold().is_none_or(|sold| sold.is_active);
    let known: Vec<Dealing> = all.iter().filter(is_known).cloned().collect();
    books.assert_equal(&known).await;
    let rows = books.rows(&all).await;
    let report = backfill(&period).await;
    assert_eq!((sum(&report, "stored"), sum(&report, "recorded")), (0, 0), "{report}");
    assert_eq!(books.rows(&all).await, rows);
    // Hooks of the same sales, those that have told before as well.
    for hook in all.iter().filter_map(Dealing::hook) {
        crm.stack.hook(&hook).await.ok();
    }
    books.assert_equal(&known).await;
    backfill(&period).await;
    books.assert_equal(&known).await;
    crm.end().await;
}

#[tokio::test]
async fn a_backfill_that_amocrm_refuses_goes_on_where_it_stopped() {
    let crm = Crm::open().await;
    let from = poll::begin(&crm, DAYS).await;
    let books = Books::open(&crm.stack, from, DAYS).await;
    let first = crm.id(0) + 2_000;
    let dealings: Vec<Dealing> = (0..DEALS)
        .map(|n| Dealing::new(first + n, from.plus(n % DAYS).at(5, 0, 0), 5_000).at_stage(WON))
        .collect();
    books::make(&crm, &dealings).await;
    // What may be the id of an ad is looked up, as for a hook.
    crm.add(&json!({"leads": [{"id": first + DEALS + 1, "price": 5_000, "created_at": from.at(5, 0, 0),
        "updated_at": from.at(6, 0, 0), "values": {"UTM_CAMPAIGN": "238400000000000001"}}]}))
        .await;
    // The first day is read, the second is not.
    crm.fail(&[json!({"edge": "leads", "kind": "unpaid", "skip": 1})]).await;
    let to = from.plus(DAYS - 1).to_string();
    let report =
        aws::invoke("backfill", &json!({"from": from.to_string(), "to": to})).await.expect("a report");
    assert_eq!(
        (&report["done"], &report["next"]),
        (&json!(false), &json!(from.plus(1).to_string())),
        "{report}"
    );
    assert!(report["problem"].as_str().is_some_and(|problem| problem.contains("402")), "{report}");
    crm.fail(&[]).await;
    poll::let_through(&crm).await;
    backfill(&json!({"from": report["next"], "to": to})).await;
    books.assert_equal(&dealings).await;
    // Up to the present day the counters are compared as well.
    let today = poll::days_ago(0).to_string();
    backfill(&json!({"from": today, "to": today})).await;
    crm.end().await;
}

#[tokio::test]
async fn the_past_corrects_a_price_and_finds_the_form_behind_a_sale() {
    let crm = Crm::open().await;
    let day = poll::begin(&crm, 1).await;
    let guest = Guest::new();
    let form = Form::proftest(&guest).with("slug", "proftest_arystan").taken(&crm.stack).await;
    crm.until_written(&form).await;
    let (contact, theirs, priced) = (crm.id(1), crm.id(2), crm.id(3));
    let at = |hour| day.at(hour, 0, 0);
    let won = |id: u64| {
        json!({"id": id, "price": 5_000, "pipeline_id": PIPELINE, "status_id": WON,
        "created_at": at(4), "updated_at": at(6)})
    };
    let mut of_guest = won(theirs);
    of_guest["contacts"] = json!([contact]);
    crm.add(&json!({
        "contacts": [{"id": contact, "name": "By Hand", "values": {"PHONE": guest.phone()}}],
        "leads": [of_guest, won(priced)],
    }))
    .await;
    let deal = |lead| Deal { account: poll::ACCOUNT, lead };
    let told = Hook::won(Route::Sales, deal(priced), at(5)).price(490_000);
    assert_eq!(crm.stack.hook(&told).await.outcome(), "recorded");
    let report = backfill(&json!({"from": day.to_string(), "to": day.to_string()})).await;
    assert_eq!(sum(&report, "linked"), 1, "{report}");
    let sale = async |lead| crm.stack.sale(&deal(lead).sale("express")).await.ok()["sale"].take();
    assert_eq!(sale(theirs).await["team"], "arystan");
    let corrected = sale(priced).await;
    assert_eq!((&corrected["product"], &corrected["amount"]["amount"]), (&json!("express"), &json!(5_000)));
    crm.end().await;
}
