//! `GET /leads/pipelines` and `GET /leads/pipelines/{id}`.

use serde_json::json;

use super::Scene;
use crate::amocrm::problem::{Problem, not_found};
use crate::amocrm::reply::Reply;
use crate::amocrm::world::World;

/// All pipelines with their stages, or one.
pub fn show(scene: &Scene<'_>, world: &World) -> Result<Reply, Problem> {
    let base = &scene.call.base;
    if let Some(id) = scene.call.address.id {
        let pipeline = world.pipeline(id).ok_or_else(|| not_found("Pipeline"))?;
        return Ok(Reply::hal(&world.pipeline_shown(pipeline, base)));
    }
    let all = world.pipelines.iter().map(|pipeline| world.pipeline_shown(pipeline, base)).collect::<Vec<_>>();
    Ok(Reply::hal(&json!({
        "_total_items": all.len(), "_links": scene.link("leads/pipelines"), "_embedded": { "pipelines": all },
    })))
}
