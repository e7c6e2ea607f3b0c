//! Passing a request on to MiniStack and its answer back, whole bodies at a time.
//!
//! Bodies are buffered on purpose: nothing here is larger than Lambda's payload limit, and the gate must read a call
//! before it may pass.

use std::time::Duration;

use axum::body::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderName, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use hyper::http::request::Parts;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// An answer whose body is complete.
pub type Answer = Response<Full<Bytes>>;

/// Headers that describe one connection and must not cross to the next.
const HOP_BY_HOP: [HeaderName; 6] =
    [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, HeaderName::from_static("keep-alive")];

/// Why there is no answer from MiniStack.
#[derive(Debug, thiserror::Error)]
pub enum ForwardError {
    #[error("MiniStack did not answer in {} s", .0.as_secs())]
    TimedOut(Duration),
    #[error("MiniStack cannot be reached: {0}")]
    Unreachable(String),
}

/// MiniStack's address and the connections to it.
pub struct Upstream {
    port: u16,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Upstream {
    /// MiniStack on this machine. Connects on first use.
    pub fn new(port: u16) -> Self {
        // hyper's idle timeout is above MiniStack's own 75 s, which would race with its closing.
        let client =
            Client::builder(TokioExecutor::new()).pool_idle_timeout(Duration::from_secs(30)).build_http();
        Self { port, client }
    }

    /// MiniStack's port, for the `Host` header of an API's address.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Sends what came in, with its own `Host` header, path and query untouched.
    pub async fn send(
        &self,
        mut parts: Parts,
        body: Bytes,
        patience: Duration,
    ) -> Result<Answer, ForwardError> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        parts.uri = format!("http://127.0.0.1:{}{path}", self.port)
            .parse::<Uri>()
            .map_err(|error| ForwardError::Unreachable(error.to_string()))?;
        strip_hop_by_hop(&mut parts.headers);
        let sent = async {
            let answer = self
                .client
                .request(Request::from_parts(parts, Full::new(body)))
                .await
                .map_err(unreachable)?;
            let (mut parts, body) = answer.into_parts();
            let body = body.collect().await.map_err(unreachable)?.to_bytes();
            strip_hop_by_hop(&mut parts.headers);
            Ok(Response::from_parts(parts, Full::new(body)))
        };
        tokio::time::timeout(patience, sent).await.map_err(|_| ForwardError::TimedOut(patience))?
    }
}

fn unreachable(error: impl std::error::Error) -> ForwardError {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    ForwardError::Unreachable(format!("{error}{cause}"))
}

fn strip_hop_by_hop(headers: &mut HeaderMap) {
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
    // The body is whole now, and hyper states its length itself.
    headers.remove(CONTENT_LENGTH);
}

/// A JSON answer of our own.
pub fn json(status: hyper::StatusCode, body: &serde_json::Value) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body.to_string())));
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(hyper::header::CONTENT_TYPE, hyper::header::HeaderValue::from_static("application/json"));
    answer
}
