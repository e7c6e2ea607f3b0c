//! The control API of the sandbox: what a test asks the neighbours and the gate to do, and to tell.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::env::env;

/// Asks the sandbox. A refusal is a mistake of the test.
pub async fn control(method: &str, path: &str, body: Option<&Value>) -> Value {
    let url = format!("{}{path}", env().get("SANDBOX_URL"));
    let mut request = crate::client::plain().request(method.parse().unwrap(), &url);
    if let Some(body) = body {
        request = request.json(body);
    }
    let answer = request.send().await.unwrap_or_else(|error| panic!("the sandbox at {url}: {error}"));
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{method} {path} answered {status}: {text}");
    if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
}

/// Takes something back at once: without a runtime, since a failing test may be on its way out of one.
pub fn take_back(path: &str) {
    let address = env().get("SANDBOX_URL").trim_start_matches("http://").to_owned();
    let Ok(mut connection) = TcpStream::connect(&address) else { return };
    let request = format!("DELETE {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    let mut answer = String::new();
    if connection.write_all(request.as_bytes()).is_err() || connection.read_to_string(&mut answer).is_err() {
        eprintln!("{path} could not be taken back: {answer}");
    }
}
