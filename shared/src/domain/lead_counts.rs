//! Leads counted by form, campaign of the landing pages and what they came to.
//!
//! Apart from the counters of a day: those are read for every funnel, and a lead changes its status while its day, its
//! form and its owner stay what they were.

use std::collections::BTreeMap;

use super::day::Day;
use super::lead::{Form, Lead, LeadStatus};
use super::team::Owner;

/// So many characters of a campaign are told apart. It comes from the address of a page, which anyone can write.
const LONGEST: usize = 110;

/// What is counted as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeadCountKey {
    /// Whose leads.
    pub owner: Owner,
    /// The day they came.
    pub day: Day,
    /// Of which form.
    pub form: Form,
    /// From which campaign, as the lead's `source_campaign` has it.
    pub campaign: String,
    /// What they came to.
    pub status: LeadStatus,
}

/// Counts, or what has to be added to them.
pub type LeadCounters = BTreeMap<LeadCountKey, i64>;

/// What a lead adds that is stored now.
pub fn stored(lead: &Lead) -> LeadCounters {
    LeadCounters::from([(key(lead, lead.status), 1)])
}

/// What has to be added when a lead changes its status. `lead` is as it was.
pub fn moved(lead: &Lead, to: LeadStatus) -> LeadCounters {
    if lead.status == to {
        return LeadCounters::new();
    }
    LeadCounters::from([(key(lead, lead.status), -1), (key(lead, to), 1)])
}

/// The counters that these leads make.
pub fn count<'a>(leads: impl IntoIterator<Item = &'a Lead>) -> LeadCounters {
    let mut counters = LeadCounters::new();
    leads.into_iter().for_each(|lead| add(&mut counters, stored(lead)));
    counters
}

/// All of the others are counted here too; what comes to nothing is left out.
pub fn add(counters: &mut LeadCounters, others: LeadCounters) {
    for (key, more) in others {
        let sum = counters.get(&key).copied().unwrap_or_default() + more;
        if sum == 0 {
            counters.remove(&key);
        } else {
            counters.insert(key, sum);
        }
    }
}

/// So many leads by what they came to. Every status is named.
pub fn by_status<'a>(
    counters: impl IntoIterator<Item = (&'a LeadCountKey, &'a i64)>,
) -> BTreeMap<LeadStatus, i64> {
    let mut sums = BTreeMap::from(LeadStatus::ALL.map(|status| (status, 0)));
    for (key, count) in counters {
        *sums.entry(key.status).or_default() += count;
    }
    sums
}

fn key(lead: &Lead, status: LeadStatus) -> LeadCountKey {
    let campaign = lead.source_campaign.chars().take(LONGEST).collect();
    LeadCountKey { owner: lead.owner(), day: lead.day, form: lead.form, campaign, status }
}

#[cfg(test)]
#[path = "lead_counts_tests.rs"]
mod tests;
