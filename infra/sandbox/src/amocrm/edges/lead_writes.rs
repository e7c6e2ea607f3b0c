//! `POST /leads`, `PATCH /leads`, `PATCH /leads/{id}`, `POST /leads/{id}/link`.

use serde_json::{Value, json};

use super::{Scene, not_more_than};
use crate::amocrm::problem::{Flaw, Problem, invalid, not_found, not_played, unreadable};
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{LeadDraft, World, entities, request_id};

/// New deals, linked with people who are there.
pub fn create(scene: &Scene<'_>, world: &mut World) -> Result<Reply, Problem> {
    let drafts = entities::<LeadDraft>(scene.call.body.as_ref(), false)?;
    not_more_than(250, drafts.len())?;
    let mut plans = Vec::new();
    let mut flawed = Vec::new();
    for (n, mut draft) in drafts.into_iter().enumerate() {
        let word = request_id(draft.request_id.as_ref(), n);
        let people = draft.embedded.contacts.take().unwrap_or_default();
        let ids = people.iter().filter_map(|one| one.id).collect::<Vec<_>>();
        if ids.len() < people.len() {
            return Err(not_played("people without an id in POST /leads; use /leads/complex"));
        }
        if let Some(place) = ids.iter().position(|id| !world.contacts.contains_key(id)) {
            flawed.push((word.clone(), vec![Flaw::choice(format!("_embedded.contacts.{place}.id"))]));
        }
        match world.plan(draft, None) {
            Ok(plan) => plans.push((word, plan, ids)),
            Err(flaws) => flawed.push((word, flaws)),
        }
    }
    if !flawed.is_empty() {
        return Err(invalid(&flawed));
    }
    let mut made = Vec::new();
    let written = plans.into_iter().map(|(word, plan, ids)| {
        let id = world.add_lead(plan, ids, scene.now);
        made.push(id);
        json!({ "id": id, "request_id": word, "_links": scene.link(&format!("leads/{id}")) })
    });
    let body = scene.written("leads", written.collect());
    Ok(Reply::hal(&body).made(made))
}

/// Changes of one deal or of many, all or none of them.
pub fn update(scene: &Scene<'_>, world: &mut World) -> Result<Reply, Problem> {
    let alone = scene.call.address.id;
    let mut drafts = entities::<LeadDraft>(scene.call.body.as_ref(), alone.is_some())?;
    not_more_than(if alone.is_some() { 1 } else { 250 }, drafts.len())?;
    let mut plans = Vec::new();
    let mut flawed = Vec::new();
    for (n, mut draft) in drafts.drain(..).enumerate() {
        let word = request_id(draft.request_id.as_ref(), n);
        if draft.embedded.contacts.is_some() {
            return Err(not_played("people in PATCH /leads; use /leads/{id}/link"));
        }
        let id = alone.or(draft.id).ok_or_else(|| unreadable("a deal without an id"))?;
        let Some(lead) = world.leads.get(id) else {
            if alone.is_some() {
                return Err(not_found("Lead"));
            }
            flawed.push((word, vec![Flaw::new("NotFound", "id", "Entity not found")]));
            continue;
        };
        draft.id = Some(id);
        match world.plan(draft, Some((lead.pipeline_id, lead.status_id))) {
            Ok(plan) => plans.push((id, plan)),
            Err(flaws) => flawed.push((word, flaws)),
        }
    }
    if !flawed.is_empty() {
        return Err(invalid(&flawed));
    }
    let written = plans.into_iter().map(|(id, plan)| {
        world.change_lead(id, plan, scene.now);
        json!({ "id": id, "updated_at": scene.now, "_links": scene.link(&format!("leads/{id}")) })
    });
    let mut written = written.collect::<Vec<_>>();
    Ok(match alone {
        Some(_) => Reply::hal(&written.pop().unwrap_or_default()),
        None => Reply::hal(&scene.written("leads", written)),
    })
}

/// Links people with a deal.
pub fn link(scene: &Scene<'_>, world: &mut World) -> Result<Reply, Problem> {
    let lead = scene.call.address.id.filter(|id| world.leads.contains(*id));
    let lead = lead.ok_or_else(|| not_found("Lead"))?;
    let Some(Value::Array(links)) = &scene.call.body else {
        return Err(unreadable("the body must be an array"));
    };
    let mut wanted = Vec::new();
    for (n, link) in links.iter().enumerate() {
        if link["to_entity_type"] != "contacts" {
            return Err(not_played("links with anything but contacts"));
        }
        match link["to_entity_id"].as_u64().filter(|id| world.contacts.contains_key(id)) {
            Some(contact) => wanted.push((contact, link["metadata"]["is_main"] == true)),
            None => {
                let flaw = Flaw::choice(format!("{n}.to_entity_id"));
                return Err(invalid(&[(n.to_string(), vec![flaw])]));
            }
        }
    }
    let written = wanted.into_iter().map(|(contact, main)| {
        world.link(lead, contact, main, scene.now);
        json!({
            "entity_id": lead, "entity_type": "leads", "to_entity_id": contact,
            "to_entity_type": "contacts", "metadata": { "is_main": main },
        })
    });
    let body = scene.written("links", written.collect());
    Ok(Reply::hal(&body))
}
