//! What only a connection shows: answers that do not come, or not whole, and calls in flight.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

impl Facebook {
    /// Serves the neighbour on a port of its own.
    async fn listen(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = self.router.clone();
        tokio::spawn(async move { match crate::serve::route(listener, router).await {} });
        port
    }

    /// Sends a call and leaves the answer to be read.
    async fn open(&self, port: u16, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let (token, proof) = (&self.token, &self.proof);
        let head = format!(
            "GET /graph/v26.0/{path}?appsecret_proof={proof} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    /// Lets the server work until the record shows what is waited for.
    async fn until(&self, shown: impl AsyncFn(Value) -> bool) {
        for _ in 0..100_000 {
            if shown(self.record().await).await {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("it never came to that");
    }
}

async fn read(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end as good as any; what came before it counts.
    while let Ok(1..) = stream.read_buf(&mut answer).await {}
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_connection_closes_without_a_word() {
    let facebook = Facebook::with(small()).await;
    facebook.faults(json!([{"kind": "hang_up", "count": 1}])).await;
    let port = facebook.listen().await;
    assert_eq!(read(facebook.open(port, "act_11").await).await, "");
    assert!(read(facebook.open(port, "act_11").await).await.starts_with("HTTP/1.1 200 OK"));
    assert_eq!(facebook.record().await["requests"][0]["status"], Value::Null);
}

#[tokio::test]
async fn half_a_body_is_half_of_the_length_announced() {
    let facebook = Facebook::with(small()).await;
    let whole = facebook.get("act_11").await.text;
    facebook.faults(json!([{"kind": "cut"}])).await;
    let port = facebook.listen().await;
    let answer = read(facebook.open(port, "act_11").await).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert_eq!(body, &whole[..whole.len() / 2]);
}

#[tokio::test]
async fn calls_in_flight_are_counted_until_their_callers_are_gone() {
    let facebook = Facebook::with(small()).await;
    facebook.faults(json!([{"kind": "hang", "seconds": 3600}])).await;
    let port = facebook.listen().await;
    let first = facebook.open(port, "act_11").await;
    let second = facebook.open(port, "act_22").await;
    facebook.until(async |record| record["requests"].as_array().unwrap().len() == 2).await;
    let most = json!({"overall": 2, "accounts": {"11": 1, "22": 1}});
    assert_eq!(facebook.record().await["in_flight_max"], most);
    drop((first, second));
    facebook.control("DELETE", "faults", Value::Null).await;
    facebook
        .until(async |_| {
            facebook.control("DELETE", "requests", Value::Null).await;
            facebook.get("act_11").await;
            facebook.record().await["in_flight_max"]["overall"] == 1
        })
        .await;
}
