use super::*;
use crate::domain::day::Day;
use crate::domain::diagnostics::Status;
use crate::domain::money::Currency;
use crate::domain::rates::Rate;
use crate::domain::spend::{AccountDay, AdDay, Delivery};
use crate::domain::team::TeamId;
use crate::domain::utm_check::at_risk::DaySpend;
use crate::domain::utm_check::result::{Found, Kept, Problem};
use crate::domain::utm_check::{Finding, Named, Suspect};

fn now() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

fn account(suspects: usize, spend: i64) -> Account {
    let id = AdAccountId::parse("839340528712304").unwrap();
    let finding = Finding {
        kind: Kind::Misspelt,
        problem: "utm_campain is not read by anybody.".to_owned(),
        what_to_do: "Write utm_campaign instead of utm_campain.".to_owned(),
        goes_to: None,
    };
    let suspect = |number: usize| Suspect {
        ad: Named { id: number.to_string(), name: Some(format!("video {number}")) },
        adset: None,
        campaign: None,
        tags: vec![],
        findings: vec![finding.clone()],
    };
    let label = Day::parse("2026-11-20").unwrap();
    let day = AccountDay {
        account_id: id.clone(),
        day: label,
        generation: "g".to_owned(),
        parts: 1,
        rows: 1,
        currency: Currency::parse("USD").unwrap(),
        rate: Some(Rate { value: "470".parse().unwrap(), date: label }),
        total: Delivery::default(),
        pulled_at: now(),
    };
    let row = AdDay {
        ad_id: "1".to_owned(),
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
    };
    let found = Found::new(id.clone(), now(), 12, (1..=suspects).map(suspect).collect());
    Account {
        id,
        name: None,
        team: Some(TeamId::new("muha")),
        kept: Kept { found: Some(found), problem: None },
        spend: DaySpend::newest(&[(&day, &[row])], label),
    }
}

#[test]
fn good_tags_are_ok() {
    let diagnostic = check(&[account(0, 0)], now());
    assert_eq!((diagnostic.status, diagnostic.details.advice), (Status::Ok, None));
}

#[test]
fn broken_tags_are_a_warning_and_an_error_where_they_cost_money() {
    assert_eq!(check(&[account(1, 0)], now()).status, Status::Warning);
    let diagnostic = check(&[account(7, 1_000)], now());
    assert_eq!(diagnostic.status, Status::Error);
    assert_eq!(diagnostic.message, "7 ads run with UTM tags that do not lead to the team: 4700 KZT at risk");
    let details = serde_json::to_value(&diagnostic.details).unwrap();
    assert_eq!((details["dearest"].as_array().unwrap().len(), &details["with_findings"]), (5, &7.into()));
    assert_eq!(
        (&details["dearest"][0]["ad_id"], &details["dearest"][0]["spend_kzt"]),
        (&"1".into(), &4_700.into())
    );
    assert!(details["what_to_do"].as_str().unwrap().contains("/api/admin/utm-check"), "{details}");
}

#[test]
fn what_was_not_checked_is_a_warning_that_says_so() {
    let never = Account { kept: Kept::default(), ..account(0, 0) };
    let mut failed = account(0, 0);
    failed.kept.problem = Some(Problem { at: now(), said: "(#200) no".to_owned() });
    let old = now() + chrono::TimeDelta::hours(27);
    for (accounts, at, said) in [
        (vec![], now(), "never checked"),
        (vec![never], now(), "never checked"),
        (vec![failed], now(), "1 ad account could not be checked"),
        (vec![account(0, 0)], old, "last checked at 2026-11-20T10:00:00+05:00"),
    ] {
        let diagnostic = check(&accounts, at);
        assert_eq!(diagnostic.status, Status::Warning);
        assert!(diagnostic.message.contains(said), "{}", diagnostic.message);
    }
}
