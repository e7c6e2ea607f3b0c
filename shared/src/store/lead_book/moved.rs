//! A lead that becomes another team's: it and its counters in one transaction.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{LeadBook, StoreError};
use crate::domain::lead::Lead;
use crate::domain::{counters as tallies, lead_counts as counts};
use crate::store::leads::Outdated;
use crate::store::{counters, lead_counts};

impl LeadBook {
    /// Makes a lead another team's, or notes what jobs have done to it, on condition that nobody has written it since it was read. `lead` is as it was read.
    pub async fn restate(&self, lead: &Lead, next: &Lead) -> Result<Result<(), Outdated>, StoreError> {
        let doing = format!("lead {} to another team", lead.id);
        let owner = AttributeValue::S(next.owner().key().to_owned());
        let mut writes = vec![self.noted_with(next, [("team_key", owner)])?];
        let shard = counters::lead_shard(&lead.id);
        writes.extend(counters::writes(&self.tables.counters, shard, &tallies::lead_change(lead, next))?);
        let mut moved = counts::stored(next);
        counts::add(&mut moved, counts::stored(lead).into_iter().map(|(key, count)| (key, -count)).collect());
        writes.extend(lead_counts::writes(&self.tables.counters, shard, &moved)?);
        Ok(if self.is_written(&doing, writes).await? { Ok(()) } else { Err(Outdated) })
    }
}

#[cfg(test)]
#[path = "moved_tests.rs"]
mod tests;
