//! amoCRM's deals counted by the day they were made, pipeline and stage, as they stood when amoCRM was last read.
//!
//! Hooks do not move them: what is shown of amoCRM's pipelines is what amoCRM has shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::team::{Owner, TeamId};

/// What is counted as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DealCountKey {
    /// Whose deals; nobody's where no rule gives them to a team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The day they were made.
    pub day: Day,
    /// Their pipeline.
    pub pipeline: u64,
    /// Their stage.
    pub stage: u64,
}

impl DealCountKey {
    /// Where it counts.
    pub fn owner(&self) -> Owner {
        Owner::from(self.team.clone())
    }
}

/// Counts, or what has to be added to them.
pub type DealCounters = BTreeMap<DealCountKey, i64>;

/// What has to be added when a deal that was counted so is counted otherwise.
pub fn moved(from: Option<&DealCountKey>, to: Option<&DealCountKey>) -> DealCounters {
    if from == to {
        return DealCounters::new();
    }
    let side = |key: Option<&DealCountKey>, sign| key.map(|key| (key.clone(), sign));
    side(from, -1).into_iter().chain(side(to, 1)).collect()
}

/// All of the others are counted here too; what comes to nothing is left out.
pub fn add(counters: &mut DealCounters, others: DealCounters) {
    for (key, more) in others {
        let sum = counters.get(&key).copied().unwrap_or_default() + more;
        if sum == 0 {
            counters.remove(&key);
        } else {
            counters.insert(key, sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(stage: u64) -> DealCountKey {
        DealCountKey { team: None, day: Day::parse("2026-11-20").unwrap(), pipeline: 7, stage }
    }

    #[test]
    fn a_deal_that_moves_leaves_one_count_and_joins_another() {
        let mut counters = moved(None, Some(&key(1)));
        add(&mut counters, moved(Some(&key(1)), Some(&key(142))));
        assert_eq!(counters, DealCounters::from([(key(142), 1)]));
        assert_eq!(moved(Some(&key(142)), Some(&key(142))), DealCounters::new());
        add(&mut counters, moved(Some(&key(142)), None));
        assert_eq!(counters, DealCounters::new());
    }
}
