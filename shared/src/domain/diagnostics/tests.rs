//! Each check, well and unwell, and the answer of the old system made again from data.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::old_sync::Live;
use super::stages::StagesChecked;
use super::webhook::{DealFacts, Told};
use super::*;
use crate::domain::attribution;
use crate::domain::crm::check::Finding;
use crate::domain::day::Day;
use crate::domain::lead::PaymentMethod;
use crate::domain::money::Tenge;
use crate::domain::old::lead::Unfit;
use crate::domain::old::tally::{Problem, Statistics};
use crate::domain::product::Product;
use crate::domain::sale::{AmountSource, Sale, State};
use crate::domain::utm::UtmName;

const PIPELINE: u64 = 10_350_882;

fn now() -> DateTime<Utc> {
    "2025-12-27T11:11:37.646Z".parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn sale(product: Product, sold_at: DateTime<Utc>, has_utm: bool) -> Sale {
    let campaign = has_utm.then(|| (UtmName::Campaign, "onai2".to_owned()));
    Sale {
        account: 29_600_001,
        lead_id: 1,
        product,
        team: None,
        state: State::Active,
        amount: Tenge(5_000),
        amount_source: AmountSource::Hook,
        sold_at,
        day: Day::of(sold_at),
        lead_day: None,
        received_at: sold_at + TimeDelta::milliseconds(if product == Product::Flagship { 75 } else { 97 }),
        verified: false,
        utm: campaign.into_iter().collect(),
        trail: attribution::decide(&[], &[], &[]),
        versions: 1,
    }
}

/// Ten sales, the newest then, an hour apart; the oldest without UTM values.
fn ten(product: Product, newest: &str) -> Vec<Sale> {
    (0..10).map(|hours| sale(product, at(newest) - TimeDelta::hours(hours), hours < 9)).collect()
}

fn sales(with_utm: usize, without: usize) -> Vec<Sale> {
    let of = |has_utm: bool| sale(Product::Express, now() - TimeDelta::days(1), has_utm);
    (0..with_utm).map(|_| of(true)).chain((0..without).map(|_| of(false))).collect()
}

/// Each sale with its deal: so many of them stand in the configured pipeline.
fn with_deals(sales: &[Sale], in_pipeline: usize) -> Vec<(&Sale, DealFacts)> {
    let facts = |place: usize| {
        let pipeline = if place < in_pipeline { PIPELINE } else { 1 };
        DealFacts { pipeline: Some(pipeline), told: Told::Hook }
    };
    sales.iter().enumerate().map(|(place, sale)| (sale, facts(place))).collect()
}

/// How a check has ended. Whoever is not well is advised, in a sentence.
pub(super) fn told(diagnostic: &Diagnostic) -> (Status, &str) {
    let advice = diagnostic.details.advice.as_ref();
    assert_eq!(advice.is_some(), diagnostic.status != Status::Ok, "{diagnostic:?}");
    if let Some(Advice { what_to_do, .. }) = advice {
        assert!(what_to_do.len() > 30 && what_to_do.ends_with('.'), "{what_to_do}");
    }
    (diagnostic.status, &diagnostic.message)
}

fn synced(total: u64, synced: u64, unfit: u64) -> Statistics {
    Statistics {
        total,
        synced,
        not_synced: total - synced,
        latest: Some(at("2025-12-25T08:29:48.597832Z")),
        reasons: [(Unfit::NoContact, unfit)].into(),
        checked_at: Some(now() - TimeDelta::minutes(10)),
        ..Statistics::default()
    }
}

fn problem(message: &str, hint: Option<&str>) -> Problem {
    Problem { message: message.to_owned(), hint: hint.map(str::to_owned) }
}

fn refused(message: &str, hint: Option<&str>) -> Statistics {
    Statistics { problem: Some(problem(message, hint)), ..synced(0, 0, 0) }
}

/// The data of the old system's day.
fn old_day() -> Report {
    let express = ten(Product::Express, "2025-12-26T17:02:04.619Z");
    let flagship = ten(Product::Flagship, "2025-12-25T11:41:23.675Z");
    let hint = "Double check your Supabase `anon` or `service_role` API key.";
    Report::of(vec![
        webhook::check(Check::ExpressWebhook, &with_deals(&express, 8), PIPELINE, now()),
        webhook::check(Check::FlagshipWebhook, &with_deals(&flagship, 1), PIPELINE, now()),
        old_sync::check(Check::Landing, synced(10, 10, 0), Live::Reads, now()),
        sales::check(Check::ExpressSales, express.iter()),
        sales::check(Check::FlagshipSales, flagship.iter()),
        sales::check_all(
            [&express, &flagship].into_iter().flatten(),
            [problem("Invalid API key", Some(hint))],
        ),
    ])
}

/// What the old system once answered: the same data give the same names, states, messages and figures. Times are told at
/// Almaty's offset, and what we know besides stands beside.
#[test]
fn the_old_systems_answer_is_made_again_from_data() {
    insta::assert_json_snapshot!(old_day());
}

/// Nothing of the old answer itself is missing: every field that it had is there with its value.
#[test]
fn whoever_reads_the_old_fields_finds_them_all() {
    let old: Value = serde_json::from_str(include_str!("old_answer.json")).unwrap();
    let new = serde_json::to_value(old_day()).unwrap();
    assert_eq!((&new["overall_status"], &new["summary"]), (&old["overall_status"], &old["summary"]));
    let entries = |answer: &Value| answer["diagnostics"].as_array().unwrap().clone();
    assert_eq!(entries(&new).len(), entries(&old).len());
    for (new, old) in entries(&new).iter().zip(entries(&old)) {
        for part in ["name", "status", "message"] {
            assert_eq!(new[part], old[part]);
        }
        for (field, value) in old["details"].as_object().unwrap() {
            let found = &new["details"][field];
            if field.starts_with("latest_") {
                // Some of the old times lack their zone, UTC, and are finer than ours.
                let milliseconds = |text: &Value| {
                    let text = text.as_str().unwrap();
                    let zoned = DateTime::parse_from_rfc3339(text).map(|at| at.to_utc());
                    zoned.unwrap_or_else(|_| at(&format!("{text}Z"))).timestamp_millis()
                };
                assert_eq!(milliseconds(found), milliseconds(value), "{} {field}", old["name"]);
            } else {
                assert_eq!(found, value, "{} {field}", old["name"]);
            }
        }
    }
}

#[test]
fn hooks_bring_sales_or_only_reading_does() {
    let old = sales(3, 0);
    let check = |sales: &[Sale], told: &[Told]| {
        let with = |(sale, told)| (sale, DealFacts { pipeline: Some(PIPELINE), told });
        let sales: Vec<_> = sales.iter().zip(told.iter().copied()).map(with).collect();
        webhook::check(Check::ExpressWebhook, &sales, PIPELINE, now())
    };
    use Told::{History, Hook, OtherHook, Reading};
    let later = [&old[..2], &[sale(Product::Express, now() - TimeDelta::hours(3), true)]].concat();
    let just_now = [&old[..2], &[sale(Product::Express, now() - TimeDelta::hours(1), true)]].concat();
    let mut cancelled = sales(1, 0);
    cancelled[0].state = State::Cancelled;
    for (sales, by, status, message) in [
        (&old, [Hook, Hook, Hook], Status::Ok, "Webhook working: 3 sales found"),
        (&old, [Hook, Reading, History], Status::Ok, "Webhook working: 3 sales found"),
        (&just_now, [Hook, Hook, Reading], Status::Ok, "Webhook working: 3 sales found"),
        (
            &later,
            [Hook, Hook, Reading],
            Status::Warning,
            "Webhook late: 3 sales found, the last 1 sale came without a hook",
        ),
        (
            &later,
            [Hook, Hook, OtherHook],
            Status::Warning,
            "Webhook late: 3 sales found, of the last 1 sale the hook of all sales alone told",
        ),
        (&just_now, [Hook, Hook, OtherHook], Status::Ok, "Webhook working: 3 sales found"),
        (
            &old,
            [OtherHook, OtherHook, History],
            Status::Warning,
            "Webhook silent: 3 sales found, told of by the hook of all sales alone",
        ),
        (&old, [History; 3], Status::Warning, "No hook yet: 3 sales known from elsewhere"),
        (&old, [Reading, Reading, History], Status::Error, "Webhook silent: 3 sales found, none by a hook"),
        (&vec![], [Hook; 3], Status::Warning, "No sales found in the last 30 days"),
        (&cancelled, [Hook; 3], Status::Warning, "No sales found in the last 30 days"),
    ] {
        assert_eq!(told(&check(sales, &by)), (status, message), "{by:?}");
    }
}

#[test]
fn sales_say_where_they_came_from_or_do_not() {
    for (with_utm, without, status, message) in [
        (0, 0, Status::Warning, "No sales found in the last 30 days"),
        (1, 0, Status::Ok, "1 sale found"),
        (5, 5, Status::Ok, "10 sales found"),
        (4, 6, Status::Warning, "10 sales found, 6 without UTM values"),
        (0, 4, Status::Warning, "4 sales found, 4 without UTM values"),
        (0, 5, Status::Error, "5 sales found, none with UTM values"),
    ] {
        let diagnostic = sales::check(Check::AllSales, sales(with_utm, without).iter());
        assert_eq!(told(&diagnostic), (status, message));
        let details = serde_json::to_value(&diagnostic.details).unwrap();
        assert_eq!((&details["with_utm"], &details["without_utm"]), (&with_utm.into(), &without.into()));
    }
}

#[test]
fn all_sales_are_not_tracked_while_those_of_an_old_database_cannot_be_read() {
    let sales = sales(1, 0);
    for (of_old, status, message) in [
        (vec![], Status::Ok, "1 sale found"),
        (vec![problem("not configured", None)], Status::Ok, "1 sale found"),
        (
            vec![problem("not configured", None), problem("HTTP 503", None)],
            Status::Error,
            "Database error: HTTP 503",
        ),
    ] {
        assert_eq!(told(&sales::check_all(sales.iter(), of_old)), (status, message));
    }
}

#[test]
fn cancelled_sales_stand_beside_those_that_count() {
    let mut sales = sales(3, 0);
    sales[0].state = State::Cancelled;
    let details = serde_json::to_value(sales::check(Check::AllSales, sales.iter()).details).unwrap();
    assert_eq!((&details["total_sales"], &details["cancelled_sales"]), (&json!(2), &json!(1)));
}

#[test]
fn an_old_database_is_taken_over_or_says_why_not() {
    let never = Statistics::default();
    let stopped = Statistics { checked_at: Some(at("2025-12-27T10:11:37Z")), ..synced(10, 10, 0) };
    let missing = "Could not find the table 'public.landing_leads' in the schema cache";
    for (sync, status, message) in [
        (synced(10, 10, 0), Status::Ok, "Sync working: 10 leads, 10 synced"),
        (synced(10, 8, 2), Status::Ok, "Sync working: 10 leads, 8 synced"),
        (synced(10, 8, 1), Status::Warning, "Sync behind: 10 leads, 8 synced"),
        (stopped, Status::Warning, "Sync stopped: it has not run since 15:11"),
        (never, Status::Warning, "Sync never ran"),
        (refused("not configured", None), Status::Warning, "Sync not configured"),
        (refused("Invalid API key", None), Status::Error, "Database error: Invalid API key"),
        (refused(missing, None), Status::Error, &format!("Database error: {missing}")),
        (
            refused("permission denied for table landing_leads", None),
            Status::Error,
            "Database error: permission denied for table landing_leads",
        ),
        (refused("HTTP 503", None), Status::Error, "Database error: HTTP 503"),
    ] {
        assert_eq!(told(&old_sync::check(Check::Landing, sync, Live::Unasked, now())), (status, message));
    }
}

#[test]
fn what_an_old_database_says_now_is_newer_than_what_it_said_to_the_last_run() {
    let hint = Some("Double check your Supabase `anon` or `service_role` API key.");
    let bad_key = || Live::Fails(problem("Invalid API key", hint));
    let again = "The database answers again; the last sync did not get in: Invalid API key";
    for (sync, live, status, message) in [
        (synced(10, 10, 0), Live::Reads, Status::Ok, "Sync working: 10 leads, 10 synced"),
        (synced(10, 10, 0), bad_key(), Status::Error, "Database error: Invalid API key"),
        (refused("HTTP 503", None), bad_key(), Status::Error, "Database error: Invalid API key"),
        (refused("Invalid API key", None), Live::Reads, Status::Warning, again),
        // A single row says nothing of it.
        (refused("HTTP 503", None), Live::Reads, Status::Error, "Database error: HTTP 503"),
        (refused("Invalid API key", None), Live::Unasked, Status::Error, "Database error: Invalid API key"),
        (Statistics::default(), Live::Reads, Status::Warning, "Sync never ran"),
        (refused("not configured", None), Live::Unasked, Status::Warning, "Sync not configured"),
    ] {
        assert_eq!(told(&old_sync::check(Check::Tripwire, sync, live, now())), (status, message));
    }
}

#[test]
fn a_database_that_refuses_is_quoted() {
    let details = |sync| {
        let told = old_sync::check(Check::Tripwire, sync, Live::Unasked, now());
        serde_json::to_value(told.details).unwrap()
    };
    let refused = details(refused("the project is paused", Some("Wake it in Supabase, in its settings.")));
    let error = json!({"message": "the project is paused", "hint": "Wake it in Supabase, in its settings."});
    assert_eq!((&refused["error"], &refused["what_to_do"]), (&error, &error["hint"]));
    assert_eq!(refused["who"], "an admin of the Supabase project");
}

#[test]
fn payment_stages_fit_or_lead_orders_astray() {
    let finding = |status_id, payment_method| Finding {
        payment_method,
        status_id,
        problem: "stage 40 is the incoming one: no deal can be moved there".to_owned(),
        what_to_do: "Set one of these instead: 20 \"Новая\".".to_owned(),
    };
    let kaspi = Some(PaymentMethod::Kaspi);
    let looked = |findings: Vec<Finding>, hours| {
        Some(StagesChecked { findings, checked_at: now() - TimeDelta::hours(hours) })
    };
    for (checked, status, message) in [
        (looked(vec![], 26), Status::Ok, "The payment stages fit amoCRM's pipelines"),
        (looked(vec![], 27), Status::Warning, "amoCRM's pipelines were not looked at since 2025-12-26 13:11"),
        (looked(vec![finding(Some(40), kaspi)], 1), Status::Warning, "1 problem with the payment stages"),
        (
            looked(vec![finding(Some(40), kaspi), finding(Some(143), kaspi)], 1),
            Status::Error,
            "2 problems with the payment stages",
        ),
        (looked(vec![finding(None, None)], 1), Status::Error, "1 problem with the payment stages"),
        (None, Status::Warning, "amoCRM's pipelines were never looked at"),
    ] {
        assert_eq!(told(&stages::check(checked, now())), (status, message));
    }
}

#[test]
fn what_the_check_of_the_pipeline_stores_reads_back() {
    let stored = json!({"ok": true, "findings": [], "checked_at": "2025-12-27T01:20:00Z"});
    let read: StagesChecked = serde_json::from_value(stored).unwrap();
    assert_eq!(read, StagesChecked { findings: vec![], checked_at: at("2025-12-27T01:20:00Z") });
}

#[test]
fn a_check_that_comes_to_nothing_is_an_error_of_its_own_name() {
    for (why, message) in [
        (Unchecked::Store, "Check failed: our own store did not answer"),
        (Unchecked::TooSlow, "Check failed: it did not end in time"),
    ] {
        let diagnostic = Diagnostic::unchecked(Check::AllSales, why);
        assert_eq!(told(&diagnostic), (Status::Error, message));
        let Value::Object(details) = serde_json::to_value(&diagnostic.details).unwrap() else { panic!() };
        assert_eq!(details.keys().collect::<Vec<_>>(), ["what_to_do", "who"]);
    }
}

#[test]
fn the_whole_is_as_bad_as_its_worst_part() {
    let overall = |with_utm| {
        let check =
            |(with, without): (usize, usize)| sales::check(Check::AllSales, sales(with, without).iter());
        let report = Report::of([(1, 0), with_utm].map(check).into());
        let told = serde_json::to_value(report).unwrap();
        assert_eq!(told["summary"]["total"], 2);
        told["overall_status"].clone()
    };
    assert_eq!([(1, 0), (0, 0), (0, 5)].map(overall), ["ok", "warning", "error"]);
}
