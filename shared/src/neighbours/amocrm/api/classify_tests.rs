use super::answer::read;
use super::classify::Asked;
use super::failure::Class;

const HTML: &str = "<html><head><title>403 Forbidden</title></head></html>";
const PROBLEM: &str = r#"{"title":"Payment Required","type":"https://httpstatus.es/402","status":402}"#;
const LEGACY: &str = r#"{"response":{"error_code":113,"error":"Access denied"}}"#;

const NAMED: &str = r#"{"title":"Bad Request","validation-errors":[{"request_id":"0","errors":[
    {"code":"InvalidType","path":"name","detail":"no"}]}]}"#;

fn class(asked: Asked, status: u16, body: &str) -> Option<Class> {
    read::<serde_json::Value>(asked, true, status, body.as_bytes()).err().map(|failure| failure.class)
}

#[test]
fn every_refusal_that_is_known_means_what_is_to_be_done() {
    for (status, body, expected) in [
        (400, NAMED, Class::Invalid),
        (422, NAMED, Class::Invalid),
        (400, r#"{"title":"Bad Request","validation-errors":[]}"#, Class::Unclear),
        (400, PROBLEM, Class::Unclear),
        (400, HTML, Class::Unclear),
        (401, r#"{"title":"Unauthorized","status":401}"#, Class::Unauthorized),
        (401, r#"{"response":{"error_code":110}}"#, Class::Unauthorized),
        (402, PROBLEM, Class::Unpaid),
        (403, LEGACY, Class::Forbidden),
        (403, HTML, Class::Forbidden),
        (404, PROBLEM, Class::Misconfigured),
        (404, HTML, Class::Misconfigured),
        (302, "", Class::Misconfigured),
        (405, "", Class::Unclear),
        (413, "", Class::Unclear),
        (422, PROBLEM, Class::Unclear),
        (408, "", Class::Again),
        (429, HTML, Class::SlowDown),
        (429, "", Class::SlowDown),
        (500, PROBLEM, Class::Again),
        (502, HTML, Class::Again),
        (503, "", Class::Again),
        (504, HTML, Class::TooMuch),
        (200, HTML, Class::Again),
        (200, "", Class::Again),
        (200, r#"{"id":"#, Class::Again),
    ] {
        assert_eq!(class(Asked::Always, status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn to_be_refused_what_takes_more_rights_says_nothing_about_the_rest() {
    for (status, body, expected) in [
        (401, PROBLEM, Class::Unauthorized),
        (402, PROBLEM, Class::Missing),
        (403, HTML, Class::Missing),
        (404, PROBLEM, Class::Missing),
        (405, "", Class::Missing),
        (429, HTML, Class::SlowDown),
        (500, PROBLEM, Class::Again),
    ] {
        assert_eq!(class(Asked::IfAllowed, status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn nothing_is_wrong_with_what_was_only_asked_for() {
    for (status, body) in [(400, NAMED), (400, HTML), (405, ""), (422, PROBLEM)] {
        let asked = read::<serde_json::Value>(Asked::Always, false, status, body.as_bytes());
        assert_eq!(asked.unwrap_err().class, Class::Unclear, "{status} {body}");
    }
}

#[test]
fn a_thing_may_be_missing_where_an_api_may_not() {
    assert_eq!(class(Asked::OneThing, 404, PROBLEM), Some(Class::Missing));
    assert_eq!(class(Asked::OneThing, 302, ""), Some(Class::Misconfigured));
    for asked in [Asked::Always, Asked::OneThing] {
        assert_eq!(read::<serde_json::Value>(asked, false, 204, b"").unwrap(), None);
    }
}

#[test]
fn no_body_is_repeated() {
    for (body, said) in [
        (HTML, "HTTP 500, a page of HTML"),
        ("", "HTTP 500, an empty body"),
        ("Айгуль +77011234567", "HTTP 500, a body that is no JSON"),
        (r#"{"name":"Айгуль"}"#, "HTTP 500, no reason given"),
        (r#"{"name":"Айгуль"#, "HTTP 500, an answer that is not what was asked for"),
    ] {
        let failure = read::<serde_json::Value>(Asked::Always, true, 500, body.as_bytes()).unwrap_err();
        assert_eq!(failure.to_string(), said);
    }
}
