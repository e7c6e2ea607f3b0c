//! `POST /leads/complex`: deals together with the person of each. Without duplicate control, as in an account where
//! it is off for the integration.

use axum::http::StatusCode;
use serde_json::json;

use super::{Scene, not_more_than};
use crate::amocrm::problem::{Flaw, Problem, invalid, not_played};
use crate::amocrm::reply::Reply;
use crate::amocrm::world::{LeadDraft, World, entities, request_id, resolve};

/// New deals; the answer is a bare list.
pub fn create(scene: &Scene<'_>, world: &mut World) -> Result<Reply, Problem> {
    let drafts = entities::<LeadDraft>(scene.call.body.as_ref(), false)?;
    not_more_than(50, drafts.len())?;
    let mut plans = Vec::new();
    let mut flawed = Vec::new();
    for (n, mut draft) in drafts.into_iter().enumerate() {
        let word = request_id(draft.request_id.as_ref(), n);
        let mut people = draft.embedded.contacts.take().unwrap_or_default();
        let mut flaws = Vec::new();
        if people.len() > 1 {
            flaws.push(Flaw::new("TooManyElements", "_embedded.contacts", "No more than one contact."));
        }
        let person = people.pop();
        let mut values = Vec::new();
        if let Some(person) = &person {
            if person.id.is_some_and(|id| !world.contacts.contains_key(&id)) {
                flaws.push(Flaw::choice("_embedded.contacts.0.id"));
            }
            if person.id.is_some() && person.custom_fields_values.is_some() {
                return Err(not_played("new values for a contact who is there, in /leads/complex"));
            }
            let given = person.custom_fields_values.as_deref().unwrap_or_default();
            match resolve(&world.contact_fields, given) {
                Ok(found) => values = found,
                Err(found) => {
                    flaws.extend(found.into_iter().map(|flaw| flaw.below("_embedded.contacts.0")));
                }
            }
        }
        match world.plan(draft, None) {
            Ok(plan) if flaws.is_empty() => plans.push((word, plan, person, values)),
            Ok(_) => flawed.push((word, flaws)),
            Err(more) => flawed.push((word, flaws.into_iter().chain(more).collect())),
        }
    }
    if !flawed.is_empty() {
        return Err(invalid(&flawed));
    }
    let mut made = Vec::new();
    let mut written = Vec::new();
    for (word, plan, person, values) in plans {
        let contact = person.map(|person| match person.id {
            Some(id) => id,
            None => world.add_contact(person, &values, scene.now),
        });
        let id = world.add_lead(plan, contact.into_iter().collect(), scene.now);
        made.extend([Some(id), contact].into_iter().flatten());
        written.push(json!({
            "id": id, "contact_id": contact, "company_id": null, "request_id": [word], "merged": false,
        }));
    }
    Ok(Reply::text(StatusCode::OK, "application/json", json!(written).to_string()).made(made))
}
