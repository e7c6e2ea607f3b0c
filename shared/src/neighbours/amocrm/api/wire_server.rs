//! A server that stands in for amoCRM and tells what it was asked, and a client that asks it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use reqwest::Url;
use serde_json::{Value, json};

use super::{Amocrm, Answer, Credentials};
use crate::neighbours::http;

pub const TOKEN: &str = "token-of-an-account";
pub const OAUTH: &str = r#"{"access_token":"a-1","refresh_token":"r-1","client_id":"c-1","client_secret":"s-1","redirect_uri":"https://x"}"#;

/// A request as it came in.
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub head: String,
    pub body: Value,
}

/// Answers each connection with the same bytes, and tells what it was asked. Nothing to answer means to hang up.
pub fn amocrm(answer: String) -> (String, Receiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/amocrm/", listener.local_addr().unwrap());
    let (seen, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Told before it is answered, so that it is there when the caller has the answer.
            if seen.send(request(&mut stream)).is_err() {
                return;
            }
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (base, asked)
}

fn request(stream: &mut TcpStream) -> Seen {
    let (mut head, mut byte) = (vec![], [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).unwrap();
    let mut first = head.split(' ');
    let (method, target) = (first.next().unwrap().to_owned(), first.next().unwrap());
    let url = Url::parse(&format!("http://amocrm{target}")).unwrap();
    let query = url.query_pairs().into_owned().collect();
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    Seen { method, path: url.path().to_owned(), query, head, body }
}

pub fn answer(status: u16, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Some\r\ncontent-length: {length}\r\nx-request-id: r-9\r\nconnection: close\r\n\r\n{body}"
    )
}

pub fn client(base: &str, secret: &str) -> Amocrm {
    let http = http::client(Duration::from_secs(10)).unwrap();
    Amocrm::new(http, base, Credentials::parse(secret).unwrap())
}

/// Makes one call against an answer, and gives what was sent for it and what came of it.
pub async fn made<T, F: Future<Output = Answer<T>>>(body: &str, call: impl FnOnce(Amocrm) -> F) -> (Seen, T) {
    let (base, asked) = amocrm(answer(200, body));
    let value = call(client(&base, &json!({ "access_token": TOKEN }).to_string())).await;
    let value = value.map_err(|failure| failure.to_string()).unwrap();
    let mut seen: Vec<Seen> = asked.try_iter().collect();
    assert_eq!(seen.len(), 1);
    let seen = seen.remove(0);
    assert!(seen.head.contains(&format!("authorization: Bearer {TOKEN}\r\n")), "{}", seen.head);
    assert_eq!(seen.head.matches(TOKEN).count(), 1);
    (seen, value)
}

pub fn query(seen: &Seen) -> Vec<(&str, &str)> {
    seen.query.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}
