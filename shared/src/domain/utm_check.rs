//! Whether the UTM tags of an active ad bring its sales to the team that pays for it.
//!
//! Judged is what a visitor's address will carry: the link's own parameters and those that the ad adds, with the macros
//! filled in, read as attribution reads them. It asks nobody and stores nothing; what is spent meanwhile stands in
//! [`at_risk`].

use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::attribution;
use super::rules::Rules;
use super::team::TeamId;
use super::utm::{Reading, UtmName, Way};
use super::utm_link;

pub mod at_risk;
mod fill;
pub mod result;
mod spelling;
mod tags;
mod words;

use self::spelling::Spelling;
pub use self::tags::{Place, Tag};

/// So many tags of an ad are shown; nobody writes as many by hand.
const MOST_TAGS: usize = 30;

/// A campaign, an ad set or an ad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
}

/// An active ad with all that its tags can stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedAd {
    /// The ad.
    pub ad: Named,
    /// The ad set above it.
    pub adset: Option<Named>,
    /// The campaign above that.
    pub campaign: Option<Named>,
    /// What it adds to its links.
    pub url_tags: Option<String>,
    /// Where it leads to: several places where it shows several pictures.
    pub links: Vec<String>,
}

/// What is wrong with an ad's tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// There are none that attribution reads.
    Missing,
    /// A name, a separator or a macro is not written as it has to be.
    Misspelt,
    /// One name stands there with two values.
    Doubled,
    /// No team's rule knows the values.
    NoTeam,
    /// The values are another team's than the ad account.
    OtherTeam,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Missing, Self::Misspelt, Self::Doubled, Self::NoTeam, Self::OtherTeam];

    /// Its name in answers and questions.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Misspelt => "misspelt",
            Self::Doubled => "doubled",
            Self::NoTeam => "no_team",
            Self::OtherTeam => "other_team",
        }
    }
}

/// One thing that is wrong, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: Kind,
    /// In a sentence.
    pub problem: String,
    /// In another.
    pub what_to_do: String,
    /// The team that the sales will go to instead, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_to: Option<TeamId>,
}

/// An ad that something is wrong with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// The ad.
    pub ad: Named,
    /// The ad set above it.
    pub adset: Option<Named>,
    /// The campaign above that.
    pub campaign: Option<Named>,
    /// What its address will carry.
    pub tags: Vec<Tag>,
    /// What is wrong: never nothing.
    pub findings: Vec<Finding>,
}

/// Judges an ad of an account by these rules; nothing is to be said of one that is well.
pub fn judge(ad: &TaggedAd, account: &AdAccountId, rules: &Rules) -> Option<Suspect> {
    let template = ad.url_tags.as_deref().map(tags::of_template).unwrap_or_default();
    let mut links: Vec<Vec<Tag>> = ad.links.iter().map(|link| tags::of_link(link)).collect();
    if links.is_empty() {
        links.push(vec![]);
    }
    let (mut findings, mut seen) = (vec![], vec![]);
    for of_link in links {
        let mut address: Vec<Tag> = of_link.into_iter().chain(template.clone()).collect();
        for tag in &mut address {
            fill::fill(tag, ad);
        }
        for finding in of_address(&address, ad, account, rules) {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
        for tag in address {
            if seen.len() < MOST_TAGS && !seen.contains(&tag) {
                seen.push(tag);
            }
        }
    }
    findings.sort_by_key(|finding: &Finding| finding.kind);
    let TaggedAd { ad, adset, campaign, .. } = ad.clone();
    (!findings.is_empty()).then_some(Suspect { ad, adset, campaign, tags: seen, findings })
}

/// What is wrong with one address that the ad leads to.
fn of_address(address: &[Tag], ad: &TaggedAd, account: &AdAccountId, rules: &Rules) -> Vec<Finding> {
    let mut findings = misspelt(address);
    findings.extend(doubled(address));
    let mut readings: Vec<Reading> = address.iter().filter_map(reading).collect();
    if readings.is_empty() {
        // A name that is only misspelt has been told of, and what to do about it.
        if findings.is_empty() {
            findings.push(words::missing());
        }
        return findings;
    }
    know_own_ids(&mut readings, ad, account, rules);
    let owner = rules.owner_of(account);
    let trail = attribution::decide(&readings, &[], &rules.teams);
    match (&trail.team, owner.team()) {
        (None, owner) => findings.push(words::no_team(&trail, owner)),
        (Some(team), Some(owner)) if team != owner => findings.push(words::other_team(&trail, team, owner)),
        _ => {}
    }
    findings
}

fn misspelt(address: &[Tag]) -> Vec<Finding> {
    let mut findings = vec![];
    for tag in address {
        // A name behind a wrong sign is told of once.
        let is_name = tag.wrong_separator.is_none() || tag.name.starts_with(char::is_alphabetic);
        match spelling::of(&tag.name) {
            Spelling::Near(meant) if is_name => findings.push(words::misspelt_name(&tag.name, meant)),
            Spelling::Odd(meant) => findings.push(words::odd_name(&tag.name, meant)),
            Spelling::Near(_) | Spelling::Right(_) | Spelling::Other => {}
        }
        if let Some(separator) = &tag.wrong_separator {
            findings.push(words::wrong_separator(&tag.name, separator));
        }
        if spelling::is_meant(&tag.name) {
            findings.extend(tag.broken_macros.iter().map(|broken| words::broken_macro(&tag.name, broken)));
        }
    }
    findings
}

fn doubled(address: &[Tag]) -> Vec<Finding> {
    let twice = |name: UtmName| {
        let of_name = address.iter().filter(|tag| UtmName::from_code(&tag.name) == Some(name));
        let mut values: Vec<&str> = of_name.map(|tag| tag.value.trim()).collect();
        values.sort_unstable();
        values.dedup();
        (values.len() > 1).then(|| words::doubled(name, &values))
    };
    UtmName::ALL.into_iter().filter_map(twice).collect()
}

fn reading(tag: &Tag) -> Option<Reading> {
    utm_link::reading(UtmName::from_code(&tag.name)?, Way::Link, tag.place.as_str(), tag.arrives())
}

/// Attribution knows whose an id is from the catalogue; of the ad's own ids no catalogue has to be asked.
fn know_own_ids(readings: &mut [Reading], ad: &TaggedAd, account: &AdAccountId, rules: &Rules) {
    let above = [&ad.adset, &ad.campaign].into_iter().flatten();
    let own: Vec<&str> = above.chain([&ad.ad]).map(|named| named.id.as_str()).collect();
    let ids = attribution::ids_to_look_up(readings, &rules.teams);
    let places: Vec<usize> =
        ids.into_iter().filter(|(_, id)| own.contains(id)).map(|(place, _)| place).collect();
    for place in places {
        if let Some(reading) = readings.get_mut(place) {
            reading.ad_account = Some(account.clone());
        }
    }
}

#[cfg(test)]
#[path = "utm_check/tests.rs"]
mod tests;
