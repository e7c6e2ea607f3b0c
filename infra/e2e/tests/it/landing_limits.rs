//! A bot spends no SMS money and hides nobody: what is over a limit is answered 429 and kept, and others are served.
//! The limits are those of `template.yaml`: five forms an hour of one person, thirty in ten minutes from one address.

use e2e::landing::lead_id;
use e2e::{Answer, Form, Guest, Stack, leads};
use futures::future::join_all;
use serde_json::Value;

const OF_PERSON: usize = 5;
const OF_ADDRESS: usize = 30;

fn assert_limited(answer: &Answer, longest_seconds: u64) {
    answer.refused(429, "rate_limited");
    let seconds: u64 = answer.header("retry-after").expect("when to come back").parse().unwrap();
    assert!((1..=longest_seconds).contains(&seconds), "{seconds}");
}

/// Splits what was answered into the leads of the forms that were taken, and how many were too many.
fn split(answers: &[Answer], window_seconds: u64) -> (Vec<String>, usize) {
    let (taken, limited): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    limited.iter().for_each(|answer| assert_limited(answer, window_seconds + 5));
    (taken.into_iter().map(lead_id).collect(), limited.len())
}

async fn assert_only_kept(id: &str, status: &str) -> Value {
    let item = leads::item(id).await.unwrap();
    assert_eq!(leads::messages_of(id).await, Vec::<Value>::new(), "nobody is written to");
    let lead = leads::lead(id).await;
    assert_eq!(lead["status"], status);
    item
}

#[tokio::test]
async fn a_bot_with_one_phone_is_limited_wherever_it_posts_from_and_every_form_is_kept() {
    let stack = Stack::for_forms().await;
    let bot = Guest::new();
    let slug = format!("e2e_{:016x}", fastrand::u64(..));
    let forms: Vec<Form> =
        (0..60).map(|_| Form::proftest(&bot.sharing_phone()).with("slug", slug.as_str())).collect();
    let answers = join_all(forms.iter().map(|form| form.send(&stack))).await;
    let (taken, limited) = split(&answers, 60 * 60);
    assert_eq!((taken.len(), limited), (OF_PERSON, 60 - OF_PERSON));
    let kept = leads::of_phone(&bot).await;
    assert_eq!(kept.len(), 60, "every form is kept");
    for id in &kept {
        if taken.contains(id) {
            assert_eq!(leads::messages_of(id).await.len(), 2);
        } else {
            let item = assert_only_kept(id, "over_limit").await;
            assert_eq!(item.get("job_key"), None, "amoCRM is not told of it");
        }
    }
    let counted = leads::counted(&stack, &format!("proftest_{slug}")).await;
    assert_eq!(counted.values().sum::<u64>(), 60, "{counted:?}");
    assert_eq!(counted[&("proftest".to_owned(), "over_limit".to_owned())], 55, "{counted:?}");
    // Another form of the same phone is the same person's.
    assert_limited(&Form::order(&bot, "kaspi").send(&stack).await, 60 * 60 + 5);
    Form::order(&Guest::new(), "kaspi").taken(&stack).await;
}

#[tokio::test]
async fn a_bot_with_one_e_mail_is_limited_whatever_its_case() {
    let stack = Stack::for_forms().await;
    let bot = Guest::new();
    for n in 0..OF_PERSON + 2 {
        let email = if n % 2 == 0 { bot.email.to_uppercase() } else { bot.email.clone() };
        let answer = Form::proftest(&bot.sharing_email()).with("email", email).send(&stack).await;
        if n < OF_PERSON {
            answer.ok();
        } else {
            assert_limited(&answer, 60 * 60 + 5);
        }
    }
    assert_eq!(leads::of_email(&bot).await.len(), OF_PERSON + 2);
}

#[tokio::test]
async fn a_bot_at_one_address_is_limited_whatever_it_claims_and_others_are_served() {
    let stack = Stack::for_forms().await;
    let address = stack.from_elsewhere();
    let guests: Vec<Guest> = (0..OF_ADDRESS + 10).map(|_| Guest::new()).collect();
    let answers = join_all(guests.iter().enumerate().map(async |(n, guest)| {
        let claimed = format!("203.0.113.{n}");
        Form::proftest(guest).send_with(&address, &[("x-forwarded-for", claimed.as_str())]).await
    }));
    let (taken, limited) = split(&answers.await, 10 * 60);
    assert_eq!((taken.len(), limited), (OF_ADDRESS, 10));
    for guest in &guests {
        let kept = leads::of_phone(guest).await;
        assert_eq!(kept.len(), 1, "every form is kept");
        if taken.contains(&kept[0]) {
            assert_eq!(leads::messages_of(&kept[0]).await.len(), 2);
        } else {
            // It may be a person of a class behind one router: amoCRM is told, later.
            let item = assert_only_kept(&kept[0], "waiting").await;
            let due: i64 = item["due_at"]["N"].as_str().expect("when amoCRM is told").parse().unwrap();
            let received = leads::lead(&kept[0]).await["received_at"].as_str().unwrap().to_owned();
            let received = chrono::DateTime::parse_from_rfc3339(&received).unwrap().timestamp_millis();
            assert_eq!(due - received, 15 * 60 * 1_000);
        }
    }
    Form::proftest(&Guest::new()).taken(&stack).await;
}

#[tokio::test]
async fn what_is_no_form_and_what_was_sent_before_use_no_limit_up() {
    let stack = Stack::for_forms().await;
    let (address, guest) = (stack.from_elsewhere(), Guest::new());
    for _ in 0..OF_ADDRESS + 1 {
        Form::proftest(&guest).with("name", "").send_from(&address).await.invalid(&["name"]);
    }
    lead_id(&Form::proftest(&guest).send_from(&address).await);
}
