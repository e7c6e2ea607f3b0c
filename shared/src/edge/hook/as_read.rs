//! A body as the rules in force read it, and as it is read anew where those are replaced before its events are written.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::domain::event::{DealEvent, Route};
use crate::domain::rules::Rules;
use crate::neighbours::amocrm::account::KnownAccounts;
use crate::neighbours::amocrm::body::{self, Body};
use crate::neighbours::amocrm::hook::{Content, Context, Item, items};

/// A body that was taken apart.
pub(super) struct AsRead<'a> {
    body: Body,
    route: Route,
    received_at: DateTime<Utc>,
    accounts: &'a KnownAccounts,
    /// The products by which it was read at first, and as others read it. Nothing else of the rules matters to reading.
    by: u64,
    anew: Mutex<Option<(u64, Vec<Item>)>>,
}

impl<'a> AsRead<'a> {
    /// A body as these rules read it.
    pub fn by(
        rules: &Rules,
        bytes: &[u8],
        (route, received_at): (Route, DateTime<Utc>),
        accounts: &'a KnownAccounts,
    ) -> (Self, Vec<Item>) {
        let (body, by) = (body::parse(bytes), rules.version.products);
        let read = Self { body, route, received_at, accounts, by, anew: Mutex::default() };
        let items = read.items(rules);
        (read, items)
    }

    /// What is wrong with the body as a whole.
    pub fn problems(&self) -> &[String] {
        &self.body.problems
    }

    /// An event as these rules read it. `event` is how it was read at first, from the item in this place. It is the same event
    /// by any rules: only which fields hold UTM values depends on them.
    pub fn event<'e>(&self, place: usize, event: &'e DealEvent, rules: &Rules) -> Cow<'e, DealEvent> {
        let by = rules.version.products;
        if by == self.by {
            return Cow::Borrowed(event);
        }
        let mut anew = self.anew.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, items) = match anew.take().filter(|(known, _)| *known == by) {
            Some(known) => anew.insert(known),
            None => anew.insert((by, self.items(rules))),
        };
        match items.get(place).map(|item| &item.content) {
            Some(Content::Deal(event)) => Cow::Owned(DealEvent::clone(event)),
            _ => Cow::Borrowed(event),
        }
    }

    fn items(&self, rules: &Rules) -> Vec<Item> {
        let Self { route, received_at, accounts, .. } = *self;
        items(&self.body, Context { route, received_at, accounts, rules })
    }
}
