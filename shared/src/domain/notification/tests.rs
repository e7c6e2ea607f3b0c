use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn tried(attempts: u32) -> Notification {
    let subject = Subject::Lead("018f".to_owned());
    let created = at("2026-11-20T10:00:00Z");
    let new =
        Notification::new(Channel::Sms, "018f", subject, "express", created, at("2026-11-20T10:10:00Z"));
    Notification { attempts, last_error: Some("was down".to_owned()), ..new }
}

const NO_JITTER: u32 = 20;

#[test]
fn what_the_provider_took_is_sent() {
    let now = at("2026-11-20T10:11:00Z");
    let sent = tried(2).after(&Delivery::Sent { id: Some("7".to_owned()) }, 0, now);
    assert_eq!(sent.state, NotificationState::Sent);
    assert_eq!((sent.provider_id.as_deref(), sent.sent_at), (Some("7"), Some(now)));
    assert_eq!(sent.last_error, None);
}

#[test]
fn what_it_will_never_take_has_failed_and_says_why() {
    let failed = tried(1).after(&Delivery::never("bad number"), 0, at("2026-11-20T10:11:00Z"));
    assert_eq!(failed.state, NotificationState::Failed);
    assert_eq!(failed.last_error.as_deref(), Some("bad number"));
}

#[test]
fn what_it_takes_later_is_due_later() {
    let now = at("2026-11-20T10:11:00Z");
    let later = tried(2).after(&Delivery::later("down"), NO_JITTER, now);
    assert_eq!((later.state, later.due_at), (NotificationState::Pending, at("2026-11-20T10:13:00Z")));
    assert_eq!(later.last_error.as_deref(), Some("down"));
}

#[test]
fn after_a_day_it_is_given_up_and_a_person_begins_a_new_day() {
    let later = Delivery::later("down");
    let last = tried(9).after(&later, NO_JITTER, at("2026-11-21T09:00:00Z"));
    assert_eq!(last.state, NotificationState::Pending);
    let now = at("2026-11-21T09:00:00.001Z");
    let given_up = last.after(&later, NO_JITTER, now);
    assert_eq!(given_up.state, NotificationState::Failed);
    assert_eq!(given_up.last_error.as_deref(), Some("down; given up after 24 hours"));

    let again = given_up.again(now);
    assert_eq!((again.state, again.due_at, again.attempts), (NotificationState::Pending, now, 0));
    assert_eq!((again.last_error.as_deref(), again.resent_at), (None, Some(now)));
    let next = Notification { attempts: 1, ..again }.after(&later, NO_JITTER, now);
    assert_eq!((next.state, next.due_at), (NotificationState::Pending, now + TimeDelta::seconds(30)));
}

#[test]
fn what_waits_for_its_time_is_not_given_up() {
    let (now, due_at) = (at("2026-11-22T20:00:00Z"), at("2026-11-23T03:00:00Z"));
    let waits = tried(1).after(&Delivery::At { reason: "quiet hours".to_owned(), due_at }, NO_JITTER, now);
    assert_eq!((waits.state, waits.due_at), (NotificationState::Pending, due_at));
    assert_eq!(waits.last_error.as_deref(), Some("quiet hours"));
}

#[test]
fn what_has_failed_is_known_to_have_failed_before_a_later_moment_only() {
    let failed = tried(1).after(&Delivery::never("no such chat"), 0, at("2026-11-20T10:11:00Z"));
    assert!(failed.has_failed_before(at("2026-11-20T11:00:00Z")));
    assert!(!failed.has_failed_before(at("2026-11-20T10:10:00Z")));
    let again = failed.again(at("2026-11-20T11:01:00Z"));
    assert!(!again.has_failed_before(at("2026-11-21T11:00:00Z")), "it is on its way");
}
