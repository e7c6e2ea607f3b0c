//! From the tree of a body to what it says happened, one item per lead and action.

use chrono::{DateTime, Utc};

use super::account::{self, KnownAccounts};
use super::body::{Body, Node};
use super::{fields, identity, scalar};
use crate::domain::event::{Action, DealEvent, DealId, Happened, Origin, Route};
use crate::domain::rules::Rules;

/// The keys under which amoCRM sends something that is no lead.
const OTHER_ENTITIES: [&str; 9] = [
    "contacts",
    "companies",
    "task",
    "customers",
    "talk",
    "unsorted",
    "message",
    "outgoing_message",
    "catalogs",
];

/// amoCRM's number for a lead where elements of any type can stand.
const LEAD_ELEMENT: &str = "2";

/// One thing that a body says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What was done, as the body names it.
    pub action: String,
    /// The lead, where its id can be read.
    pub lead_id: Option<u64>,
    /// What could not be read of it.
    pub problems: Vec<String>,
    /// What it is.
    pub content: Content,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// An event of a deal.
    Deal(Box<DealEvent>),
    /// Something amoCRM sends that is no lead; identified by this hash.
    NotALead(String),
    /// A lead that cannot be identified; identified by this hash.
    Unreadable(String),
}

/// What the reading of a body depends on.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The door it came in by.
    pub route: Route,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The accounts that are configured.
    pub accounts: &'a KnownAccounts,
    /// The rules in force.
    pub rules: &'a Rules,
}

/// Everything a body says, in its order. Nothing where no entity of amoCRM is in it.
pub fn items(body: &Body, context: Context<'_>) -> Vec<Item> {
    let mut items = vec![];
    for (entity, actions) in body.root.children() {
        match entity {
            "leads" => items.extend(entries(actions).map(|(action, lead)| item(body, action, lead, context))),
            "event" => items.extend(widget(body, actions, context)),
            other if OTHER_ENTITIES.contains(&other) => {
                items.extend(
                    entries(actions).map(|(action, entry)| not_a_lead(other, action, entry, context)),
                );
            }
            _ => {}
        }
    }
    if body.cut && !items.is_empty() {
        let action = items[0].action.clone();
        let id = identity::digest([context.route.as_str(), &identity::facts(&body.root)]);
        let content = Content::Unreadable(id);
        return vec![Item { action, lead_id: None, problems: body.problems.clone(), content }];
    }
    // What is wrong with the body as a whole is said once: a body can hold thousands of items.
    if let Some(first) = items.first_mut() {
        first.problems.extend(body.problems.iter().cloned());
    }
    items
}

/// The entries below each action. An entry that stands without an index is taken as one.
pub(super) fn entries(actions: &Node) -> impl Iterator<Item = (&str, &Node)> {
    actions.children().flat_map(|(action, entries)| {
        let alone = entries.get("id").and_then(Node::as_text).is_some();
        let listed = entries.children().filter(move |_| !alone).map(|(_, entry)| entry);
        alone.then_some(entries).into_iter().chain(listed).map(move |entry| (action, entry))
    })
}

fn item(body: &Body, action: &str, lead: &Node, context: Context<'_>) -> Item {
    if action == "note" {
        return not_a_lead("leads", action, lead, context);
    }
    // The digital pipeline puts call_in, chat and others in place of status: the lead was at least touched.
    let known = Action::parse(action).unwrap_or(Action::Update);
    deal(body, action, known, lead, lead, context)
}

fn widget(body: &Body, event: &Node, context: Context<'_>) -> Option<Item> {
    let data = event.get("data")?;
    let action = event.text("type_code").or_else(|| event.text("type")).unwrap_or("widget");
    let is_lead = data.text("element_type").or_else(|| event.text("element_type")) == Some(LEAD_ELEMENT);
    Some(if is_lead {
        deal(body, action, Action::Widget, data, event, context)
    } else {
        not_a_lead("event", action, event, context)
    })
}

/// Reads a deal from `lead`; `timed` is the node that carries the time.
fn deal(body: &Body, name: &str, action: Action, lead: &Node, timed: &Node, context: Context<'_>) -> Item {
    let Context { route, received_at, accounts, rules } = context;
    let mut problems = vec![];
    let lead_id = lead.text("id").and_then(scalar::id);
    if lead_id.is_none() {
        problems.push(match lead.text("id") {
            Some(text) => format!("lead id \"{}\" is not an id", scalar::shortened(text)),
            None => "the lead has no id".to_owned(),
        });
    }
    let account = account::of_lead(&body.root, lead, accounts).map_err(|problem| problems.push(problem)).ok();
    let facts = identity::facts(lead);
    let (Some(lead_number), Some(account)) = (lead_id, account) else {
        // An account that cannot be told still tells one from another: lead ids repeat over accounts.
        let told = body.root.get("account").map(identity::facts).unwrap_or_default();
        let content = Content::Unreadable(identity::digest([route.as_str(), name, &told, &facts]));
        return Item { action: scalar::shortened(name), lead_id, problems, content };
    };
    let time = ["updated_at", "last_modified", "time"].into_iter().find_map(|key| timed.text(key));
    let happened = time
        .and_then(|text| scalar::time(text, received_at).map_err(|problem| problems.push(problem)).ok())
        .map_or(Happened::OnArrival, Happened::At);
    let made = ["created_at", "date_create"].into_iter().find_map(|key| lead.text(key));
    let price = lead
        .text("price")
        .and_then(|text| scalar::price(text).map_err(|problem| problems.push(problem)).ok())
        .flatten();
    let number = |key| lead.text(key).and_then(scalar::id);
    let event = DealEvent {
        deal: DealId { account, lead: lead_number },
        route,
        origin: Origin::Hook,
        action,
        stage: number("status_id"),
        old_stage: number("old_status_id"),
        pipeline: number("pipeline_id"),
        price,
        happened,
        created_at: made.and_then(|text| scalar::time(text, received_at).ok()),
        received_at,
        readings: fields::readings(lead, &rules.products.utm_fields),
        facts,
    };
    Item { action: scalar::shortened(name), lead_id, problems, content: Content::Deal(Box::new(event)) }
}

fn not_a_lead(entity: &str, action: &str, entry: &Node, context: Context<'_>) -> Item {
    let id = identity::digest([context.route.as_str(), entity, action, &identity::facts(entry)]);
    Item {
        action: scalar::shortened(action),
        lead_id: None,
        problems: vec![],
        content: Content::NotALead(id),
    }
}

#[cfg(test)]
#[path = "hook_tests.rs"]
mod tests;
