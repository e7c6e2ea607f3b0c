//! Those who carry messages, as the sandbox and the local AWS play them: what they were asked and delivered, and how they
//! go wrong. All tests share them, so a test looks for its own reader, and only one that is alone switches faults on.

use serde_json::{Value, json};

use crate::client;
use crate::env::env;
use crate::guests::Guest;
use crate::sandbox::{control, take_back};
use crate::stack::Stack;

/// Whom e-mails of a local stack are from.
pub const SENDER: &str = "school@example.com";

/// Who carries texts besides Amazon SES.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Messenger {
    /// The Bot API.
    Telegram,
    /// Mobizon.
    Sms,
}

impl Messenger {
    fn name(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Sms => "sms",
        }
    }

    /// Everything that was delivered.
    async fn record(self, list: &str) -> Vec<Value> {
        let record = control("GET", &format!("/control/{}/messages", self.name()), None).await;
        record[list].as_array().expect("a list").clone()
    }

    /// Every request, in order.
    pub async fn requests(self) -> Vec<Value> {
        self.record("requests").await
    }

    /// Forgets what was asked and delivered.
    pub async fn forget(self) {
        control("DELETE", &format!("/control/{}/messages", self.name()), None).await;
    }

    /// Switches these faults on and all others off, until what is returned is dropped.
    pub async fn fail(self, stack: &Stack, faults: &[Value]) -> Failing {
        assert!(stack.is_alone(), "faults hit everybody; take the stack with Stack::alone");
        let path = format!("/control/{}/faults", self.name());
        control("PUT", &path, Some(&json!({ "faults": faults }))).await;
        Failing(self)
    }

    /// How many calls the faults struck so far.
    pub async fn hits(self) -> u64 {
        let told = control("GET", &format!("/control/{}/faults", self.name()), None).await;
        told["faults"].as_array().expect("faults").iter().map(|fault| fault["hits"].as_u64().unwrap()).sum()
    }
}

/// Faults that end when this is dropped, also by a failing test.
#[derive(Debug)]
pub struct Failing(Messenger);

impl Drop for Failing {
    fn drop(&mut self) {
        take_back(&format!("/control/{}/faults", self.0.name()));
    }
}

/// The SMS that somebody received, in order.
pub async fn sms_to(guest: &Guest) -> Vec<Value> {
    let recipient = guest.phone().trim_start_matches('+').to_owned();
    let messages = Messenger::Sms.record("messages").await;
    messages.into_iter().filter(|message| message["recipient"] == recipient).collect()
}

/// The messages of the chat in which a text stands.
pub async fn chat_about(text: &str) -> Vec<Value> {
    let messages = Messenger::Telegram.record("messages").await;
    messages
        .into_iter()
        .filter(|message| message["text"].as_str().is_some_and(|of| of.contains(text)))
        .collect()
}

/// The e-mails that somebody received, in order.
pub async fn mail_to(guest: &Guest) -> Vec<Value> {
    let address = format!("{}/_ministack/ses/messages", env().get("AWS_ENDPOINT_URL"));
    let answer = client::plain().get(address).send().await.expect("the local AWS");
    let told: Value = answer.json().await.expect("messages in JSON");
    let accounts = told["messages"].as_object().expect("accounts").values();
    let messages = accounts.flat_map(|messages| messages.as_array().expect("messages"));
    messages.filter(|message| message["To"] == json!([guest.email])).cloned().collect()
}
