//! What only a connection shows: answers that do not come, or not whole, and calls in flight.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

impl Account {
    /// Serves the neighbour on a port of its own.
    async fn listen(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = self.router.clone();
        tokio::spawn(async move { match crate::serve::route(listener, router).await {} });
        port
    }

    /// Lets the server work until the record shows what is waited for.
    async fn until(&self, shown: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..100_000 {
            let record = self.record().await;
            if shown(&record) {
                return record;
            }
            tokio::task::yield_now().await;
        }
        panic!("it never came to that");
    }
}

async fn open(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = format!(
        "GET /amocrm/api/v4/account HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn read(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end as good as any; what came before it counts.
    while let Ok(1..) = stream.read_buf(&mut answer).await {}
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_connection_closes_without_a_word() {
    let account = Account::calm().await;
    let port = account.listen().await;
    account.faults(json!([{"kind": "hang_up", "count": 1}, {"kind": "lost_answer", "count": 1}])).await;
    assert_eq!(read(open(port).await).await, "");
    assert_eq!(read(open(port).await).await, "");
    assert!(read(open(port).await).await.starts_with("HTTP/1.1 200 OK"));
    let totals = json!([
        {"edge": "account", "status": null, "count": 2}, {"edge": "account", "status": 200, "count": 1},
    ]);
    assert_eq!(account.record().await["totals"], totals);
}

#[tokio::test]
async fn half_a_body_is_half_of_the_length_announced() {
    let account = Account::calm().await;
    let port = account.listen().await;
    let whole = read(open(port).await).await;
    account.faults(json!([{"kind": "cut"}])).await;
    let half = read(open(port).await).await;
    let (head, body) = whole.split_once("\r\n\r\n").unwrap();
    let (cut_head, cut_body) = half.split_once("\r\n\r\n").unwrap();
    let length = format!("content-length: {}", body.len());
    assert!(head.contains(&length) && cut_head.contains(&length), "{cut_head}");
    assert!(body.starts_with(cut_body) && cut_body.len() < body.len() && !cut_body.is_empty());
}

#[tokio::test]
async fn who_waits_is_in_flight_until_gone() {
    let account = Account::calm().await;
    let port = account.listen().await;
    account.faults(json!([{"kind": "hang", "seconds": 3600}])).await;
    let calls = [open(port).await, open(port).await];
    let record = account.until(|record| record["requests"].as_array().unwrap().len() == 2).await;
    assert_eq!((&record["in_flight_max"], &record["totals"]), (&json!(2), &json!([])));
    drop(calls);
    let record = account.until(|record| record["totals"][0]["count"] == 2).await;
    assert_eq!(record["requests"][0]["fault"], "hang");
    account.control("DELETE", "faults", Value::Null).await;
    account.control("DELETE", "requests", Value::Null).await;
    account.get("account").await;
    assert_eq!(account.record().await["in_flight_max"], 1);
}
