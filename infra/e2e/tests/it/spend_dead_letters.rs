//! A message that holds no order waits for a person, with the reason, and holds nobody up.

use std::collections::BTreeSet;

use e2e::env::env;
use e2e::world::{AdAccount, Span};
use e2e::{Spend, aws, pulling, wait};
use serde_json::json;

#[tokio::test]
async fn a_message_that_holds_no_order_is_parked_with_the_reason() {
    let spend = Spend::of(&[AdAccount::new(1)]).await;
    let poison = ["not JSON", "{}", r#"{"account_id":"me","work":"objects"}"#, "[1]"];
    for queue in ["QUEUE_FACEBOOK_PULL", "QUEUE_FACEBOOK_REFRESH"] {
        let dead_letters = format!("{queue}_DLQ");
        pulling::purge(&dead_letters).await;
        for poison in poison {
            pulling::send(queue, poison).await;
        }
        spend.refresh_all(&Span::last(1).order()).await;
        let order = json!({
            "QueueUrl": env().get(&dead_letters), "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"],
        });
        let mut parked = BTreeSet::new();
        wait::until("all parked messages", async || {
            let received = aws::sqs("ReceiveMessage", &order).await;
            for message in received["Messages"].as_array().into_iter().flatten() {
                let reason = message["MessageAttributes"]["reason"]["StringValue"].as_str();
                assert!(reason.is_some_and(|reason| !reason.is_empty()), "{message}");
                parked.insert(message["Body"].as_str().expect("a body").to_owned());
            }
            (parked.len() == poison.len()).then_some(())
        })
        .await;
        assert_eq!(parked, poison.map(str::to_owned).into(), "{queue}");
        wait::until("the queue to be empty", async || {
            let waiting = pulling::waiting(queue).await;
            (waiting.ready + waiting.taken == 0).then_some(())
        })
        .await;
        pulling::purge(&dead_letters).await;
    }
}
