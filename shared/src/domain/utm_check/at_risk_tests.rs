use proptest::prelude::*;

use super::*;
use crate::domain::rates::Rate;
use crate::domain::spend::Delivery;
use crate::domain::utm_check::result::{DUE, Found, Problem};
use crate::domain::utm_check::{Finding, Named, Tag};

fn now() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn account_day(label: &str, rate: Option<&str>) -> AccountDay {
    AccountDay {
        account_id: AdAccountId::parse("91").unwrap(),
        day: day(label),
        generation: "g".to_owned(),
        parts: 1,
        rows: 1,
        currency: Currency::parse("USD").unwrap(),
        rate: rate.map(|value| Rate { value: value.parse().unwrap(), date: day(label) }),
        total: Delivery::default(),
        pulled_at: now(),
    }
}

fn row(ad: &str, spend: i64) -> AdDay {
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

fn suspect(ad: &str, kinds: &[Kind]) -> Suspect {
    let finding = |kind: &Kind| Finding {
        kind: *kind,
        problem: String::new(),
        what_to_do: String::new(),
        goes_to: None,
    };
    Suspect {
        ad: Named { id: ad.to_owned(), name: None },
        adset: None,
        campaign: None,
        tags: Vec::<Tag>::new(),
        findings: kinds.iter().map(finding).collect(),
    }
}

fn account(id: &str, suspects: Vec<Suspect>, spend: Option<DaySpend>) -> Account {
    let id = AdAccountId::parse(id).unwrap();
    let found = Some(Found::new(id.clone(), now(), 10, suspects));
    Account { id, name: None, team: None, kept: Kept { found, problem: None }, spend }
}

fn spending(rate: Option<&str>, rows: &[AdDay]) -> Option<DaySpend> {
    let today = account_day("2026-11-20", rate);
    DaySpend::newest(&[(&today, rows)], day("2026-11-20"))
}

#[test]
fn yesterday_stands_in_where_today_has_nothing_yet() {
    let (today, yesterday) = (account_day("2026-11-20", Some("500")), account_day("2026-11-19", Some("400")));
    let (now_rows, then_rows) = ([row("1", 100)], [row("1", 200)]);
    let newest = |days: &[(&AccountDay, &[AdDay])]| {
        let spend = DaySpend::newest(days, day("2026-11-20"))?;
        Some((spend.of, spend.of_ad("1").0.amount, spend.of_ad("1").1))
    };
    assert_eq!(
        newest(&[(&yesterday, &then_rows), (&today, &now_rows)]),
        Some((SpendOf::Today, 100, Some(Tenge(500))))
    );
    let of_yesterday = Some((SpendOf::Yesterday, 200, Some(Tenge(800))));
    assert_eq!(newest(&[(&yesterday, &then_rows), (&today, &[])]), of_yesterday);
    assert_eq!(newest(&[(&yesterday, &then_rows)]), of_yesterday);
    assert_eq!(newest(&[(&yesterday, &[]), (&today, &[])]), Some((SpendOf::Today, 0, Some(Tenge(0)))));
    assert_eq!(newest(&[]), None);
}

#[test]
fn the_most_expensive_stand_first_and_nothing_is_guessed() {
    let dollars = spending(Some("500"), &[row("1", 100), row("2", 300)]);
    let unknown = spending(None, &[row("3", 9_900)]);
    let accounts = [
        account(
            "91",
            vec![suspect("1", &[Kind::Missing]), suspect("2", &[Kind::Misspelt, Kind::NoTeam])],
            dollars,
        ),
        account("92", vec![suspect("3", &[Kind::Missing]), suspect("4", &[Kind::Missing])], unknown),
        account("93", vec![suspect("5", &[Kind::Doubled])], None),
    ];
    let (all, summary) = rows(&accounts, None);
    let order: Vec<&str> = all.iter().map(|row| row.suspect.ad.id.as_str()).collect();
    assert_eq!(order, ["2", "1", "3", "4", "5"]);
    assert_eq!((all[2].spend_kzt, all[2].spend.unwrap().amount), (None, 9_900));
    assert_eq!((all[4].spend, all[4].spend_of), (None, None));
    assert_eq!((summary.ads, summary.with_findings, summary.spend_at_risk_kzt), (30, 5, Tenge(2_000)));
    assert_eq!(summary.spend_at_risk[0].amount, 10_300);
    assert_eq!(summary.by_kind, [("doubled", 1), ("misspelt", 1), ("missing", 3), ("no_team", 1)].into());

    let (some, summary) = rows(&accounts, Some(Kind::NoTeam));
    assert_eq!((some.len(), summary.with_findings, summary.spend_at_risk_kzt), (1, 1, Tenge(1_500)));
}

#[test]
fn what_does_not_fit_is_counted_with_its_spend() {
    let long = |ad: usize| {
        let mut suspect = suspect(&ad.to_string(), &[Kind::Missing]);
        suspect.findings[0].problem = "ж".repeat(500);
        suspect
    };
    let suspects: Vec<Suspect> = (1..=1_000).map(long).collect();
    let rows_of_day: Vec<AdDay> = (1..=1_000).map(|ad| row(&ad.to_string(), 100)).collect();
    let account = account("91", suspects, spending(Some("5"), &rows_of_day));
    let found = account.kept.found.as_ref().unwrap();
    assert!(serde_json::to_string(found).unwrap().len() < 400_000);
    assert_eq!(found.suspects.len() + found.left_out.len(), 1_000);
    let (shown, summary) = rows(&[account], None);
    assert_eq!((summary.with_findings, summary.not_listed), (1_000, 1_000 - shown.len()));
    assert_eq!(summary.spend_at_risk_kzt, Tenge(5_000));
}

#[test]
fn what_is_known_is_as_old_as_the_oldest_of_it() {
    let mut accounts = [account("91", vec![], None), account("92", vec![], None)];
    assert_eq!(Age::of(&accounts, now()), Age { checked_at: Some(now()), stale: false });
    let old = now() - DUE - chrono::TimeDelta::minutes(1);
    accounts[0].kept.found.as_mut().unwrap().checked_at = old;
    assert_eq!(Age::of(&accounts, now()), Age { checked_at: Some(old), stale: true });
    accounts[0].kept.found = None;
    assert_eq!(Age::of(&accounts, now()), Age { checked_at: Some(now()), stale: true });
    accounts[0] = account("91", vec![], None);
    accounts[0].kept.problem = Some(Problem { at: now(), said: "down".to_owned() });
    assert_eq!(Age::of(&accounts, now()), Age { checked_at: Some(now()), stale: true });
    assert_eq!(Age::of(&[], now()), Age { checked_at: None, stale: true });
}

proptest! {
    #[test]
    fn pages_cut_at_a_place_hold_every_row_once(spends in prop::collection::vec(0_i64..4, 1..30), at in any::<prop::sample::Index>()) {
        let suspects = (0..spends.len()).map(|ad| suspect(&ad.to_string(), &[Kind::Missing])).collect();
        let of_day: Vec<AdDay> = spends.iter().enumerate().map(|(ad, spend)| row(&ad.to_string(), *spend)).collect();
        let (rows, _) = rows(&[account("91", suspects, spending(Some("500"), &of_day))], None);
        let place = at.get(&rows).place();
        let before = rows.partition_point(|row| row.place() <= place);
        prop_assert_eq!(rows[before - 1].place(), place);
        prop_assert!(rows.iter().map(|row| row.spend_kzt).rev().is_sorted());
    }
}
