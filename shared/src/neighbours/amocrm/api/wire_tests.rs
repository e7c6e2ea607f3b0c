//! What goes over the wire, seen by a server that stands in for amoCRM.

use std::sync::mpsc::Receiver;

use serde_json::{Value, json};

use super::wire_server::{OAUTH, Seen, TOKEN, amocrm, answer, client, made, query};
use super::*;
use crate::domain::crm::account::CrmDeal;
use crate::domain::crm::change::DealChange;
use crate::domain::money::Tenge;

fn new_deal(whose: Whose) -> NewDeal {
    NewDeal {
        request_id: "018f".to_owned(),
        name: "ProfTest: Айгуль".to_owned(),
        pipeline: 10,
        stage: Some(40),
        price: Some(Tenge(5_000)),
        utm: [("UTM_SOURCE".to_owned(), "fb".to_owned())].into(),
        whose,
    }
}

fn person() -> NewContact {
    NewContact {
        name: "Айгуль".to_owned(),
        phone: "+77011234567".to_owned(),
        email: Some("a@b.kz".to_owned()),
    }
}

#[tokio::test]
async fn contacts_are_searched_for_with_their_deals_and_read_with_their_own_fields_alone() {
    let body = json!({"_page": 1, "_links": {"next": {"href": "http://elsewhere"}}, "_embedded": {"contacts": [
        {"id": 7, "name": "Заявка 77011234567", "custom_fields_values": [
            {"field_id": 1, "field_code": "PHONE", "values": [{"value": "+77025550102"}, {"value": 77_011_234_567_u64}]},
            {"field_id": 2, "field_code": "EMAIL", "values": [{"value": " A@b.kz "}, {"value": null}]},
            {"field_id": 3, "field_code": null, "values": [{"value": "87011234567"}]},
        ], "_embedded": {"leads": [{"id": 50}, {"id": 51}]}},
        {"id": 8, "custom_fields_values": null},
    ]}});
    let (seen, page) =
        made(&body.to_string(), |amocrm| async move { amocrm.contacts("7011234567", 2).await }).await;
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("GET", "/amocrm/api/v4/contacts"));
    assert_eq!(query(&seen), [("query", "7011234567"), ("with", "leads"), ("limit", "250"), ("page", "2")]);
    assert!(page.has_next);
    let [first, second] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!((first.id, &first.deals[..]), (7, &[50, 51][..]));
    assert_eq!(first.phones, ["+77025550102", "77011234567"]);
    assert_eq!(first.emails, ["A@b.kz"]);
    assert_eq!((second.id, second.phones.len()), (8, 0));
}

#[tokio::test]
async fn nothing_found_is_an_empty_page() {
    let (base, _asked) = amocrm(answer(204, ""));
    let amocrm = client(&base, OAUTH);
    assert_eq!(amocrm.contacts("7011234567", 1).await.unwrap(), Page::default());
    assert_eq!(amocrm.deals(&[1], 1).await.unwrap(), Page::default());
    assert_eq!(amocrm.deal(1).await.unwrap(), None);
    let (base, _asked) = amocrm_that_says(404);
    assert_eq!(client(&base, OAUTH).deal(1).await.unwrap(), None);
    let failure = client(&base, OAUTH).contacts("7", 1).await.unwrap_err();
    assert_eq!(failure.class, Class::Misconfigured);
}

fn amocrm_that_says(status: u16) -> (String, Receiver<Seen>) {
    amocrm(answer(status, r#"{"title":"Not found"}"#))
}

#[tokio::test]
async fn deals_are_asked_for_by_their_ids_and_read_as_far_as_they_decide_anything() {
    let deal = |id: u64, price: Value| {
        json!({"id": id, "pipeline_id": 10, "status_id": 40, "is_deleted": false, "price": price,
            "custom_fields_values": [
                {"field_id": 1, "field_code": "UTM_SOURCE", "values": [{"value": "fb"}]},
                {"field_id": 2, "field_code": "UTM_TERM", "values": [{"value": ""}]},
                {"field_id": 3, "field_code": null, "values": [{"value": "x"}]},
            ],
            "_embedded": {"contacts": [{"id": 9, "is_main": false}, {"id": 7, "is_main": false}, {"id": 8, "is_main": true}]}})
    };
    let rows = [deal(50, json!(5000)), deal(51, json!(0)), deal(52, Value::Null), deal(53, json!(0.5))];
    let body = json!({"_links": {"self": {}}, "_embedded": {"leads": rows}}).to_string();
    let (seen, page) = made(&body, |amocrm| async move { amocrm.deals(&[50, 51], 1).await }).await;
    let expected = [
        ("filter[id][]", "50"),
        ("filter[id][]", "51"),
        ("with", "contacts"),
        ("limit", "250"),
        ("page", "1"),
    ];
    assert_eq!((seen.path.as_str(), query(&seen)), ("/amocrm/api/v4/leads", expected.to_vec()));
    assert!(!page.has_next);
    let first = CrmDeal {
        id: 50,
        pipeline: 10,
        stage: 40,
        is_deleted: false,
        has_price: true,
        filled: ["UTM_SOURCE".to_owned()].into(),
        contacts: vec![8, 7, 9],
    };
    assert_eq!(page.items[0], first);
    let prices: Vec<bool> = page.items.iter().map(|deal| deal.has_price).collect();
    assert_eq!(prices, [true, false, false, true]);

    let (seen, found) = made(&rows[1].to_string(), |amocrm| async move { amocrm.deal(51).await }).await;
    assert_eq!((seen.path.as_str(), query(&seen)), ("/amocrm/api/v4/leads/51", vec![("with", "contacts")]));
    assert_eq!(found.unwrap().id, 51);
}

#[tokio::test]
async fn a_deal_is_made_with_its_new_contact_at_once() {
    let body = r#"[{"id":60,"contact_id":70,"company_id":null,"request_id":["018f"],"merged":false}]"#;
    let (seen, created) =
        made(body, |amocrm| async move { amocrm.create(&new_deal(Whose::New(person()))).await }).await;
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/amocrm/api/v4/leads/complex"));
    assert!(seen.head.contains("content-type: application/json\r\n"));
    let field = |code: &str, value: &str| json!({"field_code": code, "values": [{"value": value, "enum_code": "WORK"}]});
    let expected = json!([{
        "request_id": "018f", "name": "ProfTest: Айгуль", "pipeline_id": 10, "status_id": 40, "price": 5000,
        "custom_fields_values": [{"field_code": "UTM_SOURCE", "values": [{"value": "fb"}]}],
        "_embedded": {"contacts": [{"name": "Айгуль",
            "custom_fields_values": [field("PHONE", "+77011234567"), field("EMAIL", "a@b.kz")]}]},
    }]);
    assert_eq!(seen.body, expected);
    assert_eq!(created, Created { deal: 60, contact: Some(70) });
    let wrapped = r#"{"_embedded":{"leads":[{"id":61,"contact_id":71}]}}"#;
    let (_, created) =
        made(wrapped, |amocrm| async move { amocrm.create(&new_deal(Whose::New(person()))).await }).await;
    assert_eq!(created, Created { deal: 61, contact: Some(71) });
}

#[tokio::test]
async fn a_deal_of_a_known_contact_is_linked_to_it() {
    let body = r#"{"_links":{},"_embedded":{"leads":[{"id":60,"request_id":"018f"}]}}"#;
    let new = NewDeal { stage: None, price: None, utm: [].into(), ..new_deal(Whose::Known(7)) };
    let (seen, created) = made(body, |amocrm| async move { amocrm.create(&new).await }).await;
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/amocrm/api/v4/leads"));
    let expected = json!([{"request_id": "018f", "name": "ProfTest: Айгуль", "pipeline_id": 10,
        "_embedded": {"contacts": [{"id": 7, "is_main": true}]}}]);
    assert_eq!(seen.body, expected);
    assert_eq!(created, Created { deal: 60, contact: Some(7) });
}

#[tokio::test]
async fn only_what_changes_is_written() {
    let changes = [
        (
            DealChange { stage: Some((10, 40)), ..DealChange::default() },
            json!({"pipeline_id": 10, "status_id": 40}),
        ),
        (DealChange { price: Some(Tenge(5_000)), ..DealChange::default() }, json!({"price": 5000})),
        (
            DealChange { utm: [("UTM_TERM".to_owned(), "t".to_owned())].into(), ..DealChange::default() },
            json!({"custom_fields_values": [{"field_code": "UTM_TERM", "values": [{"value": "t"}]}]}),
        ),
    ];
    for (change, expected) in changes {
        let (seen, ()) = made(r#"{"id":50}"#, |amocrm| async move { amocrm.change(50, &change).await }).await;
        assert_eq!((seen.method.as_str(), seen.path.as_str()), ("PATCH", "/amocrm/api/v4/leads/50"));
        assert_eq!(seen.body, expected);
    }
}

#[tokio::test]
async fn notes_are_added_as_plain_text_and_read_page_by_page() {
    let made_note = r#"{"_embedded":{"notes":[{"id":1}]}}"#;
    let (seen, ()) = made(made_note, |amocrm| async move {
        amocrm.add_note(50, "Имя: Айгуль\nЗаявка 018f").await
    })
    .await;
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/amocrm/api/v4/leads/50/notes"));
    let expected = json!([{"note_type": "common", "params": {"text": "Имя: Айгуль\nЗаявка 018f"}}]);
    assert_eq!(seen.body, expected);
    let body = json!({"_embedded": {"notes": [
        {"id": 1, "note_type": "common", "params": {"text": "один"}},
        {"id": 2, "note_type": "call_in", "params": {"duration": 7}},
        {"id": 3, "note_type": "x", "params": null},
    ]}});
    let (seen, page) = made(&body.to_string(), |amocrm| async move { amocrm.notes(50, 1).await }).await;
    assert_eq!(seen.path, "/amocrm/api/v4/leads/50/notes");
    assert_eq!((page.items, page.has_next), (vec!["один".to_owned()], false));
}

#[tokio::test]
async fn what_an_account_looks_like_is_read_from_its_pipelines_and_fields() {
    let body = json!({"_total_items": 1, "_embedded": {"pipelines": [{"id": 10, "name": "Integrator", "is_main": true,
        "_embedded": {"statuses": [{"id": 20, "name": "Новая", "sort": 20, "type": 0}, {"id": 1, "type": 1}]}}]}});
    let (seen, pipelines) = made(&body.to_string(), |amocrm| async move { amocrm.pipelines().await }).await;
    assert_eq!(seen.path, "/amocrm/api/v4/leads/pipelines");
    let [pipeline] = &pipelines[..] else { panic!("{pipelines:?}") };
    assert_eq!((pipeline.id, pipeline.is_main, pipeline.stages.len()), (10, true, 2));
    assert!(pipeline.stage(1).unwrap().is_incoming() && !pipeline.stage(20).unwrap().is_incoming());

    let body = json!({"_links": {"next": {"href": "x"}}, "_embedded": {"custom_fields": [
        {"id": 1, "code": "utm_Source"}, {"id": 2, "code": null}, {"id": 3}]}});
    let (seen, page) =
        made(&body.to_string(), |amocrm| async move { amocrm.deal_field_codes(3).await }).await;
    assert_eq!(seen.path, "/amocrm/api/v4/leads/custom_fields");
    assert_eq!(query(&seen), [("limit", "250"), ("page", "3")]);
    assert_eq!((page.items, page.has_next), (vec!["UTM_SOURCE".to_owned()], true));

    let (seen, 29_600_001) = made(r#"{"id":29600001}"#, |amocrm| async move { amocrm.account().await }).await
    else {
        panic!("another account")
    };
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("GET", "/amocrm/api/v4/account"));
}

#[tokio::test]
async fn new_tokens_are_asked_for_without_the_old_one() {
    let (base, asked) = amocrm(answer(
        200,
        r#"{"token_type":"Bearer","expires_in":86400,"access_token":"a-2","refresh_token":"r-2"}"#,
    ));
    let tokens = client(&base, OAUTH).new_tokens().await.unwrap();
    let seen = asked.recv().unwrap();
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/amocrm/oauth2/access_token"));
    assert!(!seen.head.to_lowercase().contains("authorization") && !seen.head.contains("a-1"));
    let expected = json!({"grant_type": "refresh_token", "refresh_token": "r-1", "client_id": "c-1",
        "client_secret": "s-1", "redirect_uri": "https://x"});
    assert_eq!(seen.body, expected);
    let secret: Value = serde_json::from_str(&tokens.put_into(OAUTH).unwrap()).unwrap();
    assert_eq!((&secret["access_token"], &secret["refresh_token"]), (&json!("a-2"), &json!("r-2")));

    let long_lived = client(&base, r#"{"access_token":"a-1"}"#).new_tokens().await.unwrap_err();
    assert_eq!(long_lived.class, Class::Unauthorized);
    assert_eq!(asked.try_iter().count(), 0);
}

#[tokio::test]
async fn a_refresh_token_is_spent_where_amocrm_says_so_and_nowhere_else() {
    for (status, body, expected) in [
        (401, r#"{"title":"Bad Request","hint":"Token has been revoked"}"#, Class::Unauthorized),
        (400, r#"{"title":"Bad Request","hint":"Token has been revoked"}"#, Class::Invalid),
        (400, r#"{"title":"Bad Request"}"#, Class::Unclear),
        (400, "<html>", Class::Unclear),
    ] {
        let (base, _asked) = amocrm(answer(status, body));
        let failure = client(&base, OAUTH).new_tokens().await.unwrap_err();
        assert_eq!(failure.class, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn what_is_not_answered_or_half_answered_is_tried_again_by_the_caller_alone() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":".to_owned();
    for bytes in [String::new(), half, answer(200, "<html>"), answer(200, r#"{"unexpected":1}"#)] {
        let (base, asked) = amocrm(bytes);
        let amocrm = client(&base, OAUTH);
        assert_eq!(amocrm.account().await.unwrap_err().class, Class::Again);
        assert_eq!(amocrm.create(&new_deal(Whose::Known(7))).await.unwrap_err().class, Class::Again);
        assert_eq!(asked.try_iter().count(), 2);
    }
    // Nothing listens on the first port.
    let failure = client("http://127.0.0.1:1", OAUTH).contacts("7011234567", 1).await.unwrap_err();
    assert_eq!((failure.class, failure.said.status), (Class::Again, None));
}

#[tokio::test]
async fn no_failure_shows_a_secret_or_a_person() {
    let quoting = json!({"title": format!("{TOKEN} Айгуль"), "detail": "a@b.kz 7011234567", "hint": "r-1"});
    let invalid = json!({"title": "Bad Request", "validation-errors": [{"errors": [
        {"code": "InvalidType", "path": "_embedded.contacts.0.name", "detail": "Айгуль"}]}]});
    let answers = [
        answer(401, &quoting.to_string()),
        answer(400, &invalid.to_string()),
        answer(403, "<html>7011234567"),
        answer(200, r#"{"name":"Айгуль"}"#),
        String::new(),
    ];
    for bytes in answers {
        let (base, _asked) = amocrm(bytes);
        let amocrm = client(&base, OAUTH);
        let failures = [
            amocrm.contacts("7011234567", 1).await.unwrap_err(),
            amocrm.create(&new_deal(Whose::New(person()))).await.unwrap_err(),
            amocrm.new_tokens().await.unwrap_err(),
        ];
        for failure in failures {
            let printed = format!("{amocrm:?} {failure} {failure:?}");
            for secret in [TOKEN, "Bearer", "a-1", "s-1", "Айгуль", "7011234567", "a@b.kz"] {
                assert!(!printed.contains(secret), "{printed}");
            }
        }
    }
    let (base, _asked) = amocrm(answer(400, &invalid.to_string()));
    let failure = client(&base, OAUTH).account().await.unwrap_err();
    assert_eq!(
        failure.to_string(),
        "HTTP 400, Bad Request; _embedded.contacts.0.name: InvalidType (request r-9)"
    );
}
