//! What a path is about.

use serde::{Deserialize, Serialize};

/// A route by the name that faults and the record give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    Account,
    Leads,
    Lead,
    LeadCreate,
    LeadUpdate,
    LeadDelete,
    Complex,
    Link,
    Contacts,
    Contact,
    ContactCreate,
    ContactUpdate,
    Notes,
    NoteCreate,
    Pipelines,
    CustomFields,
    Webhooks,
    Events,
    Token,
    Unknown,
}

impl Edge {
    /// Whether it changes something.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::LeadCreate
                | Self::LeadUpdate
                | Self::Complex
                | Self::Link
                | Self::ContactCreate
                | Self::ContactUpdate
                | Self::NoteCreate
        )
    }
}

/// A path, read: the route and the id that stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    pub edge: Edge,
    pub id: Option<u64>,
}

impl Address {
    /// Reads a path without the prefix `/amocrm`.
    pub fn read(method: &str, path: &str) -> Self {
        let parts = path.trim_matches('/').split('/').collect::<Vec<_>>();
        if method == "POST" && parts == ["oauth2", "access_token"] {
            return Self { edge: Edge::Token, id: None };
        }
        let (edge, id) = match parts.as_slice() {
            ["api", "v4", rest @ ..] => Self::route(method, rest),
            _ => (Edge::Unknown, None),
        };
        Self { edge, id }
    }

    fn route(method: &str, rest: &[&str]) -> (Edge, Option<u64>) {
        match (method, rest) {
            ("GET", ["account"]) => (Edge::Account, None),
            ("GET", ["leads"]) => (Edge::Leads, None),
            ("POST", ["leads"]) => (Edge::LeadCreate, None),
            ("PATCH", ["leads"]) => (Edge::LeadUpdate, None),
            ("POST", ["leads", "complex"]) => (Edge::Complex, None),
            ("POST", ["leads", "notes"]) => (Edge::NoteCreate, None),
            ("GET", ["leads", "custom_fields"]) => (Edge::CustomFields, None),
            ("GET", ["leads", "pipelines"]) => (Edge::Pipelines, None),
            ("GET", ["leads", "pipelines", id]) => numbered(Edge::Pipelines, id),
            ("GET", ["leads", id]) => numbered(Edge::Lead, id),
            ("PATCH", ["leads", id]) => numbered(Edge::LeadUpdate, id),
            ("DELETE", ["leads", id]) => numbered(Edge::LeadDelete, id),
            ("POST", ["leads", id, "link"]) => numbered(Edge::Link, id),
            ("GET", ["leads", id, "notes"]) => numbered(Edge::Notes, id),
            ("POST", ["leads", id, "notes"]) => numbered(Edge::NoteCreate, id),
            ("GET", ["contacts"]) => (Edge::Contacts, None),
            ("POST", ["contacts"]) => (Edge::ContactCreate, None),
            ("PATCH", ["contacts"]) => (Edge::ContactUpdate, None),
            ("GET", ["contacts", id]) => numbered(Edge::Contact, id),
            ("PATCH", ["contacts", id]) => numbered(Edge::ContactUpdate, id),
            ("GET", ["webhooks"]) => (Edge::Webhooks, None),
            ("GET", ["events"]) => (Edge::Events, None),
            _ => (Edge::Unknown, None),
        }
    }
}

fn numbered(edge: Edge, id: &str) -> (Edge, Option<u64>) {
    match id.parse() {
        Ok(id) => (edge, Some(id)),
        Err(_) => (Edge::Unknown, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_not_taken_for_an_id() {
        let read = |method, path| {
            let address = Address::read(method, path);
            (address.edge, address.id)
        };
        assert_eq!(read("GET", "/api/v4/leads/pipelines"), (Edge::Pipelines, None));
        assert_eq!(read("GET", "/api/v4/leads/7"), (Edge::Lead, Some(7)));
        assert_eq!(read("GET", "/api/v4/leads/tags"), (Edge::Unknown, None));
        assert_eq!(read("POST", "/api/v4/leads/7/notes"), (Edge::NoteCreate, Some(7)));
        assert_eq!(read("POST", "/api/v4/leads/notes"), (Edge::NoteCreate, None));
        assert_eq!(read("GET", "/oauth2/access_token"), (Edge::Unknown, None));
    }
}
