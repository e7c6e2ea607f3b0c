use proptest::prelude::*;
use serde_json::json;

use super::*;

fn proftest(extra: &Value) -> Result<Filled, ApiError> {
    let mut body = json!({"name": "Айгерим", "email": "A@b.kz", "phone": "8 (777) 388-68-80"});
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    filled(Form::Proftest, body.to_string().as_bytes())
}

fn fields_of(error: &ApiError) -> Vec<&str> {
    error.details().iter().map(|detail| detail.field.as_str()).collect()
}

#[test]
fn a_form_is_read_into_comparable_values() {
    let form = proftest(&json!({"slug": "arystan", "utm_campaign": " Onai2 "})).unwrap();
    assert_eq!((form.phone.as_str(), form.email.as_str()), ("+77773886880", "a@b.kz"));
    assert_eq!(form.source_campaign(Form::Proftest), "proftest_arystan");
    assert_eq!(form.readings.len(), 1);
    assert_eq!((form.readings[0].way, form.readings[0].value.as_str()), (Way::Code, "Onai2"));
    assert_eq!(form.payment_method, None);
}

#[test]
fn campaigns_are_named_as_they_always_were() {
    let campaign = |slug: &str| proftest(&json!({"slug": slug})).unwrap().source_campaign(Form::Proftest);
    assert_eq!(campaign("kenesary"), "proftest_kenesary");
    assert_eq!(campaign("proftest_kenesary"), "proftest_kenesary");
    assert_eq!(campaign("  "), "proftest");
    assert_eq!(proftest(&json!({"slug": "x"})).unwrap().source_campaign(Form::Express), "express");
}

#[test]
fn every_field_that_has_to_change_is_named_at_once() {
    let body = br#"{"name": "", "email": "a@", "phone": "8 777 ABC", "paymentMethod": "cash"}"#;
    let error = filled(Form::Express, body).unwrap_err();
    assert_eq!(fields_of(&error), ["name", "email", "phone", "paymentMethod"]);
    let text = serde_json::to_string(error.details()).unwrap();
    assert!(!text.contains("777") && !text.contains("a@"), "what stood in a field is not repeated: {text}");
    let missing = filled(Form::Express, b"x=1").unwrap_err();
    assert_eq!(fields_of(&missing), ["name", "email", "phone", "paymentMethod"]);
    assert_eq!(fields_of(&filled(Form::Proftest, b"x=1").unwrap_err()), ["name", "email", "phone"]);
}

#[test]
fn an_order_says_how_it_is_paid() {
    for (text, expected) in [
        ("kaspi", PaymentMethod::Kaspi),
        ("Halyk", PaymentMethod::Halyk),
        (" robokassa", PaymentMethod::Robokassa),
    ] {
        let body = format!("name=a&email=a%40b.kz&phone=%2B77773886880&paymentMethod={text}");
        assert_eq!(filled(Form::Express, body.as_bytes()).unwrap().payment_method, Some(expected));
    }
}

#[test]
fn values_are_found_wherever_the_page_put_them() {
    let form = proftest(&json!({
        "utm_source": "facebook",
        "metadata": {
            "utm_campaign": "kenji",
            "page": {"url": "https://l.example/p?utm_content=video3&amp;utm_term=w25#top"},
            "tries": 2
        }
    }))
    .unwrap();
    let read: Vec<_> = form.readings.iter().map(|r| (r.utm, r.way, r.value.as_str())).collect();
    assert_eq!(
        read,
        [
            (UtmName::Campaign, Way::FieldName, "kenji"),
            (UtmName::Source, Way::Code, "facebook"),
            (UtmName::Content, Way::Link, "video3"),
            (UtmName::Term, Way::Link, "w25"),
        ]
    );
    assert!(form.metadata.unwrap().contains("\"tries\":2"));
}

proptest! {
    #[test]
    fn any_body_is_a_form_or_names_its_problems(body in prop::collection::vec(any::<u8>(), 0..300)) {
        for form in Form::ALL {
            if let Err(error) = filled(form, &body) {
                prop_assert!(!error.details().is_empty());
            }
        }
    }

    #[test]
    fn any_values_in_the_fields_end_alike(
        name in "\\PC{0,40}", email in "\\PC{0,40}", phone in "\\PC{0,40}", slug in "\\PC{0,300}", utm in "\\PC{0,900}",
    ) {
        let body = json!({"name": name, "email": email, "phone": phone, "slug": slug, "utm_campaign": utm});
        if let Ok(form) = filled(Form::Proftest, body.to_string().as_bytes()) {
            prop_assert!(form.source_campaign(Form::Proftest).chars().count() <= 110);
            prop_assert!(form.readings.iter().all(|reading| reading.value.chars().count() <= 500));
        }
    }
}
