//! Tags: words on deals, each with one id wherever it stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{TagDraft, World};

/// A word on a deal.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    pub id: u64,
    pub name: String,
}

/// All words that ever stood on a deal.
#[derive(Debug, Clone, Default)]
pub struct Tags {
    by_id: BTreeMap<u64, String>,
    by_name: BTreeMap<String, u64>,
}

impl Tags {
    fn find(&self, draft: &TagDraft) -> Option<Tag> {
        let by_id = draft.id.and_then(|id| Some(Tag { id, name: self.by_id.get(&id)?.clone() }));
        let by_name = || {
            let name = draft.name.clone()?;
            Some(Tag { id: *self.by_name.get(&name)?, name })
        };
        by_id.or_else(by_name)
    }

    fn put(&mut self, tag: Tag) {
        self.by_name.insert(tag.name.clone(), tag.id);
        self.by_id.insert(tag.id, tag.name);
    }
}

impl World {
    /// The tag that is meant; a new one for a name that nobody used before.
    pub fn tag(&mut self, draft: TagDraft) -> Option<Tag> {
        if let Some(known) = self.tags.find(&draft) {
            return Some(known);
        }
        let tag = Tag { name: draft.name?, id: draft.id.unwrap_or_else(|| self.fresh()) };
        self.tags.put(tag.clone());
        Some(tag)
    }
}

impl Serialize for Tags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.by_id)
    }
}

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut tags = Self::default();
        let found = BTreeMap::<u64, String>::deserialize(deserializer)?;
        found.into_iter().for_each(|(id, name)| tags.put(Tag { id, name }));
        Ok(tags)
    }
}
