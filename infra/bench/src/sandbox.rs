//! The local stack's sandbox as a neighbour of the functions under test: it plays Facebook, holds a world of a wanted
//! size, and keeps its own record of calls and its own sums. The bench only starts it and asks it.

use std::{fs::File, net::TcpListener, path::Path, process::Stdio, time::Duration};

use axum::body::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, header::CONTENT_TYPE};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::error::{BenchError, Doing, Result};

/// It listens within moments; on a busy machine within seconds.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

const TOKEN: &str = "EAAbench";
const APP: &str = "2200000000000002";
const APP_SECRET: &str = "bench0app0secret";

/// A running sandbox; it ends with this value.
pub struct Sandbox {
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
    _child: Child,
}

impl Sandbox {
    /// Starts the binary in this folder on free ports and waits until it answers.
    pub async fn start(folder: &Path) -> Result<Self> {
        let [front, control, gate, ministack] = free_ports()?;
        let log = folder.join("bench-sandbox.log");
        let output = File::create(&log).doing(format!("empty {}", log.display()))?;
        let arguments = [
            ["--front", &front],
            ["--control", &control],
            ["--gate", &gate],
            // Nobody listens there, and nobody asks: functions have the bench's own AWS.
            ["--ministack", &ministack],
            ["--stack", "bench"],
        ];
        let child = Command::new(folder.join("sandbox"))
            .args(arguments.as_flattened())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .doing("start the sandbox")?;
        let base = format!("http://127.0.0.1:{control}");
        let sandbox =
            Self { base, client: Client::builder(TokioExecutor::new()).build_http(), _child: child };
        for _ in 0..ATTEMPTS {
            if sandbox.call(Method::GET, "/health", None).await.is_ok() {
                return Ok(sandbox);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(BenchError::Sandbox("it does not answer".to_owned()))
    }

    /// `FACEBOOK_BASE_URL`.
    pub fn graph(&self) -> String {
        format!("{}/graph", self.base)
    }

    /// The secret that holds what its worlds accept.
    pub fn secret() -> Value {
        json!({ "access_token": TOKEN, "app_id": APP, "app_secret": APP_SECRET })
    }

    /// A world of so many accounts, where each of so many ads delivers on every day there ever was, today included, and
    /// figures stand still.
    pub async fn enter(&self, accounts: u64, ads: u64) -> Result<()> {
        let world = json!({
            "token": { "access_token": TOKEN },
            "app": { "id": APP, "secret": APP_SECRET },
            "generate": { "accounts": accounts, "ads": ads, "days": 36_500, "until": "2099-12-31" },
        });
        self.call(Method::PUT, "/control/graph/world", Some(&world)).await.map(drop)
    }

    /// Forgets the calls so far.
    pub async fn forget(&self) -> Result<()> {
        self.call(Method::DELETE, "/control/graph/requests", None).await.map(drop)
    }

    /// The calls to Facebook since then, on every edge.
    pub async fn calls(&self) -> Result<u64> {
        let record = self.call(Method::GET, "/control/graph/requests", None).await?;
        let totals = record["totals"].as_array().ok_or_else(|| unlike(&record))?;
        Ok(totals.iter().filter_map(|total| total["count"].as_u64()).sum())
    }

    /// What each account spent on each day: `days[]` of its own sums.
    pub async fn days(&self, from: &str, to: &str) -> Result<Vec<Value>> {
        let path = format!("/control/graph/sums?from={from}&to={to}");
        let mut sums = self.call(Method::GET, &path, None).await?;
        match sums["days"].take() {
            Value::Array(days) => Ok(days),
            _ => Err(unlike(&sums)),
        }
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        let wrong = |what: String| BenchError::Sandbox(format!("{path}: {what}"));
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|cause| wrong(cause.to_string()))?;
        let response = self.client.request(request).await.map_err(|cause| wrong(cause.to_string()))?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|cause| wrong(cause.to_string()))?.to_bytes();
        if !status.is_success() {
            return Err(wrong(format!("{status} {}", String::from_utf8_lossy(&body))));
        }
        if body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&body).map_err(|cause| wrong(cause.to_string()))
    }
}

fn unlike(answer: &Value) -> BenchError {
    BenchError::Sandbox(format!("an answer is not as its README says: {answer:.200}"))
}

/// Ports that nobody listens on at this moment, all different.
fn free_ports() -> Result<[String; 4]> {
    let mut listeners = Vec::new();
    let mut ports: [String; 4] = Default::default();
    for port in &mut ports {
        let listener = TcpListener::bind("127.0.0.1:0").doing("listen on 127.0.0.1")?;
        *port = listener.local_addr().doing("read the address")?.port().to_string();
        listeners.push(listener);
    }
    Ok(ports)
}
