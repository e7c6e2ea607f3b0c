//! How a deal stands by all that was told of it: its stage, its price, and whether it is deleted.

use chrono::{DateTime, Utc};

use super::crm::sight::Sight;
use super::deal::Entry;
use super::event::Action;
use super::money::Tenge;
use super::order::in_order;

/// How a deal stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its pipeline.
    pub pipeline: Option<u64>,
    /// Its stage.
    pub stage: Option<u64>,
    /// Its price; a real one stays where none is told.
    pub price: Option<Tenge>,
    /// Whether it is deleted.
    pub is_deleted: bool,
}

impl Standing {
    /// By all entries.
    pub fn of(entries: &[Entry]) -> Self {
        in_order(entries).into_iter().fold(Self::default(), |standing, (_, entry)| standing.after(entry))
    }

    /// By those that had happened by then.
    pub fn until(entries: &[Entry], then: DateTime<Utc>) -> Self {
        let entries: Vec<Entry> = entries.iter().filter(|entry| entry.at <= then).cloned().collect();
        Self::of(&entries)
    }

    /// With one more entry.
    pub fn after(self, entry: &Entry) -> Self {
        let is_deleted = match entry.action {
            Action::Delete => true,
            Action::Restore => false,
            _ => self.is_deleted && entry.stage.is_none(),
        };
        Self {
            pipeline: entry.pipeline.or(self.pipeline),
            stage: entry.stage.or(self.stage),
            price: entry.price.or(self.price),
            is_deleted,
        }
    }

    /// Whether an entry changes it.
    pub fn differs_by(self, entry: &Entry) -> bool {
        self.after(entry) != self || (self.stage.is_none() && entry.action == Action::Add)
    }

    /// Whether a sight shows this stage of this pipeline.
    pub fn has_stage(self, sight: &Sight) -> bool {
        self.stage == Some(sight.stage) && self.pipeline.is_none_or(|pipeline| pipeline == sight.pipeline)
    }

    /// Whether a sight shows this price, or none.
    pub fn has_price(self, sight: &Sight) -> bool {
        sight.price.is_none() || sight.price == self.price
    }

    /// Whether a sight shows nothing else.
    pub fn agrees(self, sight: &Sight) -> bool {
        self.is_deleted == sight.is_deleted
            && (sight.is_deleted || (self.has_stage(sight) && self.has_price(sight)))
    }
}
