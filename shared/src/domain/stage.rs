//! Which stages of a pipeline mean a sale.

use serde::{Deserialize, Serialize};

use super::product::PipelineStage;

/// Closed and won, in every pipeline of every account.
pub const WON: u64 = 142;
/// Closed and lost, in every pipeline of every account.
pub const LOST: u64 = 143;

/// The configured part; won and lost themselves are amoCRM's and fixed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageRules {
    /// Stages besides 142 that are a sale on the sales route.
    pub sale: Vec<PipelineStage>,
    /// Stages that are no sale on the product routes.
    pub excluded: Vec<PipelineStage>,
}

impl StageRules {
    /// Whether a deal at this stage is a sale by the sales route's rule.
    pub fn is_won(&self, pipeline: Option<u64>, stage: Option<u64>) -> bool {
        stage == Some(WON) || listed(&self.sale, pipeline, stage)
    }

    /// Whether the product routes must not take this stage for a sale.
    pub fn is_excluded(&self, pipeline: Option<u64>, stage: Option<u64>) -> bool {
        listed(&self.excluded, pipeline, stage)
    }
}

fn listed(pairs: &[PipelineStage], pipeline: Option<u64>, stage: Option<u64>) -> bool {
    match (pipeline, stage) {
        (Some(pipeline), Some(stage)) => pairs.contains(&PipelineStage { pipeline, stage }),
        _ => false,
    }
}
