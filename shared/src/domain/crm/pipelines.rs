//! The names of amoCRM's pipelines and stages, as they are remembered for whoever shows deals by them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::account::Pipeline;
use crate::domain::stage::{LOST, WON};

/// What a stage says about its deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// They are being worked on.
    Open,
    /// They are closed and won.
    Won,
    /// They are closed and lost.
    Lost,
}

impl StageKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Won, Self::Lost];

    /// What a stage with this id says, whatever it is called.
    pub fn of(stage: u64) -> Self {
        match stage {
            WON => Self::Won,
            LOST => Self::Lost,
            _ => Self::Open,
        }
    }

    /// Its name in questions and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

/// An id of amoCRM's and what people call it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The id.
    pub id: u64,
    /// The name.
    pub name: String,
}

/// A pipeline and its stages, in amoCRM's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPipeline {
    /// The pipeline.
    #[serde(flatten)]
    pub pipeline: Named,
    /// Its stages.
    pub stages: Vec<Named>,
}

/// All pipelines of the account as they were read last, in amoCRM's order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PipelineNames {
    /// When; nothing where they never were.
    pub read_at: Option<DateTime<Utc>>,
    /// The pipelines.
    pub pipelines: Vec<NamedPipeline>,
}

impl PipelineNames {
    /// The names that these pipelines have.
    pub fn of(pipelines: &[Pipeline], read_at: DateTime<Utc>) -> Self {
        let named = |pipeline: &Pipeline| {
            let mut stages: Vec<_> = pipeline.stages.iter().collect();
            stages.sort_by_key(|stage| stage.sort);
            NamedPipeline {
                pipeline: Named { id: pipeline.id, name: pipeline.name.clone() },
                stages: stages.iter().map(|stage| Named { id: stage.id, name: stage.name.clone() }).collect(),
            }
        };
        Self { read_at: Some(read_at), pipelines: pipelines.iter().map(named).collect() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::crm::account::Stage;

    #[test]
    fn stages_are_remembered_in_the_order_that_deals_go_through_them() {
        let stage = |id, sort| Stage { id, name: format!("stage {id}"), sort, kind: 0 };
        let stages = vec![stage(LOST, 11_000), stage(40, 30), stage(WON, 10_000), stage(20, 20)];
        let pipeline = Pipeline { id: 7, name: "Integrator".to_owned(), is_main: true, stages };
        let names = PipelineNames::of(&[pipeline], "2026-11-20T05:00:00Z".parse().unwrap());
        let stage = |id: u64| json!({"id": id, "name": format!("stage {id}")});
        let stages = [stage(20), stage(40), stage(WON), stage(LOST)];
        let written = serde_json::to_value(&names).unwrap();
        assert_eq!(
            written,
            json!({
                "read_at": "2026-11-20T05:00:00Z",
                "pipelines": [{"id": 7, "name": "Integrator", "stages": stages}],
            })
        );
        assert_eq!(serde_json::from_value::<PipelineNames>(written).unwrap(), names);
    }

    #[test]
    fn the_id_of_a_stage_says_whether_its_deals_are_closed() {
        assert_eq!(
            [142, 143, 144, 0].map(StageKind::of).map(StageKind::as_str),
            ["won", "lost", "open", "open"]
        );
    }
}
