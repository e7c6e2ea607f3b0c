//! What amoCRM's journal adds to a deal that hooks have told of.

use super::{Found, Healed, Seen, found};
use crate::domain::crm::sight::{Move, MoveKind};
use crate::domain::deal::{Deal, Entry};
use crate::domain::delivery::Counted;
use crate::domain::event::{Action, Origin};
use crate::domain::ledger;
use crate::domain::standing::Standing;

/// Hears one move; what it adds, unless somebody has told of it.
pub(super) fn hear(deal: &mut Deal, moved: &Move, seen: Seen<'_>) -> Option<Healed> {
    let id = format!("journal-{}-{}", deal.id(), moved.id);
    let entry = found(id, moved.at, seen.now);
    let (entry, what) = match moved.kind {
        MoveKind::Added => (Entry { action: Action::Add, ..begun(deal, entry, seen) }, Found::Added),
        MoveKind::Stage { from, to } => {
            let (stage, old_stage, pipeline) = (Some(to.stage), Some(from.stage), Some(to.pipeline));
            (Entry { action: Action::Status, stage, old_stage, pipeline, ..entry }, Found::Stage)
        }
        MoveKind::Deleted => (Entry { action: Action::Delete, ..entry }, Found::Deleted),
        MoveKind::Restored => {
            // It comes back where it was.
            let Standing { pipeline, stage, .. } = Standing::until(&deal.history, moved.at);
            (Entry { action: Action::Restore, stage, pipeline, ..entry }, Found::Restored)
        }
    };
    let entry = Entry { origin: Origin::Journal, ..entry };
    let is_told = |known: &Entry| match entry.action {
        Action::Add => known.at <= entry.at || ledger::is_same_change(known, &entry),
        Action::Delete | Action::Restore => ledger::tells_of(known, &entry),
        _ => known.stage == entry.stage && ledger::is_same_change(known, &entry),
    };
    if deal.history.iter().any(|known| known.id == entry.id || is_told(known)) {
        return None;
    }
    deal.history.push(entry.clone());
    Some(Healed { entry, found: what })
}

/// Whether what was looked at is what the journal tells of: then it is one change, which counts and is listed once.
pub(super) fn is_part_of(looked: &Healed, heard: &[Healed], deal: &mut Deal) -> bool {
    let same = |heard: &Healed| (heard.entry.at - looked.entry.at).abs() <= ledger::SAME_CHANGE;
    let is_part = heard.iter().any(same);
    if let Some(entry) = deal.history.iter_mut().find(|entry| is_part && entry.id == looked.entry.id) {
        entry.counted = Counted::Never;
    }
    is_part
}

/// Where the deal stood when it was made, where nobody told of it: at the stage that it left first, or where it still is.
fn begun(deal: &Deal, entry: Entry, seen: Seen<'_>) -> Entry {
    let first_left = seen.moves.iter().filter_map(|moved| match moved.kind {
        MoveKind::Stage { from, .. } => Some((moved.at, (from.pipeline, from.stage))),
        _ => None,
    });
    let first_left = first_left.min_by_key(|(at, _)| *at).map(|(_, place)| place);
    let is_there = seen.sight.filter(|sight| deal.history.is_empty() && !sight.is_deleted);
    let place = first_left.or(is_there.map(|sight| (sight.pipeline, sight.stage)));
    Entry { stage: place.map(|(_, stage)| stage), pipeline: place.map(|(pipeline, _)| pipeline), ..entry }
}
