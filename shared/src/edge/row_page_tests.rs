use lambda_http::Request;
use lambda_http::RequestExt;

use super::*;
use crate::domain::ad::{AdObject, ObjectKind};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::{Day, Period};
use crate::domain::insights::{AccountFacts, Ask, Facts, table};
use crate::domain::team::Owner;

fn query(parameters: &[(&str, &str)]) -> Query {
    let owned = parameters.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    let map: std::collections::HashMap<String, Vec<String>> = owned.collect();
    Query::of(&Request::default().with_query_string_parameters(map))
}

fn page(parameters: &[(&str, &str)]) -> Result<RowPage, ApiError> {
    RowPage::of(&query(parameters), Level::Campaign, Granularity::Period)
}

/// Campaigns `1` to `7`, with which nothing happened.
fn rows() -> Vec<Row> {
    let id = AdAccountId::parse("91").unwrap();
    let day = Day::parse("2026-11-20").unwrap();
    let account = AccountFacts {
        id: id.clone(),
        name: None,
        timezone: None,
        currency: None,
        owner: Owner::Unattributed,
        today: day,
    };
    let objects: Vec<AdObject> =
        (1..=7).map(|n: u32| AdObject::named(ObjectKind::Campaign, &id, &n.to_string(), None)).collect();
    let ask = Ask {
        period: Period { from: day, to: day },
        level: Level::Campaign,
        granularity: Granularity::Period,
        account: None,
        with_idle: true,
    };
    table(&ask, &Facts { accounts: &[account], objects: &objects, days: &[], gains: &[] }).rows
}

#[test]
fn pages_hold_every_row_once_and_the_last_gives_no_cursor() {
    let rows = rows();
    for limit in ["1", "3", "7", "500"] {
        let (mut read, mut cursor) = (vec![], String::new());
        loop {
            let (page, next) = page(&[("limit", limit), ("cursor", &cursor)]).unwrap().cut(rows.clone());
            read.extend(page.iter().map(Row::place));
            let Some(next) = next else { break };
            cursor = next;
        }
        assert_eq!(read, rows.iter().map(Row::place).collect::<Vec<_>>(), "{limit}");
    }
}

#[test]
fn a_page_goes_on_behind_a_row_that_is_gone() {
    let rows = rows();
    let cursor = page(&[("limit", "3")]).unwrap().cut(rows.clone()).1.unwrap();
    let page = page(&[("cursor", &cursor)]).unwrap();
    assert_eq!(page.cut([&rows[..2], &rows[3..]].concat()).0, rows[3..]);
}

#[test]
fn any_other_cursor_is_refused() {
    let cursor = page(&[("limit", "3")]).unwrap().cut(rows()).1.unwrap();
    let of_ads = RowPage::of(&query(&[("cursor", &cursor)]), Level::Ad, Granularity::Period);
    assert_eq!(of_ads.unwrap_err().details()[0].field, "cursor");
    for text in ["x", "%%%", "e30", &cursor[1..], &cursor[..cursor.len() - 4]] {
        assert_eq!(page(&[("cursor", text)]).unwrap_err().details()[0].field, "cursor", "{text}");
    }
}

#[test]
fn a_limit_is_a_number_up_to_five_hundred() {
    assert_eq!(page(&[]).unwrap().limit, 50);
    for text in ["0", "501", "-1", "+5", "ten", "99999999999999999999999"] {
        assert_eq!(page(&[("limit", text)]).unwrap_err().details()[0].field, "limit", "{text}");
    }
}
