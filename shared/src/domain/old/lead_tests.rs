use serde_json::json;

use super::*;

fn at() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn read(origin: Origin, row: Value) -> Result<OldLead, Unfit> {
    let mut whole = json!({"phone": "8 (777) 388-68-80", "email": "A@B.kz", "name": "Айгүл"});
    whole.as_object_mut().unwrap().extend(row.as_object().unwrap().clone());
    OldLead::read(origin, RowId("Ab-1".to_owned()), at(), &Row::from(whole))
}

fn landing(row: Value) -> OldLead {
    read(Origin::Landing, row).unwrap()
}

#[test]
fn a_source_tells_the_form_and_the_slug() {
    for (row, form, slug) in [
        (json!({"source": "proftest_kenesary"}), Form::Proftest, Some("kenesary")),
        (json!({"source": "ProfTest"}), Form::Proftest, None),
        (json!({"source": "proftest", "metadata": {"slug": "proftest_muha"}}), Form::Proftest, Some("muha")),
        (json!({"source": "expresscourse"}), Form::Express, None),
        (json!({"source": "Express"}), Form::Express, None),
        (json!({"source": "TF4"}), Form::Express, Some("TF4")),
        (json!({"source": null, "metadata": "{\"slug\":\"arystan\"}"}), Form::Express, Some("arystan")),
    ] {
        let lead = landing(row.clone());
        assert_eq!((lead.form, lead.slug.as_deref()), (form, slug), "{row}");
    }
}

#[test]
fn utm_values_come_from_columns_then_from_what_was_sent_along() {
    let lead = landing(json!({
        "source": "express", "utm_campaign": "onai2", "utm_source": "", "utm_medium": null,
        "metadata": {
            "utm_source": "fb", "page": "https://x.example/?utm_term=kz_ar&amp;utm_content=v1", "payment_method": "Kaspi",
        },
    }));
    let shown: Vec<(UtmName, Way, &str)> =
        lead.readings.iter().map(|reading| (reading.utm, reading.way, reading.value.as_str())).collect();
    let expected = [
        (UtmName::Campaign, Way::Code, "onai2"),
        (UtmName::Source, Way::FieldName, "fb"),
        (UtmName::Content, Way::Link, "v1"),
        (UtmName::Term, Way::Link, "kz_ar"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(lead.payment_method, Some(PaymentMethod::Kaspi));
    assert_eq!(
        landing(json!({"source": "proftest", "metadata": {"paymentMethod": "kaspi"}})).payment_method,
        None
    );
}

#[test]
fn a_deal_is_a_number_or_a_text_or_nothing() {
    for (value, expected) in [
        (json!("42"), Some(42)),
        (json!(42), Some(42)),
        (json!(""), None),
        (json!("no"), None),
        (json!(0), None),
    ] {
        assert_eq!(landing(json!({"amocrm_lead_id": value})).deal, expected, "{value}");
    }
}

#[test]
fn what_cannot_be_a_lead_says_why() {
    for (row, reason) in [
        (json!({"phone": null, "email": " "}), Unfit::NoContact),
        (json!({"phone": ""}), Unfit::NoPhone),
        (json!({"phone": "12"}), Unfit::BadPhone),
        (json!({"phone": "семь"}), Unfit::BadPhone),
        (json!({"email": null}), Unfit::NoEmail),
        (json!({"email": "a@b"}), Unfit::BadEmail),
    ] {
        assert_eq!(read(Origin::Landing, row.clone()).unwrap_err(), reason, "{row}");
    }
    assert_eq!(landing(json!({"name": null})).name.0, "", "a name may be missing");
}

#[test]
fn a_copy_is_called_by_its_original_and_came_ten_minutes_before_it_was_made() {
    let copy = read(Origin::Tripwire, json!({
        "full_name": "Айгүл Т.", "source_campaign": "proftest_muha", "source": "landing", "source_lead_id": "CD-2",
    }))
    .unwrap();
    assert_eq!((copy.mark.to_string().as_str(), copy.mark.origin), ("landing:cd-2", Origin::Landing));
    assert_eq!((copy.form, copy.slug.as_deref()), (Form::Proftest, Some("muha")));
    assert_eq!((copy.name.0.as_str(), copy.came_at), ("Айгүл Т.", at() - TimeDelta::minutes(10)));
    let own = read(Origin::Tripwire, json!({"source": "express"})).unwrap();
    assert_eq!((own.mark.to_string().as_str(), own.came_at), ("tripwire:ab-1", at()));
}

#[test]
fn our_own_form_of_a_row_came_within_its_window() {
    let landing = landing(json!({})).window;
    let tripwire = read(Origin::Tripwire, json!({})).unwrap().window;
    for (window, minute, distance) in [
        (landing, -11, None),
        (landing, -10, Some(10)),
        (landing, 10, Some(10)),
        (landing, 11, None),
        (tripwire, -21, None),
        (tripwire, -20, Some(10)),
        (tripwire, 5, Some(15)),
        (tripwire, 6, None),
    ] {
        let found = window.distance(at() + TimeDelta::minutes(minute));
        assert_eq!(found, distance.map(TimeDelta::minutes), "{minute}");
    }
}

#[test]
fn a_mark_reads_back_and_other_names_are_none() {
    for origin in [Origin::Landing, Origin::Tripwire] {
        let mark = Mark::new(origin, &RowId("7".to_owned()));
        assert_eq!(Mark::parse(&mark.to_string()), Some(mark));
    }
    assert_eq!(Mark::parse("demo-7"), None);
}

#[test]
fn nothing_of_a_person_is_printed() {
    let lead = landing(json!({"metadata": null}));
    let printed = format!("{lead:?}");
    for text in ["7773886880", "a@b.kz", "Айгүл"] {
        assert!(!printed.contains(text), "{printed}");
    }
}
