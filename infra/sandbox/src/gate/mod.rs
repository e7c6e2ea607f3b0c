//! The AWS gate: every call of a function to AWS passes here on its way to MiniStack.
//!
//! It changes nothing about a call (`Host` and signature stay valid), notes what was used by whom, and answers in
//! AWS's stead where a test switched a fault on.

mod call;
mod calls;
mod faults;

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

pub use self::calls::Calls;
pub use self::faults::{Fault, Faults};

use self::call::Call;
use self::faults::Kind;
use crate::Sandbox;
use crate::forward::{Answer, json as answer};
use crate::serve::{HangUp, serve as serve_http};

/// Above any AWS request that a function makes; SQS and DynamoDB allow far less.
const MAX_BODY: usize = 32 * 1024 * 1024;
/// Longer than any SDK waits, so that a slow answer is the caller's to give up on.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was called, and what is to go wrong.
pub struct Gate {
    prefix: String,
    pub calls: Mutex<Calls>,
    pub faults: Mutex<Faults>,
}

impl Gate {
    /// Functions are known by their folder's name, without the stack's prefix.
    pub fn new(stack: &str) -> Self {
        Self { prefix: format!("{stack}-"), calls: Mutex::default(), faults: Mutex::default() }
    }
}

/// Answers on the functions' AWS endpoint.
pub async fn serve(listener: TcpListener, sandbox: Arc<Sandbox>) {
    serve_http(listener, move |request, _peer| pass(Arc::clone(&sandbox), request)).await;
}

async fn pass(sandbox: Arc<Sandbox>, request: Request<Incoming>) -> Result<Answer, HangUp> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await.map_err(|_| HangUp)?.to_bytes();
    let gate = &sandbox.gate;
    let call = Call::read(&parts, &body, &gate.prefix);
    let fault = gate.faults.lock().await.take(&call);
    gate.calls.lock().await.note(&call, fault.is_some());

    match fault {
        Some(Kind::Refuse) => return Err(HangUp),
        Some(Kind::Throttle) => return Ok(faults::throttled(&call)),
        Some(Kind::Unavailable) => return Ok(faults::unavailable(&call)),
        Some(Kind::Conflict) => return Ok(faults::conflict(&call)),
        Some(Kind::LostAnswer) | None => {}
    }
    let sent = sandbox.upstream.send(parts, body, PATIENCE).await;
    if fault == Some(Kind::LostAnswer) {
        return Err(HangUp);
    }
    Ok(sent.unwrap_or_else(|error| {
        tracing::warn!(%error, function = call.function, operation = call.operation, "no answer from MiniStack");
        answer(StatusCode::SERVICE_UNAVAILABLE, &json!({ "__type": "ServiceUnavailable", "message": "MiniStack is down" }))
    }))
}
