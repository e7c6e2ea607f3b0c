//! The answer, from what was counted. Reads nothing itself.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use shared::domain::lead::{Form, LeadStatus};
use shared::domain::lead_counts::{LeadCountKey, LeadCounters, by_status};

use super::deals::{Deals, OfPipeline};

#[derive(Serialize)]
pub struct Answer {
    by_funnel: Vec<OfFunnel>,
    deals: Deals,
    pipelines: Vec<OfPipeline>,
}

#[derive(Serialize)]
struct OfFunnel {
    funnel: Form,
    #[serde(flatten)]
    total: Total,
    campaigns: Vec<OfCampaign>,
}

#[derive(Serialize)]
struct OfCampaign {
    source_campaign: String,
    #[serde(flatten)]
    total: Total,
}

#[derive(Serialize)]
struct Total {
    count: i64,
    by_status: BTreeMap<LeadStatus, i64>,
}

/// Some of the counts.
type Counts<'a> = Vec<(&'a LeadCountKey, &'a i64)>;

impl Answer {
    /// Both forms, each with the campaigns that it was filled in for, those first that brought most; and amoCRM's deals in
    /// the pipelines they stand in.
    pub fn new(counts: &LeadCounters, pipelines: Vec<OfPipeline>) -> Self {
        let by_funnel = Form::ALL.map(|form| of_funnel(form, counts)).into();
        Self { by_funnel, deals: Deals::of(&pipelines), pipelines }
    }
}

fn of_funnel(form: Form, counts: &LeadCounters) -> OfFunnel {
    let of_form: Counts<'_> = counts.iter().filter(|(key, _)| key.form == form).collect();
    let mut campaigns: BTreeMap<&str, Counts<'_>> = BTreeMap::new();
    for (key, count) in &of_form {
        campaigns.entry(&key.campaign).or_default().push((*key, *count));
    }
    let of_campaign = |(campaign, counts): (&str, Counts<'_>)| OfCampaign {
        source_campaign: campaign.to_owned(),
        total: Total::of(counts),
    };
    let mut campaigns: Vec<OfCampaign> = campaigns.into_iter().map(of_campaign).collect();
    // They come in the order of their names, which stays among those that brought the same.
    campaigns.sort_by_key(|campaign| Reverse(campaign.total.count));
    OfFunnel { funnel: form, total: Total::of(of_form), campaigns }
}

impl Total {
    fn of(counts: Counts<'_>) -> Self {
        let count = counts.iter().map(|(_, count)| **count).sum();
        Self { count, by_status: by_status(counts) }
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::day::Day;
    use shared::domain::team::{Owner, TeamId};

    use super::*;

    fn key(team: Option<&str>, on: &str, form: Form, campaign: &str, status: LeadStatus) -> LeadCountKey {
        let owner = Owner::from(team.map(TeamId::new));
        LeadCountKey { owner, day: Day::parse(on).unwrap(), form, campaign: campaign.to_owned(), status }
    }

    #[test]
    fn campaigns_are_added_up_over_days_and_teams_and_the_largest_comes_first() {
        use LeadStatus::{InCrm, Waiting};
        let (one, other) = ("2026-11-19", "2026-11-20");
        let counts = LeadCounters::from([
            (key(Some("arystan"), one, Form::Proftest, "proftest_arystan", InCrm), 5),
            (key(Some("muha"), one, Form::Proftest, "proftest_onai2", InCrm), 4),
            (key(Some("muha"), other, Form::Proftest, "proftest_onai2", InCrm), 2),
            (key(None, other, Form::Proftest, "proftest_onai2", Waiting), 1),
            (key(None, other, Form::Proftest, "proftest", Waiting), 5),
        ]);
        insta::assert_json_snapshot!(Answer::new(&counts, vec![]));
    }
}
