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
    assert_eq!(overview.total, Some(312));
    assert_eq!(overview.latest, Some("2025-03-15T05:00:00Z".parse().unwrap()));
    let seen = seen.recv().unwrap();
    assert_eq!(seen.headers["prefer"], "count=exact");
    assert!(seen.target.contains("order=created_at.desc.nullslast&limit=1"), "{}", seen.target);
    let (base, _seen) = neighbour(with_range(200, "*/0", "[]"));
    let empty = database(&base).overview("landing_leads", None).await.unwrap();
    assert_eq!(empty, Overview { total: Some(0), latest: None });
    assert_eq!(database(&base).count("landing_leads", None).await, Ok(Some(0)));
}

#[tokio::test]
async fn what_are_no_rows_is_unreadable_and_never_an_empty_page() {
    let at = DateTime::UNIX_EPOCH;
    for body in ["<html>hello</html>", "{}", "", "[1]", r#"[{"id": 1}"#] {
        let (base, _seen) = neighbour(json(200, body));
        let failure = database(&base).page("landing_leads", None, &Ask::From(at), 10).await.unwrap_err();
        assert_eq!(failure.class, Class::Unreadable, "{body}");
    }
    for body in ["<html>hello</html>", "{}", ""] {
        let (base, _seen) = neighbour(with_range(200, "0-0/312", body));
        assert_eq!(database(&base).count("t", None).await.unwrap_err().class, Class::Unreadable, "{body}");
    }
}

#[tokio::test]
async fn rows_without_a_range_are_from_something_that_does_not_count() {
    let at = "2025-03-15T05:00:00Z";
    for answer in [
        json(200, &format!(r#"[{{"created_at":"{at}"}}]"#)),
        with_range(200, "0-0/*", &format!(r#"[{{"created_at":"{at}"}}]"#)),
    ] {
        let (base, _seen) = neighbour(answer);
        let overview = database(&base).overview("t", None).await.unwrap();
        assert_eq!(overview, Overview { total: None, latest: Some(at.parse().unwrap()) });
        assert_eq!(database(&base).count("t", None).await, Ok(None));
    }
}

#[tokio::test]
async fn rows_without_a_time_are_counted_where_they_are_what_was_asked_for() {
    let (base, seen) = neighbour(with_range(206, "0-0/7", r#"[{"created_at":null}]"#));
    let filter = ("source", "ilike.proftest*");
    assert_eq!(database(&base).timeless("landing_leads", Some(filter)).await, Ok(Some(7)));
    let (_, query) = asked(&seen.recv().unwrap());
    assert_eq!(query[1..3], pairs(&[("created_at", "is.null"), ("source", "ilike.proftest*")]));
    let (base, _seen) = neighbour(with_range(206, "0-0/312", r#"[{"created_at":"2025-03-15T05:00:00"}]"#));
    assert_eq!(database(&base).timeless("landing_leads", None).await, Ok(None), "the filter was ignored");
}

#[tokio::test]
async fn a_table_without_times_is_asked_for_by_id() {
    let (base, seen) = neighbour(json(200, "[]"));
    database(&base).page("t", None, &Ask::ById(None), 10).await.unwrap();
    let expected = pairs(&[("select", "*"), ("order", "id.asc"), ("limit", "10")]);
    assert_eq!(asked(&seen.recv().unwrap()).1, expected);
    database(&base).page("t", None, &Ask::ById(Some(RowId("b-2".to_owned()))), 10).await.unwrap();
    assert_eq!(asked(&seen.recv().unwrap()).1[1], pairs(&[("id", "gt.b-2")])[0]);
    let missing = r#"{"code":"42703","message":"column landing_leads.created_at does not exist"}"#;
    let (base, _seen) = neighbour(json(400, missing));
    let failure = database(&base).overview("landing_leads", None).await.unwrap_err();
    assert!(failure.lacks("created_at") && !failure.lacks("source"), "{failure}");
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
