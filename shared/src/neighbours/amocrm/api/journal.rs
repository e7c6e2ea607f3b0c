//! amoCRM's journal of events: the only place that keeps every move of a deal, and so what a lost hook would have said.

use serde_json::Value;

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::filtered::{Filtered, Found};
use super::page::List;
use super::row::tree;
use super::sights::Sightings;
use super::span::Span;
use crate::domain::crm::sight::{Move, MoveKind, Place};
use crate::domain::event::DealId;
use crate::neighbours::amocrm::body::Node;
use crate::neighbours::amocrm::scalar;

/// The most events that one page may have.
const MOST_EVENTS: &str = "100";

const ADDED: &str = "lead_added";
const STAGE: &str = "lead_status_changed";
const DELETED: &str = "lead_deleted";
const RESTORED: &str = "lead_restored";

/// What is asked for.
const KINDS: [&str; 4] = [ADDED, STAGE, DELETED, RESTORED];

impl Amocrm {
    /// One page of deals' moves: into the account, from stage to stage, into the bin and out of it. In which order is
    /// amoCRM's to choose, so a time that has no end may grow between two pages. An
    /// account that shows no journal is [`Class::Missing`](super::Class::Missing).
    pub async fn moves(&self, happened: Span, page: u32, context: &Sightings<'_>) -> Answer<Filtered<Move>> {
        let (kinds, page) = (KINDS.join(","), page.to_string());
        let what = [("filter[entity]", "lead"), ("filter[type]", kinds.as_str())];
        let paging = [("limit", MOST_EVENTS), ("page", page.as_str())];
        let filter: Vec<_> = happened.filter("created_at").collect();
        let filter = filter.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let query: Vec<_> = what.into_iter().chain(filter).chain(paging).collect();
        let list: Option<List<Value>> = self.call(Call::get(Asked::IfAllowed, "events", &query)).await?;
        Ok(Filtered::of(list, |row| found(&tree(row), happened, context)))
    }
}

fn found(row: &Node, happened: Span, context: &Sightings<'_>) -> Found<Move> {
    let is_of_a_deal = row.text("entity_type").is_none_or(|entity| entity == "lead");
    let kind = match row.text("type") {
        Some(ADDED | STAGE | DELETED | RESTORED) if is_of_a_deal => kind(row),
        Some(_) => return Found::Unwanted,
        None => return Found::Unreadable,
    };
    Found::of(kind.and_then(|kind| read(row, kind, context)), |of| happened.holds(of.at))
}

fn kind(row: &Node) -> Option<MoveKind> {
    match row.text("type")? {
        ADDED => Some(MoveKind::Added),
        STAGE => Some(MoveKind::Stage { from: place(row, "value_before")?, to: place(row, "value_after")? }),
        DELETED => Some(MoveKind::Deleted),
        RESTORED => Some(MoveKind::Restored),
        _ => None,
    }
}

/// A change of stage is the one change of its event.
fn place(row: &Node, side: &str) -> Option<Place> {
    let (_, change) = row.get(side)?.children().next()?;
    let place = change.get("lead_status")?;
    let number = |key| place.text(key).and_then(scalar::id);
    Some(Place { pipeline: number("pipeline_id")?, stage: number("id")? })
}

fn read(row: &Node, kind: MoveKind, context: &Sightings<'_>) -> Option<Move> {
    let number = |key| row.text(key).and_then(scalar::id);
    let deal =
        DealId { account: number("account_id").unwrap_or(context.account), lead: number("entity_id")? };
    let at = scalar::time(row.text("created_at")?, context.read_at).ok()?;
    Some(Move { id: row.text("id")?.to_owned(), deal, at, kind })
}
