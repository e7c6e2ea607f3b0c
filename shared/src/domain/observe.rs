//! What reading amoCRM does to a deal: what hooks have told already is confirmed, what they have not is healed.
//!
//! amoCRM's journal is heard first, since it knows every move; then the deal as it stands. Both become entries of the
//! deal's history like those of hooks, so that everything else follows as it always does. Reading the same again changes
//! nothing.

mod hear;
mod measure;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::crm::sight::{Move, Sight};
use super::day::Day;
use super::deal::{Deal, Entry, LastRead, Stamped};
use super::deal_counts::{self, DealCountKey};
use super::delivery::{Counted, Deliveries, Told};
use super::event::{Action, DealId, Origin, Route};
use super::ledger::{self, Verdict, Writes};
use super::rules::{Rules, RulesFor};
use super::stage::{LOST, WON};
use super::standing::Standing;
use hear::{hear, is_part_of};
use measure::{confirm, settle};

/// What was read of one deal.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The deal as it stands; nothing where only its journal was read, or amoCRM shows no such deal.
    pub sight: Option<&'a Sight>,
    /// What the journal says of it.
    pub moves: &'a [Move],
    /// Why it was read.
    pub purpose: Purpose,
    /// When it came to us.
    pub now: DateTime<Utc>,
}

/// Why amoCRM was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To find what hooks have not told. What they tell of is known by the subscriptions.
    Heal(Told),
    /// To learn the past, of which no hook is expected.
    Learn,
}

/// What a reading found that nobody had told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// The deal itself.
    Added,
    /// Another stage.
    Stage,
    /// Another price.
    Price,
    /// Other UTM values.
    Utm,
    /// Its deletion.
    Deleted,
    /// Its restoration.
    Restored,
}

impl Found {
    /// Its name in answers and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Stage => "stage",
            Self::Price => "price",
            Self::Utm => "utm",
            Self::Deleted => "deleted",
            Self::Restored => "restored",
        }
    }
}

/// An entry that a reading added to a deal's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Healed {
    /// The entry.
    pub entry: Entry,
    /// What it is about.
    pub found: Found,
}

/// What a reading does to a deal.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The deal as it is now.
    pub deal: Deal,
    /// What follows from it.
    pub writes: Writes,
    /// What was added, in the order in which it happened.
    pub healed: Vec<Healed>,
    /// What became of the sales, where they changed.
    pub verdict: Option<Verdict>,
}

/// Works out what a reading does to what is known of its deal; nothing where it says nothing new.
pub fn observe<'a>(
    prior: Option<&Deal>,
    id: DealId,
    seen: Seen<'_>,
    rules: impl Into<RulesFor<'a>>,
) -> Option<Observed> {
    let rules = rules.into();
    let mut deal = prior.cloned().unwrap_or_else(|| Deal::new(id));
    let before = ledger::sales_before(prior);
    let mut healed = vec![];
    let mut moves: Vec<&Move> = seen.moves.iter().collect();
    moves.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    for moved in moves {
        healed.extend(hear(&mut deal, moved, seen));
    }
    let sight = seen.sight.filter(|sight| is_news(&deal, sight));
    if let Some(sight) = sight {
        let looked = look(&mut deal, sight, seen);
        healed.extend(
            looked.into_iter().filter(|looked| !is_part_of(looked, &healed, &mut deal)).collect::<Vec<_>>(),
        );
        deal.was_made(sight.created_at);
        deal.people_asked &= healed.is_empty();
    }
    let mut deliveries = Deliveries::new();
    if let Purpose::Heal(told) = seen.purpose {
        // A deal of which there is nothing to see but its journal has been read in that.
        let heard_at = (sight.is_none() && !seen.moves.is_empty()).then_some(seen.now);
        let read_at = sight.map(|sight| sight.read_at).or(deal.asked_at()).max(heard_at);
        confirm(&mut deal, read_at, &mut deliveries);
        settle(&mut deal, &mut healed, told, &mut deliveries);
    }
    let counted = deal.read.as_ref().and_then(|read| read.counted.clone());
    if let Some(sight) = sight {
        let counts = (!sight.is_deleted).then(|| count_key(&deal, sight, rules.now));
        deal.read = Some(LastRead { read_at: sight.read_at, updated_at: sight.updated_at, counted: counts });
        deal.absent_at = None;
    }
    let cause = healed.last().map_or("read", |healed| healed.entry.id.as_str()).to_owned();
    let (mut deal, mut writes) = ledger::follow(deal, prior, &cause, seen.now, rules);
    writes.deliveries = deliveries;
    writes.deals =
        deal_counts::moved(counted.as_ref(), deal.read.as_ref().and_then(|read| read.counted.as_ref()));
    let is_new = !healed.is_empty()
        || !writes.put.is_empty()
        || !writes.deliveries.is_empty()
        || !writes.deals.is_empty()
        || prior.is_none_or(|prior| prior.unread_since().is_some() || prior.absent_at != deal.absent_at);
    if !is_new {
        return None;
    }
    deal.version += 1;
    let verdict = ledger::of_change(before, &deal.sales, |sales| sales.first().cloned());
    Some(Observed { deal, writes, healed, verdict })
}

/// Works out what it means that amoCRM was asked for a deal and showed none; nothing where that is known. A deal that it
/// once showed and shows no more has been deleted. One that it never showed may be of elsewhere: it stays as it is.
pub fn miss<'a>(
    prior: &Deal,
    asked_at: DateTime<Utc>,
    seen: Seen<'_>,
    rules: impl Into<RulesFor<'a>>,
) -> Option<Observed> {
    if prior.asked_at() >= Some(asked_at) || prior.history.iter().any(|entry| entry.at > asked_at) {
        return None;
    }
    let (mut deal, before) = (prior.clone(), &prior.sales);
    let counted = deal.read.as_ref().and_then(|read| read.counted.clone());
    let mut healed = vec![];
    if deal.read.is_some() && !Standing::of(&deal.history).is_deleted {
        let entry = Entry {
            action: Action::Delete,
            ..found(format!("gone-{}-{}", deal.id(), asked_at.timestamp()), asked_at, seen.now)
        };
        deal.history.push(entry.clone());
        healed.push(Healed { entry, found: Found::Deleted });
    }
    if let Some(read) = &mut deal.read {
        read.counted = None;
    }
    let mut deliveries = Deliveries::new();
    if let Purpose::Heal(told) = seen.purpose {
        if Standing::of(&deal.history).is_deleted {
            confirm(&mut deal, Some(asked_at), &mut deliveries);
        }
        settle(&mut deal, &mut healed, told, &mut deliveries);
    }
    deal.absent_at = Some(asked_at);
    let (mut deal, mut writes) = ledger::follow(deal, Some(prior), "gone", seen.now, rules.into());
    writes.deliveries = deliveries;
    writes.deals = deal_counts::moved(counted.as_ref(), None);
    deal.version += 1;
    let verdict = ledger::of_change(before, &deal.sales, |sales| sales.first().cloned());
    Some(Observed { deal, writes, healed, verdict })
}

/// Whether a sight may say anything: an older one than was seen already does not. Nor does one that looks otherwise though
/// amoCRM says that nothing has changed since: such a difference is for a person, and the reconciliation lists it.
fn is_news(deal: &Deal, sight: &Sight) -> bool {
    deal.read.as_ref().is_none_or(|read| {
        sight.read_at >= read.read_at
            && (sight.updated_at > read.updated_at
                // It may have changed once more within the second of that reading.
                || sight.updated_at >= read.read_at - ledger::SAME_CHANGE
                || deal.absent_at.is_some()
                // What came since may be wrong about now: a deletion counts from its hook's arrival, however late that is.
                || deal.is_told_after(read.read_at)
                || Standing::until(&deal.history, sight.read_at).agrees(sight))
    })
}

/// Looks at the deal as it stands; what that adds.
fn look(deal: &mut Deal, sight: &Sight, seen: Seen<'_>) -> Vec<Healed> {
    // amoCRM's clock may be ahead of ours.
    let known = Standing::until(&deal.history, sight.read_at.max(sight.updated_at));
    let unknown: Vec<_> =
        sight.readings.iter().filter(|reading| !deal.has_read(reading, sight.updated_at)).cloned().collect();
    let what = if known.is_deleted && !sight.is_deleted {
        Found::Restored
    } else if sight.is_deleted && !known.is_deleted && !deal.history.is_empty() {
        Found::Deleted
    } else if deal.history.is_empty() {
        Found::Added
    } else if !known.has_stage(sight) {
        Found::Stage
    } else if !known.has_price(sight) {
        Found::Price
    } else if !unknown.is_empty() {
        Found::Utm
    } else {
        return vec![];
    };
    // An entry that counts from its arrival may stand after what was read later: then the sight counts from its reading.
    let is_overtaken =
        deal.history.iter().any(|entry| entry.at > sight.updated_at && entry.at <= sight.read_at);
    let at = if is_overtaken || what == Found::Restored { sight.read_at } else { sight.updated_at };
    let id =
        |kind: &str, at: DateTime<Utc>| format!("{kind}-{}-{}-{}", deal.id(), at.timestamp(), sight.facts);
    let entry = Entry {
        action: match what {
            Found::Added => Action::Add,
            Found::Restored => Action::Restore,
            _ if sight.is_deleted => Action::Delete,
            _ => Action::Update,
        },
        stage: Some(sight.stage),
        old_stage: known.stage.filter(|old| *old != sight.stage),
        pipeline: Some(sight.pipeline),
        price: sight.price,
        ..found(id("read", at), at, seen.now)
    };
    if deal.history.iter().any(|known| known.id == entry.id) {
        return vec![];
    }
    let mut healed = vec![];
    // The deal came to its end before it was last touched, and nobody has told of that.
    let is_end = matches!(sight.stage, WON | LOST);
    let ended =
        sight.closed_at.filter(|closed| is_end && *closed < at && !known.has_stage(sight) && !is_overtaken);
    if let Some(closed) = ended.filter(|_| !sight.is_deleted) {
        let id = id("closed", closed);
        let entry =
            Entry { action: Action::Status, price: None, ..Entry { id, at: closed, ..entry.clone() } };
        healed.push(Healed { entry, found: Found::Stage });
    }
    for reading in unknown {
        deal.note(Stamped { reading, at: entry.at, event_id: entry.id.clone() });
    }
    deal.readings.sort_by(|a, b| a.reading.cmp(&b.reading));
    healed.push(Healed { entry, found: what });
    deal.history.extend(healed.iter().map(|healed| healed.entry.clone()));
    healed
}

fn found(id: String, at: DateTime<Utc>, now: DateTime<Utc>) -> Entry {
    Entry {
        id,
        route: Route::Sales,
        origin: Origin::Read,
        action: Action::Update,
        stage: None,
        old_stage: None,
        pipeline: None,
        price: None,
        at,
        received_at: now,
        counted: Counted::NotYet,
    }
}

fn count_key(deal: &Deal, sight: &Sight, rules: &Rules) -> DealCountKey {
    DealCountKey {
        team: ledger::trail(deal, &deal.values(), rules).team,
        day: Day::of(deal.created_at.unwrap_or(sight.updated_at)),
        pipeline: sight.pipeline,
        stage: sight.stage,
    }
}

#[cfg(test)]
#[path = "observe_tests.rs"]
mod tests;
