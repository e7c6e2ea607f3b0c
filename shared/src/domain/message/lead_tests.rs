use super::*;
use crate::domain::day::Day;
use crate::domain::email::Email;
use crate::domain::lead::{CrmJob, LeadStatus, PersonName};
use crate::domain::phone::Phone;
use crate::domain::utm::{Reading, Way};

fn lead(form: Form, name: &str) -> Lead {
    let received_at = "2026-11-20T10:40:00Z".parse().unwrap();
    let order = form == Form::Express;
    Lead {
        id: "018f".to_owned(),
        form,
        name: PersonName(name.to_owned()),
        phone: Phone::parse("+77773886880").unwrap(),
        email: Email::parse("a@b.kz").unwrap(),
        slug: None,
        source_campaign: form.as_str().to_owned(),
        payment_method: order.then_some(PaymentMethod::Kaspi),
        readings: vec![Reading {
            utm: UtmName::Campaign,
            way: Way::Code,
            field: "utm_campaign".to_owned(),
            value: "onai2".to_owned(),
            ad_account: None,
        }],
        metadata: None,
        team: None,
        rules: 0,
        moved: None,
        received_at,
        day: Day::of(received_at),
        status: LeadStatus::Waiting,
        crm: CrmJob::default(),
        also: vec![],
        version: 1,
    }
}

fn sms(text: &str, lead: &Lead) -> String {
    let texts = Texts { sms_proftest: text.to_owned(), sms_express: text.to_owned(), ..Texts::default() };
    by_sms(&texts, lead, &ProductRules::default())
}

#[test]
fn people_are_told_what_they_sent() {
    let (texts, products) = (Texts::default(), ProductRules::default());
    for form in Form::ALL {
        let lead = lead(form, "Айгүл");
        let said = (by_sms(&texts, &lead, &products), by_email(&texts, &lead, &products));
        insta::assert_json_snapshot!(form.as_str(), said);
    }
}

#[test]
fn what_a_form_does_not_have_leaves_its_line_out() {
    let proftest = lead(Form::Proftest, " ");
    assert_eq!(sms("{name}!\n{amount}\n{payment_method}\n{utm_campaign}", &proftest), "onai2");
    let order = lead(Form::Express, "A");
    assert_eq!(sms("{name}: {amount}, {payment_method}, {email}", &order), "A: 5 000 ₸, Kaspi, {email}");
}

#[test]
fn a_name_that_is_an_advertisement_is_not_passed_on() {
    for name in ["Visit https://evil.example", "evil.example now", "t.me/evil", "8 777 388 68 80", "a@evil"] {
        assert_eq!(sms("{name}\nbye", &lead(Form::Proftest, name)), "bye", "{name}");
    }
    for name in ["Ә. И. Серік", "Jean-Luc d'Or", "Ivan 3", "مريم", "_*[]()~`>#+-=|{}.!\\"] {
        assert_eq!(sms("{name}\nbye", &lead(Form::Proftest, name)), format!("{name}\nbye"));
    }
}

#[test]
fn no_name_makes_a_message_long_or_a_subject_two_lines() {
    let long = lead(Form::Express, &"🚀\n".repeat(10_000));
    assert!(sms("{name}", &long).encode_utf16().count() <= LONGEST_VALUE);
    let texts = Texts {
        email_express: Letter { subject: "For\n{name}".to_owned(), body: "{name}".to_owned() },
        ..Texts::default()
    };
    let mail = by_email(&texts, &long, &ProductRules::default());
    assert!(mail.subject.starts_with("For 🚀 🚀") && mail.subject.ends_with('…'), "{}", mail.subject);
}
