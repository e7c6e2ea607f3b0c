//! amoCRM's deals by pipeline and stage, from what was counted. Reads nothing itself.

use std::collections::BTreeMap;

use serde::Serialize;
use shared::domain::crm::pipelines::{Named, NamedPipeline, PipelineNames, StageKind};
use shared::domain::deal_counts::DealCounters;

/// How many deals there are, and what came of them.
#[derive(Serialize)]
pub struct Deals {
    count: i64,
    by_status: BTreeMap<StageKind, i64>,
}

/// The deals of one pipeline.
#[derive(Serialize)]
pub struct OfPipeline {
    pipeline_id: u64,
    name: String,
    deals: i64,
    stages: Vec<OfStage>,
}

#[derive(Serialize)]
struct OfStage {
    stage_id: u64,
    name: String,
    kind: StageKind,
    deals: i64,
}

/// So many deals, by stage.
type Stages = BTreeMap<u64, i64>;

impl Deals {
    /// The deals of these pipelines together. Every kind is named.
    pub fn of(pipelines: &[OfPipeline]) -> Self {
        let mut by_status = BTreeMap::from(StageKind::ALL.map(|kind| (kind, 0)));
        for stage in pipelines.iter().flat_map(|pipeline| &pipeline.stages) {
            *by_status.entry(stage.kind).or_default() += stage.deals;
        }
        Self { count: by_status.values().sum(), by_status }
    }
}

/// The account's pipelines with all their stages, in its order, then those that deals stand in and nobody has named. Where
/// a kind is asked for, only the stages of that kind.
pub fn by_pipeline(
    counts: &DealCounters,
    names: &PipelineNames,
    asked: Option<StageKind>,
) -> Vec<OfPipeline> {
    let mut counted: BTreeMap<u64, Stages> = BTreeMap::new();
    for (key, count) in counts {
        *counted.entry(key.pipeline).or_default().entry(key.stage).or_default() += count;
    }
    let mut pipelines: Vec<OfPipeline> = vec![];
    for known in &names.pipelines {
        let stages = counted.remove(&known.pipeline.id).unwrap_or_default();
        pipelines.push(of_pipeline(known, stages, asked));
    }
    for (id, stages) in counted {
        let unknown = NamedPipeline { pipeline: unnamed(id), stages: vec![] };
        pipelines.push(of_pipeline(&unknown, stages, asked));
    }
    pipelines
}

fn of_pipeline(known: &NamedPipeline, mut counted: Stages, asked: Option<StageKind>) -> OfPipeline {
    let of_stage = |stage: &Named, deals| OfStage {
        stage_id: stage.id,
        name: stage.name.clone(),
        kind: StageKind::of(stage.id),
        deals,
    };
    let mut stages: Vec<OfStage> = vec![];
    for stage in &known.stages {
        stages.push(of_stage(stage, counted.remove(&stage.id).unwrap_or_default()));
    }
    let mut others: Vec<OfStage> =
        counted.into_iter().map(|(id, deals)| of_stage(&unnamed(id), deals)).collect();
    // The ids of won and lost are lower than any other; they are the end of a pipeline all the same.
    others.sort_by_key(|stage| stage.kind);
    stages.append(&mut others);
    stages.retain(|stage| asked.is_none_or(|kind| kind == stage.kind));
    let Named { id, name } = known.pipeline.clone();
    OfPipeline { pipeline_id: id, name, deals: stages.iter().map(|stage| stage.deals).sum(), stages }
}

/// What nobody has named is called by its id.
fn unnamed(id: u64) -> Named {
    Named { id, name: id.to_string() }
}

#[cfg(test)]
#[path = "deals_tests.rs"]
mod tests;
