//! How what is about deals is asked for over the wire: the journal, contacts and subscriptions.

use serde_json::{Value, json};

use super::wire_read_tests::{EVER, NOW, at, context, deal, list, with};
use super::wire_server::{OAUTH, amocrm, answer, client, made, query};
use super::*;
use crate::domain::crm::sight::{Move, MoveKind, Place};
use crate::domain::event::DealId;

fn event(kind: &str, id: u64, created_at: i64) -> Value {
    json!({"id": "01pz58t6p04ymgsgfbmfyfy1mf", "type": kind, "entity_id": id, "entity_type": "lead",
        "created_by": 0, "created_at": created_at, "value_after": [], "value_before": [], "account_id": 5})
}

fn moved(id: u64, created_at: i64) -> Value {
    let place = |pipeline: u64, stage: u64| json!([{"lead_status": {"id": stage, "pipeline_id": pipeline}}]);
    let places = json!({"value_before": place(10, 40), "value_after": place(11, 142)});
    with(event("lead_status_changed", id, created_at), places)
}

async fn moves(happened: Span, rows: &[Value]) -> Filtered<Move> {
    let body = list("events", rows);
    made(&body, |amocrm| async move { amocrm.moves(happened, 1, &context()).await }).await.1
}

#[tokio::test]
async fn the_journal_is_asked_for_the_moves_of_a_time() {
    let what = [
        ("filter[entity]", "lead"),
        ("filter[type]", "lead_added,lead_status_changed,lead_deleted,lead_restored"),
    ];
    let paging = [("limit", "100"), ("page", "2")];
    let span = Span { from: at(NOW - 60), to: Some(at(NOW)) };
    let filter = [("filter[created_at][from]", "1795150740"), ("filter[created_at][to]", "1795150800")];
    let rows = [
        moved(50, NOW - 1),
        event("lead_deleted", 51, NOW - 2),
        event("lead_restored", 51, NOW - 3),
        event("lead_added", 51, NOW - 4),
    ];
    let body = list("events", &rows);
    let (seen, found) = made(&body, |amocrm| async move { amocrm.moves(span, 2, &context()).await }).await;
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("GET", "/amocrm/api/v4/events"));
    assert_eq!(query(&seen), [&what[..], &filter, &paging].concat());
    let from = Place { pipeline: 10, stage: 40 };
    let first = Move {
        id: "01pz58t6p04ymgsgfbmfyfy1mf".to_owned(),
        deal: DealId { account: 5, lead: 50 },
        at: at(NOW - 1),
        kind: MoveKind::Stage { from, to: Place { pipeline: 11, stage: 142 } },
    };
    assert_eq!(found.page.items[0], first);
    let kinds: Vec<_> = found.page.items.iter().map(|of| of.kind).collect();
    assert_eq!(kinds, [first.kind, MoveKind::Deleted, MoveKind::Restored, MoveKind::Added]);
    assert!(found.page.has_next && !found.ignored && found.unreadable == 0);
}

#[tokio::test]
async fn of_the_journal_other_events_are_left_out_and_unreadable_ones_counted() {
    let span = Span { from: at(NOW - 60), to: Some(at(NOW - 10)) };
    let inside = moved(50, NOW - 30);
    for other in [
        event("sale_field_changed", 50, NOW - 30),
        event("contact_added", 50, NOW - 30),
        with(event("lead_deleted", 50, NOW - 30), json!({"entity_type": "contact"})),
        moved(50, NOW - 61),
        moved(50, NOW - 9),
    ] {
        let found = moves(span, &[other.clone(), inside.clone()]).await;
        assert_eq!((found.page.items.len(), found.ignored, found.unreadable), (1, true, 0), "{other}");
    }
    for broken in [
        json!(7),
        with(inside.clone(), json!({"type": null})),
        with(inside.clone(), json!({"id": ""})),
        with(inside.clone(), json!({"entity_id": null})),
        with(inside.clone(), json!({"created_at": NOW + 864_000})),
        with(inside.clone(), json!({"value_before": []})),
        with(inside.clone(), json!({"value_after": [{"lead_status": {"id": 142}}]})),
    ] {
        let found = moves(span, &[broken.clone(), inside.clone()]).await;
        assert_eq!((found.page.items.len(), found.ignored, found.unreadable), (1, false, 1), "{broken}");
    }
    let own = with(inside, json!({"account_id": null}));
    let found = moves(span, &[own]).await;
    assert_eq!(found.page.items[0].deal.account, 29_600_001);
}

#[tokio::test]
async fn subscriptions_are_read_and_their_keys_shown_to_nobody() {
    let hook = |destination: Value, disabled: Value, settings: Value| json!({"id": 1, "destination": destination, "disabled": disabled, "settings": settings});
    let address = "https://x.example/api/amocrm/sales-webhook?key=secret";
    let rows = [
        hook(json!(address), json!(true), json!(["status_lead", "update_lead"])),
        hook(json!("https://y.example"), json!(false), json!({"0": "add_lead"})),
        hook(Value::Null, Value::Null, Value::Null),
    ];
    let body = list("webhooks", &rows);
    let (seen, page) = made(&body, |amocrm| async move { amocrm.subscriptions(1).await }).await;
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("GET", "/amocrm/api/v4/webhooks"));
    assert_eq!(query(&seen), [("limit", "250"), ("page", "1")]);
    let [first, second] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!((first.destination.0.as_str(), first.is_disabled), (address, true));
    assert_eq!(first.events, ["status_lead", "update_lead"]);
    assert_eq!((second.is_disabled, &second.events[..]), (false, &["add_lead".to_owned()][..]));
    assert!(!format!("{page:?}").contains("secret"));
}

#[tokio::test]
async fn contacts_are_read_by_their_ids() {
    let contact = |id: u64, phone: &str| {
        json!({"id": id, "custom_fields_values": [
        {"field_id": 1, "field_code": "PHONE", "values": [{"value": phone}]}],
        "_embedded": {"leads": [{"id": 50}]}})
    };
    let rows = [contact(7, "+77025550102"), contact(9, "+77020000000"), json!({"name": "Айгуль"})];
    let body = list("contacts", &rows);
    let (seen, found) = made(&body, |amocrm| async move { amocrm.contacts_by_id(&[7, 8], 1).await }).await;
    assert_eq!(seen.path, "/amocrm/api/v4/contacts");
    let expected =
        [("filter[id][]", "7"), ("filter[id][]", "8"), ("with", "leads"), ("limit", "250"), ("page", "1")];
    assert_eq!(query(&seen), expected);
    let [contact] = &found.page.items[..] else { panic!("{found:?}") };
    assert_eq!(
        (contact.id, &contact.phones[..], &contact.deals[..]),
        (7, &["+77025550102".to_owned()][..], &[50][..])
    );
    assert_eq!((found.ignored, found.unreadable, found.page.has_next), (true, 1, true));
}

#[tokio::test]
async fn an_empty_list_is_empty_and_what_is_no_list_is_a_failure() {
    let (base, _asked) = amocrm(answer(204, ""));
    let amocrm_client = client(&base, OAUTH);
    let changed = Wanted::Changed(EVER);
    assert_eq!(amocrm_client.sights(&changed, 1, &context()).await.unwrap(), Filtered::default());
    let happened = EVER;
    assert_eq!(amocrm_client.moves(happened, 1, &context()).await.unwrap(), Filtered::default());
    assert_eq!(amocrm_client.contacts_by_id(&[7], 1).await.unwrap(), Filtered::default());
    assert_eq!(amocrm_client.subscriptions(1).await.unwrap(), Page::default());
    for body in ["<html>", "{}", r#"{"_embedded":{"leads":{}}}"#, "[]", ""] {
        let (base, _asked) = amocrm(answer(200, body));
        let client = client(&base, OAUTH);
        let classes = [
            client.sights(&changed, 1, &context()).await.unwrap_err().class,
            client.moves(happened, 1, &context()).await.unwrap_err().class,
            client.contacts_by_id(&[7], 1).await.unwrap_err().class,
            client.subscriptions(1).await.unwrap_err().class,
        ];
        assert_eq!(classes, [Class::Again; 4], "{body}");
    }
}

#[tokio::test]
async fn asking_for_nothing_asks_nothing() {
    let (base, asked) = amocrm(answer(200, &list("leads", &[deal(50, NOW)])));
    let client = client(&base, OAUTH);
    assert_eq!(client.sights(&Wanted::Ids(&[]), 1, &context()).await.unwrap(), Filtered::default());
    assert_eq!(client.contacts_by_id(&[], 1).await.unwrap(), Filtered::default());
    assert_eq!(asked.try_iter().count(), 0);
}
