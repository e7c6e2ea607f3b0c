//! The checks of what the poll leaves behind: reconciliation, subscriptions, counters.

use serde_json::json;

use super::tests::told;
use super::*;
use crate::domain::counters::Basis;
use crate::domain::crm::subscriptions::{HookFinding, HookProblem};
use crate::domain::day::Period;
use crate::domain::product::Product;
use crate::domain::reconciliation::sample::{at, day, pair};
use crate::domain::reconciliation::{
    CounterGap, CountersCheck, DayCheck, Days, HookHealth, Pair, RunState, Total,
};
use crate::domain::sale::State;

fn today() -> Period {
    Period { from: day(), to: day() }
}

/// A run of ten minutes ago that came to its end.
fn good() -> RunState {
    RunState { last_good_at: Some(at(-600)), tried_at: Some(at(-600)), ..RunState::default() }
}

fn compared(pairs: &[Pair]) -> Vec<DayCheck> {
    let mut days = Days::new(today());
    pairs.iter().for_each(|pair| days.count(pair));
    days.checked(at(-600))
}

#[test]
fn amocrm_and_the_ledger_agree_or_nobody_knows_or_deals_differ() {
    let alike = compared(&[pair(1, Some(5_000), Some(5_000)), pair(2, Some(5_000), Some(5_000))]);
    let apart = compared(&[pair(1, Some(5_000), None), pair(2, Some(5_000), Some(4_000))]);
    let refused =
        RunState { tried_at: Some(at(-60)), problem: Some("HTTP 402: not paid".to_owned()), ..good() };
    let old = RunState { last_good_at: Some(at(-1_801)), tried_at: Some(at(-1_801)), ..RunState::default() };
    let miscounted = RunState { counters: Some(counted_wrongly(1)), ..good() };
    for (days, state, status, message) in [
        (&alike, &good(), Status::Ok, "amoCRM and the ledger agree: 2 sales in 30 days"),
        (&alike, &miscounted, Status::Ok, "amoCRM and the ledger agree: 2 sales in 30 days"),
        (&apart, &good(), Status::Error, "Deals that are not alike: 1 missing, 1 different"),
        (
            &alike,
            &refused,
            Status::Error,
            "amoCRM cannot be read: HTTP 402: not paid. The figures are of 11:50",
        ),
        (&alike, &old, Status::Warning, "amoCRM has not been read since 11:29: amocrm-poll does not run"),
        (&vec![], &RunState::default(), Status::Warning, "amoCRM has not been read yet"),
        (&vec![], &good(), Status::Warning, "amoCRM has not been read for 2026-11-20: make backfill"),
    ] {
        let diagnostic = reconciliation::check(today(), days, state, at(0));
        assert_eq!(told(&diagnostic), (status, message));
    }
}

#[test]
fn both_sides_stand_beside_what_keeps_them_apart() {
    let days = compared(&[pair(1, Some(5_000), None), pair(2, Some(5_000), Some(4_000))]);
    let details =
        serde_json::to_value(reconciliation::check(today(), &days, &good(), at(0)).details).unwrap();
    let side =
        |count: i64, amount: i64| json!({"count": count, "revenue": {"amount": amount, "currency": "KZT"}});
    assert_eq!((&details["crm"], &details["ledger"]), (&side(2, 10_000), &side(1, 4_000)));
    assert_eq!((&details["missing"], &details["different"]), (&json!(1), &json!(1)));
    assert_eq!(details["checked_at"], "2026-11-20T11:50:00+05:00");
}

#[test]
fn hooks_are_on_the_list_or_it_says_what_to_switch_on() {
    let finding = |problem| HookFinding {
        path: "/api/amocrm/sales-webhook".to_owned(),
        problem,
        events: vec![],
        what_to_do: "add delete_lead to this hook in amoCRM's settings, integrations, WebHooks".to_owned(),
    };
    let seen = |findings: Vec<HookFinding>, seconds: i64| {
        Some(HookHealth { findings: Some(findings), checked_at: at(-seconds) })
    };
    for (health, status, message) in [
        (seen(vec![], 1_800), Status::Ok, "amoCRM sends us every hook that a sale depends on"),
        (seen(vec![], 1_801), Status::Warning, "amoCRM's webhooks were not looked at since 11:29"),
        (
            seen(vec![finding(HookProblem::Incomplete)], 60),
            Status::Warning,
            "1 problem with amoCRM's webhooks",
        ),
        (
            seen(vec![finding(HookProblem::Incomplete), finding(HookProblem::Disabled)], 60),
            Status::Error,
            "2 problems with amoCRM's webhooks",
        ),
        (
            Some(HookHealth { findings: None, checked_at: at(0) }),
            Status::Warning,
            "amoCRM does not show us its list of webhooks",
        ),
        (None, Status::Warning, "amoCRM's list of webhooks was never looked at"),
    ] {
        assert_eq!(told(&hooks::check(health, at(0))), (status, message));
    }
    let advice = hooks::check(seen(vec![finding(HookProblem::Missing)], 60), at(0)).details.advice.unwrap();
    let said = "Add delete_lead to this hook in amoCRM's settings, integrations, WebHooks.";
    assert_eq!((advice.what_to_do.as_str(), advice.who), (said, Who::CrmAdmin));
}

fn counted_wrongly(more: usize) -> CountersCheck {
    let gap = CounterGap {
        basis: Basis::SaleDate.as_str().to_owned(),
        team: None,
        day: day(),
        product: Product::Express,
        state: State::Active,
        counted: Total::default(),
        ledger: Total::default(),
    };
    CountersCheck { ok: false, differences: vec![gap], more, checked_at: at(-600) }
}

#[test]
fn counters_are_the_sum_of_the_sales_or_have_to_be_rebuilt_and_what_the_last_run_found_is_told() {
    let right = || CountersCheck { ok: true, checked_at: at(0), ..CountersCheck::default() };
    for (found, message) in [
        (counted_wrongly(0), "1 counter is not the sum of the sales"),
        (counted_wrongly(4), "5 counters are not the sum of the sales"),
    ] {
        for reconciliation in [None, Some(right()), Some(counted_wrongly(2))] {
            assert_eq!(told(&counters::check(found.clone(), reconciliation)), (Status::Error, message));
        }
    }
    for reconciliation in [None, Some(right())] {
        let well = (Status::Ok, "The counters are the sum of the sales");
        assert_eq!(told(&counters::check(right(), reconciliation)), well);
    }
    let mended = "The counters are the sum of the sales; 3 counters were not at the last poll, 2026-11-20T11:50:00+05:00";
    assert_eq!(told(&counters::check(right(), Some(counted_wrongly(2)))), (Status::Warning, mended));
    let details = serde_json::to_value(counters::check(right(), Some(counted_wrongly(2))).details).unwrap();
    assert_eq!(details["differences"], json!([]));
    let beside = &details["reconciliation"];
    assert_eq!((&beside["differences"][0]["day"], &beside["more"]), (&json!("2026-11-20"), &json!(2)));
    assert_eq!(beside["checked_at"], "2026-11-20T11:50:00+05:00");
}
