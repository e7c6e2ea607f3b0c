//! The demo data: what its own arithmetic expects is what the dashboard shows, however often it is loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

use e2e::days::time;
use e2e::env::{env, root};
use e2e::figures::{self, Figures, NOBODY, PRODUCTS, Sum};
use e2e::proof::Proof;
use e2e::{Caller, Crm, Stack, crm, poll};
use serde_json::Value;

/// A month that nothing else touches. The moment is fixed, so a run on the same stack finds the same deals.
const NOW: &str = "2025-02-20T23:59:59+05:00";
const FIRST: &str = "2025-01-21";
const LAST: &str = "2025-02-20";
const DAYS: &str = "31";

/// Two weeks of their own for who loads amoCRM, too; a month of them would only take longer.
const READ_NOW: &str = "2024-12-20T23:59:59+05:00";
const READ_FIRST: &str = "2024-12-07";
const READ_LAST: &str = "2024-12-20";
const READ_DAYS: &str = "14";
/// The first of these days in Almaty.
const READ_SINCE: i64 = 1_733_511_600;
/// The ids of the demo's deals that are sold on them, or soon after.
const READ_LEADS: Range<u64> = 39_970_000..40_000_000;

/// What the seed asks of its env file. No admin: what ads cost in that month nobody needs to know.
const SETTINGS: [&str; 7] = [
    "BASE_URL",
    "WEBHOOK_KEY",
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "STACK_NAME",
];

/// Leads by team, or by day: all of them, career tests, orders.
type Leads = BTreeMap<String, [i64; 3]>;

async fn seed(arguments: &[&str]) -> String {
    run("demo-env", &SETTINGS, &[&["--now", NOW, "--days", DAYS], arguments].concat()).await
}

/// The same with amoCRM.
async fn seed_and_read(arguments: &[&str]) -> String {
    let settings = [&SETTINGS[..], &["SANDBOX_URL"]].concat();
    let always = ["--now", READ_NOW, "--days", READ_DAYS, "--no-old-databases"];
    run("demo-amocrm-env", &settings, &[&always, arguments].concat()).await
}

async fn run(file: &str, settings: &[&str], arguments: &[&str]) -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(file);
    let lines = settings.iter().map(|name| format!("{name}={}\n", env().get(name)));
    std::fs::write(&file, lines.collect::<String>()).unwrap();
    let mut command = tokio::process::Command::new("python3");
    command.arg(root().join("infra/demo/seed.py")).arg("--env").arg(&file);
    command.args(arguments).current_dir(root());
    let output = command.output().await.expect("python3");
    std::fs::remove_file(&file).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// `Done in 12.3 s: duplicate 3, recorded 7` as pairs.
fn outcomes(text: &str) -> Vec<(&str, u64)> {
    let line = text.lines().find(|line| line.starts_with("Done in")).expect("a summary");
    let (_, list) = line.split_once(": ").expect("outcomes");
    list.split(", ")
        .map(|part| part.split_once(' ').unwrap())
        .map(|(name, n)| (name, n.parse().unwrap()))
        .collect()
}

fn sum(row: &Value) -> Sum {
    let number = |name: &str| row[name].as_i64().expect("a number");
    Sum {
        count: number("count"),
        revenue: number("revenue"),
        cancelled: number("cancelled"),
        cancelled_revenue: number("cancelled_revenue"),
    }
}

/// `count`, `proftest` and `express` of each row that has any.
fn leads<'a>(rows: impl Iterator<Item = (&'a str, &'a Value)>) -> Leads {
    let of = |row: &Value| ["count", "proftest", "express"].map(|name| row[name].as_i64().expect("a number"));
    rows.map(|(key, row)| (key.to_owned(), of(row))).filter(|(_, counts)| *counts != [0; 3]).collect()
}

fn expected_leads(table: &Value) -> Leads {
    leads(table.as_object().expect("a table").iter().map(|(key, row)| (key.as_str(), row)))
}

/// The leads that the funnel and `leads/total` show are those that the demo expects.
async fn assert_leads(stack: &Stack, expected: &Value) {
    let by_team = expected_leads(&expected["by_team"]);
    assert!(by_team.len() >= 5, "a month of the demo has leads of every team and of nobody: {expected}");
    let period = format!("from={FIRST}&to={LAST}");

    let funnel = stack.get(&Caller::Admin, &format!("/api/traffic-dashboard/funnel?{period}")).await.ok();
    let tests = |funnel: &Value| funnel["stages"][1]["metrics"]["leads"].as_i64().expect("a number");
    let teams = funnel["teams"].as_array().expect("teams").iter();
    let mut in_funnel: BTreeMap<&str, i64> =
        teams.map(|team| (team["team"].as_str().expect("a team"), tests(team))).collect();
    in_funnel.insert(NOBODY, tests(&funnel["unattributed"]));
    let wanted: BTreeMap<&str, i64> =
        by_team.iter().map(|(team, [_, tests, _])| (team.as_str(), *tests)).collect();
    assert_eq!(in_funnel, wanted);
    assert_eq!(tests(&funnel), expected["by_form"]["proftest"]);

    let total = stack.get(&Caller::Admin, &format!("/api/traffic-dashboard/leads/total?{period}")).await.ok();
    assert_eq!(total["count"], expected["total"]);
    assert_eq!(total["by_form"], expected["by_form"]);
    let rows = |list: &'static str, name: &'static str| {
        let rows = total[list].as_array().expect("rows").iter();
        rows.map(move |row| (row[name].as_str().expect("a name"), row))
    };
    let shown = leads(rows("by_team", "team").chain([(NOBODY, &total["unattributed"])]));
    assert_eq!(shown, by_team);
    assert_eq!(leads(rows("by_day", "day")), expected_leads(&expected["by_day"]));
    for (team, days) in expected["by_team_and_day"].as_object().expect("teams") {
        if team != NOBODY {
            let path = format!("/api/traffic-dashboard/leads/total?{period}&team={team}");
            let total = stack.get(&Caller::Admin, &path).await.ok();
            let rows = total["by_day"].as_array().expect("rows").iter();
            let shown = leads(rows.map(|row| (row["day"].as_str().expect("a day"), row)));
            assert_eq!(shown, expected_leads(days), "{team}");
        }
    }
}

fn expected_figures(expected: &Value) -> Figures {
    let mut figures = Figures::new();
    for product in PRODUCTS {
        for (team, row) in expected["by_product_and_team"][product].as_object().into_iter().flatten() {
            figures.insert((team.to_owned(), product.to_owned()), sum(row));
        }
    }
    figures.retain(|_, sum| *sum != Sum::default());
    figures
}

#[tokio::test]
async fn the_dashboard_shows_what_the_demo_expects_and_a_second_load_changes_nothing() {
    let stack = Stack::open().await;
    seed(&[]).await;
    let expected: Value =
        serde_json::from_str(&seed(&["--expect", "--from", FIRST, "--to", LAST]).await).unwrap();
    let by_team_and_product = expected_figures(&expected);
    assert!(by_team_and_product.len() >= 10, "a month of the demo has sales of every team: {expected}");
    // The funnel, the totals and the rows agree with each other and with the demo.
    assert_eq!(figures::of(&stack, FIRST, LAST).await, by_team_and_product);

    let path = format!("/api/traffic-dashboard/sales/total?from={FIRST}&to={LAST}");
    let total = stack.get(&Caller::Admin, &path).await.ok();
    assert_eq!(Sum::shown(&total), sum(&expected["total"]));
    for row in total["by_day"].as_array().unwrap() {
        let of_demo = &expected["by_day"][row["day"].as_str().unwrap()];
        assert_eq!(Sum::shown(row), if of_demo.is_null() { Sum::default() } else { sum(of_demo) }, "{row}");
    }

    let rows = figures::rows(&stack, &Caller::Admin, &format!("from={FIRST}&to={LAST}"), 500).await;
    let by_leads: Vec<_> = rows.iter().filter(|row| row["trail"]["source"] == "landing_lead").collect();
    assert!(!by_leads.is_empty(), "some sales of a month have their team from a form");
    assert_eq!(Some(by_leads.len() as u64), expected["told_by_leads"].as_u64(), "{by_leads:?}");
    assert_leads(&stack, &expected["leads"]).await;

    let again = seed(&[]).await;
    assert!(again.contains(": imported 0, known "), "{again}");
    for (outcome, count) in outcomes(&again) {
        // What has no time of its own is a new event that changes nothing.
        assert!(matches!(outcome, "duplicate" | "ignored"), "{count} {outcome} in a second load");
    }
    assert_eq!(figures::of(&stack, FIRST, LAST).await, by_team_and_product);
    assert_leads(&stack, &expected["leads"]).await;
    e2e::rebuild::assert_no_difference(FIRST, LAST).await;
}

/// How many deals that were made in these days stand in each stage of amoCRM.
async fn deals_by_stage(crm: &Crm) -> BTreeMap<u64, u64> {
    let (world, mut stages) = (crm.world().await, BTreeMap::new());
    for lead in world["leads"].as_array().expect("leads") {
        let made = poll::day_of(time(lead["created_at"].as_i64().expect("a time"))).to_string();
        if (READ_FIRST..=READ_LAST).contains(&made.as_str()) {
            *stages.entry(lead["status_id"].as_u64().expect("a stage")).or_default() += 1;
        }
    }
    stages
}

/// The same, as the dashboard shows it.
async fn shown_by_stage(stack: &Stack) -> BTreeMap<u64, u64> {
    let path = format!("/api/traffic-dashboard/leads/by-funnel?from={READ_FIRST}&to={READ_LAST}");
    let shown = stack.get(&Caller::Admin, &path).await.ok();
    let pipelines = shown["pipelines"].as_array().expect("pipelines").iter();
    let ours = pipelines.filter(|one| one["pipeline_id"] == crm::PIPELINE);
    let stages = ours.flat_map(|one| {
        assert_eq!(one["name"], "Integrator");
        one["stages"].as_array().expect("stages")
    });
    let number = |stage: &Value, name: &str| stage[name].as_u64().expect("a number");
    stages
        .map(|stage| (number(stage, "stage_id"), number(stage, "deals")))
        .filter(|(_, deals)| *deals > 0)
        .collect()
}

#[tokio::test]
async fn what_hooks_keep_to_themselves_is_found_in_amocrm_and_nothing_else() {
    let crm = Crm::open().await;
    poll::begin(&crm, 1).await;
    poll::look_back_to(READ_SINCE).await;
    seed_and_read(&[]).await;
    let expected = seed_and_read(&["--expect", "--from", READ_FIRST, "--to", READ_LAST]).await;
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let healed = expected["healed"].as_array().expect("a list").iter();
    let healed: BTreeSet<u64> = healed.map(|one| one["lead_id"].as_u64().expect("a lead")).collect();
    assert!(healed.len() >= 5, "{expected}");
    // They are listed by the time at which they were found.
    let mut listed = Proof::of_month(&crm.stack).await.listed("healed");
    listed.retain(|lead| READ_LEADS.contains(lead));
    assert!(listed.is_superset(&healed), "{listed:?} {healed:?}");
    // An earlier run on this stack had another amoCRM, whose journal told of deletions at another time.
    let world = crm.world().await;
    let mut there = world["leads"].as_array().expect("leads").iter().filter_map(|lead| lead["id"].as_u64());
    let others: BTreeSet<u64> = listed.difference(&healed).copied().collect();
    assert!(there.all(|lead| !others.contains(&lead)), "{others:?}");
    assert_eq!(figures::of(&crm.stack, READ_FIRST, READ_LAST).await, expected_figures(&expected));
    let stages = deals_by_stage(&crm).await;
    assert!(stages.len() >= 4, "{stages:?}");
    assert_eq!(shown_by_stage(&crm.stack).await, stages);

    let again = seed_and_read(&[]).await;
    assert!(again.contains(": imported 0, known "), "{again}");
    assert!(again.contains(": 0 of its people and deals were put in, 0 changes found"), "{again}");
    assert_eq!(figures::of(&crm.stack, READ_FIRST, READ_LAST).await, expected_figures(&expected));
    e2e::rebuild::assert_no_difference(READ_FIRST, READ_LAST).await;
    crm.end().await;
}
