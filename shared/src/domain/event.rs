//! One thing that happened to one deal, whoever told us.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::money::Tenge;
use super::product::Product;
use super::utm::Reading;

/// The door an event came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Any sale: the stage says whether it is one, the price says of what.
    Sales,
    /// Express Course sales.
    Funnel,
    /// Flagship sales.
    Traffic,
}

impl Route {
    /// Every route.
    pub const ALL: [Self; 3] = [Self::Sales, Self::Funnel, Self::Traffic];

    /// Its name in keys and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Funnel => "funnel",
            Self::Traffic => "traffic",
        }
    }

    /// The product that this route sets, if it is a product route.
    pub fn product(self) -> Option<Product> {
        match self {
            Self::Sales => None,
            Self::Funnel => Some(Product::Express),
            Self::Traffic => Some(Product::Flagship),
        }
    }
}

/// Who told of an event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A hook of amoCRM's.
    #[default]
    Hook,
    /// We have read the deal in amoCRM and found it so.
    Read,
    /// amoCRM's own journal of events.
    Journal,
    /// A database of the system before this one. It is heard only where nobody else speaks of the sale.
    History,
}

impl Origin {
    /// Whether amoCRM told us by itself.
    pub fn is_hook(&self) -> bool {
        *self == Self::Hook
    }
}

/// What was done to the deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Created.
    Add,
    /// Edited in any way; a stage move may arrive as this too.
    Update,
    /// Moved to another stage.
    Status,
    /// Given to another person.
    Responsible,
    /// Brought back after a deletion.
    Restore,
    /// Deleted.
    Delete,
    /// A digital-pipeline widget was triggered.
    Widget,
}

impl Action {
    /// Its name, as amoCRM writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Update => "update",
            Self::Status => "status",
            Self::Responsible => "responsible",
            Self::Restore => "restore",
            Self::Delete => "delete",
            Self::Widget => "widget",
        }
    }

    /// Reads what [`Action::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Add, Self::Update, Self::Status, Self::Responsible, Self::Restore, Self::Delete, Self::Widget]
            .into_iter()
            .find(|action| action.as_str() == text)
    }
}

/// A deal's identity: lead ids repeat over accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DealId {
    /// The amoCRM account.
    pub account: u64,
    /// The lead in it.
    pub lead: u64,
}

impl fmt::Display for DealId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.account, self.lead)
    }
}

/// When it happened, and whether the event itself said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Happened {
    /// The event's own time.
    At(DateTime<Utc>),
    /// The event has none: its arrival stands for it.
    OnArrival,
}

/// A typed event of one deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealEvent {
    /// The deal.
    pub deal: DealId,
    /// The door.
    pub route: Route,
    /// Who told of it.
    pub origin: Origin,
    /// What was done.
    pub action: Action,
    /// The stage it has now.
    pub stage: Option<u64>,
    /// The stage it had before, where the event says so.
    pub old_stage: Option<u64>,
    /// The pipeline of that stage.
    pub pipeline: Option<u64>,
    /// A real price; unset, 0 and unreadable are all `None`.
    pub price: Option<Tenge>,
    /// Its own time, if any.
    pub happened: Happened,
    /// When the deal was made, where the event says so.
    pub created_at: Option<DateTime<Utc>>,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// The UTM values it carries.
    pub readings: Vec<Reading>,
    /// Tells it from another event of the same deal, action, stage and time: a hash of all its facts.
    pub facts: String,
}

impl DealEvent {
    /// The time it counts from.
    pub fn at(&self) -> DateTime<Utc> {
        match self.happened {
            Happened::At(at) => at,
            Happened::OnArrival => self.received_at,
        }
    }
}
