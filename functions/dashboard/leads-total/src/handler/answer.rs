//! The answer, from what was counted. Reads nothing itself.

use std::collections::BTreeMap;

use serde::Serialize;
use shared::domain::counters::LeadTally;
use shared::domain::day::{Day, Period};
use shared::domain::lead::{Form, LeadStatus};
use shared::domain::lead_counts::{LeadCounters, by_status};
use shared::domain::team::{Owner, TeamId};
use shared::edge::caller::Scope;

#[derive(Serialize)]
pub struct Answer {
    count: i64,
    by_form: BTreeMap<Form, i64>,
    by_status: BTreeMap<LeadStatus, i64>,
    by_day: Vec<OfDay>,
    by_team: Vec<OfTeam>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unattributed: Option<Total>,
    over_limit: i64,
}

#[derive(Serialize)]
struct Total {
    count: i64,
    proftest: i64,
    express: i64,
}

#[derive(Serialize)]
struct OfDay {
    day: Day,
    #[serde(flatten)]
    total: Total,
}

#[derive(Serialize)]
struct OfTeam {
    team: TeamId,
    #[serde(flatten)]
    total: Total,
}

impl From<LeadTally> for Total {
    fn from(tally: LeadTally) -> Self {
        let LeadTally { proftest, express } = tally;
        Self { count: proftest + express, proftest, express }
    }
}

impl Answer {
    /// The totals of a scope and period.
    pub fn new(scope: &Scope, period: Period, counts: &LeadCounters) -> Self {
        let mut all = LeadTally::default();
        let mut days: BTreeMap<Day, LeadTally> = BTreeMap::new();
        let mut owners: BTreeMap<&Owner, LeadTally> = BTreeMap::new();
        for (key, count) in counts {
            let of_day = days.entry(key.day).or_default();
            let of_owner = owners.entry(&key.owner).or_default();
            for tally in [&mut all, of_day, of_owner] {
                tally.count(key.form, *count);
            }
        }
        let of_owner = |owner: &Owner| Total::from(owners.get(owner).copied().unwrap_or_default());
        let of_day = |day| Total::from(days.get(&day).copied().unwrap_or_default());
        let of_team =
            |team: &TeamId| OfTeam { team: team.clone(), total: of_owner(&Owner::Team(team.clone())) };
        let by_status = by_status(counts);
        Self {
            count: Total::from(all).count,
            by_form: Form::ALL.map(|form| (form, all.of(form))).into(),
            by_day: period.days().map(|day| OfDay { day, total: of_day(day) }).collect(),
            by_team: scope.teams().map(of_team).collect(),
            unattributed: scope.has_unattributed().then(|| of_owner(&Owner::Unattributed)),
            over_limit: by_status.get(&LeadStatus::OverLimit).copied().unwrap_or_default(),
            by_status,
        }
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
