use super::*;

const RULES: BreakerRules = BreakerRules {
    failures: 3,
    about_one: 2,
    cool_down: TimeDelta::seconds(60),
    longest: TimeDelta::minutes(10),
    probe_lease: TimeDelta::seconds(30),
};

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-20T{text}Z").parse().unwrap()
}

fn go(breaker: &mut Breaker, time: &str, ticket: &str) -> Pass {
    let (next, decision) = breaker.ask(at(time), ticket, &RULES);
    *breaker = next.unwrap_or_else(|| breaker.clone());
    let Decision::Go(pass) = decision else { panic!("{ticket} was refused: {decision:?}") };
    pass
}

fn refused_until(breaker: &Breaker, time: &str) -> DateTime<Utc> {
    let (next, decision) = breaker.ask(at(time), "another", &RULES);
    assert_eq!(next, None, "a refusal changes nothing");
    let Decision::Refused { until } = decision else { panic!("went: {decision:?}") };
    until
}

fn fail(breaker: &mut Breaker, time: &str, ticket: &str) {
    let pass = go(breaker, time, ticket);
    *breaker = breaker.failed(at(time), &pass, None, &RULES).unwrap();
}

/// Open since 10:00:03, until 10:01:03.
fn opened() -> Breaker {
    let mut breaker = Breaker::default();
    for (time, ticket) in [("10:00:01", "a"), ("10:00:02", "b"), ("10:00:03", "c")] {
        fail(&mut breaker, time, ticket);
    }
    breaker
}

#[test]
fn the_third_failure_in_a_row_opens() {
    let mut breaker = Breaker::default();
    fail(&mut breaker, "10:00:01", "a");
    fail(&mut breaker, "10:00:02", "b");
    assert_eq!((breaker.state(), breaker.since()), (BreakerState::Closed, None));
    fail(&mut breaker, "10:00:03", "c");
    assert_eq!((breaker.state(), breaker.since()), (BreakerState::Open, Some(at("10:00:03"))));
    assert_eq!(refused_until(&breaker, "10:01:02.999"), at("10:01:03"));
}

#[test]
fn one_thing_alone_does_not_open() {
    let mut breaker = Breaker::default();
    let mut fail_about = |time: &str, about: Option<&str>| {
        let pass = go(&mut breaker, time, time);
        breaker = breaker.failed(at(time), &pass, about, &RULES).unwrap_or_else(|| breaker.clone());
        breaker.state()
    };
    for time in ["10:00:01", "10:00:02", "10:00:03", "10:00:04"] {
        assert_eq!(fail_about(time, Some("account 1")), BreakerState::Closed, "{time}");
    }
    assert_eq!(fail_about("10:00:05", Some("account 2")), BreakerState::Open);
}

#[test]
fn a_success_between_failures_begins_the_count_anew() {
    let mut breaker = Breaker::default();
    fail(&mut breaker, "10:00:01", "a");
    fail(&mut breaker, "10:00:02", "b");
    let pass = go(&mut breaker, "10:00:03", "c");
    assert!(pass.success_matters());
    breaker = breaker.succeeded(at("10:00:03"), &pass).unwrap();
    fail(&mut breaker, "10:00:04", "d");
    fail(&mut breaker, "10:00:05", "e");
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[test]
fn a_healthy_breaker_is_never_stored() {
    let mut breaker = Breaker::default();
    let pass = go(&mut breaker, "10:00:01", "a");
    assert!(!pass.success_matters() && !pass.is_probe());
    assert_eq!(breaker.succeeded(at("10:00:02"), &pass), None);
    assert_eq!(breaker, Breaker::default());
}

#[test]
fn a_probe_that_succeeds_closes() {
    let mut breaker = opened();
    let pass = go(&mut breaker, "10:01:03", "probe");
    assert!(pass.is_probe() && pass.success_matters());
    assert_eq!((breaker.state(), breaker.since()), (BreakerState::HalfOpen, Some(at("10:01:03"))));
    assert_eq!(refused_until(&breaker, "10:01:04"), at("10:01:33"), "the lease's end");
    breaker = breaker.succeeded(at("10:01:05"), &pass).unwrap();
    assert_eq!((breaker.state(), breaker.since()), (BreakerState::Closed, Some(at("10:01:05"))));
    fail(&mut breaker, "10:01:06", "a");
    assert_eq!(breaker.state(), BreakerState::Closed, "the count begins at nothing");
}

#[test]
fn every_failed_probe_doubles_the_cool_down_up_to_ten_minutes() {
    let mut breaker = opened();
    for (asked, until) in [
        ("10:01:03", "10:03:03"),
        ("10:03:03", "10:07:03"),
        ("10:07:03", "10:15:03"),
        ("10:15:03", "10:25:03"),
        ("10:25:03", "10:35:03"),
    ] {
        fail(&mut breaker, asked, asked);
        assert_eq!(refused_until(&breaker, asked), at(until));
    }
    assert_eq!(RULES.cool_down_after(u32::MAX), RULES.longest);
    let steady = BreakerRules { longest: RULES.cool_down, ..RULES };
    assert_eq!(steady.cool_down_after(7), RULES.cool_down);
    let slow = BreakerRules { cool_down: TimeDelta::minutes(15), ..RULES };
    assert_eq!(slow.cool_down_after(0), TimeDelta::minutes(15));
    assert_eq!(slow.cool_down_after(40), TimeDelta::minutes(15));
}

#[test]
fn a_probe_that_says_nothing_is_handed_on_at_once() {
    let mut breaker = opened();
    let pass = go(&mut breaker, "10:01:03", "throttled");
    breaker = breaker.released(at("10:01:04"), &pass).unwrap();
    assert_eq!(breaker.state(), BreakerState::Open);
    let next = go(&mut breaker, "10:01:04", "next");
    assert!(next.is_probe());
    assert_eq!(breaker.succeeded(at("10:01:05"), &pass), None, "the first has no say any more");
    breaker = breaker.failed(at("10:01:05"), &next, None, &RULES).unwrap();
    assert_eq!(refused_until(&breaker, "10:01:05"), at("10:03:05"), "only the second failed");
}

#[test]
fn a_probe_that_is_not_heard_of_is_taken_over_when_its_lease_ends() {
    let mut breaker = opened();
    let dead = go(&mut breaker, "10:01:03", "dead");
    assert_eq!(refused_until(&breaker, "10:01:32.999"), at("10:01:33"));
    let next = go(&mut breaker, "10:01:33", "next");
    assert_eq!(breaker.since(), Some(at("10:01:03")), "half-open all the while");
    for told in [
        breaker.succeeded(at("10:01:34"), &dead),
        breaker.failed(at("10:01:34"), &dead, None, &RULES),
        breaker.released(at("10:01:34"), &dead),
    ] {
        assert_eq!(told, None);
    }
    assert_eq!(breaker.succeeded(at("10:01:35"), &next).unwrap().state(), BreakerState::Closed);
}

#[test]
fn a_late_probe_still_counts_while_nobody_took_over() {
    let mut breaker = opened();
    let late = go(&mut breaker, "10:01:03", "late");
    let closed = breaker.succeeded(at("10:09:00"), &late).unwrap();
    assert_eq!(closed.state(), BreakerState::Closed);
}

#[test]
fn a_probe_may_ask_again_under_its_ticket() {
    let mut breaker = opened();
    let pass = go(&mut breaker, "10:01:03", "probe");
    let (next, decision) = breaker.ask(at("10:01:04"), "probe", &RULES);
    assert_eq!((next, decision), (None, Decision::Go(pass)));
}

#[test]
fn a_call_from_before_the_opening_says_nothing() {
    let mut breaker = Breaker::default();
    let old = go(&mut breaker, "10:00:00", "old");
    breaker = opened();
    let say_nothing = |breaker: &Breaker, when: &str| {
        assert_eq!(breaker.succeeded(at("10:01:30"), &old), None, "{when}");
        assert_eq!(breaker.failed(at("10:01:30"), &old, None, &RULES), None, "{when}");
        assert_eq!(breaker.released(at("10:01:30"), &old), None, "{when}");
    };
    say_nothing(&breaker, "open");
    let probe = go(&mut breaker, "10:01:03", "probe");
    say_nothing(&breaker, "half-open");
    breaker = breaker.succeeded(at("10:01:04"), &probe).unwrap();
    say_nothing(&breaker, "closed again");
}

#[test]
fn a_refusal_of_every_call_opens_at_once() {
    let mut breaker = Breaker::default();
    let (pass, other) = (go(&mut breaker, "10:00:00", "a"), go(&mut breaker, "10:00:00", "b"));
    breaker = breaker.trip(at("10:00:01"), &pass, &RULES).unwrap();
    assert_eq!((breaker.state(), breaker.since()), (BreakerState::Open, Some(at("10:00:01"))));
    assert_eq!(refused_until(&breaker, "10:01:00.999"), at("10:01:01"));
    assert_eq!(breaker.trip(at("10:00:02"), &other, &RULES), None, "it is open already");
    let probe = go(&mut breaker, "10:01:01", "probe");
    assert_eq!(breaker.trip(at("10:01:02"), &other, &RULES), None, "that call is of the past");
    breaker = breaker.trip(at("10:01:02"), &probe, &RULES).unwrap();
    assert_eq!(refused_until(&breaker, "10:01:03"), at("10:03:02"), "it was the probe that was refused");
}

#[test]
fn the_document_says_the_state_by_name() {
    let mut breaker = opened();
    go(&mut breaker, "10:01:03", "probe");
    let json = r#"{"openings":1,"since":"2026-11-20T10:01:03Z","state":"half_open","ticket":"probe","until":"2026-11-20T10:01:33Z","failed_probes":0}"#;
    assert_eq!(serde_json::to_string(&breaker).unwrap(), json);
    assert_eq!(serde_json::from_str::<Breaker>(json).unwrap(), breaker);
    assert_eq!(serde_json::to_string(&BreakerState::HalfOpen).unwrap(), r#""half_open""#);
}

#[path = "breaker_properties.rs"]
mod properties;
