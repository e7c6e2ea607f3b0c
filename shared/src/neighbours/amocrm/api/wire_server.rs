//! A server that stands in for amoCRM, and tells what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use reqwest::Url;
use serde_json::Value;

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
