use serde_json::{Value, json};

use super::*;
use crate::domain::reconciliation::Days;
use crate::domain::reconciliation::sample::{ACCOUNT, at, day, pair};
use crate::outbox::stand_in::{Call, World, item, world};

fn over(world: &World) -> Reconciliations {
    Reconciliations::new(Client::new(&world.sdk), "counters".to_owned())
}

fn some_day() -> DayCheck {
    let mut days = Days::new(Period { from: day(), to: day() });
    days.count(&pair(1, Some(5_000), Some(5_000)));
    days.count(&pair(2, Some(5_000), None));
    days.healed(&pair(3, None, Some(5_000)), at(9));
    days.checked(at(0)).remove(0)
}

fn good(began_at: DateTime<Utc>) -> GoodRun {
    GoodRun { began_at, notice: None, counters: CountersCheck::new(vec![], began_at) }
}

#[tokio::test]
async fn a_day_reads_back_as_it_was_found() {
    let world = world(|_| None);
    over(&world).found(ACCOUNT, &[some_day()]).await.unwrap();
    let put = &world.calls()[0].body;
    assert_eq!(put["Item"]["pk"]["S"], "reconciliation");
    assert_eq!(put["Item"]["sk"]["S"], "2026-11-20#29600001");
    assert_eq!(put["ConditionExpression"], "attribute_not_exists(pk) OR began_at <= :began_at");
    assert_eq!(put["ExpressionAttributeValues"][":began_at"], put["Item"]["began_at"]);

    let stored = put["Item"].clone();
    let world = self::world(move |_| Some(json!({"Items": [stored]})));
    let read = over(&world).days(Period { from: day().minus(3), to: day() }).await.unwrap();
    assert_eq!(read, [some_day()]);
    let asked = &world.calls()[0].body["ExpressionAttributeValues"];
    assert_eq!((&asked[":from"]["S"], &asked[":to"]["S"]), (&json!("2026-11-17#"), &json!("2026-11-20#~")));
}

#[tokio::test]
async fn a_day_that_a_later_run_has_written_stays_and_is_no_failure() {
    let late = "com.amazonaws.dynamodb#ConditionalCheckFailedException";
    let world = world(move |_| Some(json!({"__type": late, "message": "no"})));
    over(&world).found(ACCOUNT, &[some_day()]).await.unwrap();
}

/// What is read after these were told, each at so many seconds.
async fn told(good_at: Option<i64>, failed_at: Option<i64>) -> RunState {
    let world = world(|_| None);
    let reconciliations = over(&world);
    if let Some(seconds) = good_at {
        reconciliations.ended(ACCOUNT, &good(at(seconds))).await.unwrap();
    }
    if let Some(seconds) = failed_at {
        let failure = Failure::Amocrm("HTTP 402".to_owned());
        reconciliations.failed(ACCOUNT, at(seconds), failure).await.unwrap();
    }
    let mut stored = item(&state_key(ACCOUNT));
    let updates: Vec<Call> = world.calls();
    for update in &updates {
        let expression = update.body["UpdateExpression"].as_str().unwrap();
        let name = expression.split(' ').nth(1).unwrap();
        assert_eq!(
            update.body["ConditionExpression"],
            format!("attribute_not_exists({name}_at) OR {name}_at <= :at")
        );
        stored[name] = update.body["ExpressionAttributeValues"][":document"].clone();
    }
    let items: Vec<Value> = if updates.is_empty() { vec![] } else { vec![stored] };
    let world = self::world(move |_| Some(json!({"Items": items})));
    over(&world).state().await.unwrap()
}

#[tokio::test]
async fn a_failure_counts_from_when_its_run_began() {
    assert_eq!(told(None, None).await, RunState::default());
    let well = told(Some(600), None).await;
    assert_eq!((well.last_good_at, well.tried_at, well.problem), (Some(at(600)), Some(at(600)), None));
    let down = told(Some(600), Some(1_200)).await;
    assert_eq!((down.last_good_at, down.tried_at), (Some(at(600)), Some(at(1_200))));
    assert_eq!(down.problem.as_deref(), Some("HTTP 402"));
    assert!(down.counters.is_some(), "what was good stays");
    assert_eq!(told(Some(600), Some(599)).await.problem, None);
    assert_eq!(told(None, Some(599)).await.last_good_at, None);
}

#[tokio::test]
async fn our_own_failure_is_noted_and_is_none_of_amocrms() {
    let world = world(|_| None);
    over(&world).failed(ACCOUNT, at(0), Failure::Store).await.unwrap();
    let mut stored = item(&state_key(ACCOUNT));
    stored["failed"] = world.calls()[0].body["ExpressionAttributeValues"][":document"].clone();
    let world = self::world(move |_| Some(json!({"Items": [stored]})));
    let state = over(&world).state().await.unwrap();
    assert_eq!((state.tried_at, state.has_store_failed, state.problem), (Some(at(0)), true, None));
}

#[tokio::test]
async fn known_findings_stay_where_amocrm_does_not_show_its_subscriptions() {
    let world = world(|_| None);
    for findings in [Some(vec![]), None] {
        over(&world).hooks(ACCOUNT, &HookHealth { findings, checked_at: at(0) }).await.unwrap();
    }
    let conditions: Vec<Value> =
        world.calls().iter().map(|call| call.body["ConditionExpression"].clone()).collect();
    let expected = ["attribute_not_exists(hooks_at) OR hooks_at <= :at", "attribute_not_exists(hooks_at)"];
    assert_eq!(conditions, expected);
}
