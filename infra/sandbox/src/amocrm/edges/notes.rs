//! `GET` and `POST /leads/{id}/notes`, `POST /leads/notes`.

use serde_json::json;

use super::{Scene, not_more_than};
use crate::amocrm::problem::{Flaw, Problem, invalid, not_found, not_played};
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{Note, NoteDraft, World, entities, request_id};

/// The notes of a deal.
pub fn list(scene: &Scene<'_>, world: &World) -> Result<Reply, Problem> {
    let lead = scene.call.address.id.filter(|id| world.leads.contains(*id));
    let lead = lead.ok_or_else(|| not_found("Lead"))?;
    let kinds = scene.query.list(&["filter", "note_type"]);
    let of = |note: &&Note| kinds.as_ref().is_none_or(|kinds| kinds.contains(&note.note_type.as_str()));
    let mut notes = world.notes.get(&lead).into_iter().flatten().filter(of).collect::<Vec<_>>();
    if scene.query.order().is_some_and(|(_, down)| down) {
        notes.reverse();
    }
    Ok(scene.page("notes", notes.into_iter(), 250, |note| world.note(note, &scene.call.base)))
}

/// New notes on one deal or on several.
pub fn create(scene: &Scene<'_>, world: &mut World) -> Result<Reply, Problem> {
    let drafts = entities::<NoteDraft>(scene.call.body.as_ref(), false)?;
    not_more_than(250, drafts.len())?;
    let mut flawed = Vec::new();
    for (n, draft) in drafts.iter().enumerate() {
        if !world.leads.contains(scene.call.address.id.or(draft.entity_id).unwrap_or(0)) {
            match scene.call.address.id {
                Some(_) => return Err(not_found("Lead")),
                None => flawed.push((n, Flaw::new("NotFound", "entity_id", "Entity not found"))),
            }
        }
        let needs: &[&str] = match draft.note_type.as_str() {
            "common" => &["text"],
            "service_message" | "extended_service_message" => &["text", "service"],
            other => return Err(not_played(&format!("notes of the type {other}"))),
        };
        for name in needs.iter().filter(|name| !draft.params[**name].is_string()) {
            flawed.push((n, Flaw::new("FieldMissing", format!("params.{name}"), "This field is missing.")));
        }
    }
    if !flawed.is_empty() {
        let flawed = flawed.into_iter().map(|(n, flaw)| (n.to_string(), vec![flaw]));
        return Err(invalid(&flawed.collect::<Vec<_>>()));
    }
    let mut made = Vec::new();
    let written = drafts.into_iter().enumerate().map(|(n, draft)| {
        let word = request_id(draft.request_id.as_ref(), n);
        let lead = scene.call.address.id.or(draft.entity_id).unwrap_or(0);
        let note = Note {
            id: 0,
            entity_id: lead,
            created_by: draft.created_by.unwrap_or(world.account.user_id),
            created_at: scene.now,
            updated_at: scene.now,
            note_type: draft.note_type,
            params: draft.params,
        };
        let id = world.add_note(note, scene.now);
        made.push(id);
        json!({
            "id": id, "entity_id": lead, "request_id": word,
            "_links": scene.link(&format!("leads/{lead}/notes/{id}")),
        })
    });
    let body = scene.written("notes", written.collect());
    Ok(Reply::hal(&body).made(made))
}
