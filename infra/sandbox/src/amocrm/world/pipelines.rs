//! Pipelines and their stages.

use serde::{Deserialize, Serialize};

use super::World;
use crate::amocrm::problem::Flaw;

/// Closed won, in every pipeline.
pub const WON: u64 = 142;
/// Closed lost, in every pipeline.
pub const LOST: u64 = 143;
/// The type of a stage for incoming leads, into which nothing can be moved.
const INCOMING: u8 = 1;

/// A pipeline.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    pub id: u64,
    pub name: String,
    #[serde(default)]
    pub sort: u64,
    #[serde(default)]
    pub is_main: bool,
    pub statuses: Vec<Status>,
}

/// A stage.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    pub id: u64,
    pub name: String,
    pub sort: u64,
    #[serde(default, rename = "type")]
    pub kind: u8,
}

impl Status {
    /// Whether it is an end.
    pub fn closes(&self) -> bool {
        super::ends(self.id)
    }
}

impl Pipeline {
    /// Where new deals go.
    fn first(&self) -> Option<u64> {
        let ordinary = self.statuses.iter().filter(|status| status.kind != INCOMING && !status.closes());
        ordinary.min_by_key(|status| status.sort).map(|status| status.id)
    }
}

impl World {
    /// The pipeline of this id.
    pub fn pipeline(&self, id: u64) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.id == id)
    }

    /// Where a deal goes that names these, from where it is now. Flaws where it cannot go there.
    pub fn place(
        &self,
        from: Option<(u64, u64)>,
        pipeline: Option<u64>,
        status: Option<u64>,
    ) -> Result<(u64, u64), Vec<Flaw>> {
        let main = || self.pipelines.iter().find(|pipeline| pipeline.is_main).or(self.pipelines.first());
        let target = match pipeline.or(from.map(|(pipeline, _)| pipeline)) {
            Some(id) => self.pipeline(id),
            None => main(),
        };
        let Some(target) = target else {
            return match (from, pipeline, status) {
                // The deal stands in a pipeline that is gone: it may still be closed, or stay where it is.
                (Some((gone, _)), None, Some(end @ (WON | LOST))) => Ok((gone, end)),
                (Some(here), None, None) => Ok(here),
                (_, None, Some(_)) => Err(vec![Flaw::choice("status_id")]),
                _ => Err(vec![Flaw::choice("pipeline_id")]),
            };
        };
        let Some(id) = status else {
            return match from {
                Some((before, here)) if before == target.id => Ok((before, here)),
                _ => {
                    let first = target.first().ok_or_else(|| vec![Flaw::choice("pipeline_id")])?;
                    Ok((target.id, first))
                }
            };
        };
        let known = target.statuses.iter().find(|status| status.id == id);
        let stays = from == Some((target.id, id));
        match known {
            Some(status) if status.kind != INCOMING || stays => Ok((target.id, id)),
            _ => Err(vec![Flaw::choice("status_id")]),
        }
    }
}
