//! How often a password may be tried. Tests come from addresses of their own, since limits count by address too.

use e2e::people::{self, Person};
use e2e::{Answer, Caller, Stack};
use futures::future::join_all;
use serde_json::{Value, json};

const TRIES: usize = 10;
/// A quarter of an hour, from the first try on; of parallel tries the first counted need not be the first that came.
const LONGEST_WAIT_SECONDS: u64 = 15 * 60 + 5;

fn assert_limited(answer: &Answer) {
    answer.refused(429, "rate_limited");
    let seconds: u64 = answer.header("retry-after").expect("when to come back").parse().unwrap();
    assert!((1..=LONGEST_WAIT_SECONDS).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn ten_wrong_tries_of_one_e_mail_are_all_wherever_they_come_from() {
    let stack = Stack::open().await;
    let person = Person::new(&["team-muha"]).await;
    for _ in 0..TRIES {
        let answer = people::log_in(&stack.from_elsewhere(), &person.email, "wrong").await;
        answer.refused(401, "unauthorized");
    }
    assert_limited(&people::log_in(&stack.from_elsewhere(), &person.email, "wrong").await);
    // The right password is a try like any other, and the case of the e-mail makes no other one of it.
    assert_limited(&person.log_in(&stack.from_elsewhere()).await);
    assert_limited(
        &people::log_in(&stack.from_elsewhere(), &person.email.to_uppercase(), &person.password).await,
    );
}

#[tokio::test]
async fn ten_wrong_tries_from_one_address_are_all_whomever_they_are_for() {
    let stack = Stack::open().await;
    let elsewhere = stack.from_elsewhere();
    let person = Person::new(&["team-muha"]).await;
    for _ in 0..TRIES {
        people::log_in(&elsewhere, &people::unknown_email(), "wrong").await.refused(401, "unauthorized");
    }
    // However often it goes on trying, it locks out nobody but itself.
    for _ in 0..=TRIES {
        assert_limited(&person.log_in(&elsewhere).await);
    }
    person.log_in(&stack.from_elsewhere()).await.ok();
}

#[tokio::test]
async fn ten_wrong_refresh_tokens_from_one_address_are_all_and_lock_nobodys_password() {
    let stack = Stack::open().await;
    let elsewhere = stack.from_elsewhere();
    let person = Person::new(&["team-muha"]).await;
    let session = person.log_in(&elsewhere).await.ok();
    let refresh = async |from: &Stack, token: &Value| {
        from.post_json(&Caller::Nobody, "/api/auth/refresh", &json!({ "refresh_token": token })).await
    };
    for _ in 0..TRIES {
        refresh(&elsewhere, &json!("x")).await.refused(401, "unauthorized");
    }
    assert_limited(&refresh(&elsewhere, &session["refresh_token"]).await);
    refresh(&stack.from_elsewhere(), &session["refresh_token"]).await.ok();
    person.log_in(&elsewhere).await.ok();
}

#[tokio::test]
async fn an_address_that_the_caller_claims_is_not_the_callers() {
    let stack = Stack::open().await;
    let elsewhere = stack.from_elsewhere();
    let claim = async |n: usize| {
        let body = json!({"email": people::unknown_email(), "password": "wrong"});
        elsewhere.post_claiming(&format!("203.0.113.{n}"), "/api/auth/login", &body).await
    };
    for n in 0..TRIES {
        claim(n).await.refused(401, "unauthorized");
    }
    assert_limited(&claim(TRIES).await);
}

#[tokio::test]
async fn parallel_tries_do_not_get_past_the_limit() {
    let stack = Stack::open().await;
    let email = people::unknown_email();
    let places: Vec<Stack> = (0..3 * TRIES).map(|_| stack.from_elsewhere()).collect();
    let answers = join_all(places.iter().map(|place| people::log_in(place, &email, "wrong"))).await;
    let (refused, limited): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 401);
    assert_eq!((refused.len(), limited.len()), (TRIES, 2 * TRIES));
    limited.into_iter().for_each(assert_limited);
}

#[tokio::test]
async fn good_tries_use_no_limit_up() {
    let stack = Stack::open().await;
    let person = Person::new(&["team-muha"]).await;
    let elsewhere = stack.from_elsewhere();
    for _ in 0..TRIES + 2 {
        person.log_in(&elsewhere).await.ok();
    }
}
