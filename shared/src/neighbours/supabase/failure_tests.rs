use super::*;

fn said(status: u16, body: &str) -> (Class, String, Option<String>) {
    let Failure { class, message, hint } = Failure::of(status, body.as_bytes(), "landing_leads");
    (class, message, hint)
}

#[test]
fn a_bad_key_and_a_missing_table_are_said_in_the_databases_own_words() {
    let hint = "Double check your Supabase `anon` or `service_role` API key.";
    let body = format!(r#"{{"message":"Invalid API key","hint":"{hint}"}}"#);
    let expected = (Class::BadKey, "Invalid API key".to_owned(), Some(hint.to_owned()));
    assert_eq!(said(401, &body), expected);
    assert_eq!(said(401, r#"{"code":"PGRST301","message":"JWT expired","hint":null}"#), expected);
    assert_eq!(said(401, "<html>"), expected);
    let missing = "Could not find the table 'public.landing_leads' in the schema cache";
    let body = format!(
        r#"{{"code":"PGRST205","details":null,"hint":"Perhaps you meant the table 'public.leads'","message":"{missing}"}}"#
    );
    let hint = Some("Perhaps you meant the table 'public.leads'".to_owned());
    assert_eq!(said(404, &body), (Class::MissingTable, missing.to_owned(), hint));
    let older = "relation \"public.landing_leads\" does not exist";
    let body = r#"{"code":"42P01","message":"relation \"public.landing_leads\" does not exist"}"#;
    assert_eq!(said(404, body), (Class::MissingTable, older.to_owned(), None));
}

#[test]
fn each_way_to_fail_is_told_apart() {
    for (status, body, class, message) in [
        (
            403,
            r#"{"code":"42501","message":"permission denied"}"#,
            Class::Forbidden,
            "permission denied for table landing_leads",
        ),
        (
            401,
            r#"{"code":"42501","message":"permission denied"}"#,
            Class::Forbidden,
            "permission denied for table landing_leads",
        ),
        (503, r#"{"code":"PGRST002","message":"Could not query"}"#, Class::Again, "HTTP 503, PGRST002"),
        (502, "<html>", Class::Again, "HTTP 502"),
        (540, "<html>paused", Class::Paused, "the project is paused"),
        (429, "", Class::Again, "HTTP 429"),
        (404, "<html>", Class::Unreadable, "HTTP 404, but no rows"),
        (403, "<html>", Class::Unreadable, "HTTP 403, but no rows"),
        (302, "", Class::Unreadable, "HTTP 302, but no rows"),
        (
            400,
            r#"{"code":"42703","message":"column landing_leads.created_at does not exist"}"#,
            Class::Refused,
            "column landing_leads.created_at does not exist",
        ),
        (
            400,
            r#"{"code":"22P02","message":"invalid input syntax for type uuid: \"+77011234567\""}"#,
            Class::Refused,
            "HTTP 400, 22P02",
        ),
    ] {
        let (got, words, _) = said(status, body);
        assert_eq!((got, words.as_str()), (class, message), "{body}");
    }
}

#[test]
fn what_may_quote_a_person_is_not_repeated() {
    for quoted in ["+77011234567", "a@b.kz", "Айгуль"] {
        let body = serde_json::json!({"code": quoted, "message": quoted, "hint": quoted}).to_string();
        for status in [400, 401, 403, 404, 409, 500] {
            let (_, message, hint) = said(status, &body);
            assert!(!format!("{message} {hint:?}").contains(quoted), "{status} {message}");
        }
    }
}
