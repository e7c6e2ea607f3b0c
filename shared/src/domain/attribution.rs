//! Whose sale it is, with the trail that explains the answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::landing_lead::LandingLead;
use super::pattern::normalize;
use super::team::{Team, TeamId};
use super::utm::{self, Reading, UtmName, Way};

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A pattern in a UTM value.
    Utm,
    /// A Facebook id in a UTM value.
    Ad,
    /// The form behind the deal: its slug, or its UTM values.
    LandingLead,
    /// Nothing.
    None,
}

/// Why no team was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The deal carries no UTM value.
    NoUtm,
    /// It carries values that no team's rule knows.
    UnknownUtm,
}

/// How the team was found, or what was looked at in vain. Stored with the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// What decided.
    pub source: Source,
    /// The UTM value that decided, by name.
    pub field: Option<UtmName>,
    /// How that value was read from the deal.
    pub read_by: Option<Way>,
    /// The deal's field that it stood in.
    pub read_from: Option<String>,
    /// The value that decided, as it was received.
    pub value: Option<String>,
    /// The pattern or the account id that it matched.
    pub pattern: Option<String>,
    /// The team.
    pub team: Option<TeamId>,
    /// The form that decided, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing_lead: Option<String>,
    /// Why there is no team.
    pub reason: Option<Reason>,
    /// Every value that was looked at, where none decided.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seen: BTreeMap<UtmName, Vec<String>>,
}

/// How many digits an id has that Facebook gives.
const ID_LENGTHS: std::ops::RangeInclusive<usize> = 6..=20;

/// A campaign, an ad set and an ad. A hook has two seconds, and a deal with more ids names no ad but everything.
const MOST_LOOK_UPS: usize = 3;

/// The name of a form's slug in trails.
const SLUG: &str = "slug";

/// Decides from what was read of the deal and from the forms behind it. The order of `readings` does not matter; of the
/// forms the first that names a team decides.
pub fn decide(readings: &[Reading], leads: &[LandingLead], teams: &[Team]) -> Trail {
    by_values(readings, teams)
        .or_else(|| leads.iter().find_map(|lead| by_lead(lead, teams)))
        .unwrap_or_else(|| nobody(readings))
}

fn by_values(readings: &[Reading], teams: &[Team]) -> Option<Trail> {
    let mut in_order: Vec<&Reading> = readings.iter().collect();
    in_order.sort();
    by_source(&in_order, Source::Utm, |reading| by_pattern(&reading.value, teams))
        .or_else(|| by_source(&in_order, Source::Ad, |reading| by_ad_account(reading, teams)))
}

fn by_lead(lead: &LandingLead, teams: &[Team]) -> Option<Trail> {
    let by_slug = || {
        let slug = lead.slug.as_ref()?;
        let (team, pattern) = by_pattern(slug, teams)?;
        Some(Trail {
            source: Source::LandingLead,
            field: None,
            read_by: None,
            read_from: Some(SLUG.to_owned()),
            value: Some(slug.clone()),
            pattern: Some(pattern),
            team: Some(team),
            landing_lead: None,
            reason: None,
            seen: BTreeMap::new(),
        })
    };
    let trail = by_slug().or_else(|| by_values(&lead.readings, teams))?;
    Some(Trail { source: Source::LandingLead, landing_lead: Some(lead.lead_id.clone()), ..trail })
}

/// Whose a form itself is: its values come first, as they do for the deal that is made of it, then its slug.
pub fn of_lead(lead: &LandingLead, teams: &[Team]) -> Option<TeamId> {
    decide(&lead.readings, std::slice::from_ref(lead), teams).team
}

fn by_source(
    in_order: &[&Reading],
    source: Source,
    rule: impl Fn(&Reading) -> Option<(TeamId, String)>,
) -> Option<Trail> {
    in_order.iter().find_map(|reading| {
        let (team, pattern) = rule(reading)?;
        Some(Trail {
            source,
            field: Some(reading.utm),
            read_by: Some(reading.way),
            read_from: Some(reading.field.clone()),
            value: Some(reading.value.clone()),
            pattern: Some(pattern),
            team: Some(team),
            landing_lead: None,
            reason: None,
            seen: BTreeMap::new(),
        })
    })
}

fn by_pattern(value: &str, teams: &[Team]) -> Option<(TeamId, String)> {
    let value = normalize(value);
    teams.iter().find_map(|team| {
        let pattern = team.patterns.iter().find(|pattern| pattern.matches(&value))?;
        Some((team.id.clone(), pattern.text().to_owned()))
    })
}

/// By the account that the value names, or that something named in the value belongs to.
fn by_ad_account(reading: &Reading, teams: &[Team]) -> Option<(TeamId, String)> {
    let known = reading.ad_account.as_ref().map(AdAccountId::digits);
    digits(&reading.value).chain(known).find_map(|account| {
        let team = teams.iter().find(|team| team.ad_accounts.iter().any(|own| own == account))?;
        Some((team.id.clone(), format!("act_{account}")))
    })
}

/// A Facebook id is a whole value or a run of digits in it.
fn digits(value: &str) -> impl Iterator<Item = &str> {
    value.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty())
}

/// What could be ids of ads, ad sets or campaigns, by the place of the reading, where nothing else decides: only then is
/// it worth a look into the store. Dates and sizes are too short for an id, click ids too long.
pub fn ids_to_look_up<'a>(readings: &'a [Reading], teams: &[Team]) -> Vec<(usize, &'a str)> {
    let ids = readings.iter().enumerate().flat_map(|(place, reading)| {
        digits(&reading.value).filter(|id| ID_LENGTHS.contains(&id.len())).map(move |id| (place, id))
    });
    let ids: Vec<_> = ids.take(MOST_LOOK_UPS).collect();
    if ids.is_empty() || by_values(readings, teams).is_some() { vec![] } else { ids }
}

fn nobody(readings: &[Reading]) -> Trail {
    let mut seen: BTreeMap<UtmName, Vec<String>> = BTreeMap::new();
    for reading in readings {
        let values = seen.entry(reading.utm).or_default();
        if !values.contains(&reading.value) {
            values.push(reading.value.clone());
        }
    }
    for values in seen.values_mut() {
        values.sort();
    }
    let shown = utm::shown(readings).into_iter().min_by_key(|(name, _)| *name);
    Trail {
        source: Source::None,
        field: shown.as_ref().map(|(name, _)| *name),
        read_by: None,
        read_from: None,
        value: shown.map(|(_, value)| value),
        pattern: None,
        team: None,
        landing_lead: None,
        reason: Some(if readings.is_empty() { Reason::NoUtm } else { Reason::UnknownUtm }),
        seen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::Rules;

    fn reading(utm: UtmName, way: Way, value: &str) -> Reading {
        Reading { utm, way, field: format!("{way:?}"), value: value.to_owned(), ad_account: None }
    }

    fn campaign(value: &str) -> Vec<Reading> {
        vec![reading(UtmName::Campaign, Way::Code, value)]
    }

    fn team_of(readings: &[Reading]) -> Option<String> {
        decide(readings, &[], &Rules::default().teams).team.map(|team| team.to_string())
    }

    #[test]
    fn campaign_names_give_the_team_that_the_business_expects() {
        for (value, expected) in [
            ("proftest_kenesary", Some("kenesary")),
            ("proftest_arystan", Some("arystan")),
            ("proftest_muha", Some("muha")),
            ("proftest_traf4", Some("traf4")),
            ("proftest_2", Some("traf4")),
            ("pb_agency", Some("kenesary")),
            ("traf4_pb_agency", Some("kenesary")),
            ("kz_ar_video", Some("arystan")),
            ("onai2", Some("muha")),
            ("Запуск 12", Some("muha")),
            ("On AI_reels", Some("muha")),
            ("RM ALMATY promo", Some("arystan")),
            ("nutrients_kz", Some("kenesary")),
            ("smmmcwin_1", Some("traf4")),
            ("alex-3", Some("traf4")),
            ("fast_start", None),
            ("ultimate_sale", None),
            ("launch_2025-03-15", None),
            ("muhammad_promo", None),
            ("", None),
        ] {
            assert_eq!(team_of(&campaign(value)).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn of_two_teams_in_one_value_the_first_configured_wins() {
        assert_eq!(team_of(&campaign("traf4_vs_arystan")).as_deref(), Some("arystan"));
        let trail = decide(&campaign("pb_agency"), &[], &Rules::default().teams);
        assert_eq!((trail.source, trail.pattern.as_deref()), (Source::Utm, Some("pb_agency")));
    }

    #[test]
    fn values_decide_in_their_order_and_all_ways_of_one_before_the_next() {
        let readings = vec![
            reading(UtmName::Source, Way::Code, "arystan"),
            reading(UtmName::Campaign, Way::Link, "muha"),
            reading(UtmName::Campaign, Way::Code, "unknown"),
        ];
        let trail = decide(&readings, &[], &Rules::default().teams);
        assert_eq!(trail.team, Some(TeamId::new("muha")));
        assert_eq!(trail.field, Some(UtmName::Campaign));
        assert_eq!(trail.read_by, Some(Way::Link));
    }

    #[test]
    fn an_ad_account_decides_only_where_no_pattern_does() {
        let account = reading(UtmName::Campaign, Way::Code, "cmp|act_839340528712304|x");
        let trail = decide(std::slice::from_ref(&account), &[], &Rules::default().teams);
        assert_eq!((trail.source, trail.team), (Source::Ad, Some(TeamId::new("muha"))));
        assert_eq!(trail.pattern.as_deref(), Some("act_839340528712304"));

        let with_pattern = [account, reading(UtmName::Medium, Way::Code, "kenji")];
        assert_eq!(team_of(&with_pattern).as_deref(), Some("kenesary"));
        assert_eq!(team_of(&campaign("8393405287123049")), None, "a longer run is another id");
    }

    #[test]
    fn an_ad_belongs_to_the_team_of_its_account() {
        let teams = Rules::default().teams;
        let mut ad = reading(UtmName::Content, Way::Code, "ad 120210000000000123 v2");
        assert_eq!(ids_to_look_up(std::slice::from_ref(&ad), &teams), [(0, "120210000000000123")]);
        ad.ad_account = AdAccountId::parse("666059476005255");
        let trail = decide(std::slice::from_ref(&ad), &[], &teams);
        assert_eq!((trail.source, trail.team), (Source::Ad, Some(TeamId::new("arystan"))));
        assert_eq!(trail.pattern.as_deref(), Some("act_666059476005255"));
        assert_eq!(ids_to_look_up(&[ad], &teams), [], "it is known already");
    }

    #[test]
    fn ids_are_looked_up_only_where_nothing_else_decides() {
        let teams = Rules::default().teams;
        let id = reading(UtmName::Content, Way::Code, "120210000000000123");
        let pattern = reading(UtmName::Medium, Way::Code, "kenji");
        assert_eq!(ids_to_look_up(&[id.clone(), pattern], &teams), []);
        for value in ["launch_2025-03-15", "video3", "123456789012345678901234", ""] {
            assert_eq!(ids_to_look_up(&campaign(value), &teams), [], "{value}");
        }
        let many: Vec<Reading> = (0..50).map(|_| id.clone()).collect();
        assert_eq!(ids_to_look_up(&many, &teams).len(), MOST_LOOK_UPS);
    }

    #[test]
    fn where_nobody_is_found_the_trail_says_what_was_seen() {
        let teams = Rules::default().teams;
        assert_eq!(decide(&[], &[], &teams).reason, Some(Reason::NoUtm));
        let trail = decide(&campaign("fast_start"), &[], &teams);
        assert_eq!((trail.source, trail.reason), (Source::None, Some(Reason::UnknownUtm)));
        assert_eq!(trail.seen[&UtmName::Campaign], ["fast_start"]);
    }

    fn lead(id: &str, slug: Option<&str>, readings: Vec<Reading>) -> LandingLead {
        LandingLead {
            lead_id: id.to_owned(),
            received_at: chrono::DateTime::UNIX_EPOCH,
            slug: slug.map(str::to_owned),
            readings,
        }
    }

    #[test]
    fn a_deal_without_values_has_the_team_of_its_form() {
        let teams = Rules::default().teams;
        let form = lead("l-1", Some("arystan"), vec![]);
        let trail = decide(&[], std::slice::from_ref(&form), &teams);
        assert_eq!((trail.source, trail.team), (Source::LandingLead, Some(TeamId::new("arystan"))));
        assert_eq!((trail.read_from.as_deref(), trail.value.as_deref()), (Some("slug"), Some("arystan")));
        assert_eq!(trail.landing_lead.as_deref(), Some("l-1"));
        assert_eq!(team_of_form(&form).as_deref(), Some("arystan"));

        let unknown = decide(&campaign("fast_start"), std::slice::from_ref(&form), &teams);
        assert_eq!(unknown.source, Source::LandingLead, "values that name nobody do not decide");
        let known = decide(&campaign("kenji"), &[form], &teams);
        assert_eq!((known.source, known.team), (Source::Utm, Some(TeamId::new("kenesary"))));
    }

    #[test]
    fn a_form_without_a_telling_slug_decides_by_its_values_and_names_the_one() {
        let teams = Rules::default().teams;
        let forms = [
            lead("l-1", Some("spring"), vec![]),
            lead("l-2", None, vec![reading(UtmName::Source, Way::Code, "onai")]),
            lead("l-3", Some("kenesary"), vec![]),
        ];
        let trail = decide(&[], &forms, &teams);
        assert_eq!((trail.source, trail.field), (Source::LandingLead, Some(UtmName::Source)));
        assert_eq!((trail.landing_lead.as_deref(), trail.team), (Some("l-2"), Some(TeamId::new("muha"))));
        assert_eq!(decide(&[], &forms[..1], &teams).reason, Some(Reason::NoUtm));
    }

    fn team_of_form(form: &LandingLead) -> Option<String> {
        of_lead(form, &Rules::default().teams).map(|team| team.to_string())
    }

    #[test]
    fn a_form_counts_where_the_deal_made_of_it_will() {
        let both = lead("l", Some("kenesary"), campaign("onai2"));
        assert_eq!(team_of_form(&both).as_deref(), Some("muha"), "its values will be the deal's");
        assert_eq!(
            team_of_form(&lead("l", Some("kz_ar_video"), campaign("fast_start"))).as_deref(),
            Some("arystan")
        );
        assert_eq!(team_of_form(&lead("l", Some("spring"), vec![])), None);
    }
}
