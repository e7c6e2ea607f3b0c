use std::time::Duration;

use super::*;
use crate::domain::old::row::RowId;
use crate::neighbours::stand_in::{Seen, json, neighbour};

fn database(base: &str) -> Supabase {
    let key = Credentials::parse(r#"{"landing_key":"k-1"}"#).unwrap().landing().unwrap();
    Supabase::new(http::client(Duration::from_secs(5)).unwrap(), &format!("{base}/landing/"), key)
}

fn with_range(status: u16, range: &str, body: &str) -> String {
    json(status, body).replacen("\r\n", &format!("\r\ncontent-range: {range}\r\n"), 1)
}

fn asked(seen: &Seen) -> (String, Vec<(String, String)>) {
    let (path, query) = seen.target.split_once('?').unwrap();
    (path.to_owned(), form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn a_page_is_asked_for_by_key_and_both_headers_carry_the_secret() {
    let at = "2025-03-15T05:00:00.123456Z".parse().unwrap();
    let (base, seen) =
        neighbour(json(200, r#"[{"id": 7, "created_at": "2025-03-15T05:00:01", "new": [1]}]"#));
    let database = database(&base);
    let rows = database.page("landing_leads", None, &Ask::From(at), 1000).await.unwrap();
    assert_eq!((rows.len(), rows[0].id()), (1, Some(RowId("7".to_owned()))));
    let first = seen.recv().unwrap();
    assert_eq!(
        (first.headers["apikey"].as_str(), first.headers["authorization"].as_str()),
        ("k-1", "Bearer k-1")
    );
    let (path, query) = asked(&first);
    assert_eq!(path, "/landing/rest/v1/landing_leads");
    let expected = pairs(&[
        ("select", "*"),
        ("created_at", "gte.2025-03-15T05:00:00.123456Z"),
        ("order", "created_at.asc,id.asc"),
        ("limit", "1000"),
    ]);
    assert_eq!(query, expected);

    let within = Ask::Within(at, RowId("b-2".to_owned()));
    database.page("landing_leads", Some(("source", "ilike.proftest*")), &within, 10).await.unwrap();
    let expected = pairs(&[
        ("select", "*"),
        ("created_at", "eq.2025-03-15T05:00:00.123456Z"),
        ("id", "gt.b-2"),
        ("source", "ilike.proftest*"),
        ("order", "id.asc"),
        ("limit", "10"),
    ]);
    assert_eq!(asked(&seen.recv().unwrap()).1, expected);
    database.page("landing_leads", None, &Ask::After(at), 10).await.unwrap();
    assert_eq!(asked(&seen.recv().unwrap()).1[1].1, "gt.2025-03-15T05:00:00.123456Z");
}

#[tokio::test]
async fn how_many_there_are_stands_in_the_range() {
    let (base, seen) = neighbour(with_range(206, "0-0/312", r#"[{"created_at":"2025-03-15T05:00:00"}]"#));
    let overview = database(&base).overview("landing_leads", None).await.unwrap();
    assert_eq!(overview.total, 312);
    assert_eq!(overview.latest, Some("2025-03-15T05:00:00Z".parse().unwrap()));
    let seen = seen.recv().unwrap();
    assert_eq!(seen.headers["prefer"], "count=exact");
    assert!(seen.target.contains("order=created_at.desc.nullslast&limit=1"), "{}", seen.target);
    let (base, _seen) = neighbour(with_range(200, "*/0", "[]"));
    let empty = database(&base).overview("landing_leads", None).await.unwrap();
    assert_eq!(empty, Overview { total: 0, latest: None });
    assert_eq!(database(&base).count("landing_leads", None).await, Ok(0));
}

#[tokio::test]
async fn what_are_no_rows_is_unreadable_and_never_an_empty_page() {
    let at = DateTime::UNIX_EPOCH;
    for body in ["<html>hello</html>", "{}", "", "[1]", r#"[{"id": 1}"#] {
        let (base, _seen) = neighbour(json(200, body));
        let failure = database(&base).page("landing_leads", None, &Ask::From(at), 10).await.unwrap_err();
        assert_eq!(failure.class, Class::Unreadable, "{body}");
    }
    // Rows without a range are from something that does not count.
    let (base, _seen) = neighbour(json(200, "[]"));
    assert_eq!(database(&base).overview("t", None).await.unwrap_err().class, Class::Unreadable);
}

#[tokio::test]
async fn a_refusal_and_silence_are_told_apart_without_the_address() {
    let (base, _seen) = neighbour(json(401, r#"{"message":"Invalid API key"}"#));
    let failure = database(&base).count("landing_leads", None).await.unwrap_err();
    assert_eq!(
        (failure.class, failure.problem().said().as_str()),
        (Class::BadKey, "Database error: Invalid API key")
    );
    let (base, _seen) = neighbour(String::new());
    let failure = database(&base).count("landing_leads", None).await.unwrap_err();
    assert_eq!(
        (failure.class, failure.message.as_str()),
        (Class::Again, "the database broke off without an answer")
    );
    assert!(!format!("{failure:?}").contains("127.0.0.1"));
}
