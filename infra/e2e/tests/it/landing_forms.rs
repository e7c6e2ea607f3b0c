//! A form of a landing page is a lead with all that follows from it, or a refusal that names what has to change.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use e2e::env::env;
use e2e::landing::{self, PROFTEST, SUBMIT};
use e2e::{Answer, Form, Guest, Stack, clock, leads};
use serde_json::{Value, json};

fn time(text: &Value) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text.as_str().expect("a time")).expect("RFC 3339").to_utc()
}

/// Text that no other form has.
fn unique() -> String {
    format!("e2e_{:016x}", fastrand::u64(..))
}

#[tokio::test]
async fn a_form_is_stored_with_its_links_its_counts_its_messages_and_what_amocrm_is_to_be_told() {
    let stack = Stack::for_forms().await;
    let (guest, content) = (Guest::new(), unique());
    let slug = format!("arystan_{content}");
    let before = clock::now() - TimeDelta::milliseconds(1);
    let form = Form::proftest(&guest).with("slug", slug.as_str()).with("utm_content", content.as_str());
    let id = form.with("metadata", json!({"score": 7})).taken(&stack).await;
    let lead = leads::lead(&id).await;
    let received_at = time(&lead["received_at"]);
    assert!((before..=clock::now()).contains(&received_at), "{received_at}");
    let campaign = format!("proftest_{slug}");
    let told = ["form", "name", "phone", "email", "slug", "source_campaign", "team", "day", "payment_method"];
    let day = clock::almaty_day(received_at);
    assert_eq!(
        told.map(|name| lead[name].clone()),
        [
            json!("proftest"),
            json!(guest.name),
            json!(guest.phone()),
            json!(guest.email),
            json!(slug),
            json!(campaign),
            json!("arystan"),
            json!(day),
            Value::Null
        ]
    );
    assert_eq!(lead["metadata"], json!({"score": 7}).to_string());
    assert_eq!(
        (leads::of_phone(&guest).await, leads::of_email(&guest).await),
        (vec![id.clone()], vec![id.clone()])
    );
    let counted: u64 = leads::counted(&stack, &campaign).await.into_values().sum();
    assert_eq!((counted, leads::counted_by_content("arystan", &content).await), (1, (1, 0)));
    let messages = leads::messages_of(&id).await;
    assert_eq!(messages.len(), 2, "{messages:?}");
    for (message, channel) in messages.iter().zip(["sms", "email"]) {
        let told = [&message["channel"], &message["state"], &message["source_campaign"]];
        assert_eq!(told, [&json!(channel), &json!("pending"), &json!(campaign)]);
        assert_eq!(time(&message["due_at"]) - time(&message["created_at"]), TimeDelta::minutes(10));
        let text = message.to_string();
        for personal in [guest.name.as_str(), &guest.email, guest.last_ten()] {
            assert!(!text.contains(personal), "a message names its reader: {text}");
        }
    }
}

#[tokio::test]
async fn an_order_says_how_it_is_paid_and_belongs_to_the_express_course() {
    let stack = Stack::for_forms().await;
    for method in ["kaspi", "Halyk", " robokassa "] {
        let (guest, content) = (Guest::new(), unique());
        let form = Form::order(&guest, method).with("utm_campaign", "onai2_reels");
        let id = form.with("utm_content", content.as_str()).taken(&stack).await;
        let lead = leads::lead(&id).await;
        let told = ["form", "source_campaign", "team", "payment_method"].map(|name| lead[name].clone());
        let method = method.trim().to_lowercase();
        assert_eq!(told, ["express", "express", "muha", method.as_str()].map(Value::from));
        assert_eq!(leads::counted_by_content("muha", &content).await, (0, 1));
        assert_eq!(leads::messages_of(&id).await.len(), 2);
    }
}

#[tokio::test]
async fn spellings_of_one_phone_are_one_person() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let mut ids = vec![];
    for spelling in guest.spellings() {
        // One person may have several addresses.
        let form = Form::proftest(&Guest::new()).with("phone", spelling);
        ids.push(form.taken(&stack).await);
    }
    assert_eq!(leads::of_phone(&guest).await, ids, "in the order in which they came");
    for id in &ids {
        assert_eq!(leads::lead(id).await["phone"], guest.phone());
    }
}

#[tokio::test]
async fn numbers_of_other_countries_keep_theirs_and_an_address_is_kept_in_lower_case() {
    let stack = Stack::for_forms().await;
    let tail = || fastrand::u32(1_000_000..9_999_999);
    for (prefix, kept) in [("8 912 ", "+7912"), ("+998 90 ", "+99890"), ("+996 555 ", "+996555")] {
        let digits = tail() % 10_u32.pow(if prefix.contains("996") { 6 } else { 7 });
        let digits = if prefix.contains("996") { format!("{digits:06}") } else { format!("{digits:07}") };
        let guest = Guest::new();
        let form = Form::proftest(&guest).with("phone", format!("{prefix}{digits}"));
        let id = form.with("email", format!(" {} ", guest.email.to_uppercase())).taken(&stack).await;
        let lead = leads::lead(&id).await;
        assert_eq!(lead["phone"], format!("{kept}{digits}"));
        assert_eq!(lead["email"], guest.email);
    }
}

#[tokio::test]
async fn every_field_that_has_to_change_is_named_at_once_and_nothing_is_kept() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let all_bad =
        Form::order(&guest, "cash").with("name", " ").with("email", "a@").with("phone", "8 777 ABC 68 80");
    let fields = ["name", "email", "phone", "paymentMethod"];
    for answer in [all_bad.send(&stack).await, all_bad.send_encoded(&stack).await] {
        let refusal = answer.invalid(&fields).to_string();
        assert!(!refusal.contains("ABC") && !refusal.contains("cash"), "{refusal}");
    }
    for (field, values) in [
        ("phone", &["", "12", "8777388688", "семьсот", "777+3886880", "+999123456789", "0000000000"][..]),
        ("email", &["", "a", "a@b", "a b@c.kz", "a@b..kz", "a@[127.0.0.1]"]),
        ("name", &["", "   ", "\t\n"]),
    ] {
        for value in values {
            let form = Form::proftest(&guest).with(field, *value);
            form.send(&stack).await.invalid(&[field]);
        }
        Form::proftest(&guest).with(field, Value::Null).send(&stack).await.invalid(&[field]);
    }
    Form::order(&guest, "").send(&stack).await.invalid(&["paymentMethod"]);
    assert_eq!(leads::of_phone(&guest).await, Vec::<String>::new());
    assert_eq!(leads::of_email(&guest).await, Vec::<String>::new());
}

#[tokio::test]
async fn json_and_a_form_are_the_same() {
    let stack = Stack::for_forms().await;
    let (one, other, content) = (Guest::new(), Guest::new(), unique());
    let form = |guest: &Guest| {
        let form = Form::order(guest, "kaspi").with("utm_campaign", "nutcab_video3");
        form.with("utm_content", content.as_str()).with("slug", "proftest_kenesary")
    };
    let by_json = leads::lead(&form(&one).taken(&stack).await).await;
    let by_form = leads::lead(&landing::lead_id(&form(&other).send_encoded(&stack).await)).await;
    for name in ["form", "slug", "source_campaign", "team", "payment_method", "readings"] {
        assert_eq!(by_json[name], by_form[name], "{name}");
    }
    assert_eq!(by_form["name"], other.name);
    assert_eq!(leads::counted_by_content("kenesary", &content).await, (0, 2));
}

#[tokio::test]
async fn whose_lead_it_is_stands_in_the_utm_values_then_in_the_slug() {
    let stack = Stack::for_forms().await;
    let page = "https://landing.example/p?utm_source=ig&amp;utm_campaign=onai2_reels&amp;utm_content=x";
    let link = json!({"page": {"url": page}});
    let cases = [
        (
            "a campaign wins over the slug",
            json!({"slug": "arystan", "utm_campaign": "alex_broad_kz"}),
            json!("traf4"),
        ),
        ("the page's link is read", json!({ "metadata": link }), json!("muha")),
        (
            "a campaign of nobody leaves it to the slug",
            json!({"slug": "kenesary", "utm_campaign": "fast_start"}),
            json!("kenesary"),
        ),
        ("nothing is nobody's", json!({}), Value::Null),
        ("a foreign slug is nobody's", json!({"slug": "fast_start"}), Value::Null),
    ];
    for (what, fields, team) in cases {
        let fields = fields.as_object().unwrap().iter();
        let form =
            fields.fold(Form::proftest(&Guest::new()), |form, (name, value)| form.with(name, value.clone()));
        let lead = leads::lead(&form.taken(&stack).await).await;
        assert_eq!(lead["team"], team, "{what}");
    }
}

#[tokio::test]
async fn the_same_person_may_send_several_forms_and_each_is_a_lead() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let campaign = unique();
    let form = Form::proftest(&guest).with("slug", campaign.as_str());
    let ids = [form.taken(&stack).await, form.taken(&stack).await, form.taken(&stack).await];
    assert_eq!(leads::of_phone(&guest).await, ids);
    let counted: u64 = leads::counted(&stack, &format!("proftest_{campaign}")).await.into_values().sum();
    assert_eq!(counted, 3);
}

fn cors(answer: &Answer) -> BTreeMap<String, String> {
    let headers = answer.headers.iter().filter(|(name, _)| name.as_str().starts_with("access-control-"));
    headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
}

#[tokio::test]
async fn pages_of_configured_origins_may_read_answers_and_no_others() {
    let stack = Stack::for_forms().await;
    let origins: Vec<&str> = env().get("LANDING_ORIGINS").split(',').collect();
    assert!(!origins.is_empty() && !origins.contains(&"*"));
    for path in [PROFTEST, SUBMIT] {
        for origin in &origins {
            let allowed = stack.preflight(path, origin).await;
            assert_eq!((allowed.status, allowed.text()), (204, String::new()));
            let told = cors(&allowed);
            assert_eq!(told["access-control-allow-origin"], *origin);
            assert_eq!(told["access-control-allow-methods"], "POST");
            assert_eq!(told["access-control-allow-headers"], "content-type,idempotency-key");
        }
        for origin in ["https://evil.example", "null", "https://landing.example.evil.example"] {
            assert_eq!(cors(&stack.preflight(path, origin).await), BTreeMap::new(), "{origin}");
        }
    }
    let guest = Guest::new();
    let (taken, refused) = (Form::proftest(&guest), Form::proftest(&guest).with("phone", "12"));
    let elsewhere = stack.from_elsewhere();
    let own = BTreeMap::from([("access-control-allow-origin".to_owned(), origins[0].to_owned())]);
    // A page has to be able to read what is wrong with a form, too.
    for (form, status) in [(&taken, 200), (&refused, 400)] {
        for (origin, told) in [(origins[0], &own), ("https://evil.example", &BTreeMap::new())] {
            let answer = form.send_with(&elsewhere, &[("origin", origin)]).await;
            assert_eq!((answer.status, &cors(&answer)), (status, told), "{origin}: {}", answer.shown());
        }
    }
}
