//! Who a lead is in amoCRM: nobody's contact is touched but their own, and one person has one open deal.

use e2e::crm::{Crm, PIPELINE};
use e2e::{Form, Guest, leads, sandbox};
use serde_json::{Value, json};

fn notes(deal: &Value) -> Vec<&str> {
    let notes = deal["notes"].as_array().expect("notes").iter();
    notes.map(|note| note["params"]["text"].as_str().expect("a text")).collect()
}

#[tokio::test]
async fn someone_new_becomes_a_contact_with_a_deal_and_a_note_and_their_repeats_join_it() {
    let crm = Crm::open().await;
    let guest = Guest::new();
    let slug = format!("arystan_{:016x}", fastrand::u64(..));
    let form = Form::proftest(&guest).with("slug", slug.as_str()).with("metadata", json!({"score": 74}));
    let first = form.taken(&crm.stack).await;
    let lead = crm.until_written(&first).await;
    let deal = crm.deal_of(&guest).await;
    let contact = &deal["contacts"][0];
    assert_eq!(
        (&deal["name"], &deal["pipeline_id"]),
        (&json!(format!("ProfTest: {}", guest.name)), &json!(PIPELINE))
    );
    assert_eq!(contact["values"], json!({"PHONE": guest.phone(), "EMAIL": guest.email}));
    assert_eq!(lead["crm"]["deal"], json!({"account": 29_600_001, "lead": deal["id"]}));
    assert_eq!(lead["crm"]["contact_id"], contact["id"]);
    let note = notes(&deal).join("\n");
    for said in [guest.name.as_str(), &guest.phone(), &guest.email, &slug, "74", &first] {
        assert!(note.contains(said), "{note}");
    }
    let counted = leads::counted(&crm.stack, &format!("proftest_{slug}")).await;
    assert_eq!(counted.into_iter().collect::<Vec<_>>(), [(("proftest".to_owned(), "in_crm".to_owned()), 1)]);

    // Another spelling, another address of the same phone, another phone of the same address.
    crm.forget_asked().await;
    let repeats = [
        Form::proftest(&guest).with("phone", guest.spellings()[2].as_str()),
        Form::proftest(&guest.sharing_phone()),
        Form::proftest(&guest.sharing_email()).with("name", "Other Name"),
    ];
    for form in repeats {
        let id = form.taken(&crm.stack).await;
        let lead = crm.until_written(&id).await;
        assert_eq!(lead["crm"]["deal"]["lead"], deal["id"], "{form:?}");
    }
    let after = crm.deal_of(&guest).await;
    assert_eq!(
        (notes(&after).len(), &after["contacts"]),
        (4, &deal["contacts"]),
        "one note each, the contact as it was"
    );
    for unchanged in ["name", "price", "status_id", "values"] {
        assert_eq!(after[unchanged], deal[unchanged]);
    }
    assert_eq!(crm.asked().await.writes(), 3, "nothing is written but the notes");
    crm.end().await;
}

/// Somebody whom amoCRM knows by a deal in another pipeline, and people in whose fields her digits and her address stand
/// too, each with an open deal. Her contact's id.
async fn among_false_friends(crm: &Crm, guest: &Guest) -> u64 {
    let digits = guest.last_ten();
    let people = [
        json!({"name": "Асель Н.", "values": {"PHONE": guest.spellings()[2], "EMAIL": guest.email}}),
        json!({"name": format!("Заявка 7{digits}"), "values": {"PHONE": "+77025550102"}}),
        json!({"name": "Болат К.", "values": {"PHONE": "+77025550103", "Комментарий": format!("жене на 8{digits}")}}),
        json!({"name": "Longer", "values": {"PHONE": format!("+7{digits}8")}}),
        json!({"name": "Foreign", "values": {"PHONE": format!("+99{digits}")}}),
        json!({"name": "Тёзка", "values": {"PHONE": "+77025550106", "EMAIL": format!("not.{}", guest.email)}}),
    ];
    let (mut contacts, mut deals) = (vec![], vec![]);
    for (n, mut person) in (1..).zip(people) {
        person["id"] = crm.id(n).into();
        contacts.push(person);
        let (pipeline, stage) = if n == 1 { (10_350_999, 87_700_025) } else { (PIPELINE, 87_654_325) };
        deals.push(json!({"id": crm.id(100 + n), "pipeline_id": pipeline, "status_id": stage, "contacts": [crm.id(n)]}));
    }
    crm.add(&json!({"contacts": contacts, "leads": deals})).await;
    crm.id(1)
}

#[tokio::test]
async fn people_whose_digits_stand_in_others_fields_are_left_alone() {
    // Once more where amoCRM ignores filters in silence.
    for settings in [json!({}), json!({"disabled_filters": ["*"]})] {
        let crm = Crm::open().await;
        sandbox::control("PUT", "/control/amocrm/settings", Some(&settings)).await;
        let guest = Guest::new();
        let own = among_false_friends(&crm, &guest).await;
        let before = crm.world().await;
        let lead = crm.until_written(&Form::order(&guest, "robokassa").taken(&crm.stack).await).await;
        let after = crm.world().await;
        assert_eq!(
            (&after["contacts"], &lead["crm"]["contact_id"]),
            (&before["contacts"], &json!(own)),
            "{settings}"
        );
        let made = &lead["crm"]["deal"]["lead"];
        let (new, old): (Vec<&Value>, Vec<&Value>) =
            after["leads"].as_array().unwrap().iter().partition(|of| of["id"] == *made);
        assert_eq!(old, before["leads"].as_array().unwrap().iter().collect::<Vec<_>>(), "{settings}");
        assert_eq!((&new[0]["contacts"], &new[0]["pipeline_id"]), (&json!([own]), &json!(PIPELINE)));
        crm.end().await;
    }
}

#[tokio::test]
async fn who_has_won_already_gets_a_new_deal_for_an_order_and_none_for_a_career_test() {
    let crm = Crm::open().await;
    let guest = Guest::new();
    // The number is written as people of the country write it, beside another one.
    let phones = json!([guest.spellings()[1], "+77025550107"]);
    crm.add(&json!({
        "contacts": [{"id": crm.id(1), "name": "Двое Номеров", "values": {"PHONE": phones}}],
        "leads": [{"id": crm.id(2), "price": 490_000, "pipeline_id": PIPELINE, "status_id": 142, "contacts": [crm.id(1)]}],
    }))
    .await;
    let before = crm.world().await;
    let lead = crm.until_written(&Form::proftest(&guest).taken(&crm.stack).await).await;
    assert_eq!((lead["crm"].get("deal"), crm.world().await), (None, before.clone()));
    let lead = crm.until_written(&Form::order(&guest, "robokassa").taken(&crm.stack).await).await;
    let deals = crm.deals_of(&guest).await;
    assert_eq!((deals.len(), &deals[1]["id"]), (2, &lead["crm"]["deal"]["lead"]));
    assert_eq!(deals[1]["contacts"], deals[0]["contacts"]);
    assert_eq!(crm.world().await["contacts"], before["contacts"]);
    crm.end().await;
}

#[tokio::test]
async fn forms_of_one_person_all_at_once_are_one_deal_with_their_notes_in_order() {
    let crm = Crm::open().await;
    let guest = Guest::new();
    let mut ids = vec![];
    for _ in 0..4 {
        ids.push(Form::proftest(&guest).taken(&crm.stack).await);
    }
    crm.until_all_written(&ids).await;
    let deal = crm.deal_of(&guest).await;
    let order: Vec<usize> =
        notes(&deal).iter().map(|note| ids.iter().position(|id| note.contains(id)).unwrap()).collect();
    assert_eq!(order, [0, 1, 2, 3]);
    crm.end().await;
}
