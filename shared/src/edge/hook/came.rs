//! What is known of a body that is kept, and which events it makes by today's code.

use chrono::{DateTime, Utc};

use crate::domain::event::Route;
use crate::domain::rules::Rules;
use crate::neighbours::amocrm::account::KnownAccounts;
use crate::neighbours::amocrm::hook::{Content, Context, Item, items};
use crate::neighbours::amocrm::{body, identity};
use crate::store::events::EventRecord;

/// How a body came that is kept.
#[derive(Debug, Clone, Copy)]
pub struct Came<'a> {
    /// The door.
    pub route: Route,
    /// When.
    pub received_at: DateTime<Utc>,
    /// What it is kept under.
    pub raw_id: &'a str,
}

impl<'a> Came<'a> {
    /// The body that an event came in; nothing where no hook told of it.
    pub fn with(record: &'a EventRecord) -> Option<Self> {
        let EventRecord { route, received_at, raw_id, origin, .. } = record;
        let is_kept = origin.is_hook() && !raw_id.is_empty();
        is_kept.then_some(Self { route: *route, received_at: *received_at, raw_id })
    }
}

/// The id of the event that an item is.
pub fn event_id(item: &Item) -> String {
    match &item.content {
        Content::Deal(event) => identity::of_event(event).id,
        Content::NotALead(id) | Content::Unreadable(id) => id.clone(),
    }
}

/// The ids of the events that a body makes.
pub fn ids_in(came: &Came<'_>, bytes: &[u8], accounts: &KnownAccounts, rules: &Rules) -> Vec<String> {
    let Came { route, received_at, .. } = *came;
    let items = items(&body::parse(bytes), Context { route, received_at, accounts, rules });
    items.iter().map(event_id).collect()
}

/// So many leads tell what a body is about.
const MOST_LEADS: usize = 20;

/// The ids of the leads that a body is about, as far as they can be read; of a long body the first ones.
pub fn leads_in(bytes: &[u8]) -> Vec<u64> {
    let (accounts, rules) = (KnownAccounts::default(), Rules::default());
    let context = Context {
        route: Route::Sales,
        received_at: DateTime::UNIX_EPOCH,
        accounts: &accounts,
        rules: &rules,
    };
    let mut leads: Vec<u64> =
        items(&body::parse(bytes), context).iter().filter_map(|item| item.lead_id).collect();
    leads.dedup();
    leads.truncate(MOST_LEADS);
    leads
}
