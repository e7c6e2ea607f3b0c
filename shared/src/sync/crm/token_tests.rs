use std::sync::Mutex;

use futures::future::join;
use serde_json::json;

use super::*;
use crate::neighbours::amocrm::api::{Failure, Said};

const SECRET: &str = r#"{"access_token":"a-1","refresh_token":"r-1","client_id":"c","client_secret":"s","redirect_uri":"https://x"}"#;

const NONE: Pauses = Pauses { look_again: Duration::ZERO, store_again: Duration::ZERO };

/// A secret and its lock, as the store keeps them, and what was done with them.
#[derive(Default)]
struct Place {
    secret: Mutex<Option<String>>,
    holder: Mutex<Option<String>>,
    deeds: Mutex<Vec<&'static str>>,
    /// So often storing fails.
    fails: Mutex<u32>,
}

impl Place {
    fn with(secret: &str) -> Self {
        Self { secret: Mutex::new(Some(secret.to_owned())), ..Self::default() }
    }

    fn deeds(&self) -> Vec<&'static str> {
        self.deeds.lock().unwrap().clone()
    }
}

impl TokenPlace for Place {
    async fn secret(&self) -> Result<Option<String>, StoreError> {
        Ok(self.secret.lock().unwrap().clone())
    }

    async fn replace(&self, secret: &str) -> Result<(), StoreError> {
        let mut fails = self.fails.lock().unwrap();
        if *fails > 0 {
            *fails -= 1;
            return Err(StoreError::OutOfTime { doing: "storing".to_owned() });
        }
        self.deeds.lock().unwrap().push("stored");
        *self.secret.lock().unwrap() = Some(secret.to_owned());
        Ok(())
    }

    async fn lock(&self, ticket: &str, _: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut holder = self.holder.lock().unwrap();
        let is_free = holder.is_none();
        if is_free {
            *holder = Some(ticket.to_owned());
        }
        Ok(is_free)
    }

    async fn unlock(&self, ticket: &str) -> Result<(), StoreError> {
        let mut holder = self.holder.lock().unwrap();
        assert_eq!(holder.as_deref(), Some(ticket), "only the holder hands back");
        *holder = None;
        Ok(())
    }
}

fn credentials(secret: &str) -> Credentials {
    Credentials::parse(secret).unwrap()
}

fn tokens() -> Tokens {
    serde_json::from_str(r#"{"access_token":"a-2","refresh_token":"r-2"}"#).unwrap()
}

fn refusal(class: Class) -> Trouble {
    let failure = Failure { class, said: Said::default() };
    Trouble::Failed { failure, paused_until: None }
}

fn soon() -> DateTime<Utc> {
    clock::now() + chrono::TimeDelta::seconds(30)
}

async fn renew<F: Future<Output = Result<Tokens, Trouble>>>(
    place: &Place,
    ask: impl Fn(Credentials) -> F,
) -> Result<String, Trouble> {
    renewed(place, &credentials(SECRET), soon(), NONE, ask).await.map(|credentials| credentials.fingerprint())
}

fn new() -> String {
    credentials(r#"{"access_token":"a-2"}"#).fingerprint()
}

#[tokio::test]
async fn two_who_notice_at_once_renew_once() {
    let place = Place::with(SECRET);
    let ask = async |_| {
        place.deeds.lock().unwrap().push("asked");
        tokio::task::yield_now().await;
        Ok(tokens())
    };
    let (first, second) = join(renew(&place, ask), renew(&place, ask)).await;
    assert_eq!((first.ok(), second.ok()), (Some(new()), Some(new())));
    assert_eq!(place.deeds(), ["asked", "stored"]);
    assert_eq!(*place.holder.lock().unwrap(), None);
}

#[tokio::test]
async fn who_comes_after_the_new_token_asks_for_none() {
    let place = Place::with(&tokens().put_into(SECRET).unwrap());
    let fingerprint = renew(&place, async |_| panic!("asked for another")).await;
    assert_eq!(fingerprint.ok(), Some(new()));
}

#[tokio::test]
async fn a_long_lived_token_is_for_a_person_unless_another_one_is_stored_already() {
    let long_lived = |token: &str| json!({ "access_token": token }).to_string();
    let refused = credentials(&long_lived("a-1"));
    let ask = async |_| panic!("a long-lived token cannot be renewed");
    let trouble = renewed(&Place::with(&long_lived("a-1")), &refused, soon(), NONE, ask).await.unwrap_err();
    assert!(matches!(trouble, Trouble::NoWay(problem) if problem.contains("store a new one")));
    let ask = async |_| panic!("there is another one");
    let found = renewed(&Place::with(&long_lived("a-2")), &refused, soon(), NONE, ask).await;
    assert_eq!(found.ok().map(|credentials| credentials.fingerprint()), Some(new()));
}

#[tokio::test]
async fn new_tokens_are_stored_before_anyone_has_them_however_often_that_fails_at_first() {
    let place = Place { fails: Mutex::new(2), ..Place::with(SECRET) };
    assert_eq!(renew(&place, async |_| Ok(tokens())).await.ok(), Some(new()));
    let secret = place.secret().await.unwrap().unwrap();
    assert!(secret.contains("a-2") && secret.contains("r-2") && !secret.contains("r-1"), "both are new");
}

#[tokio::test]
async fn a_spent_refresh_token_is_for_a_person_and_a_weak_moment_is_not() {
    for (class, is_final) in [
        (Class::Unauthorized, true),
        (Class::Invalid, true),
        (Class::Again, false),
        (Class::TooMuch, false),
        (Class::SlowDown, false),
        (Class::Forbidden, false),
    ] {
        let place = Place::with(SECRET);
        let trouble = renew(&place, async |_| Err(refusal(class))).await.unwrap_err();
        match trouble {
            Trouble::NoWay(problem) => assert!(is_final && problem.contains("connect anew"), "{problem}"),
            Trouble::Failed { failure, .. } => assert!(!is_final && failure.class == class),
            Trouble::Stop(stop) => panic!("{stop}"),
        }
        assert_eq!((place.deeds().len(), place.holder.lock().unwrap().clone()), (0, None));
    }
    let empty = Place::default();
    let trouble = renew(&empty, async |_| panic!("asked with nothing")).await.unwrap_err();
    assert!(matches!(trouble, Trouble::NoWay(_)));
}
