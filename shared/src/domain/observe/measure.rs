//! What a reading says of how well amoCRM delivers its hooks.

use chrono::{DateTime, Utc};

use super::{Found, Healed};
use crate::domain::day::Day;
use crate::domain::deal::Deal;
use crate::domain::delivery::{self, Counted, Deliveries, Delivery, Told};
use crate::domain::event::Origin;
use crate::domain::order::in_order;
use crate::domain::standing::Standing;

/// Counts the changes that hooks told of and that amoCRM has been read after.
pub fn confirm(deal: &mut Deal, read_at: Option<DateTime<Utc>>, deliveries: &mut Deliveries) {
    let mut known = Standing::default();
    let mut telling = vec![];
    for (_, entry) in in_order(&deal.history) {
        let matters = known.differs_by(entry);
        known = known.after(entry);
        if entry.origin.is_hook() && entry.counted.is_not_yet() && Some(entry.at) <= read_at {
            telling.push((entry.id.clone(), entry.at, matters));
        }
    }
    let mut last: Option<DateTime<Utc>> = None;
    for (id, at, matters) in telling {
        let is_another = last != Some(at);
        let Some(entry) = deal.history.iter_mut().find(|entry| entry.id == id) else { continue };
        entry.counted = if matters { Counted::Seen } else { Counted::Never };
        if matters && is_another {
            delivery::count(deliveries, Day::of(at), Delivery::SEEN);
            last = Some(at);
        }
    }
}

/// Counts what no hook told of: the changes that one was to tell of.
pub fn settle(deal: &mut Deal, healed: &mut [Healed], told: Told, deliveries: &mut Deliveries) {
    let mut last: Option<DateTime<Utc>> = None;
    for Healed { entry, found } in healed {
        let is_expected = match found {
            Found::Added if entry.origin == Origin::Read => told.unknown,
            Found::Added => told.added,
            Found::Stage => told.moved,
            Found::Price | Found::Utm => told.changed,
            Found::Deleted => told.deleted,
            Found::Restored => told.restored,
        };
        entry.counted = if is_expected { Counted::Lost } else { Counted::Never };
        if is_expected && last != Some(entry.at) {
            delivery::count(deliveries, Day::of(entry.at), Delivery::LOST);
            last = Some(entry.at);
        }
        if let Some(kept) = deal.history.iter_mut().find(|kept| kept.id == entry.id) {
            kept.counted = entry.counted;
        }
    }
}
