use aws_sdk_dynamodb::Config;
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;

use super::*;
use crate::domain::incident::{Kind, Level, Told, Topic, Watched};

fn incidents() -> Incidents {
    let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
    Incidents::new(Client::from_conf(config.build()), "counters".to_owned())
}

fn at() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

fn incident() -> Incident {
    Incident {
        topic: Topic::new(Kind::DeadLetters, "hook-retry"),
        since: at(),
        opened_at: at(),
        last_seen_at: at(),
        ended_at: None,
        level: Level::Trouble,
        message: "1 waits".to_owned(),
        what_to_do: "look".to_owned(),
        told: vec![Told { news: News::Is(Level::Trouble), at: at() }],
    }
}

fn step(next: Next) -> Step {
    Step { id: "dead_letters:hook-retry".to_owned(), next }
}

fn text(item: &Item, name: &str) -> String {
    item[name].as_s().unwrap().clone()
}

#[test]
fn an_incident_its_history_and_its_message_are_written_together_by_who_was_first() {
    let step = step(Next::Incident { incident: incident(), news: Some(News::Is(Level::Trouble)) });
    let message = message(&step.next, at()).unwrap();
    assert_eq!(message.id, "incident-dead_letters-hook-retry-1795150800000-trouble-telegram");
    let writes = incidents().writes(&step, &Book::default(), Some(&message), "notifications").unwrap();
    let puts: Vec<&Put> = writes.iter().map(|write| write.put().unwrap()).collect();
    assert_eq!(puts[0].condition_expression(), Some("attribute_not_exists(pk)"));
    let held = puts[0].item();
    assert_eq!((text(held, "pk"), text(held, "sk")), (HELD.to_owned(), step.id.clone()));
    assert_eq!(held["version"], AttributeValue::N("1".to_owned()));
    assert_eq!(document::read::<Held>(held).unwrap(), Held::Incident(incident()));
    let kept = puts[1].item();
    assert_eq!(text(kept, "pk"), "incidents#2026-11");
    assert_eq!(text(kept, "sk"), "2026-11-20T05:00:00.000Z#dead_letters:hook-retry");
    assert_eq!(document::read::<Incident>(kept).unwrap(), incident());
    assert_eq!(
        (puts[2].table_name(), text(puts[2].item(), "source_campaign")),
        ("notifications", "alerts".to_owned())
    );
}

#[test]
fn a_later_write_wants_the_version_that_was_read() {
    let versions = [("dead_letters:hook-retry".to_owned(), 7)].into();
    let book = Book { versions, ..Book::default() };
    let watched = Watched { topic: incident().topic, since: at() };
    let writes = incidents().writes(&step(Next::Watched(watched)), &book, None, "").unwrap();
    assert_eq!(writes.len(), 1, "it is no incident, so it has no history");
    let put = writes[0].put().unwrap();
    assert_eq!(put.condition_expression(), Some("version = :version"));
    let seven = AttributeValue::N("7".to_owned());
    assert_eq!(put.expression_attribute_values().unwrap()[":version"], seven);
    assert_eq!(put.item()["version"], AttributeValue::N("8".to_owned()));
    let writes = incidents().writes(&step(Next::Gone), &book, None, "").unwrap();
    let delete = writes[0].delete().unwrap();
    assert_eq!((delete.condition_expression(), writes.len()), (Some("version = :version"), 1));
    assert_eq!(delete.expression_attribute_values().unwrap()[":version"], seven);
}

#[test]
fn what_tells_nothing_has_no_message() {
    assert_eq!(message(&Next::Incident { incident: incident(), news: None }, at()), None);
    assert_eq!(message(&Next::Gone, at()), None);
}

#[test]
fn what_cannot_be_read_keeps_nothing_else_from_being_read() {
    let held = Held::Incident(incident());
    let item = |document: String, version: Option<&str>| {
        let mut item = Item::from([
            ("sk".to_owned(), AttributeValue::S("dead_letters:hook-retry".to_owned())),
            ("document".to_owned(), AttributeValue::S(document)),
        ]);
        item.extend(version.map(|version| ("version".to_owned(), AttributeValue::N(version.to_owned()))));
        item
    };
    let good = serde_json::to_string(&held).unwrap();
    for bad in
        [item(r#"{"incident":{"kind":"of_tomorrow"}}"#.to_owned(), Some("1")), item(good.clone(), None)]
    {
        let mut book = Book::default();
        book.enter(&bad);
        book.enter(&item(good.clone(), Some("7")));
        assert_eq!(book.unreadable, ["dead_letters:hook-retry".to_owned()].into());
        assert_eq!(
            (book.held.as_slice(), book.versions["dead_letters:hook-retry"]),
            (&[held.clone()][..], 7)
        );
    }
}

#[test]
fn only_what_is_held_tells_that_another_look_was_first() {
    let cancelled = |codes: [&str; 3]| {
        let reasons = codes.map(|code| CancellationReason::builder().code(code).build());
        let cancelled =
            TransactionCanceledException::builder().set_cancellation_reasons(Some(reasons.into()));
        is_lost(&TransactWriteItemsError::TransactionCanceledException(cancelled.build()))
    };
    assert!(cancelled(["ConditionalCheckFailed", "None", "None"]));
    assert!(cancelled(["TransactionConflict", "None", "None"]));
    assert!(!cancelled(["ThrottlingError", "None", "None"]));
    assert!(!cancelled(["None", "ValidationError", "None"]));
    assert!(!cancelled(["None", "None", "ProvisionedThroughputExceeded"]));
}
