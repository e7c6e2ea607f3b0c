use super::*;
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
