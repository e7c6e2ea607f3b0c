use super::*;
use crate::domain::breaker::{BreakerRules, Decision};
use crate::domain::money::Currency;
use crate::domain::reconciliation::Sides;
use crate::domain::token_health::{TokenCheck, Worth};

fn now() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

fn of_token(found: Found) -> Option<(Level, String)> {
    let answered = Some(TokenCheck { checked_at: now(), found });
    let silent = Some(TokenCheck { checked_at: now(), found: Found::down("it does not answer") });
    let kept = Kept { last: silent, answered };
    let sighting = token(Token::Facebook, &kept, &AlertSettings::default(), now())?;
    assert_eq!(sighting.topic.id(), "token:facebook");
    assert!(!sighting.what_to_do.is_empty());
    Some((sighting.level, sighting.message))
}

fn that_ends_in(hours: i64) -> Option<(Level, String)> {
    of_token(Found::Good(Worth { expires_at: Some(now() + TimeDelta::hours(hours)), ..Worth::default() }))
}

#[test]
fn a_token_is_seen_by_what_its_neighbour_said_last() {
    assert_eq!(of_token(Found::Good(Worth::default())), None);
    assert_eq!(that_ends_in(24 * 14 + 1), None);
    let said = |level, message: &str| Some((level, message.to_owned()));
    assert_eq!(that_ends_in(24 * 6), said(Level::ends_in(7), "It ends in 6 days, at 2026-11-26 10:00."));
    assert_eq!(that_ends_in(25), said(Level::ends_in(3), "It ends in a day, at 2026-11-21 11:00."));
    assert_eq!(that_ends_in(2), said(Level::ends_in(1), "It ends in less than a day, at 12:00."));
    assert_eq!(that_ends_in(0), said(Level::Dead, "It does not work: it ended at 10:00."));
    let bad = of_token(Found::bad("HTTP 401", "store another"));
    assert_eq!(bad, said(Level::Dead, "It does not work: HTTP 401"));
    let never = Kept { last: None, answered: None };
    assert_eq!(token(Token::Sms, &never, &AlertSettings::default(), now()), None);
}

#[test]
fn what_keeps_a_good_token_out_is_no_dead_token() {
    let unpaid = |end| of_token(Found::hindered(end, "HTTP 402", "the owner pays")).unwrap();
    assert_eq!(unpaid(None), (Level::Trouble, "HTTP 402".to_owned()));
    assert_eq!(unpaid(Some(now() + TimeDelta::hours(30))).0, Level::ends_in(3), "its end is told first");
    let noticed = Worth { notice: Some(Trouble::new("a scope is missing", "")), ..Worth::default() };
    assert_eq!(of_token(Found::Good(noticed)), None);
}

#[test]
fn a_token_that_nobody_checks_any_more_is_seen() {
    let checked = |hours: i64, found: Found| {
        let check = TokenCheck { checked_at: now() - TimeDelta::hours(hours), found };
        let answered = Some(check.clone()).filter(|check| check.found.is_answer());
        token(Token::Sms, &Kept { last: Some(check), answered }, &AlertSettings::default(), now())
    };
    assert_eq!(checked(3, Found::Good(Worth::default())), None);
    let unchecked = checked(4, Found::Good(Worth::default())).unwrap();
    assert_eq!((unchecked.topic.id().as_str(), unchecked.level), ("token:sms", Level::Trouble));
    assert_eq!(unchecked.message, "Nobody has checked it since 06:00.");
    assert!(unchecked.what_to_do.contains("token-check"));
    assert_eq!(checked(4, Found::down("it does not answer")).unwrap().level, Level::Trouble);
    assert_eq!(checked(4, Found::bad("HTTP 401", "store another")).unwrap().level, Level::Dead);
}

#[test]
fn a_hook_that_is_off_or_gone_is_seen_and_one_that_is_there_is_not() {
    let finding = |path: &str, problem| HookFinding {
        path: path.to_owned(),
        problem,
        events: vec!["add_lead".to_owned()],
        what_to_do: "switch it on".to_owned(),
    };
    let gone = hooks(&[finding("/api/amocrm/sales-webhook", HookProblem::Missing)]);
    assert_eq!(gone[0].topic.id(), "hook_disabled:sales-webhook");
    assert_eq!(gone[0].message, "amoCRM has no hook that tells /api/amocrm/sales-webhook of: add_lead.");
    let seen = hooks(&[
        finding("/api/amocrm/sales-webhook", HookProblem::Disabled),
        finding("/api/amocrm/funnel-sale", HookProblem::Incomplete),
    ]);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].topic.id(), "hook_disabled:sales-webhook");
    assert_eq!(seen[0].message, "amoCRM no longer tells /api/amocrm/sales-webhook of: add_lead.");
}

#[test]
fn a_proof_is_seen_with_its_reason_and_waits() {
    let judged = |state| {
        let reason = Some("Deals that are not alike: 1 missing.".to_owned());
        let judgement = Judgement { state, reason, sides: Sides::default(), checked_at: None };
        proof(&judgement, &AlertSettings { proof_minutes: 45, ..AlertSettings::default() })
    };
    assert_eq!(judged(Proven::Green), None);
    let red = judged(Proven::Red).unwrap();
    assert_eq!((red.topic.id().as_str(), red.patience), ("proof:sales", TimeDelta::minutes(45)));
    assert!(red.message.ends_with("same sales. Deals that are not alike: 1 missing."), "{}", red.message);
    assert_ne!(judged(Proven::Unknown).unwrap().message, red.message);
}

#[test]
fn a_source_says_when_it_last_spoke_and_why_it_is_silent() {
    let spend = stale("spend", Some("09:00"), Some("Facebook does not answer."));
    assert_eq!(spend.message, "It last spoke at 09:00. Facebook does not answer.");
    assert_eq!(spend.topic.id(), "source_stale:spend");
    assert_eq!(stale("leads", None, None).message, "It has never spoken.");
}

#[test]
fn an_empty_queue_is_not_seen() {
    assert_eq!(dead_letters("hook-retry", 0), None);
    let one = dead_letters("hook-retry", 1).unwrap();
    assert_eq!(one.message, "A message waits that its worker could do nothing with.");
    assert!(one.what_to_do.contains("GET /api/admin/dead-letters/hook-retry"));
}

#[test]
fn a_breaker_is_seen_while_it_is_not_closed() {
    let (rules, settings) =
        (BreakerRules { failures: 1, ..BreakerRules::default() }, AlertSettings::default());
    let closed = Breaker::default();
    assert_eq!(breaker("amocrm", &closed, &settings, now()), None);
    let opened_at = now() - TimeDelta::minutes(20);
    let (_, Decision::Go(pass)) = closed.ask(opened_at, "t", &rules) else { panic!("refused") };
    let open = closed.failed(opened_at, &pass, None, &rules).unwrap();
    let seen = breaker("amocrm", &open, &settings, now()).unwrap();
    assert_eq!((seen.since, seen.patience), (Some(opened_at), TimeDelta::minutes(15)));
    assert!(seen.message.ends_with("left alone since 09:40."), "{}", seen.message);
    let half_open = open.ask(now(), "probe", &rules).0.unwrap();
    assert!(breaker("amocrm", &half_open, &settings, now()).is_some());
}

#[test]
fn an_account_is_over_its_limit_above_it_and_in_its_own_currency() {
    let (account, day) = (AdAccountId::parse("12").unwrap(), Day::parse("2026-11-20").unwrap());
    let money = |amount, code| Money { amount, currency: Currency::parse(code).unwrap() };
    let seen = |spent, limit| daily_limit(&account, day, spent, limit);
    assert_eq!(seen(money(5_000, "USD"), money(5_000, "USD")), None);
    assert_eq!(seen(money(9_000, "KZT"), money(5_000, "USD")), None);
    let over = seen(money(5_001, "USD"), money(5_000, "USD")).unwrap();
    assert_eq!(over.topic.id(), "daily_limit:12:2026-11-20");
    assert_eq!(over.message, "It has spent 50.01 USD of 50.00 USD on 2026-11-20.");
    assert_eq!(
        seen(money(10, "KZT"), money(9, "KZT")).unwrap().message,
        "It has spent 10 KZT of 9 KZT on 2026-11-20."
    );
}
