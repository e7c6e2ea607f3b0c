//! What is said of each thing that may be wrong, and what to do about it.

use super::{Finding, Kind};
use crate::domain::attribution::Trail;
use crate::domain::team::TeamId;
use crate::domain::utm::UtmName;

fn finding(kind: Kind, problem: String, what_to_do: String) -> Finding {
    Finding { kind, problem, what_to_do, goes_to: None }
}

pub fn missing() -> Finding {
    finding(
        Kind::Missing,
        "The ad has no UTM tags: its sales will belong to nobody.".to_owned(),
        "Write into the ad's URL parameters: utm_source=facebook&utm_medium=cpc&utm_campaign={{campaign.name}}\
         &utm_term={{adset.name}}&utm_content={{ad.name}}."
            .to_owned(),
    )
}

pub fn misspelt_name(name: &str, meant: UtmName) -> Finding {
    let meant = meant.as_str();
    finding(
        Kind::Misspelt,
        format!("{name} is not read by anybody."),
        format!("Write {meant} instead of {name}."),
    )
}

pub fn odd_name(name: &str, meant: UtmName) -> Finding {
    let meant = meant.as_str();
    finding(
        Kind::Misspelt,
        format!("\"{name}\" is written with capitals or spaces, which landing pages may not read."),
        format!("Write {meant} instead, in small letters and without spaces."),
    )
}

pub fn wrong_separator(name: &str, separator: &str) -> Finding {
    finding(
        Kind::Misspelt,
        format!(
            "At {name} another tag stands behind \"{separator}\", so it becomes a part of a name or a value."
        ),
        "Begin the tags of a link with one ? and put & between them, nothing else.".to_owned(),
    )
}

pub fn broken_macro(name: &str, broken: &str) -> Finding {
    finding(
        Kind::Misspelt,
        format!("Facebook does not fill in {broken} in {name}."),
        "Write it as one of {{campaign.name}}, {{campaign.id}}, {{adset.name}}, {{adset.id}}, {{ad.name}}, {{ad.id}}, \
         {{placement}}, {{site_source_name}}."
            .to_owned(),
    )
}

pub fn doubled(name: UtmName, values: &[&str]) -> Finding {
    let name = name.as_str();
    finding(
        Kind::Doubled,
        format!("{name} stands there with several values: {}.", values.join(", ")),
        format!("Leave one {name}: either in the link or in the ad's URL parameters."),
    )
}

pub fn no_team(trail: &Trail, owner: Option<&TeamId>) -> Finding {
    let seen = trail.seen.iter().map(|(name, values)| format!("{} = {}", name.as_str(), values.join(", ")));
    let seen: Vec<String> = seen.collect();
    let what_to_do = match owner {
        Some(team) => format!(
            "Put a text that marks {team} into the campaign's name or into utm_campaign, or add {{{{ad.id}}}} as a value."
        ),
        None => "Put a team's text into utm_campaign, or assign the ad account to a team in the settings."
            .to_owned(),
    };
    finding(Kind::NoTeam, format!("No team's rule knows these values: {}.", seen.join("; ")), what_to_do)
}

pub fn other_team(trail: &Trail, team: &TeamId, owner: &TeamId) -> Finding {
    let field = trail.field.map_or("a value", UtmName::as_str);
    let pattern = trail.pattern.as_deref().unwrap_or_default();
    let problem = format!(
        "The sales will go to {team} (\"{pattern}\" in {field}), while the ad account and its spend are {owner}'s."
    );
    let what_to_do = format!(
        "Take \"{pattern}\" out of {field} if the ad is {owner}'s; if it is {team}'s, move it to an ad account of {team}."
    );
    Finding { kind: Kind::OtherTeam, problem, what_to_do, goes_to: Some(team.clone()) }
}
