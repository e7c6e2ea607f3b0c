//! What goes over the wire, seen by a server that stands in for Facebook.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use reqwest::Url;

use super::*;
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Day;
use crate::neighbours::http;

const TOKEN: &str = "token-of-a-person";
const SECRET: &str = "secret-of-the-app";

/// By `openssl dgst -sha256 -hmac`.
const PROOF: &str = "dc88b187f697b949aff16d1a69fc714c489a308fa7cf5d6585acb81b97d0ad3c";
const PROOF_OF_APP: &str = "7ae753b71a4803ff5422b5054da863d17027af3ae6827844294286f66c2a729d";

const EMPTY: &str = r#"{"data":[]}"#;

/// A request as it came in.
struct Seen {
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    whole: String,
}

/// Answers each connection with the same bytes, and tells what it was asked. Nothing to answer means to hang up.
fn facebook(answer: String) -> (String, Receiver<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/graph/", listener.local_addr().unwrap());
    let (seen, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = vec![];
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            // Told before it is answered, so that it is there when the caller has the answer.
            if seen.send(request(String::from_utf8(head).unwrap())).is_err() {
                return;
            }
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (base, asked)
}

fn request(whole: String) -> Seen {
    let mut lines = whole.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap().to_owned(), first.next().unwrap());
    let url = Url::parse(&format!("http://facebook{target}")).unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let query = url.query_pairs().into_owned().collect();
    Seen { method, path: url.path().to_owned(), query, headers, whole }
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} Some\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
}

fn credentials() -> Credentials {
    let json = format!(r#"{{"access_token":"{TOKEN}","app_id":"22","app_secret":"{SECRET}"}}"#);
    Credentials::parse(&json).unwrap()
}

fn graph(base: &str) -> Graph {
    Graph::new(http::client(Duration::from_secs(25)).unwrap(), base, credentials())
}

fn account() -> AdAccountId {
    AdAccountId::parse("1017000000000001").unwrap()
}

fn ask() -> InsightsAsk {
    let day = |text| Day::parse(text).unwrap();
    InsightsAsk { account: account(), from: day("2026-10-22"), to: day("2026-11-18"), limit: 500 }
}

/// Makes one call against a good answer and gives what was sent for it.
async fn sent<T, F: Future<Output = Answer<T>>>(body: &str, call: impl FnOnce(Graph) -> F) -> Seen {
    let (base, asked) = facebook(answer(200, "", body));
    call(graph(&base)).await.map_err(|failure| failure.to_string()).map(|_| ()).unwrap();
    let mut seen: Vec<Seen> = asked.try_iter().collect();
    assert_eq!(seen.len(), 1);
    seen.remove(0)
}

fn query(seen: &Seen) -> Vec<(&str, &str)> {
    let pairs = seen.query.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    pairs.filter(|(key, _)| !matches!(*key, "fields" | "appsecret_proof")).collect()
}

#[tokio::test]
async fn every_call_carries_the_token_in_its_header_alone_and_the_proof() {
    let id = || ReportId::parse("6044000000000001").unwrap();
    let done = r#"{"async_status":"Job Completed","async_percent_completion":100}"#;
    let calls = [
        sent(EMPTY, |graph| async move { graph.businesses(None).await }).await,
        sent(EMPTY, |graph| async move { graph.ad_accounts(&AccountsOf::Me, None).await }).await,
        sent(EMPTY, |graph| async move { graph.insights(&ask(), None).await }).await,
        sent(
            r#"{"report_run_id":6044000000000001}"#,
            |graph| async move { graph.start_report(&ask()).await },
        )
        .await,
        sent(done, |graph| async move { graph.report(&id()).await }).await,
        sent(EMPTY, |graph| async move { graph.report_rows(&id(), 500, None).await }).await,
        sent(EMPTY, |graph| async move { graph.campaigns(&account(), None).await }).await,
        sent(EMPTY, |graph| async move { graph.ads(&account(), None).await }).await,
    ];
    for seen in calls {
        assert_eq!(seen.headers["authorization"], format!("Bearer {TOKEN}"), "{}", seen.path);
        assert_eq!(seen.whole.matches(TOKEN).count(), 1, "{}", seen.path);
        assert!(!seen.whole.contains(SECRET), "{}", seen.path);
        assert_eq!(seen.query["appsecret_proof"], PROOF, "{}", seen.path);
        assert!(seen.headers["user-agent"].starts_with("traffic-dashboard/"), "{}", seen.path);
        assert!(seen.path.starts_with("/graph/v26.0/"), "{}", seen.path);
    }
}

#[tokio::test]
async fn without_a_secret_there_is_no_proof() {
    let (base, asked) = facebook(answer(200, "", EMPTY));
    let credentials = Credentials::parse(r#"{"access_token":"t"}"#).unwrap();
    Graph::new(http::client(Duration::from_secs(25)).unwrap(), &base, credentials)
        .businesses(None)
        .await
        .unwrap();
    assert!(!asked.recv().unwrap().query.contains_key("appsecret_proof"));
}

#[tokio::test]
async fn insights_are_asked_for_by_ad_and_day() {
    let seen = sent(EMPTY, |graph| async move { graph.insights(&ask(), None).await }).await;
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("GET", "/graph/v26.0/act_1017000000000001/insights")
    );
    let range = r#"{"since":"2026-10-22","until":"2026-11-18"}"#;
    let common = [("level", "ad"), ("time_increment", "1"), ("time_range", range)];
    assert_eq!(
        query(&seen),
        [("level", "ad"), ("limit", "500"), ("time_increment", "1"), ("time_range", range)]
    );
    let fields = "account_currency,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,spend,impressions,reach,\
                  clicks,inline_link_clicks";
    assert_eq!(seen.query["fields"], fields);

    let started = r#"{"report_run_id":"6044000000000001"}"#;
    let seen = sent(started, |graph| async move { graph.start_report(&ask()).await }).await;
    assert_eq!(
        (seen.method.as_str(), seen.path.as_str()),
        ("POST", "/graph/v26.0/act_1017000000000001/insights")
    );
    assert_eq!((query(&seen), seen.query["fields"].as_str()), (common.to_vec(), fields));
    assert_eq!(seen.headers["content-length"], "0");
}

#[tokio::test]
async fn each_list_has_its_own_path_and_archived_objects_are_asked_for() {
    for (of, path) in [
        (AccountsOf::Me, "/graph/v26.0/me/adaccounts"),
        (AccountsOf::Owned("77".to_owned()), "/graph/v26.0/77/owned_ad_accounts"),
        (AccountsOf::Client("77".to_owned()), "/graph/v26.0/77/client_ad_accounts"),
    ] {
        let seen = sent(EMPTY, |graph| async move { graph.ad_accounts(&of, None).await }).await;
        assert_eq!(seen.path, path);
        assert!(!seen.query["fields"].contains("owner"));
    }
    let campaigns = sent(EMPTY, |graph| async move { graph.campaigns(&account(), None).await }).await;
    let ads = sent(EMPTY, |graph| async move { graph.ads(&account(), None).await }).await;
    assert!(ads.query["fields"].contains("creative{url_tags}"));
    for seen in [campaigns, ads] {
        let statuses: Vec<String> = serde_json::from_str(&seen.query["effective_status"]).unwrap();
        assert!(statuses.contains(&"ARCHIVED".to_owned()) && !statuses.contains(&"DELETED".to_owned()));
    }
}

#[tokio::test]
async fn the_next_page_is_asked_for_by_its_cursor_and_never_by_its_address() {
    let elsewhere = format!("http://127.0.0.1:1/elsewhere?access_token={TOKEN}&after=WRONG");
    let page = format!(
        r#"{{"data":[],"paging":{{"cursors":{{"before":"b","after":"Mj+Q/Z="}},"next":"{elsewhere}"}}}}"#
    );
    let (base, asked) = facebook(answer(200, "", &page));
    let graph = graph(&base);
    let after = graph.insights(&ask(), None).await.unwrap().value.after.unwrap();
    graph.insights(&ask(), Some(&after)).await.unwrap();
    let (first, second) = (asked.recv().unwrap(), asked.recv().unwrap());
    assert!(!first.query.contains_key("after"));
    assert_eq!(second.query["after"], "Mj+Q/Z=");
    assert_eq!(
        (second.path, &second.query["appsecret_proof"]),
        (first.path, &first.query["appsecret_proof"])
    );
    assert_eq!(second.whole.matches(TOKEN).count(), 1);
}

#[tokio::test]
async fn an_id_that_would_change_the_path_is_not_sent() {
    let (base, asked) = facebook(answer(200, "", EMPTY));
    for id in ["", "me", "../me", "7/ads", "7?limit=1", "７"] {
        let failure = graph(&base).ad_accounts(&AccountsOf::Owned(id.to_owned()), None).await.unwrap_err();
        assert_eq!(failure.class, Class::Misconfigured, "{id}");
        assert_eq!(ReportId::parse(id), None, "{id}");
    }
    assert_eq!(asked.try_iter().count(), 0);
}

#[tokio::test]
async fn the_app_asks_about_the_token() {
    let body = r#"{"data":{"is_valid":true,"expires_at":0,"scopes":["ads_read"]}}"#;
    let seen = sent(body, |graph| async move { graph.debug_token().await }).await;
    assert_eq!(seen.path, "/graph/v26.0/debug_token");
    assert_eq!(seen.headers["authorization"], format!("Bearer 22|{SECRET}"));
    assert_eq!(seen.query["input_token"], TOKEN);
    assert_eq!(seen.query["appsecret_proof"], PROOF_OF_APP);
}

#[tokio::test]
async fn a_refused_app_is_not_a_dead_token() {
    let (base, _asked) = facebook(answer(400, "", r#"{"error":{"code":190,"message":"bad signature"}}"#));
    let graph = graph(&base);
    assert_eq!(graph.debug_token().await.unwrap_err().class, Class::Misconfigured);
    assert_eq!(graph.businesses(None).await.unwrap_err().class, Class::TokenDead);
    let alone = Credentials::parse(r#"{"access_token":"t"}"#).unwrap();
    let graph = Graph::new(http::client(Duration::from_secs(25)).unwrap(), &base, alone);
    assert_eq!(graph.debug_token().await.unwrap_err().class, Class::TokenDead);
}

#[tokio::test]
async fn a_refusal_keeps_its_headers_and_is_not_repeated() {
    let wait = r#"{"1017000000000001":[{"type":"ads_insights","call_count":100,"estimated_time_to_regain_access":19}]}"#;
    let headers = format!("X-Business-Use-Case-Usage: {wait}\r\nx-fb-trace-id: Ahead\r\n");
    let body = r#"{"error":{"message":"(#80000) There have been too many calls","code":80000,"error_subcode":2446079}}"#;
    let (base, asked) = facebook(answer(400, &headers, body));
    let failure = graph(&base).insights(&ask(), None).await.unwrap_err();
    assert_eq!(failure.class, Class::Throttled(ThrottleScope::Account));
    assert_eq!(failure.usage.account_pause(&account()), Some(Duration::from_secs(19 * 60)));
    assert_eq!((failure.said.status, failure.said.trace.as_deref()), (Some(400), Some("Ahead")));
    assert_eq!(asked.try_iter().count(), 1);
}

#[tokio::test]
async fn what_is_not_answered_or_half_answered_is_tried_again_by_the_caller_alone() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\nX-App-Usage: {\"call_count\":7}\r\n\r\n{\"data\":[";
    for (bytes, percent) in [(String::new(), None), (half.to_owned(), Some(7))] {
        let (base, asked) = facebook(bytes);
        let failure = graph(&base).businesses(None).await.unwrap_err();
        assert_eq!((failure.class, failure.usage.app_percent()), (Class::Again, percent));
        assert_eq!(asked.try_iter().count(), 1);
    }
    // Nothing listens on the first port.
    let failure = graph("http://127.0.0.1:1").debug_token().await.unwrap_err();
    assert_eq!((failure.class, failure.said.status), (Class::Again, None));
    assert!(!failure.to_string().contains("127.0.0.1"), "{failure}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (base, asked) = facebook(answer(302, "location: /elsewhere\r\n", ""));
    assert_eq!(graph(&base).businesses(None).await.unwrap_err().class, Class::Again);
    assert_eq!(asked.try_iter().count(), 1);
}

#[tokio::test]
async fn neither_a_graph_nor_a_failure_shows_a_secret() {
    let address = format!("https://graph.facebook.com/v26.0/me?access_token={TOKEN}");
    let quoting = format!(
        r#"{{"error":{{"code":190,"message":"{TOKEN} of {SECRET} at {address}","fbtrace_id":"{TOKEN}"}}}}"#
    );
    let refused = facebook(answer(400, "", &quoting));
    let hung_up = facebook(String::new());
    let garbage = facebook(answer(200, "", &format!(r#"{{"data":["{TOKEN}"]}}"#)));
    for (base, _asked) in [refused, hung_up, garbage] {
        let graph = graph(&base);
        for failure in [graph.businesses(None).await.unwrap_err(), graph.debug_token().await.unwrap_err()] {
            let printed = format!("{graph:?} {failure} {failure:?}");
            for secret in [TOKEN, SECRET, PROOF, PROOF_OF_APP, "access_token", "input_token"] {
                assert!(!printed.contains(secret), "{printed}");
            }
        }
    }
    assert_eq!(graph("http://x").fingerprint(), credentials().fingerprint());
}
