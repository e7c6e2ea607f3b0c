//! Entities as amoCRM answers them, and the whole state as the control API tells it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Contact, Entry, Event, Field, Lead, Note, Pipeline, World};

impl World {
    /// A deal as the API answers it.
    pub fn lead(&self, lead: &Lead, with_contacts: bool, base: &str) -> Value {
        let href = |path: String| json!({ "self": { "href": format!("{base}/api/v4/{path}") } });
        let mut embedded = json!({ "tags": tags(&lead.tags), "companies": [] });
        if with_contacts {
            let contacts = lead.contacts.iter().enumerate().map(
                |(n, id)| json!({ "id": id, "is_main": n == 0, "_links": href(format!("contacts/{id}")) }),
            );
            embedded["contacts"] = contacts.collect();
        }
        json!({
            "id": lead.id, "name": lead.name, "price": lead.price,
            "responsible_user_id": lead.responsible_user_id, "group_id": 0,
            "status_id": lead.status_id, "pipeline_id": lead.pipeline_id, "loss_reason_id": lead.loss_reason_id,
            "created_by": lead.created_by, "updated_by": lead.updated_by,
            "created_at": lead.created_at, "updated_at": lead.updated_at,
            "closed_at": lead.closed_at, "closest_task_at": null, "is_deleted": false,
            "custom_fields_values": values(&self.lead_fields, &lead.values),
            "score": null, "account_id": self.account.id, "labor_cost": null,
            "_links": href(format!("leads/{}", lead.id)), "_embedded": embedded,
        })
    }

    /// A deal in the bin, of which the API tells no more than this.
    pub fn deleted(lead: &Lead, base: &str) -> Value {
        json!({
            "id": lead.id, "updated_at": lead.updated_at, "updated_by": lead.updated_by, "is_deleted": true,
            "_links": { "self": { "href": format!("{base}/api/v4/leads/{}", lead.id) } },
        })
    }

    /// A person as the API answers them.
    pub fn contact(&self, contact: &Contact, with_leads: bool, base: &str) -> Value {
        let href = |path: String| json!({ "self": { "href": format!("{base}/api/v4/{path}") } });
        let mut embedded = json!({ "tags": tags(&contact.tags), "companies": [] });
        if with_leads {
            let leads = self
                .leads
                .of(contact.id)
                .map(|lead| json!({ "id": lead.id, "_links": href(format!("leads/{}", lead.id)) }));
            embedded["leads"] = leads.collect();
        }
        json!({
            "id": contact.id, "name": contact.name,
            "first_name": contact.first_name, "last_name": contact.last_name,
            "responsible_user_id": contact.responsible_user_id, "group_id": 0,
            "created_by": contact.created_by, "updated_by": contact.updated_by,
            "created_at": contact.created_at, "updated_at": contact.updated_at,
            "closest_task_at": null, "is_deleted": false, "is_unsorted": false,
            "custom_fields_values": values(&self.contact_fields, &contact.values),
            "account_id": self.account.id,
            "_links": href(format!("contacts/{}", contact.id)), "_embedded": embedded,
        })
    }

    /// A note as the API answers it.
    pub fn note(&self, note: &Note, base: &str) -> Value {
        let href = format!("{base}/api/v4/leads/{}/notes/{}", note.entity_id, note.id);
        json!({
            "id": note.id, "entity_id": note.entity_id, "created_by": note.created_by,
            "updated_by": note.created_by, "created_at": note.created_at, "updated_at": note.updated_at,
            "responsible_user_id": note.created_by, "group_id": 0, "note_type": note.note_type,
            "params": note.params, "account_id": self.account.id, "_links": { "self": { "href": href } },
        })
    }

    /// An event as the API answers it.
    pub fn event(&self, event: &Event, base: &str) -> Value {
        let (before, after) = event.what.values();
        let id = format!("{:026x}", event.id);
        let lead = format!("{base}/api/v4/leads/{}", event.lead_id);
        json!({
            "id": id, "type": event.what.kind(), "entity_id": event.lead_id, "entity_type": "lead",
            "created_by": event.created_by, "created_at": event.created_at,
            "value_after": after, "value_before": before, "account_id": self.account.id,
            "_links": { "self": { "href": format!("{base}/api/v4/events/{id}") } },
            "_embedded": { "entity": { "id": event.lead_id, "_links": { "self": { "href": lead } } } },
        })
    }

    /// A pipeline as the API answers it.
    pub fn pipeline_shown(&self, pipeline: &Pipeline, base: &str) -> Value {
        let own = format!("{base}/api/v4/leads/pipelines/{}", pipeline.id);
        let statuses = pipeline.statuses.iter().map(|status| {
            json!({
                "id": status.id, "name": status.name, "sort": status.sort, "is_editable": !status.closes(),
                "pipeline_id": pipeline.id, "color": "#99ccff", "type": status.kind,
                "account_id": self.account.id,
                "_links": { "self": { "href": format!("{own}/statuses/{}", status.id) } },
            })
        });
        json!({
            "id": pipeline.id, "name": pipeline.name, "sort": pipeline.sort, "is_main": pipeline.is_main,
            "is_unsorted_on": true, "is_archive": false, "account_id": self.account.id,
            "_links": { "self": { "href": own } },
            "_embedded": { "statuses": statuses.collect::<Vec<_>>() },
        })
    }

    /// Everything there is, in the shape in which it can be set again.
    pub fn told(&self) -> Value {
        json!({
            "account": self.account, "pipelines": self.pipelines,
            "lead_fields": self.lead_fields, "contact_fields": self.contact_fields,
            "contacts": self.contacts.values().map(|contact| self.told_contact(contact)).collect::<Vec<_>>(),
            "leads": self.leads.all().map(|lead| self.told_lead(lead)).collect::<Vec<_>>(),
        })
    }

    /// A person with what the fields hold, by code or name.
    pub fn told_contact(&self, contact: &Contact) -> Value {
        json!({
            "id": contact.id, "name": contact.name,
            "first_name": contact.first_name, "last_name": contact.last_name,
            "responsible_user_id": contact.responsible_user_id,
            "created_at": contact.created_at, "updated_at": contact.updated_at,
            "values": plain(&self.contact_fields, &contact.values),
        })
    }

    /// A deal with its people's ids, its notes, and what the fields hold, by code or name.
    pub fn told_lead(&self, lead: &Lead) -> Value {
        let notes = self.notes.get(&lead.id).into_iter().flatten().map(|note| {
            json!({
                "id": note.id, "note_type": note.note_type, "params": note.params,
                "created_by": note.created_by, "created_at": note.created_at,
            })
        });
        json!({
            "id": lead.id, "name": lead.name, "price": lead.price,
            "responsible_user_id": lead.responsible_user_id,
            "pipeline_id": lead.pipeline_id, "status_id": lead.status_id,
            "loss_reason_id": lead.loss_reason_id,
            "created_by": lead.created_by, "updated_by": lead.updated_by,
            "created_at": lead.created_at, "updated_at": lead.updated_at, "closed_at": lead.closed_at,
            "tags": lead.tags.iter().map(|tag| &tag.name).collect::<Vec<_>>(),
            "values": plain(&self.lead_fields, &lead.values),
            "contacts": lead.contacts, "notes": notes.collect::<Vec<_>>(),
        })
    }
}

fn tags(tags: &[super::Tag]) -> Vec<Value> {
    tags.iter().map(|tag| json!({ "id": tag.id, "name": tag.name, "color": null })).collect()
}

/// Filled fields as the API answers them; `null` where there are none.
fn values(fields: &[Field], entries: &[Entry]) -> Value {
    let field = |entry: &Entry| fields.iter().find(|field| field.id == entry.field_id);
    let shown = entries.iter().filter_map(|entry| {
        let field = field(entry)?;
        let items = entry.items.iter().map(|item| {
            let mut shown = json!({ "value": item.value });
            if let Some(id) = item.enum_id {
                shown["enum_id"] = json!(id);
                shown["enum_code"] = json!(item.enum_code);
            }
            shown
        });
        Some(json!({
            "field_id": field.id, "field_name": field.name, "field_code": field.code,
            "field_type": field.kind, "values": items.collect::<Vec<_>>(),
        }))
    });
    let shown = shown.collect::<Vec<_>>();
    if shown.is_empty() { Value::Null } else { Value::Array(shown) }
}

/// Filled fields by code, else by name: one text, or a list of them.
fn plain(fields: &[Field], entries: &[Entry]) -> BTreeMap<String, Value> {
    let shown = entries.iter().filter_map(|entry| {
        let field = fields.iter().find(|field| field.id == entry.field_id)?;
        let name = field.code.clone().unwrap_or_else(|| field.name.clone());
        let value = match entry.items.as_slice() {
            [one] => one.value.clone(),
            many => many.iter().map(|item| item.value.clone()).collect(),
        };
        Some((name, value))
    });
    shown.collect()
}
