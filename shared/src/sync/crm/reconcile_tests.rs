use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::*;
use crate::domain::counters;
use crate::domain::deal::LastRead;
use crate::domain::event::{DealEvent, Happened, Route};
use crate::domain::money::Tenge;
use crate::domain::reconciliation::DayCheck;
use crate::domain::reconciliation::sample;
use crate::domain::stage::WON;
use crate::outbox::stand_in::{Call, item};
use crate::store::counters::{addition, item_key};
use crate::store::sales::{deal_key, item as sale_item};
use crate::sync::crm::wiring::stand_in::{ACCOUNT, PIPELINE, Scene, scene};

/// The items of the table sales, by their keys.
type Items = Arc<Mutex<BTreeMap<(String, String), Value>>>;

/// An hour before the first test, to the second: a time that moved on would be another in amoCRM than in the ledger.
static HOUR_AGO: LazyLock<i64> = LazyLock::new(|| clock::now().timestamp() - 3_600);

/// So many seconds after that.
fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(*HOUR_AGO + seconds, 0).unwrap()
}

/// A deal that a hook has told was won for 5,000, and that amoCRM was read after.
fn deal(lead: u64, sold_at: DateTime<Utc>) -> Deal {
    let event = DealEvent {
        deal: DealId { account: ACCOUNT, lead },
        happened: Happened::At(sold_at),
        created_at: Some(sold_at),
        received_at: sold_at,
        ..sample::event(lead, Route::Sales, WON, Some(5_000))
    };
    let read = LastRead { read_at: sold_at + TimeDelta::seconds(30), updated_at: sold_at, counted: None };
    Deal { read: Some(read), ..sample::deal(&[event]) }
}

/// The same deal in amoCRM.
fn row(lead: u64, price: i64, updated_at: DateTime<Utc>) -> Value {
    json!({"id": lead, "pipeline_id": PIPELINE, "status_id": WON, "price": price, "is_deleted": false,
        "updated_at": updated_at.timestamp(), "closed_at": updated_at.timestamp()})
}

fn place(item: &Value) -> (String, String) {
    let text = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    (text("pk"), text("sk"))
}

fn stored(deals: &[Deal]) -> Items {
    let items = Items::default();
    for deal in deals {
        let mut kept = item(&deal_key(deal.id()));
        kept["document"] = json!({"S": serde_json::to_string(deal).unwrap()});
        let sales = deal.sales.iter().map(|sale| item(&sale_item(sale).unwrap()));
        items.lock().unwrap().extend([kept].into_iter().chain(sales).map(|item| (place(&item), item)));
    }
    items
}

/// The counters of these deals' sales, as one shard holds them.
fn counted(deals: &[Deal], partition: &str) -> Vec<Value> {
    let sums = counters::count(deals.iter().flat_map(|deal| &deal.sales));
    let items = sums.iter().filter(|(key, _)| key.utm.is_none()).map(|(key, tallies)| {
        let (_, values) = addition(key, tallies);
        let values = values.into_iter().map(|(name, value)| (name.trim_start_matches(':').to_owned(), value));
        item(&values.chain(item_key(key, 0)).collect())
    });
    items.filter(|item| item["pk"]["S"] == partition).collect()
}

/// What our own tables answer.
fn tables(items: &Items, deals: &[Deal], call: &Call) -> Option<Value> {
    let mut items = items.lock().unwrap();
    let body = &call.body;
    match call.name.strip_prefix("DynamoDB_20120810.")? {
        "Query" if body["TableName"] == "sales" => {
            let team = &body["ExpressionAttributeValues"][":team"]["S"];
            let found: Vec<&Value> = items.values().filter(|item| item["team_key"]["S"] == *team).collect();
            Some(json!({ "Items": found }))
        }
        "Query" if body["TableName"] == "counters" => {
            let pk = body["ExpressionAttributeValues"][":pk"]["S"].as_str().unwrap();
            Some(json!({"Items": counted(deals, pk)}))
        }
        "BatchGetItem" => {
            let keys = body["RequestItems"]["sales"]["Keys"].as_array()?;
            let found: Vec<&Value> = keys.iter().filter_map(|key| items.get(&place(key))).collect();
            Some(json!({"Responses": {"sales": found}}))
        }
        "TransactWriteItems" => {
            for write in body["TransactItems"].as_array()? {
                if write["Put"]["TableName"] == "sales" {
                    items.insert(place(&write["Put"]["Item"]), write["Put"]["Item"].clone());
                }
                items.remove(&place(&write["Delete"]["Key"]));
            }
            None
        }
        _ => None,
    }
}

fn world(
    deals: &[Deal],
    items: Items,
    mut amocrm: impl FnMut(&str) -> Option<Value> + Send + 'static,
) -> Scene {
    let deals = deals.to_vec();
    scene(&[], move |call| match call.name.strip_prefix("/amocrm/api/v4/") {
        Some(path) if path.starts_with("leads?") || path.starts_with("leads/7") => amocrm(path),
        Some(_) => None,
        None => tables(&items, &deals, call),
    })
}

fn list(rows: &[Value]) -> Option<Value> {
    Some(json!({"_embedded": {"leads": rows}}))
}

async fn run(scene: &Scene) -> (Result<Report, Stop>, Vec<Call>) {
    scene.world.calls();
    let deadline = SystemTime::from(clock::now()) + Duration::from_secs(60);
    let crm = AmoCrm::new(scene.source(), None, deadline);
    let report = reconcile(scene.source(), &crm, Told::UNKNOWN, clock::now()).await;
    (report, scene.world.calls())
}

fn wrote_ledger(calls: &[Call]) -> usize {
    calls.iter().filter(|call| call.name.ends_with("TransactWriteItems")).count()
}

/// The days that were stored.
fn days(calls: &[Call]) -> Vec<DayCheck> {
    let puts =
        calls.iter().filter(|call| call.name.ends_with("PutItem") && call.body["TableName"] == "counters");
    puts.map(|put| serde_json::from_str(put.body["Item"]["document"]["S"].as_str().unwrap()).unwrap())
        .collect()
}

fn states(calls: &[Call]) -> Vec<&str> {
    let updates = calls.iter().filter(|call| call.body["Key"]["pk"]["S"] == "reconciliation#state");
    updates.map(|update| update.body["UpdateExpression"].as_str().unwrap()).collect()
}

fn asked(calls: &[Call], of: &str) -> usize {
    calls.iter().filter(|call| call.name.starts_with(&format!("/amocrm/api/v4/{of}"))).count()
}

#[tokio::test]
async fn equal_sides_are_green_and_every_day_is_stored() {
    let deals = [deal(7, at(0)), deal(8, at(5))];
    let scene = world(&deals, stored(&deals), |_| list(&[row(8, 5_000, at(5)), row(7, 5_000, at(0))]));
    let (report, calls) = run(&scene).await;
    let report = report.unwrap();
    assert_eq!((report.is_red(), report.compared, report.found), (false, 2, 0), "{report:?}");
    assert_eq!((report.sides.crm, report.sides.crm.sum), (report.sides.ledger, Tenge(10_000)));
    assert_eq!((days(&calls).len(), states(&calls)), (31, vec!["SET good = :document, good_at = :at"]));
    assert_eq!(
        (asked(&calls, "leads?"), wrote_ledger(&calls)),
        (1, 0),
        "the won deals are all that is asked for"
    );
}

#[tokio::test]
async fn another_price_that_no_change_announced_is_named_and_stays() {
    let deals = [deal(7, at(0))];
    let scene = world(&deals, stored(&deals), |_| list(&[row(7, 7_000, at(0))]));
    let (report, calls) = run(&scene).await;
    let report = report.unwrap();
    assert_eq!((report.found, report.mended, report.sides.different), (1, 0, 1));
    assert_eq!(wrote_ledger(&calls), 0);
    let listed: Vec<_> = days(&calls).into_iter().flat_map(|day| day.different.deals).collect();
    assert_eq!((listed.len(), listed[0].lead_id, listed[0].healed_at), (1, 7, None));
}

#[tokio::test]
async fn what_amocrm_has_changed_since_goes_into_the_ledger_and_is_named_once() {
    let deals = [deal(7, at(0))];
    let rows = [row(7, 7_000, at(600)), row(9, 5_000, at(300))];
    let scene =
        world(&deals, stored(&deals), move |path| list(if path.contains("statuses") { &rows } else { &[] }));
    let (report, calls) = run(&scene).await;
    let report = report.unwrap();
    assert_eq!((report.found, report.mended, report.sides.apart()), (2, 2, 0), "{report:?}");
    assert_eq!((report.sides.crm, report.sides.ledger.sum), (report.sides.ledger, Tenge(12_000)));
    assert_eq!((report.swept.stored, report.swept.recorded), (2, 1));
    let days = days(&calls);
    let named = |list: fn(&DayCheck) -> &Vec<crate::domain::reconciliation::Listed>| -> Vec<(u64, bool)> {
        days.iter().flat_map(list).map(|listed| (listed.lead_id, listed.healed_at.is_some())).collect()
    };
    assert_eq!(named(|day| &day.missing.deals), [(9, true)]);
    assert_eq!(named(|day| &day.different.deals), [(7, true)]);
}

#[tokio::test]
async fn a_deal_that_turns_out_to_be_in_the_bin_is_cancelled() {
    let deals = [deal(7, at(0))];
    let bin = json!({"id": 7, "is_deleted": true, "updated_at": at(900).timestamp()});
    let scene = world(&deals, stored(&deals), move |path| {
        if path.starts_with("leads/7") { Some(bin.clone()) } else { list(&[]) }
    });
    let (report, calls) = run(&scene).await;
    let report = report.unwrap();
    assert_eq!((report.found, report.mended, report.sides), (1, 1, Sides::default()));
    let listed: Vec<_> = days(&calls).into_iter().flat_map(|day| day.extra.deals).collect();
    assert!(listed.len() == 1 && listed[0].healed_at.is_some(), "{listed:?}");
}

#[tokio::test]
async fn of_many_that_are_gone_at_once_none_is_cancelled() {
    let deals: Vec<Deal> = (70..76).map(|lead| deal(lead, at(0))).collect();
    let scene = world(&deals, stored(&deals), |_| list(&[]));
    let (report, calls) = run(&scene).await;
    let report = report.unwrap();
    assert_eq!((report.sides.extra, report.mended), (6, 0));
    assert!(report.notice.unwrap().starts_with("6 of 6 deals are gone"));
    assert_eq!((wrote_ledger(&calls), asked(&calls, "leads/7")), (0, 0));
}

#[tokio::test]
async fn a_filter_that_is_ignored_is_not_believed() {
    let deals = [deal(7, at(0))];
    let old = at(-90 * 86_400);
    let rows = [row(7, 5_000, at(0)), row(5, 5_000, old)];
    let scene = world(&deals, stored(&deals), move |_| list(&rows));
    let (report, calls) = run(&scene).await;
    let report = report.unwrap();
    assert_eq!(
        (report.is_red(), report.compared, report.swept.filters_ignored),
        (false, 1, true),
        "{report:?}"
    );
    assert_eq!(asked(&calls, "leads?"), 2, "the won deals, and then what changed last");
}

#[tokio::test]
async fn where_amocrm_refuses_only_that_is_noted() {
    let deals = [deal(7, at(0))];
    let scene = world(&deals, stored(&deals), |_| Some(json!({"__type": "", "title": "Bad Request"})));
    let (report, calls) = run(&scene).await;
    assert!(report.is_err());
    assert_eq!((days(&calls), states(&calls)), (vec![], vec!["SET failed = :document, failed_at = :at"]));
}

#[tokio::test]
async fn counters_that_are_not_the_sum_are_named() {
    let deals = [deal(7, at(0))];
    let wrecked = [deal(7, at(0)), deal(8, at(0))];
    let scene = world(&wrecked, stored(&deals), |_| list(&[row(7, 5_000, at(0))]));
    let (report, _) = run(&scene).await;
    let report = report.unwrap();
    assert_eq!((report.sides.apart(), report.counter_gaps, report.is_red()), (0, 2, true), "on either basis");
}

#[tokio::test]
async fn that_our_own_store_failed_is_noted_and_is_not_said_of_amocrm() {
    let scene = scene(&[], |call| {
        let is_of_sales = call.name.ends_with("Query") && call.body["TableName"] == "sales";
        let gone = "com.amazonaws.dynamodb#ResourceNotFoundException";
        is_of_sales.then(|| json!({"__type": gone, "message": "no such table"}))
    });
    let (report, calls) = run(&scene).await;
    assert!(matches!(report, Err(Stop::Store(_))), "{report:?}");
    assert_eq!(states(&calls), ["SET failed = :document, failed_at = :at"]);
    let noted = calls.iter().find(|call| call.body["Key"]["pk"]["S"] == "reconciliation#state").unwrap();
    let noted = noted.body["ExpressionAttributeValues"][":document"]["S"].as_str().unwrap();
    assert!(noted.contains("tried_at") && !noted.contains("problem"), "{noted}");
}
