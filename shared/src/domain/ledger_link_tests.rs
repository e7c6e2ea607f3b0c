//! What a form does that turns out to be behind a deal.

use super::*;
use crate::domain::team::TeamId;

/// A form of the Arystan campaign.
fn form(id: &str, offset: i64) -> LandingLead {
    LandingLead {
        lead_id: id.to_owned(),
        received_at: at(offset),
        slug: Some("arystan".to_owned()),
        readings: vec![Reading {
            utm: UtmName::Content,
            way: Way::Code,
            field: "utm_content".into(),
            value: "video3".into(),
            ad_account: None,
        }],
    }
}

#[test]
fn a_form_gives_its_deal_a_team_whichever_of_the_two_comes_first() {
    let sold = event(Route::Sales, 10, 142).price(5_000);
    let rules = Rules::default();
    let (begun, writes) = link(None, sold.deal, &form("l-1", 0), at(1), RulesFor::from(&rules)).unwrap();
    assert_eq!((begun.sales.len(), writes.put.len(), writes.counters.len()), (0, 0, 0));
    let first = apply(Some(&begun), &sold, "e", &rules).deal;

    let alone = apply(None, &sold, "e", &rules).deal;
    assert_eq!(alone.sales[0].team, None);
    let (then, writes) =
        link(Some(&alone), sold.deal, &form("l-1", 0), at(20), RulesFor::from(&rules)).unwrap();
    assert!(then.sales[0].same_facts(&first.sales[0]));
    let sale = &then.sales[0];
    assert_eq!(sale.team.as_ref().map(TeamId::as_str), Some("arystan"));
    assert_eq!((sale.versions, sale.utm[&UtmName::Content].as_str()), (2, "video3"));
    assert_eq!(then.versions.last().map(|version| version.event_id.as_str()), Some("lead-l-1"));
    assert_eq!(writes.counters, counters::change(&alone.sales, &then.sales));

    assert!(
        link(Some(&then), sold.deal, &form("l-1", 0), at(30), RulesFor::from(&rules)).is_none(),
        "it is known"
    );
}

#[test]
fn of_many_forms_the_oldest_decide_in_whichever_order_they_come() {
    let rules = Rules::default();
    let id = DealId { account: 1, lead: 2 };
    let linked = |order: &[i64]| {
        let mut deal = None;
        for n in order {
            let lead = LandingLead { readings: vec![], ..form(&format!("l-{n:02}"), *n) };
            deal =
                link(deal.as_ref(), id, &lead, at(*n), RulesFor::from(&rules)).map(|(deal, _)| deal).or(deal);
        }
        deal.unwrap().leads
    };
    let there: Vec<i64> = (0..30).collect();
    let back: Vec<i64> = (0..30).rev().collect();
    assert_eq!(linked(&there), linked(&back));
    assert_eq!(linked(&there).first().map(|lead| lead.lead_id.clone()).as_deref(), Some("l-00"));
}

#[test]
fn a_deal_keeps_its_own_values_whoever_gave_it_its_team() {
    let rules = Rules::default();
    let sold = event(Route::Sales, 10, 142).price(5_000).campaign("spring");
    let (begun, _) = link(None, sold.deal, &form("l-1", 0), at(1), RulesFor::from(&rules)).unwrap();
    let sale = &apply(Some(&begun), &sold, "e", &rules).deal.sales[0];
    assert_eq!(sale.team.as_ref().map(TeamId::as_str), Some("arystan"));
    assert_eq!(sale.trail.landing_lead.as_deref(), Some("l-1"));
    assert_eq!(sale.utm, [(UtmName::Campaign, "spring".to_owned())].into(), "the deal's, not the form's");
}
