use std::collections::HashMap;

use lambda_http::RequestExt;
use shared::domain::money::Currency;
use shared::domain::rates::Rate;
use shared::domain::rules::Rules;
use shared::domain::spend::{AccountDay, AdDay, Delivery};
use shared::domain::utm_check::at_risk::DaySpend;
use shared::domain::utm_check::result::{Found, Kept, Problem};
use shared::domain::utm_check::{TaggedAd, judge};

use super::*;

fn now() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

fn asked(parameters: &[(&str, &str)]) -> Result<Asked, ApiError> {
    let owned = parameters.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    let map: HashMap<String, Vec<String>> = owned.collect();
    Asked::of(&Query::of(&Request::default().with_query_string_parameters(map)))
}

fn ad(id: &str, url_tags: &str) -> TaggedAd {
    let named = |id: &str, name: &str| Named { id: id.to_owned(), name: Some(name.to_owned()) };
    TaggedAd {
        ad: named(id, "video"),
        adset: Some(named("2001", "almaty")),
        campaign: Some(named("1001", "onai_spring")),
        url_tags: Some(url_tags.to_owned()),
        links: vec!["https://school.kz/x".to_owned()],
    }
}

fn spent(ad: &str, spend: i64) -> AdDay {
    AdDay {
        ad_id: ad.to_owned(),
        ad_name: None,
        adset_id: None,
        adset_name: None,
        campaign_id: None,
        campaign_name: None,
        spend,
        impressions: 1,
        reach: None,
        clicks: 0,
        link_clicks: 0,
    }
}

fn accounts() -> Vec<Account> {
    let rules = Rules::default();
    let id = AdAccountId::parse("839340528712304").unwrap();
    let ads = [ad("3001", "utm_campain={{campaign.name}}"), ad("3002", "utm_campaign=kz_ar_video")];
    let suspects = ads.iter().filter_map(|ad| judge(ad, &id, &rules)).collect();
    let label = Day::parse("2026-11-20").unwrap();
    let day = AccountDay {
        account_id: id.clone(),
        day: label,
        generation: "g".to_owned(),
        parts: 1,
        rows: 2,
        currency: Currency::parse("USD").unwrap(),
        rate: Some(Rate { value: "469.31".parse().unwrap(), date: label }),
        total: Delivery::default(),
        pulled_at: now(),
    };
    let rows = [spent("3001", 1_000), spent("3002", 4_137)];
    let checked = Account {
        id: id.clone(),
        name: Some("Muha KZ".to_owned()),
        team: Some(TeamId::new("muha")),
        kept: Kept { found: Some(Found::new(id, now(), 12, suspects)), problem: None },
        spend: DaySpend::newest(&[(&day, &rows)], label),
    };
    let problem = Problem { at: now(), said: "Facebook is left alone until then".to_owned() };
    let never = Account {
        id: AdAccountId::parse("91").unwrap(),
        name: None,
        team: None,
        kept: Kept { found: None, problem: Some(problem) },
        spend: None,
    };
    vec![checked, never]
}

#[test]
fn an_answer_is_what_is_broken_and_what_it_costs() {
    insta::assert_json_snapshot!(Answer::new(&accounts(), &asked(&[]).unwrap(), now()));
}

#[test]
fn pages_follow_one_another() {
    let accounts = accounts();
    let first = Answer::new(&accounts, &asked(&[("limit", "1")]).unwrap(), now());
    let cursor = first.next_cursor.unwrap();
    let second = Answer::new(&accounts, &asked(&[("limit", "1"), ("cursor", &cursor)]).unwrap(), now());
    let shown = [&first.items, &second.items].map(|items| items[0].ad_id.clone());
    assert_eq!((shown, second.next_cursor), (["3002".to_owned(), "3001".to_owned()], None));
    let misspelt = Answer::new(&accounts, &asked(&[("kind", "misspelt")]).unwrap(), now());
    assert_eq!((misspelt.items.len(), misspelt.summary.with_findings), (1, 1));
}

#[test]
fn a_bad_parameter_is_named() {
    for (name, value) in [("kind", "wrong"), ("limit", "501"), ("cursor", "x")] {
        let refused = asked(&[(name, value)]).err().unwrap();
        assert_eq!(refused.details()[0].field, name);
    }
}
