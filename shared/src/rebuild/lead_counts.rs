//! Leads by campaign and status: what is counted, against the leads as they stand.

use std::collections::BTreeSet;

use serde::Serialize;

use super::words::{self, Change};
use crate::domain::day::Day;
use crate::domain::lead::{Form, Lead, LeadStatus};
use crate::domain::lead_counts::{self, LeadCountKey, LeadCounters};

/// One count that is not the number of leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeadCountDifference {
    team: String,
    day: Day,
    form: Form,
    source_campaign: String,
    status: LeadStatus,
    counted: i64,
    leads: i64,
    #[serde(skip)]
    key: LeadCountKey,
}

impl LeadCountDifference {
    /// Which count.
    pub fn key(&self) -> &LeadCountKey {
        &self.key
    }

    /// Which count, for people.
    pub fn name(&self) -> String {
        let (form, status) = (self.form.as_str(), self.status.as_str());
        format!("{} {} {form} {} {status}", self.team, self.day, self.source_campaign)
    }

    /// Which day's it is.
    pub fn day(&self) -> Day {
        self.day
    }

    /// The same for the sum in words.
    pub fn change(&self) -> Change {
        let name = format!("{} {} {}", self.form.as_str(), self.source_campaign, self.status.as_str());
        let what = words::count(&name, self.counted, self.leads).unwrap_or_default();
        Change { owner: self.team.clone(), kind: "count of leads", what }
    }

    /// Whether both miss the same: what came in meanwhile moves both sides and leaves the gap.
    pub fn is_same_gap(&self, other: &Self) -> bool {
        (&self.key, self.delta()) == (&other.key, other.delta())
    }

    /// What has to be added to the count.
    pub fn delta(&self) -> i64 {
        self.leads - self.counted
    }
}

/// Compares counts with the leads.
pub fn lead_count_differences(leads: &[Lead], held: &LeadCounters) -> Vec<LeadCountDifference> {
    let summed = lead_counts::count(leads);
    let keys: BTreeSet<&LeadCountKey> = summed.keys().chain(held.keys()).collect();
    let of = |counters: &LeadCounters, key| counters.get(key).copied().unwrap_or_default();
    keys.into_iter()
        .map(|key| LeadCountDifference {
            team: key.owner.key().to_owned(),
            day: key.day,
            form: key.form,
            source_campaign: key.campaign.clone(),
            status: key.status,
            counted: of(held, key),
            leads: of(&summed, key),
            key: key.clone(),
        })
        .filter(|difference| difference.delta() != 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample::lead;
    use super::*;

    fn leads() -> [Lead; 3] {
        [lead("1", "waiting", None), lead("2", "in_crm", None), lead("3", "in_crm", None)]
    }

    #[test]
    fn counts_that_are_those_of_the_leads_do_not_differ() {
        assert_eq!(lead_count_differences(&leads(), &lead_counts::count(&leads())), []);
    }

    #[test]
    fn a_move_that_was_counted_on_one_side_only_is_told_with_its_place() {
        let mut held = lead_counts::count(&leads());
        lead_counts::add(&mut held, lead_counts::stored(&lead("4", "waiting", None)));
        let found = lead_count_differences(&leads(), &held);
        assert_eq!(
            serde_json::to_value(&found).unwrap(),
            json!([{
                "team": "unattributed", "day": "2026-11-20", "form": "proftest", "source_campaign": "proftest_onai2",
                "status": "waiting", "counted": 2, "leads": 1,
            }])
        );
        assert_eq!(
            (found[0].delta(), found[0].name().as_str()),
            (-1, "unattributed 2026-11-20 proftest proftest_onai2 waiting")
        );
    }

    #[test]
    fn leads_that_nobody_counted_are_to_be_added() {
        let found = lead_count_differences(&leads(), &LeadCounters::new());
        assert_eq!(found.iter().map(LeadCountDifference::delta).collect::<Vec<_>>(), [1, 2]);
        let later = lead_count_differences(&leads()[..2], &LeadCounters::new());
        assert!(found[0].is_same_gap(&later[0]) && !found[1].is_same_gap(&later[1]));
    }
}
