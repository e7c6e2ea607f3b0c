use super::super::sample::{at, day, pair};
use super::super::{CounterGap, Days, Total};
use super::*;
use crate::domain::product::Product;
use crate::domain::sale::State;

fn good() -> RunState {
    let counters = CountersCheck::new(vec![], at(0));
    RunState {
        last_good_at: Some(at(0)),
        tried_at: Some(at(0)),
        counters: Some(counters),
        ..RunState::default()
    }
}

/// A week that ends with the sample's day, each of its days compared; one sale of these sides on the last.
fn week(crm: Option<i64>, ledger: Option<i64>) -> (Period, Vec<DayCheck>) {
    let period = Period { from: day().minus(6), to: day() };
    let mut days = Days::new(period);
    days.count(&pair(1, crm, ledger));
    (period, days.checked(at(0)))
}

fn judged(period: Period, days: &[DayCheck], state: &RunState) -> (Proven, String) {
    let asked = Asked { period, keeps: &|_| true, now: at(240) };
    let judgement = Judgement::of(&asked, days, state, None);
    (judgement.state, judgement.reason.unwrap_or_default())
}

#[test]
fn green_is_what_was_compared_and_is_equal() {
    let (period, days) = week(Some(5_000), Some(5_000));
    assert_eq!(judged(period, &days, &good()), (Proven::Green, String::new()));
    let tomorrow = Period { to: day().plus(3), ..period };
    assert_eq!(judged(tomorrow, &days, &good()).0, Proven::Green, "days to come are not asked for");
}

#[test]
fn nothing_is_green_by_default() {
    let (period, days) = week(None, None);
    for (state, said) in [
        (RunState::default(), "amoCRM has not been read yet."),
        (
            RunState { last_good_at: Some(at(240 - 1_801)), tried_at: None, ..good() },
            "amoCRM has not been read since 11:33: amocrm-poll does not run.",
        ),
        (
            RunState { tried_at: Some(at(200)), problem: Some("HTTP 402".to_owned()), ..good() },
            "amoCRM cannot be read: HTTP 402. The figures are of 12:00.",
        ),
        (
            RunState { tried_at: Some(at(200)), problem: Some("HTTP 403".to_owned()), ..RunState::default() },
            "amoCRM cannot be read: HTTP 403.",
        ),
        (
            RunState { tried_at: Some(at(200)), has_store_failed: true, ..good() },
            "Our own store failed when amoCRM was to be compared; the log of amocrm-poll says how. The figures are of 12:00.",
        ),
    ] {
        assert_eq!(judged(period, &days, &state), (Proven::Unknown, said.to_owned()));
    }
    let later = Period { from: day().plus(1), to: day().plus(2) };
    assert_eq!(judged(later, &[], &good()), (Proven::Unknown, "The period has not begun.".to_owned()));
}

#[test]
fn days_that_were_never_compared_are_named() {
    let (_, mut days) = week(Some(5_000), Some(5_000));
    days.remove(2);
    let period = Period { from: day().minus(30), to: day() };
    let said = "amoCRM has not been read for 2026-10-21 … 2026-11-13, 2026-11-16: make backfill.";
    assert_eq!(judged(period, &days, &good()), (Proven::Unknown, said.to_owned()));
    let (_, red) = week(Some(5_000), Some(4_000));
    let (state, reason) = judged(period, &red, &good());
    assert_eq!(state, Proven::Red, "what is known to differ differs");
    assert_eq!(
        reason,
        "Deals that are not alike: 1 different. amoCRM has not been read for 2026-10-21 … 2026-11-13: make backfill."
    );
}

#[test]
fn red_says_how_many_and_what_was_not_dared() {
    let (period, days) = week(None, Some(5_000));
    let state = RunState { notice: Some("Half of them are gone at once.".to_owned()), ..good() };
    let said = "Deals that are not alike: 1 extra. Half of them are gone at once.";
    assert_eq!(judged(period, &days, &state), (Proven::Red, said.to_owned()));
    let other = Asked { period, keeps: &|row| row.product == Product::Flagship, now: at(240) };
    let judgement = Judgement::of(&other, &days, &state, None);
    assert_eq!((judgement.state, judgement.sides), (Proven::Green, Sides::default()));
    assert_eq!(judgement.checked_at, Some(at(0)));
}

#[test]
fn counters_that_are_wrecked_are_red_where_they_are_asked_for() {
    let (period, days) = week(Some(5_000), Some(5_000));
    let gap = CounterGap {
        basis: "sale_date".to_owned(),
        team: None,
        day: day(),
        product: Product::Express,
        state: State::Active,
        counted: Total::default(),
        ledger: Total::default(),
    };
    let state = RunState { counters: Some(CountersCheck::new(vec![gap], at(0))), ..good() };
    let said = "The counters are not the sum of the sales: run rebuild.";
    assert_eq!(judged(period, &days, &state), (Proven::Red, said.to_owned()));
    let before = Period { to: day().minus(1), ..period };
    assert_eq!(judged(before, &days[..6], &state).0, Proven::Green);
    let mut more = state;
    more.counters.iter_mut().for_each(|counters| counters.more = 2);
    let unnamed = "Of 2 counters more that are not the sum of the sales nobody knows the day: run rebuild.";
    assert_eq!(judged(before, &days[..6], &more), (Proven::Unknown, unnamed.to_owned()));
    assert_eq!(judged(period, &days, &more), (Proven::Red, said.to_owned()), "it is among those named");
}
