use super::*;
use crate::domain::deal::Stamped;
use crate::domain::event::DealId;
use crate::domain::landing_lead::LandingLead;
use crate::domain::rules::Rules;
use crate::domain::sample_leads::{lead, with_utm};
use crate::domain::utm::{UtmName, Way};
use chrono::DateTime;

const AD: &str = "120210000000000123";
const ARYSTAN: &str = "666059476005255";

fn reading(utm: UtmName, value: &str) -> Reading {
    Reading { utm, way: Way::Code, field: utm.as_str().to_owned(), value: value.to_owned(), ad_account: None }
}

fn deal(values: &[Reading], forms: &[LandingLead]) -> Deal {
    let stamp = |reading: &Reading| Stamped {
        reading: reading.clone(),
        at: DateTime::UNIX_EPOCH,
        event_id: "1".into(),
    };
    let mut deal = Deal::new(DealId { account: 1, lead: 2 });
    deal.readings = values.iter().map(stamp).collect();
    deal.leads = forms.to_vec();
    deal
}

fn form(id: &str, slug: Option<&str>, value: &str) -> LandingLead {
    let readings = vec![reading(UtmName::Content, value)];
    LandingLead {
        lead_id: id.to_owned(),
        received_at: DateTime::UNIX_EPOCH,
        slug: slug.map(str::to_owned),
        readings,
    }
}

fn accounts() -> Accounts {
    [(AD.to_owned(), AdAccountId::parse(ARYSTAN).unwrap())].into()
}

#[test]
fn ids_are_asked_for_only_where_no_pattern_decides() {
    let teams = Rules::default().teams;
    let (pattern, ad) = (reading(UtmName::Campaign, "kenesary"), reading(UtmName::Content, AD));
    assert_eq!(ids_of_deal(&deal(&[pattern, ad.clone()], &[]), &teams), BTreeSet::new());
    assert_eq!(ids_of_deal(&deal(&[ad], &[]), &teams), [AD.to_owned()].into());
    let forms = [form("l-1", None, AD), form("l-2", Some("muha"), "120210000000000124")];
    assert_eq!(
        ids_of_deal(&deal(&[], &forms), &teams),
        [AD.to_owned()].into(),
        "up to the form that decides"
    );
}

#[test]
fn what_is_found_stands_at_its_value_and_is_forgotten_again() {
    let teams = Rules::default().teams;
    let of_deal = deal(&[reading(UtmName::Campaign, "spring"), reading(UtmName::Content, AD)], &[]);
    let of_form = deal(&[], &[form("l-1", None, AD)]);
    for stands in [of_deal, of_form] {
        let (known, found) = deal_with(&stands, &accounts(), &teams);
        let team = attribution::decide(&known.values(), &known.leads, &teams).team;
        assert_eq!((team.as_ref().map(|team| team.as_str()), found.len()), (Some("arystan"), 1));
        assert_eq!(deal_with(&known, &accounts(), &teams).1, [], "it is known");
        let mut back = known.into_owned();
        forget(&mut back, &found);
        assert_eq!(back, stands);
        assert_eq!(deal_with(&stands, &Accounts::new(), &teams), (Cow::Borrowed(&stands), vec![]));
    }
}

#[test]
fn what_was_known_before_is_not_forgotten() {
    let known =
        Reading { ad_account: AdAccountId::parse("1234567"), ..reading(UtmName::Term, "120210000000000124") };
    let stands = deal(&[reading(UtmName::Content, AD), known], &[]);
    let (next, found) = deal_with(&stands, &accounts(), &Rules::default().teams);
    let mut back = next.into_owned();
    forget(&mut back, &found);
    assert_eq!(back, stands);
}

#[test]
fn a_lead_is_known_alike() {
    let teams = Rules::default().teams;
    let mut stands = with_utm(lead("a", "proftest"), "spring");
    stands.readings.push(reading(UtmName::Content, AD));
    assert_eq!(ids_of_lead(&stands, &teams), [AD.to_owned()].into());
    let known = lead_with(&stands, &accounts(), &teams);
    assert_eq!(
        attribution::of_lead(&LandingLead::from(&*known), &teams).as_ref().map(|t| t.as_str()),
        Some("arystan")
    );
    assert_eq!(
        with_utm(lead("b", "proftest"), "kenesary"),
        *lead_with(&with_utm(lead("b", "proftest"), "kenesary"), &accounts(), &teams)
    );
}
