//! The body of a hook: form-encoded, in the layout of API v2, the account first.

use crate::amocrm::world::{Entry, Field, News, What, World};

/// The body that tells of this.
pub fn body(world: &World, news: &News) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let account = &world.account;
    pairs.append_pair("account[subdomain]", &account.subdomain);
    pairs.append_pair("account[id]", &account.id.to_string());
    pairs.append_pair("account[_links][self]", &format!("https://{}.amocrm.ru", account.subdomain));
    let prefix = format!("leads[{}][0]", news.what.action());
    for (name, value) in members(world, news) {
        pairs.append_pair(&format!("{prefix}{name}"), &value);
    }
    pairs.finish()
}

fn members(world: &World, news: &News) -> Vec<(String, String)> {
    let lead = &news.lead;
    let mut members = Vec::new();
    let mut say = |name: &str, value: String| members.push((format!("[{name}]"), value));
    say("id", lead.id.to_string());
    if news.what == What::Delete {
        say("status_id", lead.status_id.to_string());
        say("pipeline_id", lead.pipeline_id.to_string());
        return members;
    }
    say("name", lead.name.clone());
    say("status_id", lead.status_id.to_string());
    if let Some(old) = news.old_status_id {
        say("old_status_id", old.to_string());
    }
    say("price", lead.price.to_string());
    say("responsible_user_id", lead.responsible_user_id.to_string());
    say("last_modified", lead.updated_at.to_string());
    say("modified_user_id", lead.updated_by.to_string());
    say("created_user_id", lead.created_by.to_string());
    say("date_create", lead.created_at.to_string());
    say("pipeline_id", lead.pipeline_id.to_string());
    for (n, tag) in lead.tags.iter().enumerate() {
        say(&format!("tags][{n}][id"), tag.id.to_string());
        say(&format!("tags][{n}][name"), tag.name.clone());
    }
    say("account_id", world.account.id.to_string());
    let filled = lead.values.iter().filter_map(|entry| {
        let field = world.lead_fields.iter().find(|field| field.id == entry.field_id)?;
        Some((field, entry))
    });
    for (n, (field, entry)) in filled.enumerate() {
        for (name, value) in field_members(field, entry) {
            say(&format!("custom_fields][{n}][{name}"), value);
        }
    }
    say("created_at", lead.created_at.to_string());
    say("updated_at", lead.updated_at.to_string());
    members
}

/// A date stands without `[value]`; the code, if there is one, comes last.
fn field_members(field: &Field, entry: &Entry) -> Vec<(String, String)> {
    let mut members = vec![("id".to_owned(), field.id.to_string()), ("name".to_owned(), field.name.clone())];
    for (n, item) in entry.items.iter().enumerate() {
        if field.kind == "date" {
            members.push((format!("values][{n}"), item.text()));
            continue;
        }
        members.push((format!("values][{n}][value"), item.text()));
        if let Some(id) = item.enum_id {
            members.push((format!("values][{n}][enum"), id.to_string()));
        }
    }
    members.extend(field.code.iter().map(|code| ("code".to_owned(), code.clone())));
    members
}
