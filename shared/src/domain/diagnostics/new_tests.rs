//! The checks that the old system did not have: spend, rates, queues, tokens, amoCRM itself.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::crm::Said;
use super::last_run::LastRun;
use super::queues::{QueueCount, Since};
use super::spend::Pulled;
use super::tests::told;
use super::*;
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Day;
use crate::domain::money::Currency;
use crate::domain::rates::{DayRates, Rates};
use crate::domain::sync_state::{AccountSync, ParkReason, Parked, Pause, WaitReason};
use crate::domain::token_health::{Found, Kept, Token, TokenCheck, Trouble, Worth};

fn now() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

fn details(diagnostic: &Diagnostic) -> Value {
    serde_json::to_value(&diagnostic.details).unwrap()
}

fn pulled(minutes_ago: Option<i64>) -> Pulled {
    let pulled_at = minutes_ago.map(|minutes| now() - TimeDelta::minutes(minutes));
    Pulled {
        account_id: AdAccountId::parse("839340528712304").unwrap(),
        name: Some("Muha KZ".to_owned()),
        sync: AccountSync { pulled_at, ..AccountSync::default() },
        foreign_limit: None,
    }
}

fn parked() -> Pulled {
    let parked = Parked { since: now(), reason: ParkReason::PermissionMissing, said: "(#200)".to_owned() };
    Pulled { sync: AccountSync { parked: Some(parked), ..pulled(Some(5)).sync }, ..pulled(None) }
}

#[test]
fn spend_is_as_old_as_its_oldest_account() {
    let blocked = Some("Facebook blocks ad account 839340528712304 until 10:20.");
    for (accounts, reason, status, message) in [
        (
            vec![pulled(Some(180)), pulled(Some(5))],
            None,
            Status::Ok,
            "The spend of 2 ad accounts is of 07:00 or newer",
        ),
        (vec![], None, Status::Warning, "No ad account is known"),
        (
            vec![pulled(Some(5)), pulled(None)],
            None,
            Status::Warning,
            "The spend of 1 ad account was never pulled",
        ),
        (
            vec![pulled(Some(181))],
            None,
            Status::Warning,
            "The spend of 1 ad account is more than 3 hours old",
        ),
        (
            vec![pulled(Some(5))],
            blocked,
            Status::Warning,
            "Facebook blocks ad account 839340528712304 until 10:20",
        ),
        (
            vec![pulled(Some(5)), Pulled { foreign_limit: Currency::parse("USD"), ..pulled(Some(5)) }],
            None,
            Status::Warning,
            "The daily limit of 1 ad account is in a currency that is not its own",
        ),
        (
            vec![pulled(Some(1_441)), pulled(Some(200))],
            blocked,
            Status::Error,
            "The spend of 1 ad account is more than a day old",
        ),
        (
            vec![pulled(Some(5)), parked()],
            None,
            Status::Error,
            "Facebook does not give the spend of 1 ad account: Give the token's user access to this ad account (ads_read)",
        ),
    ] {
        assert_eq!(told(&spend::check(accounts, reason, now())), (status, message));
    }
}

#[test]
fn every_account_is_told_with_its_age_the_oldest_first() {
    let until = now() + TimeDelta::minutes(20);
    let pause = Some(Pause { until, reason: WaitReason::AccountLimit });
    let paused = Pulled { sync: AccountSync { pause, ..pulled(Some(90)).sync }, ..pulled(None) };
    let told = details(&spend::check(vec![pulled(Some(5)), paused, pulled(None)], None, now()));
    let row = |state: &str, pulled_at: Value, age: Value| {
        json!({
            "account_id": "839340528712304", "name": "Muha KZ", "state": state, "pulled_at": pulled_at, "age_minutes": age,
        })
    };
    let expected = [
        row("pending", Value::Null, Value::Null),
        row("paused", json!("2026-11-20T08:30:00+05:00"), json!(90)),
        row("ok", json!("2026-11-20T09:55:00+05:00"), json!(5)),
    ];
    assert_eq!(told["accounts"], json!(expected));
    assert_eq!((&told["oldest_pulled_at"], &told["more"]), (&json!("2026-11-20T08:30:00+05:00"), &json!(0)));
    let many = vec![pulled(Some(5)); 101];
    assert_eq!(details(&spend::check(many, None, now()))["more"], 1);
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

fn rates(code: &str, date: &str) -> Rates {
    let day = Day::parse(date).unwrap();
    let rates = BTreeMap::from([(currency(code), "469.31".parse().unwrap())]);
    [DayRates { day, published_for: None, rates }].into_iter().collect()
}

#[test]
fn a_rate_is_new_enough_or_old_or_not_there() {
    let today = Day::parse("2026-11-20").unwrap();
    for (date, status, message) in [
        ("2026-11-15", Status::Ok, "Rates of USD are of 2026-11-15 or newer"),
        ("2026-11-14", Status::Warning, "The rate of USD is more than 5 days old"),
        ("2026-11-05", Status::Error, "No rate of USD in two weeks: spend in it is in no sum of tenge"),
    ] {
        let diagnostic = rates::check(&rates::currencies([]), &rates("USD", date), today);
        assert_eq!(told(&diagnostic), (status, message));
    }
    let both = rates::currencies([Currency::KZT, currency("USD"), currency("EUR"), currency("USD")]);
    let diagnostic = rates::check(&both, &rates("USD", "2026-11-19"), today);
    let missing = (Status::Error, "No rate of EUR in two weeks: spend in it is in no sum of tenge");
    assert_eq!(told(&diagnostic), missing);
    let expected = json!([
        {"currency": "EUR", "date": null, "age_days": null},
        {"currency": "USD", "date": "2026-11-19", "age_days": 1},
    ]);
    assert_eq!(details(&diagnostic)["rates"], expected);
}

fn queue(waiting: u64, dead_letters: u64) -> QueueCount {
    QueueCount { queue: "hook-retry", waiting, in_flight: 1, delayed: 2, dead_letters }
}

#[test]
fn messages_are_worked_on_or_pile_up_or_are_dead() {
    let since = Since::from([("hook-retry".to_owned(), now() - TimeDelta::hours(3))]);
    let just_now = Since::from([("hook-retry".to_owned(), now())]);
    for (queues, since, status, message) in [
        (
            vec![queue(997, 0), queue(0, 0)],
            &Since::new(),
            Status::Ok,
            "No dead letters; 1003 messages on their way",
        ),
        (
            vec![queue(1_001, 0)],
            &Since::new(),
            Status::Warning,
            "1001 messages wait in hook-retry: more than its worker takes in",
        ),
        (vec![queue(1_001, 1)], &just_now, Status::Error, "1 dead letter waits for a person"),
        (
            vec![queue(0, 1), queue(0, 2)],
            &since,
            Status::Error,
            "3 dead letters wait for a person, since 07:00 at least",
        ),
    ] {
        assert_eq!(told(&queues::check(&queues, &[], since, now())), (status, message));
    }
    let row = json!({
        "queue": "hook-retry", "waiting": 0, "in_flight": 1, "delayed": 2, "dead_letters": 1,
        "dead_letters_since": "2026-11-20T07:00:00+05:00",
    });
    assert_eq!(details(&queues::check(&[queue(0, 1)], &[], &since, now()))["queues"], json!([row]));
}

#[test]
fn dead_letters_are_as_old_as_the_first_run_that_found_the_queue_with_some() {
    let first = queues::since(&Since::new(), &[queue(0, 1)], &[], now());
    let later = now() + TimeDelta::hours(1);
    assert_eq!(queues::since(&first, &[queue(0, 5)], &[], later), first);
    let emptied = queues::since(&first, &[queue(9, 0)], &[], later);
    assert_eq!(emptied, Since::new());
    assert_eq!(queues::since(&emptied, &[queue(0, 1)], &[], later)["hook-retry"], later);
}

#[test]
fn a_queue_that_nobody_can_count_hides_no_other_and_its_dead_letters_are_as_old_as_before() {
    let before = Since::from([("notifications".to_owned(), now() - TimeDelta::hours(9))]);
    let since = queues::since(&before, &[queue(0, 1)], &["notifications", "amocrm-writer"], now());
    let expected =
        [("hook-retry".to_owned(), now()), ("notifications".to_owned(), now() - TimeDelta::hours(9))];
    assert_eq!(since, Since::from(expected));
    let check = |dead| queues::check(&[queue(0, dead)], &["notifications"], &since, now());
    assert_eq!(told(&check(1)), (Status::Error, "1 dead letter waits for a person"));
    assert_eq!(told(&check(0)), (Status::Warning, "Nobody can count the queue notifications"));
}

fn kept(hours_ago: i64, found: Found) -> Kept {
    let check = TokenCheck { checked_at: now() - TimeDelta::hours(hours_ago), found };
    Kept { answered: Some(check.clone()), last: Some(check) }
}

#[test]
fn tokens_are_good_or_soon_not_or_dead() {
    let good = |days: i64| {
        Found::Good(Worth { expires_at: Some(now() + TimeDelta::days(days)), ..Worth::default() })
    };
    let dead =
        || Found::bad("Facebook: the session has expired", "An admin makes a new token and stores it.");
    for (facebook, sms, status, message) in [
        (kept(1, good(30)), kept(2, good(30)), Status::Ok, "Every token is good"),
        (kept(1, good(13)), kept(1, good(30)), Status::Warning, "1 token needs a look: facebook"),
        (
            kept(1, Found::down("it hangs")),
            kept(1, good(3)),
            Status::Warning,
            "2 tokens need a look: facebook, sms",
        ),
        (kept(1, good(30)), kept(3, good(30)), Status::Warning, "Tokens were not checked since 07:00"),
        (kept(1, good(30)), Kept::default(), Status::Warning, "Not every token was ever checked"),
        (kept(1, dead()), Kept::default(), Status::Error, "1 token does not work: facebook"),
        (kept(1, dead()), kept(9, good(-1)), Status::Error, "2 tokens do not work: facebook, sms"),
    ] {
        let kept = BTreeMap::from([(Token::Facebook, facebook), (Token::Sms, sms)]);
        let diagnostic = tokens::check(&kept, now());
        assert_eq!(told(&diagnostic), (status, message));
        assert_eq!(details(&diagnostic)["tokens"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn amocrm_answers_or_was_not_asked_or_does_not_let_us_in() {
    let unpaid = Trouble::new("amoCRM: HTTP 402, not paid", "The account's owner pays amoCRM for it.")
        .by(Who::AccountOwner);
    for (said, status, message) in [
        (Said::Account(29_600_001), Status::Ok, "amoCRM answers"),
        (Said::Busy, Status::Warning, "amoCRM was not asked: our requests use up its limit"),
        (Said::NoAddress, Status::Warning, "amoCRM's address is not set"),
        (
            Said::Ended("HTTP 401, Unauthorized".to_owned()),
            Status::Warning,
            "amoCRM's access token has ended: HTTP 401, Unauthorized",
        ),
        (
            Said::Silent("it does not answer in time".to_owned()),
            Status::Error,
            "amoCRM cannot be used: it does not answer in time",
        ),
        (Said::Refused(unpaid), Status::Error, "amoCRM: HTTP 402, not paid"),
    ] {
        let diagnostic = crm::check(said.clone(), now());
        assert_eq!(told(&diagnostic), (status, message));
        let account = if status == Status::Ok { json!(29_600_001) } else { Value::Null };
        assert_eq!(details(&diagnostic)["account_id"], account);
    }
}

#[test]
fn a_run_that_is_kept_reads_back_and_grows_old() {
    let run = LastRun {
        ran_at: now(),
        dead_letters_since: Since::from([("hook-retry".to_owned(), now())]),
        report: json!({"overall_status": "ok"}),
    };
    let text = serde_json::to_string(&run).unwrap();
    assert_eq!(serde_json::from_str::<LastRun>(&text).unwrap(), run);
    let after = |minutes| run.is_stale(now() + TimeDelta::minutes(minutes));
    assert_eq!((after(120), after(121)), (false, true));
}
