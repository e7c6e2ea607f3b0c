//! The journal: what happened to deals, in the order of time. A change by hand may be of the past, so it is not the
//! order in which they were noted.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::{Lead, World};

/// Something that happened to a deal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: u64,
    pub lead_id: u64,
    pub created_by: u64,
    pub created_at: i64,
    pub what: Happened,
}

/// What it was. A place is a pipeline and a stage.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    Added,
    Moved { from: (u64, u64), to: (u64, u64) },
    Priced { from: i64, to: i64 },
    Deleted,
    Restored,
}

impl Happened {
    /// amoCRM's name for it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Added => "lead_added",
            Self::Moved { .. } => "lead_status_changed",
            Self::Priced { .. } => "sale_field_changed",
            Self::Deleted => "lead_deleted",
            Self::Restored => "lead_restored",
        }
    }

    /// What was before and what was after, as amoCRM answers them.
    pub fn values(self) -> (Value, Value) {
        let stage =
            |(pipeline, id): (u64, u64)| json!([{ "lead_status": { "id": id, "pipeline_id": pipeline } }]);
        let sale = |price: i64| json!([{ "sale_field_value": { "sale": price } }]);
        match self {
            Self::Moved { from, to } => (stage(from), stage(to)),
            Self::Priced { from, to } => (sale(from), sale(to)),
            Self::Added | Self::Deleted | Self::Restored => (json!([]), json!([])),
        }
    }
}

/// All events.
#[derive(Debug, Clone, Default)]
pub struct Journal(BTreeMap<(i64, u64), Event>);

impl Journal {
    /// Those from one second to another, both included, the oldest first.
    pub fn between(&self, from: i64, to: i64) -> impl DoubleEndedIterator<Item = &Event> {
        // A map does not take borders that are the wrong way round.
        let range = (from <= to).then(|| self.0.range((from, 0)..=(to, u64::MAX)));
        range.into_iter().flatten().map(|(_, event)| event)
    }

    fn put(&mut self, event: Event) {
        self.0.insert((event.created_at, event.id), event);
    }
}

impl World {
    /// Notes what happened to a deal when it last changed, by whoever changed it.
    pub fn note_event(&mut self, what: Happened, lead: &Lead) {
        let (id, created_by, created_at) = (self.fresh(), lead.updated_by, lead.updated_at);
        self.journal.put(Event { id, lead_id: lead.id, created_by, created_at, what });
    }
}

impl Serialize for Journal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.values())
    }
}

impl<'de> Deserialize<'de> for Journal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut journal = Self::default();
        Vec::<Event>::deserialize(deserializer)?.into_iter().for_each(|event| journal.put(event));
        Ok(journal)
    }
}
