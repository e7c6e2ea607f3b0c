//! `GET /contacts`, `GET /contacts/{id}`, `POST /contacts`, `PATCH /contacts` and `/contacts/{id}`.

use serde_json::json;

use super::{Scene, not_more_than};
use crate::amocrm::problem::{Flaw, Problem, invalid, not_found, unreadable};
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{Contact, ContactDraft, World, entities, mentions, request_id, resolve};

/// The people whose filled fields, whichever, have what was searched for in them.
pub fn list(scene: &Scene<'_>, world: &World) -> Reply {
    let query = &scene.query;
    let search = query.get(&["query"]);
    let (created, updated) = (query.span("created_at"), query.span("updated_at"));
    let ids = query.ids("id");
    let fits = |contact: &&Contact| {
        created.holds(Some(contact.created_at))
            && updated.holds(Some(contact.updated_at))
            && search.is_none_or(|text| mentions(&contact.name, &contact.values, text))
    };
    let mut contacts = match &ids {
        Some(ids) => ids.iter().filter_map(|id| world.contacts.get(id)).filter(fits).collect::<Vec<_>>(),
        None => world.contacts.values().filter(fits).collect(),
    };
    if let Some((field, down)) = query.order() {
        match field {
            "created_at" => contacts.sort_by_key(|contact| (contact.created_at, contact.id)),
            "updated_at" => contacts.sort_by_key(|contact| (contact.updated_at, contact.id)),
            _ => {}
        }
        if down {
            contacts.reverse();
        }
    }
    let with = query.names("with", "leads");
    scene
        .page("contacts", contacts.into_iter(), 250, |contact| world.contact(contact, with, &scene.call.base))
}

/// One person; nothing where there is none.
pub fn one(scene: &Scene<'_>, world: &World) -> Reply {
    let contact = scene.call.address.id.and_then(|id| world.contacts.get(&id));
    let with = scene.query.names("with", "leads");
    contact.map_or_else(Reply::nothing, |contact| Reply::hal(&world.contact(contact, with, &scene.call.base)))
}

/// New people.
pub fn create(scene: &Scene<'_>, world: &mut World) -> Result<Reply, Problem> {
    let drafts = entities::<ContactDraft>(scene.call.body.as_ref(), false)?;
    not_more_than(250, drafts.len())?;
    let mut plans = Vec::new();
    let mut flawed = Vec::new();
    for (n, draft) in drafts.into_iter().enumerate() {
        let word = request_id(draft.request_id.as_ref(), n);
        match resolve(&world.contact_fields, draft.custom_fields_values.as_deref().unwrap_or_default()) {
            Ok(values) => plans.push((word, draft, values)),
            Err(flaws) => flawed.push((word, flaws)),
        }
    }
    if !flawed.is_empty() {
        return Err(invalid(&flawed));
    }
    let mut made = Vec::new();
    let written = plans.into_iter().map(|(word, draft, values)| {
        let id = world.add_contact(draft, &values, scene.now);
        made.push(id);
        json!({ "id": id, "request_id": word, "_links": scene.link(&format!("contacts/{id}")) })
    });
    let body = scene.written("contacts", written.collect());
    Ok(Reply::hal(&body).made(made))
}

/// Changes of one person or of many, all or none of them.
pub fn update(scene: &Scene<'_>, world: &mut World) -> Result<Reply, Problem> {
    let alone = scene.call.address.id;
    let drafts = entities::<ContactDraft>(scene.call.body.as_ref(), alone.is_some())?;
    not_more_than(if alone.is_some() { 1 } else { 250 }, drafts.len())?;
    let mut plans = Vec::new();
    let mut flawed = Vec::new();
    for (n, draft) in drafts.into_iter().enumerate() {
        let word = request_id(draft.request_id.as_ref(), n);
        let id = alone.or(draft.id).ok_or_else(|| unreadable("a contact without an id"))?;
        if !world.contacts.contains_key(&id) {
            if alone.is_some() {
                return Err(not_found("Contact"));
            }
            flawed.push((word, vec![Flaw::new("NotFound", "id", "Entity not found")]));
            continue;
        }
        match resolve(&world.contact_fields, draft.custom_fields_values.as_deref().unwrap_or_default()) {
            Ok(values) => plans.push((id, draft, values)),
            Err(flaws) => flawed.push((word, flaws)),
        }
    }
    if !flawed.is_empty() {
        return Err(invalid(&flawed));
    }
    let written = plans.into_iter().map(|(id, draft, values)| {
        world.change_contact(id, draft, &values, scene.now);
        let name = world.contacts.get(&id).map(|contact| contact.name.clone());
        json!({ "id": id, "name": name, "updated_at": scene.now, "_links": scene.link(&format!("contacts/{id}")) })
    });
    let mut written = written.collect::<Vec<_>>();
    Ok(match alone {
        Some(_) => Reply::hal(&written.pop().unwrap_or_default()),
        None => Reply::hal(&scene.written("contacts", written)),
    })
}
