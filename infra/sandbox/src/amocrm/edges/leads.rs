//! `GET /leads` and `GET /leads/{id}`.

use super::Scene;
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{LOST, Lead, WON, World, mentions};

/// The deals that the filters let through.
pub fn list(scene: &Scene<'_>, world: &World) -> Reply {
    let query = &scene.query;
    let search = query.get(&["query"]);
    let fits = |lead: &&Lead| {
        scene.among("id", lead.id)
            && scene.among("pipeline_id", lead.pipeline_id)
            && scene.within("created_at", Some(lead.created_at))
            && scene.within("updated_at", Some(lead.updated_at))
            && scene.within("closed_at", lead.closed_at)
            && stands(scene, lead)
            && search.is_none_or(|text| mentions(&lead.name, &lead.values, text))
    };
    let mut leads = world.leads.values().filter(fits).collect::<Vec<_>>();
    if let Some((field, down)) = query.order() {
        match field {
            "created_at" => leads.sort_by_key(|lead| (lead.created_at, lead.id)),
            "updated_at" => leads.sort_by_key(|lead| (lead.updated_at, lead.id)),
            _ => {}
        }
        if down {
            leads.reverse();
        }
    }
    let with = query.names("with", "contacts");
    scene.page("leads", &leads, 250, |lead| world.lead(lead, with, &scene.call.base))
}

/// Whether the deal is in one of the stages named. Both ends may be named without a pipeline; any other stage may
/// not, and such a filter is ignored in silence.
fn stands(scene: &Scene<'_>, lead: &Lead) -> bool {
    let groups = scene.query.groups(&["filter", "statuses"]);
    let pairs = groups.values().filter_map(|group| {
        let id = |name| group.get(name).and_then(|text| text.parse::<u64>().ok());
        let (pipeline, status) = (id("pipeline_id"), id("status_id")?);
        (pipeline.is_some() || status == WON || status == LOST).then_some((pipeline, status))
    });
    let pairs = pairs.collect::<Vec<_>>();
    let here = |(pipeline, status): &(Option<u64>, u64)| {
        pipeline.is_none_or(|pipeline| pipeline == lead.pipeline_id) && *status == lead.status_id
    };
    pairs.is_empty() || pairs.iter().any(here)
}

/// One deal; nothing where there is none.
pub fn one(scene: &Scene<'_>, world: &World) -> Reply {
    let lead = scene.call.address.id.and_then(|id| world.leads.get(&id));
    let with = scene.query.names("with", "contacts");
    lead.map_or_else(Reply::nothing, |lead| Reply::hal(&world.lead(lead, with, &scene.call.base)))
}
