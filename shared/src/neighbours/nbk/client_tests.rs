use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use super::*;

/// A bank that answers one request and hands back its first line.
fn bank(status: &'static str, body: &'static str) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
        let request: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let length = body.len();
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
            .unwrap();
        request[0].clone()
    });
    (address, answering)
}

fn nbk(address: SocketAddr, path: &str) -> Nbk {
    // Another test may have installed it already.
    rustls::crypto::ring::default_provider().install_default().ok();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    Nbk::new(http, &format!("http://{address}{path}"))
}

fn friday() -> Day {
    Day::parse("2026-11-20").unwrap()
}

#[tokio::test]
async fn a_day_is_one_request_with_its_date() {
    let body = "<rates><date>20.11.2026</date><item><title>USD</title><description>469.31</description><quant>1</quant></item></rates>";
    for path in ["/nbk", "/nbk/"] {
        let (address, answering) = bank("200 OK", body);
        let published = nbk(address, path).rates_of(friday()).await.unwrap();
        assert_eq!((published.date, published.rates.len()), (Some(friday()), 1));
        let request = answering.join().unwrap();
        assert_eq!(request, "GET /nbk/rss/get_rates.cfm?fdate=20.11.2026 HTTP/1.1");
    }
}

#[tokio::test]
async fn a_failure_tells_the_status_and_why() {
    let (address, _answering) = bank("503 Service Unavailable", "<rates/>");
    let failure = nbk(address, "").rates_of(friday()).await.unwrap_err();
    assert_eq!((failure.status(), failure.to_string().as_str()), (Some(503), "status 503"));

    let (address, _answering) = bank("200 OK", "<html><body>down</body></html>");
    let failure = nbk(address, "").rates_of(friday()).await.unwrap_err();
    assert_eq!(failure.status(), Some(200));
    assert!(failure.to_string().starts_with("status 200, but it is no list of rates: "), "{failure}");
}

#[tokio::test]
async fn a_failure_does_not_name_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let failure = nbk(address, "/secret").rates_of(friday()).await.unwrap_err();
    assert_eq!(failure.status(), None);
    let said = failure.to_string();
    assert!(said.starts_with("no answer: ") && !said.contains("secret") && !said.contains("fdate"), "{said}");
}
