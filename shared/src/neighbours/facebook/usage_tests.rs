use proptest::prelude::*;
use reqwest::header::{HeaderName, HeaderValue};

use super::*;

const OURS: &str = "1017000000000001";
const THEIRS: &str = "1017000000000002";
const BUSINESS: &str = "220000000000001";

const APP: &str = "x-app-usage";
const SCORE: &str = "x-ad-account-usage";
const BUC: &str = "x-business-use-case-usage";
const LOAD: &str = "x-fb-ads-insights-throttle";

fn usage(headers: &[(&str, &str)]) -> Usage {
    let pair = |(name, value): &(&str, &str)| {
        (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    Usage::of(&headers.iter().map(pair).collect())
}

fn pause(headers: &[(&str, &str)]) -> Option<u64> {
    usage(headers).account_pause(&AdAccountId::parse(OURS).unwrap()).map(|wait| wait.as_secs())
}

fn percent(headers: &[(&str, &str)]) -> Option<u32> {
    usage(headers).account_percent(&AdAccountId::parse(OURS).unwrap())
}

fn waits(of: &[(&str, u32)]) -> String {
    let entry = |(id, minutes): &(&str, u32)| {
        format!(
            r#""{id}":[{{"type":"ads_insights","call_count":1,"estimated_time_to_regain_access":{minutes}}}]"#
        )
    };
    format!("{{{}}}", of.iter().map(entry).collect::<Vec<_>>().join(","))
}

#[test]
fn one_header_counts_seconds_and_the_other_minutes() {
    assert_eq!(pause(&[(SCORE, r#"{"acc_id_util_pct":100,"reset_time_duration":90}"#)]), Some(90));
    assert_eq!(pause(&[(BUC, &waits(&[(OURS, 90)]))]), Some(90 * 60));
    let both = [(SCORE, r#"{"reset_time_duration":"300"}"#), (BUC, &waits(&[(OURS, 2)]))];
    assert_eq!(pause(&both), Some(300));
}

#[test]
fn no_wait_is_no_pause() {
    for headers in [
        &[][..],
        &[(
            SCORE,
            r#"{"acc_id_util_pct":9.67,"reset_time_duration":0,"ads_api_access_tier":"standard_access"}"#,
        )],
        &[(BUC, &waits(&[(OURS, 0)]))],
        &[(SCORE, r#"{"reset_time_duration":-5}"#)],
    ] {
        assert_eq!(pause(headers), None, "{headers:?}");
    }
}

#[test]
fn the_wait_that_concerns_the_account_is_the_longest_of_its_own() {
    for (entries, expected) in [
        (&[(OURS, 5), (THEIRS, 60)][..], Some(5 * 60)),
        (&[("act_1017000000000001", 5), (THEIRS, 60)], Some(5 * 60)),
        (&[(OURS, 0), (THEIRS, 60)], None),
        (&[(OURS, 5), (BUSINESS, 60)], Some(60 * 60)),
        (&[(BUSINESS, 60)], Some(60 * 60)),
        (&[(THEIRS, 60)], Some(60 * 60)),
        (&[("", 60)], Some(60 * 60)),
    ] {
        assert_eq!(pause(&[(BUC, &waits(entries))]), expected, "{entries:?}");
    }
}

#[test]
fn a_repeated_key_and_a_longer_list_lose_nothing() {
    let header = format!(
        r#"{{"{OURS}":[{{"type":"ads_insights","call_count":118,"estimated_time_to_regain_access":7}}],
            "{OURS}":[{{"type":"ads_management","call_count":3,"total_time":4}},
                      {{"type":"ads_insights","total_cputime":2,"estimated_time_to_regain_access":9}}]}}"#
    )
    .replace('\n', " ");
    assert_eq!(usage(&[(BUC, &header)]).entries.len(), 3);
    assert_eq!(pause(&[(BUC, &header)]), Some(9 * 60));
    assert_eq!(percent(&[(BUC, &header)]), Some(118));
    let twice = [(BUC, waits(&[(OURS, 1)])), (BUC, waits(&[(OURS, 2)]))];
    let twice: Vec<_> = twice.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(pause(&twice), Some(2 * 60));
}

#[test]
fn limits_of_what_we_never_call_do_not_hold_us_up() {
    for (kind, expected) in
        [("messenger", None), ("pages", None), ("custom_audience", Some(600)), ("new", Some(600))]
    {
        let header = format!(r#"{{"{OURS}":[{{"type":"{kind}","estimated_time_to_regain_access":10}}]}}"#);
        assert_eq!(pause(&[(BUC, &header)]), expected, "{kind}");
    }
}

#[test]
fn the_fullest_count_is_the_percentage_rounded_down() {
    for (headers, expected) in [
        (&[(SCORE, r#"{"acc_id_util_pct":9.67}"#)][..], Some(9)),
        (&[(SCORE, r#"{"acc_id_util_pct":"99.99"}"#)], Some(99)),
        (&[(LOAD, r#"{"app_id_util_pct":80,"acc_id_util_pct":10.5}"#)], Some(10)),
        (&[(LOAD, r#"{"acc_id_util_pct":101}"#), (SCORE, r#"{"acc_id_util_pct":9.67}"#)], Some(101)),
        (&[(SCORE, r#"{"acc_id_util_pct":-1}"#)], None),
        (&[(SCORE, r#"{"acc_id_util_pct":null}"#)], None),
        (&[(APP, r#"{"call_count":99}"#)], None),
        (&[("x-fb-ads-insights-reach-throttle", r#"{"acc_id_util_pct":100}"#)], None),
    ] {
        assert_eq!(percent(headers), expected, "{headers:?}");
    }
}

#[test]
fn the_app_and_the_account_are_counted_apart() {
    let headers = [
        (APP, r#"{"call_count":28,"total_time":25,"total_cputime":31}"#),
        (SCORE, r#"{"acc_id_util_pct":100,"reset_time_duration":60}"#),
        (LOAD, r#"{"app_id_util_pct":12.9,"acc_id_util_pct":3}"#),
    ];
    let usage = usage(&headers);
    assert_eq!((usage.app_percent(), usage.app_pause()), (Some(31), None));
    assert_eq!((percent(&headers), pause(&headers)), (Some(100), Some(60)));
}

#[test]
fn an_app_that_is_told_to_wait_waits() {
    let usage = usage(&[(APP, r#"{"call_count":100,"estimated_time_to_regain_access":4}"#)]);
    assert_eq!(usage.app_pause(), Some(Duration::from_secs(4 * 60)));
}

#[test]
fn what_cannot_be_read_is_passed_over_and_the_rest_is_not() {
    for bad in ["", "null", "7", "[]", "{", "not json", "\u{fffd}", r#"{"a":1}"#, r#"{"a":[1,null,"x"]}"#] {
        let headers = [
            (APP, bad),
            (BUC, bad),
            (LOAD, bad),
            ("retry-after", bad),
            (SCORE, r#"{"reset_time_duration":60}"#),
        ];
        assert_eq!(pause(&headers), Some(60), "{bad}");
    }
    let half = format!(r#"{{"{OURS}":["x",{{"call_count":"many","estimated_time_to_regain_access":"3"}}]}}"#);
    assert_eq!((pause(&[(BUC, &half)]), percent(&[(BUC, &half)])), (Some(180), None));
}

#[test]
fn a_wait_is_rounded_up_and_a_misprint_is_bounded() {
    assert_eq!(pause(&[(SCORE, r#"{"reset_time_duration":0.2}"#)]), Some(1));
    assert_eq!(
        pause(&[(BUC, &format!(r#"{{"{OURS}":{{"estimated_time_to_regain_access":0.51}}}}"#))]),
        Some(31)
    );
    assert_eq!(pause(&[(SCORE, r#"{"reset_time_duration":99999999999999}"#)]), Some(LONGEST_WAIT));
    assert_eq!(pause(&[(SCORE, r#"{"reset_time_duration":1e300}"#)]), None);
}

#[test]
fn retry_after_is_seconds() {
    let of = |value| usage(&[("retry-after", value)]).retry_after();
    assert_eq!(of("120"), Some(Duration::from_secs(120)));
    for value in ["0", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"] {
        assert_eq!(of(value), None, "{value}");
    }
}

proptest! {
    #[test]
    fn no_header_makes_it_panic(value in proptest::collection::vec(0x20_u8..0x7f, 0..200)) {
        let mut headers = HeaderMap::new();
        for name in [APP, SCORE, BUC, LOAD, "retry-after"] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_bytes(&value).unwrap());
        }
        let usage = Usage::of(&headers);
        prop_assert!(usage.account_pause(&AdAccountId::parse(OURS).unwrap()) <= Some(Duration::from_secs(LONGEST_WAIT)));
    }

    #[test]
    fn the_longest_wait_of_the_account_is_kept(minutes in proptest::collection::vec(0_u32..2_000, 1..32)) {
        let entries: Vec<_> = minutes.iter().map(|minutes| (OURS, *minutes)).collect();
        let longest = minutes.iter().max().map(|minutes| u64::from(*minutes) * 60).filter(|wait| *wait > 0);
        prop_assert_eq!(pause(&[(BUC, &waits(&entries))]), longest);
    }
}
