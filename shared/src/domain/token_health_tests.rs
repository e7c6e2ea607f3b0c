use super::*;
use crate::domain::money::Tenge;

fn now() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

fn check(found: Found) -> TokenCheck {
    TokenCheck { checked_at: now() - TimeDelta::minutes(5), found }
}

fn answered(found: Found) -> Kept {
    Kept { last: Some(check(found.clone())), answered: Some(check(found)) }
}

fn ends_in(left: TimeDelta) -> TokenHealth {
    let worth = Worth { expires_at: Some(now() + left), ..Worth::default() };
    TokenHealth::of(Token::Facebook, &answered(Found::Good(worth)), now())
}

#[test]
fn a_token_without_an_end_is_good_for_ever() {
    let told = TokenHealth::of(Token::Facebook, &answered(Found::Good(Worth::default())), now());
    assert_eq!((told.status, told.valid, told.days_left), (Status::Ok, Some(true), None));
    assert_eq!((told.expires_at, told.problem), (None, None));
    assert_eq!(told.checked_at.as_deref(), Some("2026-11-20T09:55:00+05:00"));
}

#[test]
fn a_token_that_ends_is_ok_then_a_warning_then_an_error() {
    let second = TimeDelta::seconds(1);
    for (left, status, valid, days) in [
        (TimeDelta::days(60), Status::Ok, true, 60),
        (TimeDelta::days(14) + second, Status::Ok, true, 14),
        (TimeDelta::days(14), Status::Warning, true, 14),
        (TimeDelta::days(1) - second, Status::Warning, true, 0),
        (second, Status::Warning, true, 0),
        (TimeDelta::zero(), Status::Error, false, 0),
        (TimeDelta::days(-3), Status::Error, false, 0),
    ] {
        let told = ends_in(left);
        assert_eq!((told.status, told.valid, told.days_left), (status, Some(valid), Some(days)), "{left}");
        assert_eq!(told.problem.is_some(), status != Status::Ok, "{left}");
        assert_eq!(told.problem.is_some(), told.what_to_do.is_some());
    }
    assert_eq!(ends_in(TimeDelta::days(3)).problem.unwrap(), "it ends in 3 days, at 2026-11-23 10:00");
    assert_eq!(ends_in(TimeDelta::hours(1)).problem.unwrap(), "it ends in less than a day, at 11:00");
    assert_eq!(ends_in(TimeDelta::hours(-1)).problem.unwrap(), "it ended at 09:00");
}

#[test]
fn what_is_wrong_with_a_good_token_is_a_warning_and_is_told_beside_its_end() {
    let notice = Some(Trouble::new("the balance is low", "Top it up."));
    let worth = Worth { notice, balance: Some(Tenge(12).money()), ..Worth::default() };
    let told = TokenHealth::of(Token::Sms, &answered(Found::Good(worth.clone())), now());
    assert_eq!((told.status, told.valid), (Status::Warning, Some(true)));
    assert_eq!(told.balance, Some(Tenge(12).money()));
    assert_eq!(told.what_to_do.as_deref(), Some("Top it up."));
    let worth = Worth { expires_at: Some(now() + TimeDelta::days(1)), ..worth };
    let told = TokenHealth::of(Token::Sms, &answered(Found::Good(worth)), now());
    assert_eq!(told.problem.unwrap(), "it ends in a day, at 2026-11-21 10:00; the balance is low");
}

#[test]
fn a_dead_token_is_an_error() {
    let told = TokenHealth::of(Token::Amocrm, &answered(Found::bad("HTTP 401", "Store another.")), now());
    assert_eq!((told.status, told.valid), (Status::Error, Some(false)));
    assert_eq!(
        (told.problem.as_deref(), told.what_to_do.as_deref()),
        (Some("HTTP 401"), Some("Store another."))
    );
}

#[test]
fn a_neighbour_that_is_silent_leaves_what_was_known() {
    let end = now() + TimeDelta::days(5);
    let worth = Worth { expires_at: Some(end), ..Worth::default() };
    let before = TokenCheck { checked_at: now() - TimeDelta::hours(2), found: Found::Good(worth) };
    let kept = Kept { last: Some(check(Found::down("it does not answer"))), answered: Some(before) };
    let told = TokenHealth::of(Token::Facebook, &kept, now());
    assert_eq!((told.status, told.valid, told.days_left), (Status::Unknown, None, Some(5)));
    assert_eq!(told.checked_at.as_deref(), Some("2026-11-20T09:55:00+05:00"));
    let known = LastKnown { valid: true, checked_at: "2026-11-20T08:00:00+05:00".to_owned() };
    assert_eq!(told.last_known, Some(known));
    // A token that was never checked, or never answered for, is no more than unknown.
    let kept = Kept { answered: None, ..kept };
    assert_eq!(TokenHealth::of(Token::Facebook, &kept, now()).last_known, None);
    let never = TokenHealth::of(Token::Openai, &Kept::default(), now());
    assert_eq!((never.status, never.valid, never.checked_at), (Status::Unknown, None, None));
}

#[test]
fn a_token_that_was_not_refused_is_a_warning_whatever_keeps_us_out() {
    let found = Found::hindered(None, "HTTP 402: not paid for", "The owner pays.");
    let told = TokenHealth::of(Token::Amocrm, &answered(found.clone()), now());
    assert_eq!((told.status, told.valid), (Status::Warning, Some(true)));
    assert_eq!(told.problem.as_deref(), Some("HTTP 402: not paid for"));
    let Found::Good(worth) = &found else { panic!("{found:?}") };
    assert!(worth.obstacle().is_some());
    let kept: Found = serde_json::from_value(serde_json::to_value(&found).unwrap()).unwrap();
    assert_eq!(kept, found);
    let of_before = serde_json::json!({"good": {"expires_at": null, "balance": null, "notice": null}});
    assert_eq!(serde_json::from_value::<Found>(of_before).unwrap(), Found::Good(Worth::default()));
}
