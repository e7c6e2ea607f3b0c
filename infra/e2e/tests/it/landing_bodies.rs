//! Whatever is posted as a form gets an answer that the document names, and nothing of it is an error of ours.

use e2e::landing::{PROFTEST, SUBMIT, lead_id};
use e2e::{Answer, Caller, Form, Guest, Stack, leads};
use futures::future::join_all;
use serde_json::{Value, json};

const LARGEST: usize = 128 * 1024;

fn assert_named(answer: &Answer, what: &str) {
    assert!(matches!(answer.status, 200 | 400 | 413 | 429), "{what}: {} {}", answer.status, answer.shown());
}

#[tokio::test]
async fn a_form_above_128_kibibytes_is_too_large_and_up_to_it_is_a_lead() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let form = |size: usize| {
        let short = Form::order(&guest, "kaspi").with("metadata", "");
        let padding = size - short.json().len();
        short.with("metadata", "x".repeat(padding))
    };
    assert_eq!(form(LARGEST).json().len(), LARGEST);
    form(LARGEST + 1).send(&stack).await.refused(413, "payload_too_large");
    assert_eq!(leads::of_phone(&guest).await, Vec::<String>::new());
    let id = form(LARGEST).taken(&stack).await;
    assert_eq!(leads::of_phone(&guest).await, [id]);
    // Past the gateway's own limit the gateway answers.
    form(10 * 1000 * 1000).send(&stack).await.refused_by_gateway(413, "Request Entity Too Large");
}

#[tokio::test]
async fn what_is_no_form_is_refused_as_a_body() {
    let stack = Stack::for_forms().await;
    let deep = format!("{}1{}", "{\"name\":".repeat(1_000), "}".repeat(1_000));
    for path in [PROFTEST, SUBMIT] {
        for body in
            ["", " \r\n", "[]", "{", "{\"name\": ", "{} {}", "[{\"name\": \"x\"}]", "{\"a\": 1e999}", &deep]
        {
            let answer =
                stack.send("POST", path, &Caller::Nobody, Some(("application/json", body.into()))).await;
            answer.invalid(&["body"]);
        }
    }
}

#[tokio::test]
async fn fields_of_odd_kinds_and_sizes_are_taken_or_named() {
    let stack = Stack::for_forms().await;
    let odd: Vec<Value> = vec![
        Value::Null,
        json!(true),
        json!(-1.5e300),
        json!([]),
        json!({}),
        json!(vec!["x"; 200]),
        json!("x".repeat(100_000)),
        json!("\u{0}\u{1}\u{7f}\u{202e}\u{feff}"),
        json!("😀".repeat(2_000)),
        json!("https://landing.example/?utm_campaign=%zz&utm_content=%ff&amp;utm_term=%F0%9F%98%80"),
        json!({"url": "https://x/?utm_source=a", "utm_campaign": {"utm_term": ["x", {"utm_content": 1}]}}),
    ];
    let fields = [
        "name",
        "email",
        "phone",
        "slug",
        "metadata",
        "utm_campaign",
        "utm_term",
        "paymentMethod",
        "unknown",
    ];
    let forms = fields.iter().flat_map(|field| odd.iter().map(move |value| (*field, value)));
    let forms: Vec<(String, Form)> = forms
        .map(|(field, value)| {
            let what = format!("{field}: {:.60}", value.to_string().escape_default().to_string());
            (what, Form::order(&Guest::new(), "halyk").with(field, value.clone()))
        })
        .collect();
    let answers = join_all(forms.iter().map(|(_, form)| form.send(&stack))).await;
    for ((what, _), answer) in forms.iter().zip(&answers) {
        assert_named(answer, what);
    }
    // What says nothing about who it is or how it is paid cannot make a form bad.
    let harmless = fields.len() - 4;
    assert!(answers.iter().filter(|answer| answer.status == 200).count() >= harmless * odd.len());
}

#[tokio::test]
async fn a_name_of_ten_thousand_characters_is_a_name() {
    let stack = Stack::for_forms().await;
    let guest = Guest::new();
    let name = format!("{}{}", guest.name, "ә".repeat(20_000));
    let lead = leads::lead(&Form::proftest(&guest).with("name", name.as_str()).taken(&stack).await).await;
    assert_eq!(lead["name"], name.chars().take(10_000).collect::<String>());
}

#[tokio::test]
async fn no_rubbish_is_an_error_of_ours() {
    let stack = Stack::for_forms().await;
    let whole = [Form::order(&Guest::new(), "kaspi").json(), Form::order(&Guest::new(), "kaspi").encoded()];
    let bodies: Vec<Vec<u8>> = (0..80)
        .map(|n| {
            let mut body = whole[n % 2].clone();
            match n % 4 {
                0 | 1 => (0..=fastrand::usize(..8)).for_each(|_| {
                    let place = fastrand::usize(..body.len());
                    body[place] = fastrand::u8(..);
                }),
                2 => body.truncate(fastrand::usize(..body.len())),
                _ => body = (0..fastrand::usize(..4_000)).map(|_| fastrand::u8(..)).collect(),
            }
            body
        })
        .collect();
    let types = [
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=x",
    ];
    let answers = join_all(bodies.iter().enumerate().map(async |(n, body)| {
        let path = if n % 3 == 0 { PROFTEST } else { SUBMIT };
        let body = Some((types[n % types.len()], body.clone()));
        stack.from_elsewhere().send("POST", path, &Caller::Nobody, body).await
    }));
    for (answer, body) in answers.await.iter().zip(&bodies) {
        assert_named(answer, &hex::encode(body));
    }
}

#[tokio::test]
async fn a_form_is_read_by_what_it_is_and_not_by_what_it_is_called() {
    let stack = Stack::for_forms().await;
    for content_type in ["text/plain", "application/json; charset=utf-8", "application/octet-stream", "x"] {
        for body in [Form::proftest(&Guest::new()).json(), Form::proftest(&Guest::new()).encoded()] {
            let body = Some((content_type, body));
            let answer = stack.from_elsewhere().send("POST", PROFTEST, &Caller::Nobody, body).await;
            lead_id(&answer);
        }
    }
}
