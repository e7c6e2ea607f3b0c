use super::*;
use crate::domain::counters::{ProductTally, Tally};
use crate::domain::day::Day;
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::team::TeamId;
use crate::domain::utm::UtmName;

fn day() -> Day {
    Day::parse("2026-11-20").unwrap()
}

fn muha() -> Owner {
    Owner::Team(TeamId::new("muha"))
}

fn sold(count: i64) -> Tallies {
    let active = Tally { count, sum: Tenge(count * 5_000) };
    Tallies::from([(Product::Express, ProductTally { active, cancelled: active })])
}

fn days(count: i64) -> Days {
    Days::from([((muha(), day()), sold(count))])
}

fn utm_day(campaign: &str, count: i64) -> UtmDay {
    let values = [(UtmName::Campaign, campaign.to_owned())].into();
    UtmDay { owner: muha(), day: day(), values, tallies: sold(count) }
}

fn counts(gains: &[Gain]) -> Vec<(Option<&str>, Tally)> {
    let read = |gain: &Gain| gain.counted.of(Product::Express).active;
    gains.iter().map(|gain| (gain.values.get(&UtmName::Campaign).map(String::as_str), read(gain))).collect()
}

#[test]
fn sales_without_values_are_what_the_others_leave_of_the_day() {
    let tally = |count| Tally { count, sum: Tenge(count * 5_000) };
    let gains = gains(&days(10), vec![utm_day("one", 3), utm_day("two", 5)]);
    assert_eq!(counts(&gains), [(Some("one"), tally(3)), (Some("two"), tally(5)), (None, tally(2))]);
}

#[test]
fn a_sale_that_came_between_two_reads_is_not_taken_away() {
    for of_day in [2, 3] {
        let gains = gains(&days(of_day), vec![utm_day("one", 3)]);
        assert_eq!(counts(&gains), [(Some("one"), Tally { count: 3, sum: Tenge(15_000) })], "{of_day}");
    }
}

fn with_leads(tallies: Tallies, proftest: i64, express: i64) -> Tallies {
    Tallies { leads: LeadTally { proftest, express }, ..tallies }
}

#[test]
fn leads_without_values_are_what_the_others_leave_of_the_day() {
    let day_of = |leads| Days::from([((muha(), day()), with_leads(Tallies::default(), leads, 1))]);
    let of = |campaign, leads| UtmDay {
        tallies: with_leads(Tallies::default(), leads, 0),
        ..utm_day(campaign, 0)
    };
    let told = |of_day| {
        let gains = gains(&day_of(of_day), vec![of("one", 3), of("two", 5)]);
        gains.iter().map(|gain| (gain.values.len(), gain.counted.leads.proftest)).collect::<Vec<_>>()
    };
    assert_eq!(told(10), [(1, 3), (1, 5), (0, 2)]);
    assert_eq!(told(7), [(1, 3), (1, 5), (0, 0)], "one came between two reads; the order is without values");
}

#[test]
fn a_pull_a_sale_a_lead_or_an_event_makes_another_version() {
    let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
    let id = AdAccountId::parse("91").unwrap();
    let of = |pulled_at, sold: &Days, heard| version([(&id, &muha(), pulled_at)].into_iter(), sold, heard);
    let with_lead =
        |proftest, express| Days::from([((muha(), day()), with_leads(sold(1), proftest, express))]);
    let (pulled, heard) = (at("2026-11-20T04:00:00Z"), at("2026-11-20T04:30:00Z"));
    let versions = [
        of(pulled, &days(1), heard),
        of(at("2026-11-20T05:00:00Z"), &days(1), heard),
        of(None, &days(1), heard),
        of(pulled, &days(2), heard),
        of(pulled, &with_lead(1, 0), heard),
        of(pulled, &with_lead(0, 1), heard),
        of(pulled, &days(1), at("2026-11-20T04:30:00.001Z")),
        version([(&id, &Owner::Unattributed, pulled)].into_iter(), &days(1), heard),
        version([].into_iter(), &days(1), heard),
    ];
    for (n, version) in versions.iter().enumerate() {
        assert!(versions[n + 1..].iter().all(|other| other != version), "{n}");
    }
    assert_eq!(of(pulled, &days(1), heard), versions[0]);
}

#[test]
fn figures_follow_what_all_answers_carry() {
    let period = Period { from: day(), to: day() };
    let now = "2026-11-20T05:00:00Z".parse().unwrap();
    let common = DashboardAnswer::new(Some(period), freshness::Freshness::new(), now, Nothing {});
    let text = joined(&written(&common).unwrap(), r#"{"rows":[{"a":1.5}],"totals":{}}"#);
    let expected = concat!(
        r#"{"success":true,"period":{"from":"2026-11-20","to":"2026-11-20","timezone":"Asia/Almaty"},"#,
        r#""generated_at":"2026-11-20T10:00:00+05:00","freshness":{},"rows":[{"a":1.5}],"totals":{}}"#,
    );
    assert_eq!(text, expected);
}
