//! From a raw body to the verdict on everything in it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::stream::{self, StreamExt};
use tokio::time::Instant;

use super::as_read::AsRead;
use super::came::Came;
use super::results::of_outcome;
use crate::domain::event::{DealId, Origin, Route};
use crate::domain::ledger::{Ignored, Outcome, Verdict};
use crate::domain::rules::Rules;
use crate::neighbours::amocrm::account::KnownAccounts;
use crate::neighbours::amocrm::hook::{Content, Item};
use crate::neighbours::amocrm::identity;
use crate::store::StoreError;
use crate::store::events::EventRecord;
use crate::store::ledger::{self, Ledger};
use crate::store::outbox::Due;
use crate::store::queue::Queue;
use crate::store::raw::RawHook;

/// So many deals of one body are stored at the same time.
const DEALS_AT_ONCE: usize = 32;

/// What became of one item.
pub type Fate = Result<Verdict, StoreError>;

/// What became of a body.
#[derive(Debug)]
pub enum Taken {
    /// It is amoCRM's: each item with its fate.
    Items(Vec<(Item, Fate)>),
    /// It holds nothing of amoCRM's; its problems, and whether it could be kept.
    Nothing {
        /// What is wrong with it.
        problems: Vec<String>,
        /// Whether it was kept raw.
        kept: Fate,
    },
}

impl Taken {
    /// The outcomes of what was kept.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        let fates: Vec<&Fate> = match self {
            Self::Items(items) => items.iter().map(|(_, fate)| fate).collect(),
            Self::Nothing { kept, .. } => vec![kept],
        };
        fates.into_iter().filter_map(|fate| fate.as_ref().ok()).map(|verdict| verdict.outcome)
    }

    /// The store's failure, if any part could not be kept.
    pub fn failure(&self) -> Option<&StoreError> {
        match self {
            Self::Items(items) => items.iter().find_map(|(_, fate)| fate.as_ref().err()),
            Self::Nothing { kept, .. } => kept.as_ref().err(),
        }
    }
}

/// Takes in bodies.
#[derive(Debug, Clone)]
pub struct Intake {
    ledger: Arc<Ledger>,
    accounts: Arc<KnownAccounts>,
    messages: Queue,
}

/// What all items of one body share.
#[derive(Clone, Copy)]
struct Delivery<'a> {
    route: Route,
    received_at: DateTime<Utc>,
    raw_id: &'a str,
    /// The body as it was taken apart.
    read: &'a AsRead<'a>,
    /// The raw hook, where it rides with its only item.
    raw: Option<&'a RawHook<'a>>,
    /// When it is taken in again, where it is.
    replayed_at: Option<DateTime<Utc>>,
    deadline: Instant,
}

impl Intake {
    /// Into this ledger, from these accounts; messages that tell of sales go to this queue.
    pub fn new(ledger: Ledger, accounts: KnownAccounts, messages: Queue) -> Self {
        Self { ledger: Arc::new(ledger), accounts: Arc::new(accounts), messages }
    }

    /// Takes in a body. Whatever is not in the store within `time` counts as refused: its transaction may yet be
    /// written, and then the retry finds the event claimed.
    pub async fn take(
        &self,
        route: Route,
        received_at: DateTime<Utc>,
        bytes: &[u8],
        time: Duration,
    ) -> Taken {
        let deadline = Instant::now() + time;
        let (read, items) = self.read(route, received_at, bytes, deadline).await;
        let raw_id = identity::digest([route.as_str().as_bytes(), bytes]);
        let raw = RawHook { id: &raw_id, body: bytes, received_at };
        let rides = items.len() <= 1 && raw.is_small();
        let delivery = Delivery {
            route,
            received_at,
            raw_id: &raw_id,
            read: &read,
            raw: rides.then_some(&raw),
            replayed_at: None,
            deadline,
        };
        if !rides && let Err(error) = self.keep(&raw, deadline).await {
            return refused(items, read.problems(), error);
        }
        self.take_all(items, delivery).await
    }

    /// Takes in, at `now`, a body that came long ago and is kept, by today's code and rules. It counts from when it came. What
    /// was taken in before is found claimed; the body itself is left as it is kept.
    pub async fn take_again(
        &self,
        came: &Came<'_>,
        bytes: &[u8],
        now: DateTime<Utc>,
        time: Duration,
    ) -> Taken {
        let Came { route, received_at, raw_id } = *came;
        let deadline = Instant::now() + time;
        let (read, items) = self.read(route, received_at, bytes, deadline).await;
        let (read, replayed_at) = (&read, Some(now));
        let delivery = Delivery { route, received_at, raw_id, read, raw: None, replayed_at, deadline };
        self.take_all(items, delivery).await
    }

    async fn read(
        &self,
        route: Route,
        received_at: DateTime<Utc>,
        bytes: &[u8],
        deadline: Instant,
    ) -> (AsRead<'_>, Vec<Item>) {
        // Where the rules cannot be read nothing can be written either, and all of this is done again from the queue.
        let book = in_time(deadline, self.ledger.rules()).await.unwrap_or_default();
        AsRead::by(book.now(), bytes, (route, received_at), &self.accounts)
    }

    async fn take_all(&self, items: Vec<Item>, delivery: Delivery<'_>) -> Taken {
        if items.is_empty() {
            let problems = nothing_in(delivery.read.problems());
            let kept = self.quarantine(delivery, problems.clone()).await;
            return Taken::Nothing { problems, kept };
        }
        Taken::Items(self.take_items(items, delivery).await)
    }

    async fn keep(&self, raw: &RawHook<'_>, deadline: Instant) -> Result<(), StoreError> {
        in_time(deadline, self.ledger.keep(raw)).await
    }

    async fn quarantine(&self, delivery: Delivery<'_>, problems: Vec<String>) -> Fate {
        let record = record(delivery, delivery.raw_id, "none", None, problems, quarantined());
        in_time(delivery.deadline, self.ledger.note(&record, delivery.raw)).await
    }

    /// Items of one deal go one after the other, so that the first of them makes the sale; deals, and what is none,
    /// go side by side.
    async fn take_items(&self, items: Vec<Item>, delivery: Delivery<'_>) -> Vec<(Item, Fate)> {
        let mut groups: BTreeMap<Result<DealId, usize>, Vec<(usize, Item)>> = BTreeMap::new();
        for (place, item) in items.into_iter().enumerate() {
            let deal = match &item.content {
                Content::Deal(event) => Ok(event.deal),
                Content::NotALead(_) | Content::Unreadable(_) => Err(place),
            };
            groups.entry(deal).or_default().push((place, item));
        }
        let groups = stream::iter(groups.into_values()).map(|group| async move {
            let mut taken = Vec::with_capacity(group.len());
            for (place, item) in group {
                let fate = in_time(delivery.deadline, self.take_item(place, &item, delivery)).await;
                taken.push((place, item, fate));
            }
            taken
        });
        let taken: Vec<Vec<_>> = groups.buffer_unordered(DEALS_AT_ONCE).collect().await;
        let mut taken: Vec<_> = taken.into_iter().flatten().collect();
        taken.sort_by_key(|(place, _, _)| *place);
        taken.into_iter().map(|(_, item, fate)| (item, fate)).collect()
    }

    /// Has the message of a new sale sent now. Its row is stored, so a message that is lost here is only late.
    async fn tell(&self, verdict: &Verdict, record: &EventRecord, deadline: Instant) {
        let Some(message) = ledger::news(verdict, record) else { return };
        let due = Due::of(&message);
        if let Err(error) = in_time(deadline, self.messages.send(&due, Duration::ZERO)).await {
            tracing::warn!(error = %error, "a sale is told of only when the sweeper finds its message");
        }
    }

    async fn take_item(&self, place: usize, item: &Item, delivery: Delivery<'_>) -> Fate {
        let problems = item.problems.clone();
        match &item.content {
            Content::Deal(event) => {
                let id = identity::of_event(event);
                let record = EventRecord {
                    account: Some(event.deal.account),
                    lead_id: Some(event.deal.lead),
                    happened_at: Some(event.at()),
                    ..record(delivery, &id.id, &item.action, item.lead_id, problems, quarantined())
                };
                let read = |rules: &Rules| delivery.read.event(place, event, rules);
                let verdict = self.ledger.record(read, &record, id.timeless.as_deref(), delivery.raw).await?;
                self.tell(&verdict, &record, delivery.deadline).await;
                Ok(verdict)
            }
            Content::NotALead(id) => {
                let verdict = Verdict::ignored(Ignored::NotALead);
                let record = record(delivery, id, &item.action, item.lead_id, problems, verdict);
                self.ledger.note(&record, delivery.raw).await
            }
            Content::Unreadable(id) => {
                let record = record(delivery, id, &item.action, item.lead_id, problems, quarantined());
                self.ledger.note(&record, delivery.raw).await
            }
        }
    }
}

/// Nothing of the body was kept.
fn refused(items: Vec<Item>, problems: &[String], error: StoreError) -> Taken {
    if items.is_empty() {
        return Taken::Nothing { problems: nothing_in(problems), kept: Err(error) };
    }
    let said = error.to_string();
    let fate = || Err(StoreError::Call { doing: "keeping the raw hook".to_owned(), said: said.clone() });
    Taken::Items(items.into_iter().map(|item| (item, fate())).collect())
}

fn nothing_in(problems: &[String]) -> Vec<String> {
    let mut problems = problems.to_vec();
    problems.push("no lead, contact or other entity of amoCRM is in it".to_owned());
    problems
}

fn quarantined() -> Verdict {
    of_outcome(Outcome::Quarantined)
}

fn record(
    delivery: Delivery<'_>,
    id: &str,
    action: &str,
    lead_id: Option<u64>,
    problems: Vec<String>,
    verdict: Verdict,
) -> EventRecord {
    EventRecord {
        id: id.to_owned(),
        route: delivery.route,
        origin: Origin::Hook,
        action: action.chars().take(40).collect(),
        account: None,
        lead_id,
        happened_at: None,
        received_at: delivery.received_at,
        raw_id: delivery.raw_id.to_owned(),
        problems,
        healed: None,
        replayed_at: delivery.replayed_at,
        verdict,
    }
}

async fn in_time<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout_at(deadline, work)
        .await
        .unwrap_or_else(|_| Err(StoreError::OutOfTime { doing: "storing a hook".to_owned() }))
}

#[cfg(test)]
#[path = "intake_tests.rs"]
mod tests;
