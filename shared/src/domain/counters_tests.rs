use proptest::prelude::*;

use super::*;
use crate::domain::reconciliation::sample::sale;
use crate::domain::sample_leads::{lead, of_team, with_utm};

#[test]
fn a_lead_without_utm_values_is_counted_once_in_its_day() {
    let lead = of_team(lead("1", "proftest"), "muha");
    let counted = of_lead(&lead, 1);
    let key = CounterKey { basis: Basis::SaleDate, owner: lead.owner(), day: lead.day, utm: None };
    let expected = Tallies { leads: LeadTally { proftest: 1, express: 0 }, ..Tallies::default() };
    assert_eq!(counted, [(key, expected)].into());
}

#[test]
fn a_lead_with_utm_values_is_counted_among_those_with_the_same() {
    let order = Lead { form: Form::Express, ..lead("1", "express") };
    let counted = of_lead(&with_utm(order, " Onai2 "), 1);
    let keys: Vec<Option<&str>> = counted.keys().map(|key| key.utm.as_ref().map(UtmKey::json)).collect();
    assert_eq!(keys, [None, Some(r#"{"utm_campaign":"onai2"}"#)]);
    assert!(counted.values().all(|tallies| tallies.leads == LeadTally { proftest: 0, express: 1 }));
}

#[test]
fn a_lead_that_is_taken_away_leaves_nothing() {
    let lead = with_utm(lead("1", "proftest"), "onai2");
    let mut counted = of_lead(&lead, 1);
    for (key, less) in of_lead(&lead, -1) {
        counted.get_mut(&key).unwrap().add(&less);
    }
    assert!(counted.into_values().all(|tallies| tallies.without_zeros().is_empty()));
}

#[test]
fn the_negative_of_tallies_takes_all_of_them_away() {
    let tally = Tally { count: 2, sum: Tenge(10_000) };
    let mut tallies = Tallies::from([(Product::Express, ProductTally { active: tally, cancelled: tally })]);
    tallies.leads = LeadTally { proftest: 3, express: 4 };
    let negative = -tallies.clone();
    assert_eq!((negative.total().active.count, negative.leads.of(Form::Express)), (-2, -4));
    tallies.add(&negative);
    assert!(!tallies.is_empty(), "a product that is named is not nothing");
    assert!(tallies.without_zeros().is_empty());
}

#[test]
fn a_sale_whose_lead_has_no_day_was_never_counted_by_it_and_is_once_it_has_one() {
    let kept = sale(1, 5_000);
    let old = Sale { lead_day: None, ..kept.clone() };
    let by_lead = |counters: BTreeMap<CounterKey, Tallies>| {
        let mut sum = Tally::default();
        counters
            .iter()
            .filter(|(key, _)| key.basis == Basis::LeadDate)
            .for_each(|(_, tallies)| sum.add(tallies.total().active));
        sum
    };
    let one = Tally { count: 1, sum: Tenge(5_000) };
    assert_eq!(by_lead(count([&old])), Tally::default());
    assert_eq!(by_lead(change(std::slice::from_ref(&old), std::slice::from_ref(&kept))), one);
    assert_eq!(by_lead(change(std::slice::from_ref(&kept), &[])), -one);
    assert_eq!(by_lead(change(&[old], &[])), Tally::default());
}

/// A lead of one of three owners on one of two days, of either form, with or without UTM values.
fn any_lead() -> impl Strategy<Value = Lead> {
    let campaign = prop_oneof![Just(None), Just(Some("onai2")), Just(Some("ONAI2")), Just(Some("reels"))];
    let team = prop::sample::select(vec![None, Some("muha"), Some("arystan")]);
    (team, 0_u64..2, prop::sample::select(Form::ALL.to_vec()), campaign).prop_map(
        |(team, after, form, utm)| {
            let lead = lead("1", "proftest");
            let lead = Lead { form, day: lead.day.plus(after), ..lead };
            let lead = team.map_or(lead.clone(), |team| of_team(lead, team));
            utm.map_or(lead.clone(), |utm| with_utm(lead, utm))
        },
    )
}

proptest! {
    #[test]
    fn owners_come_to_all_leads_and_days_to_those_with_and_without_utm_values(
        leads in prop::collection::vec(any_lead(), 0..40)
    ) {
        let mut counted: BTreeMap<CounterKey, Tallies> = BTreeMap::new();
        for (key, tallies) in leads.iter().flat_map(|lead| of_lead(lead, 1)) {
            counted.entry(key).or_default().add(&tallies);
        }
        let (days, by_utm): (Vec<_>, Vec<_>) = counted.into_iter().partition(|(key, _)| key.utm.is_none());
        for form in Form::ALL {
            let of_form = leads.iter().filter(|lead| lead.form == form).count() as i64;
            prop_assert_eq!(days.iter().map(|(_, tallies)| tallies.leads.of(form)).sum::<i64>(), of_form);
            for (key, tallies) in &days {
                let is_here = |lead: &&Lead| lead.form == form && lead.owner() == key.owner && lead.day == key.day;
                let without = leads.iter().filter(is_here).filter(|lead| lead.readings.is_empty()).count() as i64;
                let with = by_utm.iter().filter(|(of, _)| (&of.owner, of.day) == (&key.owner, key.day));
                let with: i64 = with.map(|(_, tallies)| tallies.leads.of(form)).sum();
                prop_assert_eq!(with + without, tallies.leads.of(form));
            }
        }
    }
}
