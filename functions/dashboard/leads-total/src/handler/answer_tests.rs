use proptest::prelude::*;
use serde_json::{Value, json};
use shared::domain::lead_counts::LeadCountKey;
use shared::domain::rules::Rules;

use super::*;

fn period() -> Period {
    Period { from: day("2026-11-18"), to: day("2026-11-20") }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn key(team: Option<&str>, on: Day, form: Form, campaign: &str, status: LeadStatus) -> LeadCountKey {
    let owner = Owner::from(team.map(TeamId::new));
    LeadCountKey { owner, day: on, form, campaign: campaign.to_owned(), status }
}

fn told(counts: &LeadCounters) -> Value {
    let scope = Scope::everything(&Rules::default());
    serde_json::to_value(Answer::new(&scope, period(), counts)).unwrap()
}

#[test]
fn leads_are_counted_by_form_status_day_and_team() {
    use LeadStatus::{Failed, InCrm, OverLimit, Waiting};
    let (first, last) = (period().from, period().to);
    let counts = LeadCounters::from([
        (key(Some("muha"), first, Form::Proftest, "proftest_onai2", InCrm), 40),
        (key(Some("muha"), first, Form::Proftest, "proftest_onai2", Waiting), 2),
        (key(Some("muha"), last, Form::Express, "express", InCrm), 3),
        (key(Some("arystan"), last, Form::Proftest, "proftest_arystan", Failed), 1),
        (key(None, last, Form::Proftest, "proftest", OverLimit), 5),
    ]);
    insta::assert_json_snapshot!(told(&counts));
}

#[test]
fn a_period_without_leads_names_all_that_could_be_there() {
    let answer = told(&LeadCounters::new());
    assert_eq!(answer["by_form"], json!({"proftest": 0, "express": 0}));
    let none = json!({"waiting": 0, "in_crm": 0, "failed": 0, "over_limit": 0, "imported": 0});
    assert_eq!(answer["by_status"], none);
    assert_eq!(answer["by_day"][2], json!({"day": "2026-11-20", "count": 0, "proftest": 0, "express": 0}));
    assert_eq!(answer["by_team"].as_array().unwrap().len(), Rules::default().teams.len());
}

fn some_counts() -> impl Strategy<Value = LeadCounters> {
    let teams = vec![None, Some("kenesary"), Some("arystan"), Some("muha"), Some("traf4")];
    let key = (
        prop::sample::select(teams),
        0_u64..3,
        prop::sample::select(Form::ALL.to_vec()),
        "[ab]",
        prop::sample::select(LeadStatus::ALL.to_vec()),
    )
        .prop_map(|(team, after, form, campaign, status)| {
            key(team, period().from.plus(after), form, &campaign, status)
        });
    prop::collection::btree_map(key, 1_i64..1_000, 0..30)
}

fn sum(rows: &Value, name: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|row| row[name].as_i64().unwrap()).sum()
}

proptest! {
    #[test]
    fn every_way_of_counting_comes_to_the_same(counts in some_counts()) {
        let answer = told(&counts);
        let count: i64 = counts.values().sum();
        prop_assert_eq!(&answer["count"], &json!(count));
        for parts in ["by_form", "by_status"] {
            let sum: i64 = answer[parts].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum();
            prop_assert_eq!(sum, count);
        }
        for (name, expected) in [
            ("count", count),
            ("proftest", answer["by_form"]["proftest"].as_i64().unwrap()),
            ("express", answer["by_form"]["express"].as_i64().unwrap()),
        ] {
            prop_assert_eq!(sum(&answer["by_day"], name), expected);
            let of_nobody = answer["unattributed"][name].as_i64().unwrap();
            prop_assert_eq!(sum(&answer["by_team"], name) + of_nobody, expected);
        }
        prop_assert_eq!(&answer["over_limit"], &answer["by_status"]["over_limit"]);
    }
}
