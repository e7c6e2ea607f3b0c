//! What may be said of teams.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use crate::domain::ad_account::AdAccountId;
use crate::domain::pattern::Pattern;
use crate::domain::rules::Teams;
use crate::domain::team::{Owner, Team};

const LONGEST_ID: usize = 32;
const LONGEST_TITLE: usize = 60;
const LONGEST_EMOJI: usize = 8;
const LONGEST_PATTERN: usize = 100;

/// More make every hook slower than it may be.
const MOST_TEAMS: usize = 30;
const MOST_PATTERNS: usize = 200;
const MOST_ACCOUNTS: usize = 100;

pub(super) fn check(teams: &mut Teams, standing: &Teams) -> Vec<Problem> {
    let mut problems = vec![];
    let mut ids = BTreeSet::new();
    let mut accounts: BTreeMap<String, String> = BTreeMap::new();
    for (place, team) in teams.0.iter_mut().enumerate() {
        let mut wrong =
            |field: &str, problem: &str| problems.push(Problem::new(format!("[{place}].{field}"), problem));
        if !is_id(team.id.as_str()) {
            wrong("id", "must be lower-case latin letters, digits, _ or -, at most 32");
        } else if !ids.insert(team.id.clone()) {
            wrong("id", "stands there twice");
        }
        if team.title.trim().is_empty() || team.title.chars().count() > LONGEST_TITLE {
            wrong("title", "must not be empty, nor longer than 60 characters");
        }
        if !is_color(&team.color) {
            wrong("color", "must be written as #rrggbb");
        }
        if team.emoji.trim().is_empty() || team.emoji.chars().count() > LONGEST_EMOJI {
            wrong("emoji", "must be one emoji");
        }
        if team.ad_accounts.len() > MOST_ACCOUNTS {
            wrong("ad_accounts", "must not be more than 100");
        }
        for (at, account) in team.ad_accounts.iter_mut().enumerate() {
            let field = format!("ad_accounts[{at}]");
            match AdAccountId::parse(account) {
                None => wrong(&field, "must be digits, with or without act_"),
                Some(id) => {
                    *account = id.digits().to_owned();
                    if let Some(owner) = accounts.insert(account.clone(), team.id.to_string()) {
                        wrong(&field, &format!("is {owner}'s already"));
                    }
                }
            }
        }
        patterns(team, &mut wrong);
    }
    if teams.is_empty() || teams.len() > MOST_TEAMS {
        problems.push(Problem::new("value", format!("must name 1 to {MOST_TEAMS} teams")));
    }
    for gone in standing.iter().filter(|team| !ids.contains(&team.id)) {
        let problem = format!("team {} is missing: its sales stand; take its patterns away instead", gone.id);
        problems.push(Problem::new("value", problem));
    }
    problems
}

fn patterns(team: &Team, wrong: &mut impl FnMut(&str, &str)) {
    if team.patterns.len() > MOST_PATTERNS {
        wrong("patterns", "must not be more than 200");
    }
    for (at, pattern) in team.patterns.iter().enumerate() {
        let field = format!("patterns[{at}].text");
        if pattern.text().is_empty() || pattern.text().chars().count() > LONGEST_PATTERN {
            wrong(&field, "must not be empty, nor longer than 100 characters");
        } else if team.patterns[..at].iter().any(|earlier: &Pattern| earlier.text() == pattern.text()) {
            wrong(&field, "stands there twice");
        }
    }
}

fn is_id(id: &str) -> bool {
    let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    (1..=LONGEST_ID).contains(&id.len()) && id.chars().all(is_good) && id != Owner::Unattributed.key()
}

fn is_color(color: &str) -> bool {
    color.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}
