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
    /// It carries no UTM value, and none of the people behind it ever filled in one of our forms.
    NoLead,
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

/// Whether a form names the team of the deal that it is behind.
pub fn names_team(lead: &LandingLead, teams: &[Team]) -> bool {
    by_lead(lead, teams).is_some()
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

/// What could be ids of ads, ad sets or campaigns, by the place of the reading, where nothing else decides and their account
/// is not known: only then is it worth a look into the store. Dates and sizes are too short for an id, click ids too long.
pub fn ids_to_look_up<'a>(readings: &'a [Reading], teams: &[Team]) -> Vec<(usize, &'a str)> {
    let unknown = readings.iter().enumerate().filter(|(_, reading)| reading.ad_account.is_none());
    let ids = unknown.flat_map(|(place, reading)| {
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
#[path = "attribution_tests.rs"]
mod tests;
