use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::de::IgnoredAny;

use super::*;
use crate::domain::ad_account::AdAccountId;
use crate::neighbours::facebook::answer;
use crate::neighbours::facebook::credentials::Credentials;
use crate::neighbours::facebook::usage::Usage;

use Class::{
    Again, Blocked, Misconfigured, PermissionMissing, ReportAgain, Shrink, Throttled, TokenDead, Unreadable,
    VersionGone,
};

const OURS: &str = "1017000000000001";

fn class(asked: Asked, status: u16, body: &str) -> Option<Class> {
    let credentials = Credentials::parse(r#"{"access_token":"t"}"#).unwrap();
    answer::read::<IgnoredAny>(asked, status, body.as_bytes(), &credentials).err().map(|(class, _)| class)
}

fn error(code: i32, subcode: i32) -> String {
    let subcode = if subcode == 0 { String::new() } else { format!(r#","error_subcode":{subcode}"#) };
    format!(
        r#"{{"error":{{"message":"(#{code}) m","type":"OAuthException","code":{code}{subcode},"fbtrace_id":"Ax"}}}}"#
    )
}

/// The throttle table with the answers as they come: the refusal's own headers name the wait.
#[test]
fn a_throttle_says_what_it_holds_up_and_its_headers_for_how_long() {
    const BUC: &str = "x-business-use-case-usage";
    const SCORE: &str = "x-ad-account-usage";
    let buc = |kind: &str, minutes: u32| {
        format!(
            r#"{{"{OURS}":[{{"type":"{kind}","call_count":100,"total_cputime":25,"total_time":31,"estimated_time_to_regain_access":{minutes},"ads_api_access_tier":"development_access"}}]}}"#
        )
    };
    let score =
        r#"{"acc_id_util_pct":100.0,"reset_time_duration":300,"ads_api_access_tier":"development_access"}"#;
    let app = r#"{"call_count":101,"total_time":12,"total_cputime":7}"#;
    let load = r#"{"app_id_util_pct":100,"acc_id_util_pct":10,"ads_api_access_tier":"standard_access"}"#;
    let none = String::new;
    let scope = |scope| Some(Throttled(scope));
    use ThrottleScope::{Abuse, Account, App, Insights};
    for (code, subcode, header, value, expected, wait) in [
        (4, 0, "x-app-usage", app.to_owned(), scope(App), None),
        (4, 1_504_022, "x-fb-ads-insights-throttle", load.to_owned(), scope(Insights), None),
        (4, 1_504_039, "x-fb-ads-insights-throttle", load.to_owned(), scope(Insights), None),
        (17, 2_446_079, SCORE, score.to_owned(), scope(Account), Some(300)),
        (17, 2_446_079, BUC, buc("ads_management", 5), scope(Account), Some(300)),
        (17, 1_885_172, BUC, none(), scope(Account), None),
        (32, 0, BUC, none(), scope(Account), None),
        (341, 0, BUC, none(), scope(App), None),
        (613, 1_487_742, SCORE, score.to_owned(), scope(Account), Some(300)),
        (613, 0, BUC, none(), scope(Abuse), None),
        (613, 1_996, BUC, none(), scope(App), None),
        (613, 5_044_001, BUC, none(), scope(Account), None),
        (613, 1_487_632, BUC, none(), scope(Account), None),
        (613, 1_487_225, BUC, none(), scope(Account), None),
        (80_000, 2_446_079, BUC, buc("ads_insights", 19), scope(Account), Some(19 * 60)),
        (80_004, 2_446_079, BUC, buc("ads_management", 3), scope(Account), Some(3 * 60)),
        (80_003, 2_446_079, BUC, buc("custom_audience", 1), scope(Account), Some(60)),
        (80_000, 2_446_079, BUC, "not json".to_owned(), scope(Account), None),
        (80_001, 0, BUC, none(), scope(Account), None),
        (80_002, 0, BUC, none(), scope(Account), None),
        (80_005, 0, BUC, none(), scope(Account), None),
        (80_006, 0, BUC, none(), scope(Account), None),
        (80_008, 0, BUC, none(), scope(Account), None),
        (80_009, 0, BUC, none(), scope(Account), None),
        (80_014, 0, BUC, none(), scope(Account), None),
    ] {
        let headers: HeaderMap =
            [(HeaderName::from_static(header), HeaderValue::from_str(&value).unwrap())].into_iter().collect();
        let ours = AdAccountId::parse(OURS).unwrap();
        let named = Usage::of(&headers).account_pause(&ours);
        assert_eq!(named, wait.map(Duration::from_secs), "{code}/{subcode} {value}");
        for (asked, status) in
            [(Asked::Object, 400), (Asked::Report, 400), (Asked::Object, 429), (Asked::Object, 200)]
        {
            assert_eq!(
                class(asked, status, &error(code, subcode)),
                expected,
                "{code}/{subcode} HTTP {status}"
            );
        }
    }
}

#[test]
fn a_throttle_is_one_even_where_it_is_called_transient_or_not() {
    for hint in ["true", "false"] {
        let body = format!(
            r#"{{"error":{{"message":"(#80000) There have been too many calls …","type":"OAuthException",
                "code":80000,"error_subcode":2446079,"is_transient":{hint},"fbtrace_id":"Axxxxxxxxxxxxxxxxxxxxxx"}}}}"#
        );
        assert_eq!(class(Asked::Object, 400, &body), Some(Throttled(ThrottleScope::Account)), "{hint}");
    }
}

/// The table of all other codes.
#[test]
fn every_known_code_has_its_class() {
    for (codes, status, expected) in [
        (&[(1, 0), (1, 99), (960, 0)][..], 400, Again),
        (&[(1, 0), (2, 0), (2, 1_504_043), (2, 1_504_044), (-1, 0), (-2, 7)], 500, Again),
        (&[(100, 1_487_534), (100, 1_504_018)], 400, Shrink),
        (&[(2, 1_504_038), (-3, 1_504_045)], 500, Shrink),
        (&[(-2, 2_490_547), (2_601, 1_815_107)], 400, ReportAgain),
        (
            &[(190, 0), (190, 458), (190, 459), (190, 460), (190, 463), (190, 464), (190, 467), (190, 492)],
            400,
            TokenDead,
        ),
        (&[(102, 0), (102, 463)], 401, TokenDead),
        (&[(3, 0), (10, 0), (200, 0), (294, 0), (270, 0), (272, 0), (299, 1)], 403, PermissionMissing),
        (&[(100, 3_191_001)], 400, PermissionMissing),
        (
            &[(100, 0), (100, 1), (104, 0), (105, 0), (2_500, 0), (2_642, 0), (3_001, 0), (3_018, 0)],
            400,
            Misconfigured,
        ),
        (&[(2, 1_504_041), (2, 1_504_042)], 503, Misconfigured),
        (&[(2_635, 0)], 400, VersionGone),
        (&[(368, 0), (1_404_078, 0), (1_404_163, 0), (368, 1_404_078), (200, 1_404_163)], 400, Blocked),
    ] {
        for (code, subcode) in codes {
            for asked in [Asked::Object, Asked::Report] {
                assert_eq!(class(asked, status, &error(*code, *subcode)), Some(expected), "{code}/{subcode}");
            }
        }
    }
}

#[test]
fn a_missing_object_is_a_permission_and_a_missing_report_a_lost_run() {
    assert_eq!(class(Asked::Object, 400, &error(100, 33)), Some(PermissionMissing));
    assert_eq!(class(Asked::Report, 400, &error(100, 33)), Some(ReportAgain));
}

#[test]
fn texts_count_only_where_a_code_means_several_things() {
    let says = |code: i32, message: &str| format!(r#"{{"error":{{"code":{code},"message":"{message}"}}}}"#);
    for (asked, code, message, expected) in [
        (Asked::Object, 1, "Please reduce the amount of data you're asking for", Shrink),
        (Asked::Object, 1, "An unknown error occurred", Again),
        (Asked::Object, 100, "(#100) Missing permissions", PermissionMissing),
        (Asked::Report, 100, "(#100) Cannot include reach in summary param", ReportAgain),
        (Asked::Object, 100, "(#100) Cannot include reach in summary param", Misconfigured),
        (Asked::Object, 190, "Please reduce the amount of data", TokenDead),
    ] {
        assert_eq!(class(asked, 500, &says(code, message)), Some(expected), "{message}");
    }
}

/// Bodies as recorded by public connectors.
#[test]
fn recorded_bodies_are_told_apart() {
    for (status, body, expected) in [
        (500, r#"{"error":{"code":1,"message":"Please reduce the amount of data …"}}"#, Shrink),
        (
            400,
            r#"{"error":{"message":"Error validating access token: Session has expired on …",
                "type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"Axxxxxxxxxxxxxxxxxxxxxx"}}"#,
            TokenDead,
        ),
        (
            400,
            r#"{"error":{"message":"checkpoint","code":190,"error_subcode":459,
                "error_data":"{\"checkpoint_url\":\"https:\\/\\/www.facebook.com\"}"}}"#,
            TokenDead,
        ),
        (
            403,
            r#"{"error":{"message":"(#200) Requires business_management permission …","type":"OAuthException","code":200}}"#,
            PermissionMissing,
        ),
        (
            503,
            r#"{"error":{"message":"(#2) Service temporarily unavailable","type":"OAuthException",
                "is_transient":true,"code":2,"fbtrace_id":"A…"}}"#,
            Again,
        ),
        (
            400,
            r#"{"error":{"message":"Invalid appsecret_proof","type":"GraphMethodException","code":100}}"#,
            Misconfigured,
        ),
        (503, r#"{"error":{"message":"Service unavailable"}}"#, Again),
    ] {
        assert_eq!(class(Asked::Object, status, body), Some(expected), "{body}");
    }
}

#[test]
fn an_error_nobody_knows_is_repeated_only_where_that_can_help() {
    for (status, body, expected) in [
        (429, error(7_777, 0), Throttled(ThrottleScope::Account)),
        (429, String::new(), Throttled(ThrottleScope::Account)),
        (429, "<html>".to_owned(), Throttled(ThrottleScope::Account)),
        (500, error(7_777, 0), Again),
        (400, error(7_777, 0), Misconfigured),
        (400, r#"{"error":{"code":7777,"is_transient":true}}"#.to_owned(), Again),
        (502, "<html>Bad Gateway</html>".to_owned(), Again),
        (504, String::new(), Again),
        (400, "{}".to_owned(), Again),
        (404, "<!DOCTYPE html>".to_owned(), Again),
        (302, String::new(), Again),
    ] {
        assert_eq!(class(Asked::Object, status, &body), Some(expected), "HTTP {status} {body}");
    }
}

#[test]
fn a_good_status_does_not_make_a_good_answer() {
    assert_eq!(class(Asked::Object, 200, r#"{"data":[]}"#), None);
    for (body, expected) in [
        (error(190, 463).as_str(), TokenDead),
        (r#"{"data":[],"error":{"code":2}}"#, Again),
        (r#"{"error":"down"}"#, Again),
        ("Service Unavailable", Again),
        ("<html></html>", Again),
        ("", Again),
        (r#"{"data":[{"ad_id":"1"}"#, Again),
        ("true", Unreadable),
        (r#""Service""#, Unreadable),
    ] {
        assert_eq!(class(Asked::Object, 200, body), Some(expected), "{body}");
    }
}
