use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::Value;
use shared::domain::ad::Access;
use shared::domain::counters::{LeadTally, ProductTally, Tallies, Tally};
use shared::domain::day::Day;
use shared::domain::money::Tenge;
use shared::domain::product::Product;
use shared::domain::rates::Rate;
use shared::domain::spend::Delivery;

use super::*;

const MUHA: &str = "839340528712304";
const NOBODY: &str = "1017000000000001";
const NEW: &str = "1017000000000002";

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn account(id: &str, currency: &str, timezone: &str) -> AdAccount {
    AdAccount {
        account_id: AdAccountId::parse(id).unwrap(),
        name: None,
        business: None,
        access: Access::Owned,
        currency: Currency::parse(currency),
        timezone: Some(timezone.to_owned()),
        utc_offset_minutes: None,
        status: Some(1),
        disable_reason: None,
        discovered_at: DateTime::UNIX_EPOCH,
    }
}

fn spent(id: &str, on: &str, currency: &str, rate: Option<(&str, &str)>, total: Delivery) -> AccountDay {
    AccountDay {
        account_id: AdAccountId::parse(id).unwrap(),
        day: day(on),
        generation: "g".to_owned(),
        parts: 1,
        rows: 1,
        currency: Currency::parse(currency).unwrap(),
        rate: rate.map(|(value, date)| Rate { value: value.parse().unwrap(), date: day(date) }),
        total,
        pulled_at: DateTime::UNIX_EPOCH,
    }
}

fn total(spend: i64, kzt: i64, impressions: i64, clicks: i64) -> Delivery {
    Delivery { spend, spend_kzt: Tenge(kzt), impressions, clicks, link_clicks: 0 }
}

fn sold(product: Product, count: i64, sum: i64) -> Tallies {
    let active = Tally { count, sum: Tenge(sum) };
    Tallies::from([(product, ProductTally { active, cancelled: Tally::default() })])
}

fn leads(proftest: i64, express: i64) -> Tallies {
    Tallies { leads: LeadTally { proftest, express }, ..Tallies::default() }
}

/// Muha spends dollars in California, an account of nobody spends lari that have no rate, one was never pulled.
fn answer() -> Value {
    let rules = Rules::default();
    let accounts = [
        account(NOBODY, "GEL", "Asia/Tbilisi"),
        account(NEW, "USD", "Asia/Almaty"),
        account(MUHA, "USD", "America/Los_Angeles"),
    ];
    let owners: Vec<Owner> = accounts.iter().map(|account| rules.owner_of(&account.account_id)).collect();
    let pulled_at: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
    let pulled = AccountSync { pulled_at: Some(pulled_at), ..AccountSync::default() };
    let syncs = [pulled.clone(), AccountSync::default(), pulled];
    let seen = accounts.iter().zip(&owners).zip(&syncs);
    let muha = rules.team("muha").unwrap().id.clone();
    let read = Read {
        basis: Basis::SaleDate,
        counted: Days::from([
            ((Owner::Team(muha.clone()), day("2026-11-18")), leads(30, 2)),
            ((Owner::Team(muha), day("2026-11-19")), sold(Product::Flagship, 1, 490_000)),
            ((Owner::Unattributed, day("2026-11-18")), leads(4, 0)),
            ((Owner::Unattributed, day("2026-11-19")), sold(Product::Express, 2, 10_000)),
        ]),
        spent: vec![
            spent(MUHA, "2026-11-20", "USD", Some(("469.31", "2026-11-20")), total(0, 0, 0, 0)),
            spent(MUHA, "2026-11-18", "USD", Some(("468", "2026-11-18")), total(4_137, 19_361, 8_120, 143)),
            spent(NOBODY, "2026-11-19", "GEL", None, total(1_250, 0, 900, 7)),
        ],
        accounts: seen.map(|((account, owner), sync)| Account { account, owner, sync }).collect(),
        proof: None,
    };
    serde_json::to_value(Answer::new(&rules, &Scope::everything(&rules), &read)).unwrap()
}

#[test]
fn spend_belongs_to_the_team_of_its_account_or_to_nobody() {
    let answer = answer();
    let muha = &answer["teams"][2];
    insta::assert_json_snapshot!([
        &answer["stages"][0],
        &muha["team"],
        &muha["stages"][0],
        &muha["stages"][1],
        &muha["totals"],
        &answer["unattributed"]["stages"][0],
        &answer["accounts"],
    ]);
}

#[test]
fn teams_and_nobody_come_to_the_total() {
    let answer = answer();
    let of = |funnel: &Value, name: &str| funnel["stages"][0]["metrics"][name].as_i64().unwrap();
    for name in ["spend_kzt", "impressions", "clicks"] {
        let teams: i64 = answer["teams"].as_array().unwrap().iter().map(|team| of(team, name)).sum();
        assert_eq!(teams + of(&answer["unattributed"], name), of(&answer, name), "{name}");
    }
    assert_eq!(of(&answer, "impressions"), 9_020);
}

/// What was counted on one day of each of two owners: products and forms, each so often.
fn some_days() -> impl Strategy<Value = Vec<(bool, u64, [i64; 5])>> {
    prop::collection::vec((any::<bool>(), 0_u64..5, prop::array::uniform5(0_i64..1_000)), 0..12)
}

proptest! {
    #[test]
    fn whatever_was_counted_teams_and_nobody_come_to_the_total(days in some_days()) {
        let rules = Rules::default();
        let muha = Owner::Team(rules.team("muha").unwrap().id.clone());
        let mut counted = Days::new();
        for (is_nobody, after, [express, flagship, other, proftest, orders]) in &days {
            let owner = if *is_nobody { Owner::Unattributed } else { muha.clone() };
            let tallies = counted.entry((owner, day("2026-11-01").plus(*after))).or_default();
            for (product, count) in Product::ALL.into_iter().zip([express, flagship, other]) {
                tallies.add(&sold(product, *count, *count * 5_000));
            }
            tallies.add(&leads(*proftest, *orders));
        }
        let read = Read { basis: Basis::SaleDate, counted, spent: vec![], accounts: vec![], proof: None };
        let answer = serde_json::to_value(Answer::new(&rules, &Scope::everything(&rules), &read)).unwrap();
        let of = |funnel: &Value, (stage, name): (usize, &str)| {
            funnel["stages"][stage]["metrics"][name].as_i64().unwrap()
        };
        for place in [(1, "leads"), (2, "express_purchases"), (2, "express_revenue"), (3, "main_purchases")] {
            let teams: i64 = answer["teams"].as_array().unwrap().iter().map(|team| of(team, place)).sum();
            prop_assert_eq!(teams + of(&answer["unattributed"], place), of(&answer, place));
        }
        let told: i64 = days.iter().map(|(_, _, [.., proftest, _])| proftest).sum();
        prop_assert_eq!(of(&answer, (1, "leads")), told);
    }
}
