//! Jobs that move what stands to other rules: one at a time, each by the rules that it began with, however often its message comes.

use e2e::days::{self, Day};
use e2e::settings::{self, MOVER, fresh_pattern};
use e2e::{Caller, Deal, Hook, Route, Stack, aws, figures, pulling, rebuild, wait};
use serde_json::{Value, json};

async fn sold(stack: &Stack, day: Day, campaign: &str) -> Deal {
    let deal = Deal::new();
    let hook = Hook::won(Route::Funnel, deal, day.noon()).price(5_000).campaign(campaign);
    assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
    deal
}

async fn give(stack: &Stack, team: &str, pattern: &str) {
    settings::change(stack, "teams", |teams| settings::give(teams, team, pattern)).await;
}

fn over(day: Day) -> Value {
    json!({"from": day.to_string(), "to": day.to_string()})
}

/// The team of the only sale of a day, which the figures and the sale itself have to agree on.
async fn team(stack: &Stack, day: Day, deal: Deal) -> String {
    let figures = figures::of(stack, day, day).await;
    let held: Vec<&str> = figures.keys().map(|(team, _)| team.as_str()).collect();
    let team = stack.sale(&deal.sale("express")).await.ok()["sale"]["team"].clone();
    assert_eq!(held, [team.as_str().unwrap_or(figures::NOBODY)]);
    rebuild::assert_no_difference(day, day).await;
    held[0].to_owned()
}

fn id(body: &Value) -> String {
    body["job_id"].as_str().expect("a job's id").to_owned()
}

#[tokio::test]
async fn a_job_runs_alone_and_the_same_order_is_the_same_job() {
    let (stack, _turn) = (Stack::open().await, settings::turn().await);
    let day = days::fresh(&stack, 2).await;
    aws::deliver(MOVER, false).await;
    let job = id(&settings::order(&stack, "apply", &over(day)).await.accepted());
    // As if its message had never been sent.
    pulling::purge("QUEUE_ATTRIBUTION").await;
    assert_eq!(id(&settings::order(&stack, "apply", &over(day)).await.accepted()), job);
    settings::order(&stack, "apply", &over(day.plus(1))).await.refused(409, "conflict");
    let undo = json!({"job_id": job});
    settings::order(&stack, "undo", &undo).await.refused(409, "conflict");
    for other in ["current", "applied", &format!("{job}%23{day}")] {
        settings::progress(&stack, other).await.refused(404, "not_found");
    }
    aws::deliver(MOVER, true).await;
    settings::until_done(&stack, &job).await;

    aws::deliver(MOVER, false).await;
    let taken_back = id(&settings::order(&stack, "undo", &undo).await.accepted());
    pulling::purge("QUEUE_ATTRIBUTION").await;
    assert_eq!(id(&settings::order(&stack, "undo", &undo).await.accepted()), taken_back);
    aws::deliver(MOVER, true).await;
    settings::until_done(&stack, &taken_back).await;
    settings::order(&stack, "undo", &undo).await.refused(409, "conflict");
}

#[tokio::test]
async fn a_message_that_comes_twice_moves_nothing_twice_and_nothing_that_was_taken_back() {
    let (stack, _turn) = (Stack::open().await, settings::turn().await);
    let (day, pattern) = (days::fresh(&stack, 1).await, fresh_pattern());
    give(&stack, "kenesary", &pattern).await;
    let deal = sold(&stack, day, &pattern).await;
    give(&stack, "muha", &pattern).await;
    aws::deliver(MOVER, false).await;
    let job = id(&settings::order(&stack, "apply", &over(day)).await.accepted());
    let message = json!({"job_id": job});
    let (one, other) =
        tokio::join!(aws::invoke_with_message(MOVER, &message), aws::invoke_with_message(MOVER, &message));
    assert_eq!((one, other), (Ok(false), Ok(false)));
    let done = settings::until_done(&stack, &job).await;
    assert_eq!((&done["deals_moved"], &done["days_done"]), (&json!(1), &json!(1)), "{done}");
    assert_eq!(team(&stack, day, deal).await, "muha");
    aws::deliver(MOVER, true).await;
    let undone = settings::job(&stack, "undo", &message).await;
    assert_eq!((&undone["deals_moved"], &undone["of"]), (&json!(1), &json!(job)), "{undone}");
    let held = settings::progress(&stack, &job).await.ok();
    assert_eq!(held["undone_by"], undone["job_id"]);

    assert_eq!(aws::invoke_with_message(MOVER, &message).await, Ok(false));
    assert_eq!(team(&stack, day, deal).await, "kenesary");
    assert_eq!(settings::progress(&stack, &job).await.ok(), held, "not even its progress is written again");
    let next = settings::order(&stack, "apply", &over(day)).await.accepted();
    assert_ne!(id(&next), job, "the place is free");
    settings::until_done(&stack, &id(&next)).await;
    settings::job(&stack, "undo", &json!({"job_id": id(&next)})).await;
    settings::change(&stack, "teams", |teams| settings::take_away(teams, &pattern)).await;
}

#[tokio::test]
async fn a_job_keeps_to_its_rules_and_is_undone_after_those_that_came_after_it() {
    let (stack, _turn) = (Stack::open().await, settings::turn().await);
    let (day, pattern) = (days::fresh(&stack, 1).await, fresh_pattern());
    give(&stack, "kenesary", &pattern).await;
    let deal = sold(&stack, day, &pattern).await;
    give(&stack, "muha", &pattern).await;
    aws::deliver(MOVER, false).await;
    let first = id(&settings::order(&stack, "apply", &over(day)).await.accepted());
    let rules = settings::progress(&stack, &first).await.ok()["rules"].clone();
    give(&stack, "arystan", &pattern).await;
    aws::deliver(MOVER, true).await;
    let done = settings::until_done(&stack, &first).await;
    assert_eq!((&done["deals_moved"], &done["rules"]), (&json!(1), &rules), "{done}");
    assert_eq!(team(&stack, day, deal).await, "muha", "what is saved meanwhile is not for this job");

    let second = settings::job(&stack, "apply", &over(day)).await;
    assert_eq!(team(&stack, day, deal).await, "arystan");
    let undo_first = json!({"job_id": first});
    let refusal = settings::order(&stack, "undo", &undo_first).await.refused(409, "conflict");
    assert!(refusal["message"].as_str().is_some_and(|said| said.contains(&id(&second))), "{refusal}");
    assert_eq!(team(&stack, day, deal).await, "arystan");
    settings::job(&stack, "undo", &json!({"job_id": id(&second)})).await;
    assert_eq!(team(&stack, day, deal).await, "muha");
    let undone = settings::job(&stack, "undo", &undo_first).await;
    assert_eq!(undone["deals_moved"], 1, "{undone}");
    assert_eq!(team(&stack, day, deal).await, "kenesary");
    let end = format!("{}-end", id(&undone));
    let row = wait::until("the job's end in the audit", async || {
        let told = stack.get(&Caller::Admin, "/api/admin/audit?limit=200").await.ok();
        told["items"].as_array()?.iter().find(|row| row["id"] == end).cloned()
    })
    .await;
    assert_eq!((&row["action"], &row["after"]["deals"]), (&json!("rules_undone"), &json!(1)), "{row}");
    settings::change(&stack, "teams", |teams| settings::take_away(teams, &pattern)).await;
}
