use aws_config::BehaviorVersion;
use aws_sdk_sesv2::config::{Credentials, Region, SharedCredentialsProvider};

use super::*;
use crate::neighbours::stand_in::{Seen, json, neighbour};

async fn sent(answer: String, from: &str) -> (Delivery, Option<Seen>) {
    let (base, asked) = neighbour(answer);
    let keys = Credentials::new("id", "secret", None, None, "test");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        // What other calls to AWS do after a failure must not be done here.
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .endpoint_url(base)
        .build();
    let mail = Mail {
        subject: "Ваш тест".to_owned(), text: "Айгүл,\nздравствуйте".to_owned()
    };
    let ses = Ses::new(&sdk, from.to_owned(), Duration::from_secs(5));
    let delivery = ses.send(&Email::parse("a@b.kz").unwrap(), &mail).await;
    let mut seen: Vec<Seen> = asked.try_iter().collect();
    assert!(seen.len() <= 1, "one call a letter, not {}", seen.len());
    (delivery, seen.pop())
}

fn refused(status: u16, kind: &str) -> String {
    let answer = json(status, r#"{"message":"Email address is not verified: a@b.kz"}"#);
    answer.replacen("\r\n", &format!("\r\nx-amzn-errortype: {kind}\r\n"), 1)
}

#[tokio::test]
async fn a_letter_is_one_request_of_plain_text() {
    let (delivery, seen) = sent(json(200, r#"{"MessageId":"0100"}"#), " school@example.com ").await;
    assert_eq!(delivery, Delivery::Sent { id: Some("0100".to_owned()) });
    let seen = seen.unwrap();
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/v2/email/outbound-emails"));
    insta::assert_json_snapshot!(serde_json::from_str::<serde_json::Value>(&seen.body).unwrap());
}

#[tokio::test]
async fn without_a_sender_nothing_is_sent() {
    let (delivery, seen) = sent(json(200, "{}"), " ").await;
    assert_eq!(
        delivery,
        Delivery::fails_without_person("no sender address is configured: deploy with EmailFrom set")
    );
    assert!(seen.is_none());
}

#[tokio::test]
async fn every_refusal_has_its_meaning_and_none_is_tried_again_here() {
    let later = |reason: &str| Delivery::later(reason);
    let person = |reason: &str| Delivery::waits_for_person(reason);
    for (status, kind, expected) in [
        (
            400,
            "MessageRejected",
            Delivery::never(
                "Amazon SES refuses the letter: the address, or in its sandbox one that is not verified",
            ),
        ),
        (400, "BadRequestException", Delivery::never("Amazon SES refuses the letter as it is")),
        (429, "TooManyRequestsException", later("Amazon SES takes no more letters for now")),
        (400, "LimitExceededException", later("Amazon SES takes no more letters for now")),
        (400, "AccountSuspendedException", person("Amazon SES has suspended the account: ask AWS why")),
        (400, "SendingPausedException", person("sending is paused in Amazon SES: turn it on there")),
        (
            400,
            "MailFromDomainNotVerifiedException",
            person("the MAIL FROM domain is not verified in Amazon SES: set its DNS records"),
        ),
        (
            404,
            "NotFoundException",
            person("Amazon SES does not know the sender: verify the address of EmailFrom there"),
        ),
        (
            403,
            "AccessDeniedException",
            person("the function may not send as EmailFrom: check its rights to Amazon SES"),
        ),
        (500, "InternalServiceErrorException", later("Amazon SES failed")),
    ] {
        assert_eq!(sent(refused(status, kind), "s@b.kz").await.0, expected, "{kind}");
    }
    assert_eq!(sent(String::new(), "s@b.kz").await.0, later("Amazon SES cannot be reached"));
    assert_eq!(sent(json(503, "<html>"), "s@b.kz").await.0, later("Amazon SES failed"));
}
