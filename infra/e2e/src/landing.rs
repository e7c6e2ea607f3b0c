//! Forms of the landing pages, as a page sends them.

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::form;
use crate::guests::Guest;
use crate::stack::Stack;

/// The career test.
pub const PROFTEST: &str = "/api/landing/proftest";
/// The order of the Express Course.
pub const SUBMIT: &str = "/api/landing/submit";

/// A form that somebody has filled in.
#[derive(Debug, Clone)]
pub struct Form {
    path: &'static str,
    fields: Map<String, Value>,
    key: Option<String>,
}

impl Form {
    /// The career test.
    pub fn proftest(guest: &Guest) -> Self {
        let fields = json!({"name": guest.name, "email": guest.email, "phone": guest.phone()});
        Self { path: PROFTEST, fields: fields.as_object().expect("fields").clone(), key: None }
    }

    /// An order that is paid in this way.
    pub fn order(guest: &Guest, payment_method: &str) -> Self {
        let form = Self { path: SUBMIT, ..Self::proftest(guest) };
        form.with("paymentMethod", payment_method)
    }

    /// With another value in a field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// Sent under this `Idempotency-Key`.
    #[must_use]
    pub fn keyed(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Its body in JSON.
    pub fn json(&self) -> Vec<u8> {
        Value::Object(self.fields.clone()).to_string().into_bytes()
    }

    /// Its body as a browser's form sends it.
    pub fn encoded(&self) -> Vec<u8> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let pairs: Vec<_> = self.fields.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        form::encode(&pairs)
    }

    /// Sends it from an address that nothing was sent from yet.
    pub async fn send(&self, stack: &Stack) -> Answer {
        self.send_from(&stack.from_elsewhere()).await
    }

    /// Sends it from where the stack is seen from.
    pub async fn send_from(&self, stack: &Stack) -> Answer {
        self.send_with(stack, &[]).await
    }

    /// The same with these headers.
    pub async fn send_with(&self, stack: &Stack, headers: &[(&str, &str)]) -> Answer {
        self.send_body(stack, "application/json", self.json(), headers).await
    }

    /// Sends it as a browser's form does.
    pub async fn send_encoded(&self, stack: &Stack) -> Answer {
        let stack = stack.from_elsewhere();
        self.send_body(&stack, "application/x-www-form-urlencoded", self.encoded(), &[]).await
    }

    async fn send_body(
        &self,
        stack: &Stack,
        content_type: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let key = self.key.as_deref().map(|key| ("idempotency-key", key));
        let headers: Vec<_> = headers.iter().copied().chain(key).collect();
        stack.post_with(self.path, content_type, body, &headers).await
    }

    /// Sends it from an address of its own and returns the lead that it became.
    pub async fn taken(&self, stack: &Stack) -> String {
        lead_id(&self.send(stack).await)
    }
}

/// The lead that a form became.
#[track_caller]
pub fn lead_id(answer: &Answer) -> String {
    answer.ok()["lead_id"].as_str().expect("the id of a lead").to_owned()
}
