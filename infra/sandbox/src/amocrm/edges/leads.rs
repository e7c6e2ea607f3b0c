//! `GET /leads` and `GET /leads/{id}`.

use std::collections::BTreeSet;

use super::Scene;
use crate::amocrm::query::{Query, Span};
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{LOST, Lead, Leads, WON, World, mentions};

type Found<'a> = Box<dyn Iterator<Item = &'a Lead> + 'a>;

/// The deals that the filters let through; those in the bin, if they are asked for.
pub fn list(scene: &Scene<'_>, world: &World) -> Reply {
    let query = &scene.query;
    let filters = Filters::read(query);
    let base = &scene.call.base;
    if query.names("with", "only_deleted") {
        let found = candidates(query, &filters, &world.bin).filter(|lead| filters.let_through(lead));
        return scene.page("leads", found, 250, |lead| World::deleted(lead, base));
    }
    let with = query.names("with", "contacts");
    let found = candidates(query, &filters, &world.leads).filter(|lead| filters.let_through(lead));
    scene.page("leads", found, 250, |lead| world.lead(lead, with, base))
}

/// One deal; nothing where there is none.
pub fn one(scene: &Scene<'_>, world: &World) -> Reply {
    let base = &scene.call.base;
    let Some(id) = scene.call.address.id else { return Reply::nothing() };
    let shown = if scene.query.names("with", "only_deleted") {
        world.bin.get(id).map(|lead| World::deleted(lead, base))
    } else {
        let with = scene.query.names("with", "contacts");
        world.leads.get(id).map(|lead| world.lead(lead, with, base))
    };
    shown.map_or_else(Reply::nothing, |lead| Reply::hal(&lead))
}

/// What is asked of each deal, read once for all of them.
struct Filters<'a> {
    ids: Option<BTreeSet<u64>>,
    pipelines: Option<BTreeSet<u64>>,
    created: Span,
    updated: Span,
    closed: Span,
    stages: Vec<(Option<u64>, u64)>,
    search: Option<&'a str>,
}

impl<'a> Filters<'a> {
    fn read(query: &'a Query) -> Self {
        Self {
            ids: query.ids("id"),
            pipelines: query.ids("pipeline_id"),
            created: query.span("created_at"),
            updated: query.span("updated_at"),
            closed: query.span("closed_at"),
            stages: stages(query),
            search: query.get(&["query"]),
        }
    }

    fn let_through(&self, lead: &Lead) -> bool {
        let stands = |(pipeline, status): &(Option<u64>, u64)| {
            pipeline.is_none_or(|pipeline| pipeline == lead.pipeline_id) && *status == lead.status_id
        };
        let among = |ids: &Option<BTreeSet<u64>>, id| ids.as_ref().is_none_or(|ids| ids.contains(&id));
        self.updated.holds(Some(lead.updated_at))
            && self.created.holds(Some(lead.created_at))
            && self.closed.holds(lead.closed_at)
            && among(&self.ids, lead.id)
            && among(&self.pipelines, lead.pipeline_id)
            && (self.stages.is_empty() || self.stages.iter().any(stands))
            && self.search.is_none_or(|text| mentions(&lead.name, &lead.values, text))
    }
}

/// The stages named. Both ends may be named without a pipeline; any other stage may not, and such a filter is ignored
/// in silence.
fn stages(query: &Query) -> Vec<(Option<u64>, u64)> {
    let groups = query.groups(&["filter", "statuses"]);
    let pairs = groups.values().filter_map(|group| {
        let id = |name| group.get(name).and_then(|text| text.parse::<u64>().ok());
        let (pipeline, status) = (id("pipeline_id"), id("status_id")?);
        (pipeline.is_some() || status == WON || status == LOST).then_some((pipeline, status))
    });
    pairs.collect()
}

/// The deals among which there may be some that fit, in the order that was asked for.
fn candidates<'a>(query: &Query, filters: &Filters<'_>, leads: &'a Leads) -> Found<'a> {
    let (field, down) = query.order().unwrap_or(("id", false));
    if let Some(ids) = &filters.ids {
        let mut few = ids.iter().filter_map(|id| leads.get(*id)).collect::<Vec<_>>();
        match field {
            "created_at" => few.sort_by_key(|lead| lead.created_at),
            "updated_at" => few.sort_by_key(|lead| lead.updated_at),
            _ => {}
        }
        return turned(few.into_iter(), down);
    }
    let ((created, till), (updated, until)) = (filters.created.borders(), filters.updated.borders());
    match field {
        "created_at" => turned(leads.created(created, till), down),
        "updated_at" => turned(leads.updated(updated, until), down),
        _ => turned(leads.all(), down),
    }
}

fn turned<'a>(leads: impl DoubleEndedIterator<Item = &'a Lead> + 'a, down: bool) -> Found<'a> {
    if down { Box::new(leads.rev()) } else { Box::new(leads) }
}
