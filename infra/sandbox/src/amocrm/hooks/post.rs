//! One hook on the wire.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper::header::{CONTENT_TYPE, USER_AGENT};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// amoCRM waits no longer for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who sends.
pub type Sender = Client<HttpConnector, Full<Bytes>>;

/// A hook opens a connection of its own, which also spares it those that the other side has closed.
pub fn sender() -> Sender {
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http()
}

/// Sends a body; the status, if there was an answer in time.
pub async fn post(sender: &Sender, url: &str, body: String) -> Option<u16> {
    let request = Request::post(url)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(USER_AGENT, "amoCRM-WebHook-client/2.0")
        .body(Full::new(Bytes::from(body)))
        .ok()?;
    let answer = tokio::time::timeout(PATIENCE, sender.request(request)).await;
    answer.ok()?.ok().map(|answer| answer.status().as_u16())
}
