//! What writes make of the account, and what they are refused for.

use super::*;

#[tokio::test]
async fn a_complex_write_makes_deal_and_person_and_answers_a_bare_list() {
    let account = Account::calm().await;
    let got = account
        .call(
            "POST",
            "leads/complex",
            json!([complex("one", "+77770000001"), complex("two", "+77770000002")]),
        )
        .await;
    assert_eq!(got.status, 200, "{}", got.text);
    let [one, two] = got.body.as_array().unwrap().as_slice() else { panic!("{}", got.text) };
    assert_eq!((&one["request_id"], &one["merged"]), (&json!(["one"]), &json!(false)));
    let lead = account.get(&format!("leads/{}?with=contacts", two["id"])).await.body;
    assert_eq!((&lead["status_id"], &lead["pipeline_id"]), (&json!(87_654_321), &json!(PIPELINE)));
    assert_eq!((&lead["created_at"], &lead["closed_at"]), (&json!(NOON), &Value::Null));
    let people = &lead["_embedded"]["contacts"];
    assert_eq!((&people[0]["id"], &people[0]["is_main"]), (&two["contact_id"], &json!(true)));
    assert_eq!(lead["custom_fields_values"][0]["field_code"], "UTM_SOURCE");
    let found = account.get("contacts?query=7770000002").await;
    assert_eq!(
        found.body["_embedded"]["contacts"][0]["custom_fields_values"][0]["values"][0]["enum_code"],
        "MOB"
    );

    let told = account.control("GET", "leads?phone=8+777+000+00-02", Value::Null).await.body;
    assert_eq!(told["leads"][0]["values"], json!({"UTM_SOURCE": "facebook"}));
    assert_eq!(told["leads"][0]["contacts"][0]["values"], json!({"PHONE": "+77770000002"}));
    let too_many = (0..51).map(|n| complex(&n.to_string(), "+77770000003")).collect::<Vec<_>>();
    assert_eq!(account.call("POST", "leads/complex", json!(too_many)).await.status, 400);
}

#[tokio::test]
async fn one_bad_entity_refuses_all_of_them() {
    let account = Account::calm().await;
    let before = account.control("GET", "world", Value::Null).await.body;
    let mut bad = complex("bad", "+77770000001");
    bad["custom_fields_values"] = json!([{"field_code": "UTM_WHAT", "values": [{"value": "x"}]}]);
    bad["_embedded"]["contacts"][0]["custom_fields_values"][0]["values"][0]["enum_code"] = json!("PAGER");
    let got = account.call("POST", "leads/complex", json!([complex("good", "+77770000002"), bad])).await;
    assert_eq!((got.status, got.kind()), (400, "application/problem+json"));
    assert_eq!(got.body["validation-errors"][0]["request_id"], "bad");
    assert_eq!(
        got.flaws(),
        [
            ("NotSupportedChoice", "_embedded.contacts.0.custom_fields_values.0.values.0.enum_code"),
            ("NotSupportedChoice", "custom_fields_values.0.field_id"),
        ]
    );
    assert_eq!(account.control("GET", "world", Value::Null).await.body, before);
}

#[tokio::test]
async fn a_deal_cannot_go_where_there_is_no_stage_or_only_an_incoming_one() {
    let account = Account::calm().await;
    for (body, path) in [
        (json!({"status_id": 144}), "status_id"),
        (json!({"status_id": 87_654_320}), "status_id"),
        (json!({"status_id": 87_700_025}), "status_id"),
        (json!({"pipeline_id": 7}), "pipeline_id"),
        (json!({"pipeline_id": 7, "status_id": 142}), "pipeline_id"),
        (json!({"pipeline_id": PIPELINE, "status_id": 87_700_025}), "status_id"),
    ] {
        let got = account.call("PATCH", "leads/30200003", body).await;
        assert_eq!((got.status, got.flaws()), (400, vec![("NotSupportedChoice", path)]));
    }
    assert_eq!(account.call("POST", "leads", json!([{"pipeline_id": 7}])).await.status, 400);
    let got = account.call("POST", "leads", json!([{"name": "x"}, {"pipeline_id": 10_350_999}])).await;
    let places = got.ids("leads").into_iter().map(async |id| {
        let lead = account.get(&format!("leads/{id}")).await.body;
        (lead["pipeline_id"].clone(), lead["status_id"].clone())
    });
    let places = futures::future::join_all(places).await;
    assert_eq!(places, [(json!(PIPELINE), json!(87_654_321)), (json!(10_350_999), json!(87_700_021))]);
}

#[tokio::test]
async fn closing_and_reopening_move_the_times_and_leave_events() {
    let account = Account::calm().await;
    let state = async || {
        let lead = account.get("leads/30200003").await.body;
        (lead["updated_at"].as_i64().unwrap(), lead["closed_at"].as_i64())
    };
    account.wait(5_000);
    let body = json!({"status_id": 143, "pipeline_id": PIPELINE});
    let got = account.call("PATCH", "leads/30200003", body).await;
    assert_eq!((&got.body["id"], &got.body["updated_at"]), (&json!(30_200_003), &json!(NOON + 5)));
    assert_eq!(state().await, (NOON + 5, Some(NOON + 5)));
    account.wait(1_000);
    account.call("PATCH", "leads", json!([{"id": 30_200_003, "name": "new"}])).await;
    assert_eq!(state().await, (NOON + 6, Some(NOON + 5)));
    account.wait(1_000);
    account.call("PATCH", "leads/30200003", json!({"status_id": 87_654_325})).await;
    assert_eq!(state().await, (NOON + 7, None));
    let events = account
        .get("events?filter[type]=lead_status_changed&filter[entity]=lead&filter[entity_id]=30200003")
        .await;
    let [back, lost] = events.body["_embedded"]["events"].as_array().unwrap().as_slice() else {
        panic!("{}", events.text)
    };
    assert_eq!(lost["value_before"][0]["lead_status"], json!({"id": 87_654_321, "pipeline_id": PIPELINE}));
    assert_eq!(lost["value_after"][0]["lead_status"]["id"], 143);
    assert_eq!(back["created_at"], NOON + 7);
    let added = account.get("events?filter[type]=lead_added&limit=100").await;
    assert_eq!(added.body["_embedded"]["events"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn fields_are_replaced_one_by_one_and_cleared_by_null() {
    let account = Account::calm().await;
    let body = json!({"custom_fields_values": [
        {"field_code": "UTM_SOURCE", "values": [{"value": "google"}]},
        {"field_id": 644_001, "values": null},
    ], "tags_to_add": [{"name": "повтор"}]});
    assert_eq!(account.call("PATCH", "leads/30200007", body).await.status, 200);
    let lead = account.get("leads/30200007").await.body;
    assert_eq!(lead["custom_fields_values"].as_array().unwrap().len(), 1);
    assert_eq!(lead["custom_fields_values"][0]["values"], json!([{"value": "google"}]));
    assert_eq!(lead["_embedded"]["tags"][0]["name"], "повтор");
    assert_eq!((&lead["price"], &lead["name"]), (&json!(490_000), &json!("Сделка #7")), "the rest stays");
    let number = json!({"custom_fields_values": [{"field_code": "UTM_TERM", "values": [{"value": 5}]}]});
    let got = account.call("PATCH", "leads/30200007", number).await;
    assert_eq!(got.flaws(), [("InvalidType", "custom_fields_values.0.values.0.value")]);
}

#[tokio::test]
async fn people_are_made_changed_and_linked() {
    let account = Account::calm().await;
    let phones = |list: &[&str]| {
        let values = list.iter().map(|phone| json!({ "value": phone })).collect::<Vec<_>>();
        json!([{ "field_code": "PHONE", "values": values }])
    };
    let body = json!([{"name": "Новый", "custom_fields_values": phones(&["+77770000001"])}]);
    let id = account.call("POST", "contacts", body).await.ids("contacts")[0];
    let body = json!({"custom_fields_values": phones(&["+77770000001", "+77770000002"])});
    let got = account.call("PATCH", &format!("contacts/{id}"), body).await;
    assert_eq!((got.status, &got.body["id"], &got.body["name"]), (200, &json!(id), &json!("Новый")));
    let contact = account.get(&format!("contacts/{id}")).await.body;
    assert_eq!(contact["custom_fields_values"][0]["values"].as_array().unwrap().len(), 2);
    let link = json!([{"to_entity_id": id, "to_entity_type": "contacts", "metadata": {"is_main": true}}]);
    assert_eq!(account.call("POST", "leads/30200003/link", link).await.status, 200);
    let lead = account.get("leads/30200003?with=contacts").await;
    assert_eq!(lead.ids("contacts"), [id, 30_100_003]);
    let link = json!([{"to_entity_id": 1, "to_entity_type": "contacts"}]);
    assert_eq!(account.call("POST", "leads/30200003/link", link).await.status, 400);
    assert_eq!(account.call("PATCH", "contacts/1", json!({"name": "x"})).await.status, 404);
}

#[tokio::test]
async fn notes_come_back_by_their_deal() {
    let account = Account::calm().await;
    let text = |text: &str| json!({"note_type": "common", "params": {"text": text}});
    let got = account.call("POST", "leads/30200003/notes", json!([text("a"), text("b")])).await;
    assert_eq!((got.status, got.ids("notes").len()), (200, 2));
    let mut elsewhere = text("c");
    elsewhere["entity_id"] = json!(30_200_004);
    assert_eq!(account.call("POST", "leads/notes", json!([elsewhere])).await.status, 200);
    let page = account.get("leads/30200003/notes?limit=1&page=2").await;
    assert_eq!(page.body["_embedded"]["notes"][0]["params"]["text"], "b");
    let world = account.control("GET", "world", Value::Null).await.body;
    assert_eq!(world["leads"][3]["notes"][0]["params"]["text"], "c");
    let empty = account.call("POST", "leads/30200003/notes", json!([{"note_type": "common"}])).await;
    assert_eq!(empty.flaws(), [("FieldMissing", "params.text")]);
}

#[tokio::test]
async fn a_world_that_was_told_can_be_set_again() {
    let account = Account::calm().await;
    account.call("POST", "leads/complex", json!([complex("one", "+77770000001")])).await;
    let told = account.control("GET", "world", Value::Null).await.body;
    account.put("world", told.clone()).await;
    assert_eq!(account.control("GET", "world", Value::Null).await.body, told);
    let more = json!({"contacts": [{"id": 5, "name": "E"}], "leads": [
        {"id": 6, "contacts": [5], "status_id": 142, "pipeline_id": PIPELINE, "updated_at": 1000},
    ]});
    assert_eq!(account.control("POST", "leads", more).await.body, json!({"contacts": [5], "leads": [6]}));
    assert_eq!(account.get("leads/6").await.body["closed_at"], 1000);
    let change = json!({"status_id": 87_654_321, "updated_at": 2000, "values": {"Способ оплаты": "Kaspi"}});
    assert_eq!(account.control("PATCH", "leads/6", change).await.status, 204);
    assert_eq!(account.get("leads/6").await.body["updated_at"], 2000);
    let here = account.get("leads?limit=250").await.ids("leads");
    let half = json!({"leads": [{"id": 7}, {"contacts": [4]}]});
    let wrong = account.control("POST", "leads", half).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    assert_eq!(account.get("leads?limit=250").await.ids("leads"), here, "all of it or nothing");
    account.put("world", json!({"contacts": [{"name": "alone"}]})).await;
    assert_eq!(account.get("leads").await.status, 204, "the usual deals belong to the usual people");
}
