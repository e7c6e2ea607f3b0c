//! The front door: the API's fixed public address.
//!
//! An HTTP API gets a new id with every fresh stack, and MiniStack finds it by a prefix of the path. The door adds that
//! prefix, so that nothing of MiniStack's own (`/health`, `/_ministack/…`) can be reached through it, and answers in API
//! Gateway's own words where API Gateway itself would.

use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::header::{HOST, HeaderMap, HeaderValue, InvalidHeaderValue};
use hyper::http::request::Parts;
use hyper::http::uri::{InvalidUri, PathAndQuery};
use hyper::{Request, StatusCode, Uri};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{RwLock, Semaphore};

use crate::Sandbox;
use crate::cors::{self, Cors, Visitor};
use crate::forward::{Answer, json as answer};
use crate::serve::{HangUp, serve as serve_http};

/// Lambda's limit for an invocation's payload.
const MAX_BODY: usize = 6 * 1024 * 1024;
/// How much of a body that is too long is still read, so that its sender sees the answer and not a reset.
const MAX_READ: usize = 64 * 1024 * 1024;
/// An HTTP API's longest integration timeout.
const PATIENCE: Duration = Duration::from_secs(30);
const FORWARDED_FOR: &str = "x-forwarded-for";

/// So many requests a core are let in at once; the others wait at the door. A burst would start a process for each
/// request, and dozens of cold starts on a few cores make every one of them miss its deadline: a fault of the machine
/// that the cloud does not have.
const AT_ONCE_PER_CORE: usize = 4;

/// Where the door leads; nowhere before the first deploy.
pub struct Door {
    target: RwLock<Option<Target>>,
    places: Semaphore,
}

/// An API, and what it lets browsers of other origins do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    api_id: String,
    cors: Option<Cors>,
}

impl Default for Door {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { target: RwLock::default(), places: Semaphore::new(cores * AT_ONCE_PER_CORE) }
    }
}

impl Door {
    /// Leads to another API from now on.
    pub async fn lead_to(&self, target: Target) {
        *self.target.write().await = Some(target);
    }

    /// The API it leads to.
    pub async fn api_id(&self) -> Option<String> {
        self.target.read().await.as_ref().map(|target| target.api_id.clone())
    }
}

/// Answers on the public port.
pub async fn serve(listener: TcpListener, sandbox: Arc<Sandbox>) {
    serve_http(listener, move |request, peer| enter(Arc::clone(&sandbox), request, peer)).await;
}

async fn enter(
    sandbox: Arc<Sandbox>,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Answer, HangUp> {
    let Some(target) = sandbox.front.target.read().await.clone() else {
        tracing::warn!("no API yet: deploy first");
        return Ok(unavailable());
    };
    let (parts, body) = request.into_parts();
    let visitor = Visitor::of(&parts.method, &parts.headers);
    if let Some(answer) = cors::preflight(target.cors.as_ref(), &visitor) {
        return Ok(answer);
    }
    let mut answer = match read(body).await {
        Read::Whole(body) => pass(&sandbox, &target.api_id, parts, body, peer).await,
        Read::TooLong => message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large"),
        Read::Broken => return Err(HangUp),
    };
    cors::decorate(target.cors.as_ref(), &visitor, answer.headers_mut());
    Ok(answer)
}

/// The API's answer, or the gateway's own where there is none.
async fn pass(sandbox: &Sandbox, api_id: &str, mut parts: Parts, body: Bytes, peer: SocketAddr) -> Answer {
    match (into_api(&parts.uri, api_id), address(&mut parts.headers, sandbox.upstream.port(), peer)) {
        (Ok(uri), Ok(())) => parts.uri = uri,
        _ => {
            tracing::warn!("cannot address the API");
            return unavailable();
        }
    }
    let _place = sandbox.front.places.acquire().await;
    sandbox.upstream.send(parts, body, PATIENCE).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "no answer from the API");
        unavailable()
    })
}

/// The same path and query, byte for byte, below the API's own prefix.
fn into_api(uri: &Uri, api_id: &str) -> Result<Uri, InvalidUri> {
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    format!("/_aws/execute-api/{api_id}/$default{path}").parse()
}

/// Names MiniStack in `Host`, and the caller as the last element of `X-Forwarded-For`.
fn address(headers: &mut HeaderMap, port: u16, peer: SocketAddr) -> Result<(), InvalidHeaderValue> {
    headers.insert(HOST, HeaderValue::from_str(&format!("localhost:{port}"))?);
    let claimed = headers.get_all(FORWARDED_FOR).iter().map(HeaderValue::as_bytes);
    let mut chain = claimed.collect::<Vec<_>>();
    let peer = peer.ip().to_canonical().to_string();
    chain.push(peer.as_bytes());
    let chain = HeaderValue::from_bytes(&chain.join(b", ".as_slice()))?;
    headers.insert(FORWARDED_FOR, chain);
    Ok(())
}

enum Read {
    Whole(Bytes),
    TooLong,
    Broken,
}

/// Reads the body; of one that is too long only the length is kept.
async fn read(mut body: Incoming) -> Read {
    let announced = body.size_hint().lower();
    if announced > MAX_READ as u64 {
        return Read::TooLong;
    }
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Read::Broken };
        let Some(data) = frame.data_ref() else { continue };
        length += data.len();
        if length > MAX_READ {
            break;
        }
        if length <= MAX_BODY {
            kept.extend_from_slice(data);
        }
    }
    if length > MAX_BODY { Read::TooLong } else { Read::Whole(Bytes::from(kept)) }
}

fn unavailable() -> Answer {
    message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
}

fn message(status: StatusCode, text: &str) -> Answer {
    answer(status, &json!({ "message": text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: SocketAddr =
        SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7)), 5000);

    #[test]
    fn the_peer_comes_last_after_whatever_the_caller_claims() {
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, HeaderValue::from_static("1.1.1.1"));
        headers.append(FORWARDED_FOR, HeaderValue::from_static("2.2.2.2, 3.3.3.3"));
        address(&mut headers, 4566, PEER).unwrap();
        let chain = headers.get_all(FORWARDED_FOR).iter().collect::<Vec<_>>();
        assert_eq!(chain, ["1.1.1.1, 2.2.2.2, 3.3.3.3, 10.0.0.7"]);
    }

    #[test]
    fn the_api_is_named_by_a_prefix_of_the_path() {
        let uri = "/api/x%2Fy?a=%20b&a=c".parse().unwrap();
        assert_eq!(into_api(&uri, "abc").unwrap(), "/_aws/execute-api/abc/$default/api/x%2Fy?a=%20b&a=c");
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("localhost:8080"));
        address(&mut headers, 4566, PEER).unwrap();
        assert_eq!(headers[HOST], "localhost:4566");
        assert_eq!(headers[FORWARDED_FOR], "10.0.0.7");
    }
}
