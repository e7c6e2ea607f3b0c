//! The Lambda Runtime API, as far as a custom runtime uses it. It hands out events and reports what it sees; it
//! judges nothing.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::sync::{Mutex, mpsc};

use super::Signal;
use crate::clock;

/// The two ends that the program under test does not see.
pub struct RuntimeApi {
    events: Mutex<mpsc::UnboundedReceiver<Bytes>>,
    signals: mpsc::UnboundedSender<Signal>,
    served: AtomicU64,
    timeout: Duration,
}

impl RuntimeApi {
    /// Events come in through `events`; everything the program does goes out through `signals`. An event's deadline
    /// is `timeout` from when it is handed over.
    pub fn new(
        events: mpsc::UnboundedReceiver<Bytes>,
        signals: mpsc::UnboundedSender<Signal>,
        timeout: Duration,
    ) -> Arc<Self> {
        Arc::new(Self { events: Mutex::new(events), signals, served: AtomicU64::new(0), timeout })
    }

    fn signal(&self, signal: Signal) {
        // Nobody listens any more when the stage is being taken down.
        drop(self.signals.send(signal));
    }
}

/// The four routes of version 2018-06-01.
pub fn routes(api: Arc<RuntimeApi>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(error))
        .with_state(api)
}

async fn next(State(api): State<Arc<RuntimeApi>>) -> Response {
    api.signal(Signal::Waiting(clock::now()));
    let Some(event) = api.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let id = api.served.fetch_add(1, Ordering::Relaxed);
    let headers = [
        ("lambda-runtime-aws-request-id", format!("00000000-0000-4000-8000-{id:012x}")),
        ("lambda-runtime-deadline-ms", clock::deadline_ms(api.timeout).to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:000000000000:function:bench".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-65f0a1b2-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0".to_owned(),
        ),
    ];
    let answer = (headers, [(CONTENT_TYPE, "application/json")], event).into_response();
    api.signal(Signal::Handed(clock::now()));
    answer
}

async fn response(State(api): State<Arc<RuntimeApi>>, body: Bytes) -> StatusCode {
    api.signal(Signal::Answered(clock::now(), body));
    StatusCode::ACCEPTED
}

async fn error(State(api): State<Arc<RuntimeApi>>, report: Bytes) -> StatusCode {
    api.signal(Signal::Failed(report));
    StatusCode::ACCEPTED
}
