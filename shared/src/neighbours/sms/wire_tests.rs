use std::time::Duration;

use super::*;
use crate::neighbours::stand_in::{Seen, json, neighbour};

async fn sent(answer: String, from: &str) -> (Delivery, Seen) {
    let (base, asked) = neighbour(answer);
    let mobizon = Mobizon::new(http::client(Duration::from_secs(5)).unwrap(), &format!("{base}/sms/"));
    let stored = serde_json::json!({"api_key": "kz key&1", "from": from});
    let credentials = Credentials::parse(&stored.to_string()).unwrap();
    let phone = Phone::parse("8 (777) 388-68-80").unwrap();
    let delivery = mobizon.send(&credentials, &phone, "Айгүл & +1\n=?").await;
    (delivery, asked.recv().unwrap())
}

const TAKEN: &str = r#"{"code":0,"data":{"campaignId":"9","messageId":"153","status":2},"message":""}"#;

#[tokio::test]
async fn a_message_is_one_form_with_the_key_in_the_query() {
    let (delivery, seen) = sent(json(200, TAKEN), "School").await;
    assert_eq!(delivery, Delivery::Sent { id: Some("153".to_owned()) });
    let target = "/sms/service/message/sendSmsMessage?apiKey=kz+key%261&output=json&api=v1";
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", target));
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
    let fields: Vec<(String, String)> = form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect();
    let expected = [("recipient", "77773886880"), ("text", "Айгүл & +1\n=?"), ("from", "School")];
    assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let (_, seen) = sent(json(200, TAKEN), "").await;
    assert!(!seen.body.contains("from"), "{}", seen.body);
}

#[tokio::test]
async fn the_code_decides_whatever_the_status() {
    let never = |reason: &str| Delivery::never(reason);
    let later = |reason: &str| Delivery::later(reason);
    let key = "Mobizon does not accept the key (code 8): store a valid api_key in the secret sms, allow our address";
    let sender =
        "Mobizon does not know the sender's name: register it there or take \"from\" out of the secret sms";
    for (status, body, expected) in [
        (200, r#"{"code":"0","data":{"messageId":153}}"#, Delivery::Sent { id: Some("153".to_owned()) }),
        (500, r#"{"code":0,"data":[]}"#, Delivery::Sent { id: None }),
        (
            200,
            r#"{"code":1,"data":{"recipient":"Recipient 77773886880 is wrong"},"message":"invalid"}"#,
            never("Mobizon takes the number for none"),
        ),
        (200, r#"{"code":1,"data":{"from":"not registered"}}"#, Delivery::waits_for_person(sender)),
        (200, r#"{"code":1,"data":{"text":"empty"}}"#, never("Mobizon refuses the text")),
        (200, r#"{"code":1,"data":[]}"#, never("Mobizon refuses the message (code 1)")),
        (200, r#"{"code":5,"data":[]}"#, never("Mobizon does not know the request (code 5)")),
        (200, r#"{"code":12,"data":[]}"#, never("Mobizon refuses the message (code 12)")),
        (401, r#"{"code":8,"data":[],"message":"Login failed"}"#, Delivery::waits_for_person(key)),
        (
            200,
            r#"{"code":15,"data":[],"message":"Insufficient funds"}"#,
            Delivery::waits_for_person("Mobizon did not send (code 15): check the account's balance"),
        ),
        (200, r#"{"code":99,"data":[]}"#, later("Mobizon answered code 99")),
        (200, r#"{"data":[]}"#, later("Mobizon answered 200 with no code")),
        (503, "<html>busy</html>", later("Mobizon answered 503 with no code")),
    ] {
        assert_eq!(sent(json(status, body), "").await.0, expected, "{body}");
    }
    assert_eq!(sent(String::new(), "").await.0, later("Mobizon broke off without an answer"));
}
