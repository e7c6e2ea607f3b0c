//! Sections of the settings as an admin changes them. Teams and products are everybody's, so tests that change them do so one
//! after the other, with patterns that no other test's values have.

use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};

use crate::{Answer, Caller, Stack, aws, wait};

static TURN: Mutex<()> = Mutex::const_new(());

/// The function that carries out jobs.
pub const MOVER: &str = "attribution-mover";

/// A turn at the settings, and at the jobs that move what stands to them.
pub async fn turn() -> MutexGuard<'static, ()> {
    let turn = TURN.lock().await;
    // A test that failed may have left it off.
    aws::deliver(MOVER, true).await;
    turn
}

/// A pattern that no other test's values have.
pub fn fresh_pattern() -> String {
    let letter = |_| char::from(fastrand::u8(b'a'..=b'z'));
    format!("zz{}", (0..12).map(letter).collect::<String>())
}

/// A section, `{version, value, …}`.
pub async fn section(stack: &Stack, name: &str) -> Value {
    stack.get(&Caller::Admin, &format!("/api/admin/settings/{name}")).await.ok()
}

/// Tries to change a section.
pub async fn put(stack: &Stack, name: &str, version: &Value, value: &Value) -> Answer {
    let body = json!({"version": version, "value": value}).to_string().into_bytes();
    let path = format!("/api/admin/settings/{name}");
    stack.send("PUT", &path, &Caller::Admin, Some(("application/json", body))).await
}

/// Changes a section; its version since.
pub async fn change(stack: &Stack, name: &str, by: impl FnOnce(&mut Value)) -> Value {
    let mut held = section(stack, name).await;
    by(&mut held["value"]);
    put(stack, name, &held["version"], &held["value"]).await.ok()["version"].clone()
}

/// A team's place in the section.
pub fn place_of(teams: &Value, team: &str) -> usize {
    let teams = teams.as_array().expect("teams");
    teams.iter().position(|one| one["id"] == team).expect("the team")
}

/// Gives a team a pattern that stands anywhere, and takes it from every other.
pub fn give(teams: &mut Value, team: &str, pattern: &str) {
    take_away(teams, pattern);
    let place = place_of(teams, team);
    let patterns = teams[place]["patterns"].as_array_mut().expect("patterns");
    patterns.push(json!({"text": pattern, "matching": "anywhere"}));
}

/// Takes a pattern from whoever has it.
pub fn take_away(teams: &mut Value, pattern: &str) {
    for team in teams.as_array_mut().expect("teams") {
        team["patterns"].as_array_mut().expect("patterns").retain(|one| one["text"] != pattern);
    }
}

/// What changed rules would move.
pub async fn preview(stack: &Stack, section: &str, value: &Value, period: (&str, &str)) -> Value {
    let question = json!({"section": section, "value": value, "from": period.0, "to": period.1});
    stack.post_json(&Caller::Admin, "/api/admin/attribution/preview", &question).await.ok()
}

/// Orders a job.
pub async fn order(stack: &Stack, what: &str, order: &Value) -> Answer {
    stack.post_json(&Caller::Admin, &format!("/api/admin/attribution/{what}"), order).await
}

/// How far a job is.
pub async fn progress(stack: &Stack, job_id: &str) -> Answer {
    stack.get(&Caller::Admin, &format!("/api/admin/attribution/jobs/{job_id}")).await
}

/// Waits until a job is done; how it ended.
pub async fn until_done(stack: &Stack, job_id: &str) -> Value {
    wait::until("the job to end", async || {
        let job = progress(stack, job_id).await.ok();
        (job["state"] == "done").then_some(job)
    })
    .await
}

/// Begins a job and waits until it is done; how it ended.
pub async fn job(stack: &Stack, what: &str, wish: &Value) -> Value {
    let begun = wait::until("the job to begin", async || {
        let answer = order(stack, what, wish).await;
        (answer.status == 202).then(|| answer.json())
    })
    .await;
    until_done(stack, begun["job_id"].as_str().expect("a job's id")).await
}
