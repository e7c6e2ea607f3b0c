//! What reading amoCRM shows: how a deal is at that moment, and what was noted to have happened to it.

use chrono::{DateTime, Utc};

use crate::domain::event::DealId;
use crate::domain::money::Tenge;
use crate::domain::utm::Reading;

/// A deal as amoCRM had it when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The deal.
    pub deal: DealId,
    /// Its pipeline.
    pub pipeline: u64,
    /// Its stage.
    pub stage: u64,
    /// A real price; unset and 0 are `None`.
    pub price: Option<Tenge>,
    /// Whether it is in the bin.
    pub is_deleted: bool,
    /// When it was made, where amoCRM says so.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed; a note and a task move this too.
    pub updated_at: DateTime<Utc>,
    /// When it came to its end, won or lost, where it did.
    pub closed_at: Option<DateTime<Utc>>,
    /// Its UTM values.
    pub readings: Vec<Reading>,
    /// Whose it is; the main contact first.
    pub contacts: Vec<u64>,
    /// A hash of what decides: pipeline, stage, price, bin, birth and UTM values. When it changed and what things are
    /// called are not in it.
    pub facts: String,
    /// When the question was sent that this answers: what happened later is not in it.
    pub read_at: DateTime<Utc>,
}

/// Something that amoCRM's own journal of events says happened to a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The journal's id of it.
    pub id: String,
    /// The deal.
    pub deal: DealId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: MoveKind,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveKind {
    /// It was made.
    Added,
    /// It went from one stage to another.
    Stage {
        /// Where it was.
        from: Place,
        /// Where it is since.
        to: Place,
    },
    /// It went into the bin.
    Deleted,
    /// It came back from there.
    Restored,
}

/// A stage of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The pipeline.
    pub pipeline: u64,
    /// The stage.
    pub stage: u64,
}

/// Where amoCRM sends its hooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The address. It holds our key: for comparing, never for a log.
    pub destination: Destination,
    /// Whether amoCRM has switched it off.
    pub is_disabled: bool,
    /// What it tells of, by amoCRM's names: `status_lead` and so on.
    pub events: Vec<String>,
}

/// An address with a key in it; printing shows its path alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Destination(pub String);

impl Destination {
    /// The path, without host and query.
    pub fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let path = rest.find('/').map_or("/", |start| &rest[start..]);
        path.split(['?', '#']).next().unwrap_or("/")
    }
}

impl std::fmt::Debug for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Destination({})", self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_destination_only_the_path_is_ever_printed() {
        for (address, path) in [
            ("https://x.example/api/amocrm/sales-webhook?key=secret", "/api/amocrm/sales-webhook"),
            ("https://x.example", "/"),
            ("/webhook/amocrm/traffic?key=secret", "/webhook/amocrm/traffic"),
            ("", "/"),
        ] {
            let destination = Destination(address.to_owned());
            assert_eq!(destination.path(), path, "{address}");
            assert_eq!(format!("{destination:?}"), format!("Destination({path})"));
        }
    }
}
