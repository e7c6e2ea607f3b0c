use proptest::prelude::*;

use super::*;
use crate::neighbours::facebook::answer;
use crate::neighbours::facebook::credentials::Credentials;
use crate::neighbours::facebook::failure::Class;

fn page(rows: &str) -> Result<Vec<InsightRow>, Class> {
    let credentials = Credentials::parse(r#"{"access_token":"t"}"#).unwrap();
    let body = format!(r#"{{"data":[{rows}],"paging":{{"cursors":{{"before":"b","after":"a"}}}}}}"#);
    let page = answer::read::<Page<InsightRow>>(Asked::Object, 200, body.as_bytes(), &credentials);
    page.map(|page| page.items).map_err(|(class, _)| class)
}

fn typical() -> InsightRow {
    InsightRow {
        account_currency: Currency::parse("USD"),
        campaign_id: Some("120210000000000001".to_owned()),
        campaign_name: Some("KZ leads spring".to_owned()),
        adset_id: Some("120210000000000002".to_owned()),
        adset_name: Some("women 25-34".to_owned()),
        ad_id: "120210000000000003".to_owned(),
        ad_name: Some("видео 3".to_owned()),
        day: Day::parse("2026-11-18").unwrap(),
        spend: "41.37".parse().unwrap(),
        impressions: 8_120,
        reach: Some(6_904),
        clicks: 143,
        link_clicks: 97,
    }
}

const NAMES: &str = r#""account_id":"1017000000000001","account_currency":"USD",
    "campaign_id":"120210000000000001","campaign_name":"KZ leads spring",
    "adset_id":"120210000000000002","adset_name":"women 25-34","ad_name":"видео 3""#;

#[test]
fn a_row_is_the_same_with_its_numbers_quoted_and_unquoted() {
    let quoted = format!(
        r#"{{{NAMES},"ad_id":"120210000000000003","spend":"41.37","impressions":"8120","reach":"6904",
            "clicks":"143","inline_link_clicks":"97","ctr":"1.761084",
            "actions":[{{"action_type":"lead","value":"5","1d_view":"1"}}],
            "date_start":"2026-11-18","date_stop":"2026-11-18"}}"#
    );
    let unquoted = format!(
        r#"{{{NAMES},"ad_id":120210000000000003,"spend":41.37,"impressions":8120,"reach":6904,
            "clicks":143,"inline_link_clicks":97,"date_start":"2026-11-18"}}"#
    );
    assert_eq!(page(&format!("{quoted},{unquoted}")).unwrap(), [typical(), typical()]);
}

#[test]
fn a_missing_metric_is_none_at_all() {
    for json in [
        r#"{"ad_id":"1","date_start":"2026-11-18","date_stop":"2026-11-18"}"#,
        r#"{"ad_id":"1","date_start":"2026-11-18","spend":null,"impressions":null,"reach":null,"ad_name":null,
            "account_currency":null,"date_stop":null}"#,
    ] {
        let expected = InsightRow {
            account_currency: None,
            campaign_id: None,
            campaign_name: None,
            adset_id: None,
            adset_name: None,
            ad_id: "1".to_owned(),
            ad_name: None,
            spend: Decimal::ZERO,
            impressions: 0,
            reach: None,
            clicks: 0,
            link_clicks: 0,
            ..typical()
        };
        assert_eq!(page(json).unwrap(), [expected], "{json}");
    }
}

#[test]
fn a_row_that_cannot_be_read_fails_its_page() {
    let good = r#"{"ad_id":"1","date_start":"2026-11-18"}"#;
    assert_eq!(page(&format!("{good},{good}")).unwrap().len(), 2);
    for bad in [
        r#"{"date_start":"2026-11-18"}"#,
        r#"{"ad_id":"","date_start":"2026-11-18"}"#,
        r#"{"ad_id":null,"date_start":"2026-11-18"}"#,
        r#"{"ad_id":"1"}"#,
        r#"{"ad_id":"1","date_start":"18.11.2026"}"#,
        r#"{"ad_id":"1","date_start":"2026-11-18","date_stop":"2026-11-19"}"#,
        r#"{"ad_id":"1","date_start":"2026-11-18","spend":"n/a"}"#,
        r#"{"ad_id":"1","date_start":"2026-11-18","spend":""}"#,
        r#"{"ad_id":"1","date_start":"2026-11-18","impressions":"12.5"}"#,
        r#"{"ad_id":"1","date_start":"2026-11-18","clicks":-1}"#,
        r#"{"ad_id":"1","date_start":"2026-11-18","account_currency":"dollars"}"#,
        "null",
        "7",
    ] {
        assert_eq!(page(&format!("{good},{bad}")), Err(Class::Unreadable), "{bad}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_page_or_a_failure(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let credentials = Credentials::parse(r#"{"access_token":"t"}"#).unwrap();
        for status in [200, 400, 500] {
            let read = answer::read::<Page<InsightRow>>(Asked::Object, status, &bytes, &credentials);
            prop_assert!(read.is_err(), "random bytes were taken for a page");
        }
    }

    /// A page with one byte changed has all its rows or is refused: none of them goes missing.
    #[test]
    fn a_damaged_page_loses_no_row(place in any::<usize>(), byte in any::<u8>()) {
        let row = format!(
            r#"{{{NAMES},"ad_id":"120210000000000003","spend":"41.37","impressions":"8120","clicks":"143",
                "date_start":"2026-11-18","date_stop":"2026-11-18"}}"#
        );
        let credentials = Credentials::parse(r#"{"access_token":"t"}"#).unwrap();
        let mut body = format!(r#"{{"data":[{row},{row},{row}]}}"#).into_bytes();
        let place = place % body.len();
        body[place] = byte;
        let read = answer::read::<Page<InsightRow>>(Asked::Object, 200, &body, &credentials);
        if let Ok(page) = read {
            prop_assert_eq!(page.items.len(), 3);
        }
    }
}
