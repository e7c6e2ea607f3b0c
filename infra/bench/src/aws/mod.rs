//! The AWS that a program under test sees: the JSON protocols of DynamoDB, SQS and Secrets Manager, answered from memory
//! at once or after a set delay, every call counted. It exists to measure against; the local stack is where behaviour is
//! tested. What it does not know it refuses, so that no figure stands on an answer that AWS would not give.

mod calls;
mod dynamodb;

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

pub use self::calls::Calls;
use self::dynamodb::{Item, Store};
use crate::clock;

/// DynamoDB takes no larger request.
const LARGEST_REQUEST: usize = 16 * 1_024 * 1_024;

/// One AWS for one program.
#[derive(Default)]
pub struct Aws {
    delay_ms: AtomicU64,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    store: Store,
    calls: Calls,
    held: Duration,
    messages: Vec<String>,
    secret: Option<String>,
}

/// An AWS error: its code and whatever else its body carries.
#[derive(Debug)]
pub struct Refusal {
    code: &'static str,
    body: Value,
}

impl Refusal {
    /// An error with a message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, body: json!({ "message": message.into() }) }
    }

    /// The same with one more field in its body.
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.body[field] = value;
        self
    }
}

impl Aws {
    /// Sets how long every later call takes.
    pub fn set_delay(&self, delay: Duration) {
        self.delay_ms.store(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The calls since this was asked last.
    pub fn take_calls(&self) -> Calls {
        std::mem::take(&mut self.inside().calls)
    }

    /// How long calls were held here, from a request that was read to its answer, since this was asked last.
    pub fn take_held(&self) -> Duration {
        std::mem::take(&mut self.inside().held)
    }

    /// Multiplies every number of a table's items, but not their keys: many more sales of the same days.
    pub fn multiply(&self, table: &str, factor: i64) {
        self.inside().store.multiply(table, factor);
    }

    /// What every secret holds from now on; before, there is none.
    pub fn set_secret(&self, value: &Value) {
        self.inside().secret = Some(value.to_string());
    }

    /// The bodies of the messages that were sent since this was asked last, whatever queue and delay they were sent with.
    pub fn take_messages(&self) -> Vec<String> {
        std::mem::take(&mut self.inside().messages)
    }

    /// The items of a table whose partitions begin so, in the order of their keys.
    pub fn items(&self, table: &str, partition: &str) -> Vec<Item> {
        self.inside().store.under(table, partition).cloned().collect()
    }

    /// The one route of all protocols.
    pub fn routes(self: Arc<Self>) -> Router {
        let limit = DefaultBodyLimit::max(LARGEST_REQUEST);
        Router::new().route("/", post(answer)).layer(limit).with_state(self)
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call(&self, target: &str, body: &[u8]) -> Result<Value, Refusal> {
        let request: Value = serde_json::from_slice(body)
            .map_err(|cause| Refusal::new("SerializationException", cause.to_string()))?;
        let mut inside = self.inside();
        let Inside { store, calls, messages, secret, .. } = &mut *inside;
        let action = target.rsplit('.').next().unwrap_or(target);
        calls.count(action);
        match target {
            "AmazonSQS.SendMessage" => {
                messages.extend(request["MessageBody"].as_str().map(str::to_owned));
                Ok(json!({ "MessageId": "00000000-0000-4000-8000-000000000000" }))
            }
            "secretsmanager.GetSecretValue" => match secret {
                Some(value) => Ok(json!({ "Name": request["SecretId"], "SecretString": value })),
                None => Err(Refusal::new("ResourceNotFoundException", "the bench holds no secret")),
            },
            _ => store.call(action, &request, calls),
        }
    }
}

async fn answer(State(aws): State<Arc<Aws>>, headers: HeaderMap, body: Bytes) -> Response {
    let began = clock::now();
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let outcome = aws.call(target, &body);
    let delay = aws.delay_ms.load(Ordering::Relaxed);
    if delay > 0 {
        // A thread's sleep is exact to some 0.1 ms, the runtime's timer only to 1 ms.
        drop(tokio::task::spawn_blocking(move || thread::sleep(Duration::from_millis(delay))).await);
    }
    let (status, body) = match outcome {
        Ok(body) => (StatusCode::OK, body),
        Err(Refusal { code, mut body }) => {
            body["__type"] = json!(format!("com.amazonaws.dynamodb.v20120810#{code}"));
            (StatusCode::BAD_REQUEST, body)
        }
    };
    let headers = [(CONTENT_TYPE.as_str(), "application/x-amz-json-1.0"), ("x-amzn-requestid", "BENCH")];
    let answer = (status, headers, body.to_string()).into_response();
    aws.inside().held += began.elapsed();
    answer
}
