//! The ledger: one transaction per event, all of it or nothing.
//!
//! The protocol, for any number of writers of one deal:
//!
//! 1. Work the change out from what is known of the deal; at first, as if nothing were.
//! 2. Write in one `TransactWriteItems`: the event's claim (must not exist), its raw hook, the deal (must not exist, or
//!    must have the version that was read), its sales, the counters' deltas, the message that tells of a new sale, and the
//!    condition that the rules by which all this was worked out are still in force.
//! 3. The claim failed: the event was seen before; the failed write returned its record. Done.
//! 4. The deal failed: someone wrote it; the failed write returned it. Go to 1 with it.
//! 5. The rules failed: they are no longer those in force. Read them, and go to 1. What else was read by them is read
//!    anew, too: the values among the event's fields, and the ads in them.
//! 6. A key was in another transaction at that moment: wait a little, with jitter, and go to 2.
//!
//! Limitation: a deal is one item of at most 400 KB, enough for some 1,500 events.

mod conflict;
mod items;
mod mend;
mod moves;
mod observe;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::TransactWriteItem;
use chrono::{DateTime, TimeDelta, Utc};
use std::borrow::Cow;
use std::sync::Arc;

use super::StoreError;
use super::ads::Ads;
use super::contention::{MAX_ATTEMPTS, pause, pauses};
use super::counters;
use super::events::EventRecord;
use super::outbox;
use super::raw::RawHook;
use super::rules::RuleBooks;
use super::{deal_counts, deliveries};
use crate::domain::deal::Deal;
use crate::domain::event::{DealEvent, DealId, Origin};
use crate::domain::landing_lead::LandingLead;
use crate::domain::ledger::{self, Outcome, Verdict, Writes};
use crate::domain::notification::{Channel, Notification, Subject};
use crate::domain::rulebook::Rulebook;
use crate::domain::rules::{Rules, RulesFor, RulesVersion};
use crate::domain::team::Team;
use conflict::Conflict;

pub use observe::Reading;

/// The campaign of messages that tell of sales.
const OF_SALES: &str = "sales";

/// A sale that we find ourselves is news for so long.
const NEWS: TimeDelta = TimeDelta::hours(24);

/// Writes the ledger.
#[derive(Debug, Clone)]
pub struct Ledger {
    client: Client,
    tables: LedgerTables,
    ads: Ads,
    rules: RuleBooks,
}

/// The tables that one event writes.
#[derive(Debug, Clone)]
pub struct LedgerTables {
    /// Claims and raw hooks.
    pub events: String,
    /// Deals and sales.
    pub sales: String,
    /// The funnel by day and team.
    pub counters: String,
    /// Messages that are to be sent.
    pub notifications: String,
}

impl Ledger {
    /// Over these tables, by these rules, with the ads that are known.
    pub fn new(client: Client, tables: LedgerTables, ads: Ads, rules: RuleBooks) -> Self {
        Self { client, tables, ads, rules }
    }

    /// The rules as they are known here. They may have been replaced meanwhile: whatever is written finds that out.
    pub async fn rules(&self) -> Result<Arc<Rulebook>, StoreError> {
        self.rules.known().await
    }

    /// Works with the rules that a deal stands by and those in force, as this book knows them; the version of the latter.
    async fn by_rules<T>(
        &self,
        book: Arc<Rulebook>,
        prior: Option<&Deal>,
        work: impl FnOnce(RulesFor<'_>) -> T,
    ) -> Result<(RulesVersion, T), StoreError> {
        let standing = prior.map(|prior| prior.rules);
        let book = self.rules.with(book, standing).await?;
        let worked = book.work(standing, work).map(|worked| (book.now().version, worked));
        worked.ok_or_else(|| StoreError::item("the rules", &"those that a deal stands by are not kept"))
    }

    /// Takes in an event of a deal: `read` tells it as it is read by given rules, which must not change what it is. `record`
    /// describes it; its verdict is worked out here. `timeless` is the id that it shares with identical events, if it has no
    /// time of its own.
    pub async fn record<'a>(
        &self,
        read: impl Fn(&Rules) -> Cow<'a, DealEvent>,
        record: &EventRecord,
        timeless: Option<&str>,
        raw: Option<&RawHook<'_>>,
    ) -> Result<Verdict, StoreError> {
        let mut known: Option<(RulesVersion, Cow<'a, DealEvent>)> = None;
        let mut prior: Option<Deal> = None;
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            let book = self.rules.known().await?;
            let event = match known.take().filter(|(by, _)| *by == book.now().version) {
                Some((_, event)) => event,
                None => self.with_ad_accounts(read(book.now()), &book.now().teams).await?,
            };
            let (_, event) = known.insert((book.now().version, event));
            let work = |rules: RulesFor<'_>| ledger::apply(prior.as_ref(), event, &record.id, rules);
            let (rules, change) = self.by_rules(book, prior.as_ref(), work).await?;
            let record = EventRecord { verdict: change.verdict.clone(), ..record.clone() };
            let mut writes = self.claims(&record, timeless, raw)?;
            let claims = writes.len();
            writes.extend(self.writes(&change.deal, prior.as_ref(), &change.writes)?);
            if let Some(message) = news(&change.verdict, &record) {
                writes.push(outbox::write(&self.tables.notifications, &message)?);
            }
            writes.push(self.rules.check(rules, event.deal.lead)?);
            match self.write(&record.id, writes, claims).await? {
                Ok(()) => return Ok(change.verdict),
                Err(Conflict::Seen(verdict)) => return Ok(duplicate(verdict)),
                Err(Conflict::Changed(deal)) => prior = Some(*deal),
                Err(Conflict::Rules) => self.rules.fresh().await.map(drop)?,
                Err(Conflict::Busy) => pause(&mut pauses).await,
            }
        }
        Err(StoreError::Contended { doing: format!("event {}", record.id), attempts: MAX_ATTEMPTS })
    }

    /// Takes in that a form is behind a deal, with what follows for the deal's sales. To be told twice changes nothing.
    pub async fn link(&self, id: DealId, lead: &LandingLead, now: DateTime<Utc>) -> Result<(), StoreError> {
        let doing = format!("lead {} of deal {id}", lead.lead_id);
        self.follow(None, doing, |prior, rules| ledger::link(prior, id, lead, now, rules)).await
    }

    /// Takes in that the people behind a deal were looked for, and none of them ever filled in one of our forms.
    pub async fn nobody_known(&self, deal: Deal, now: DateTime<Utc>) -> Result<(), StoreError> {
        let doing = format!("people of deal {}", deal.id());
        self.follow(Some(deal), doing, |deal, rules| ledger::nobody_known(deal?, now, rules)).await
    }

    /// Writes what follows for a deal from something that is no event of it; nothing where nothing does.
    async fn follow(
        &self,
        mut prior: Option<Deal>,
        doing: String,
        work: impl Fn(Option<&Deal>, RulesFor<'_>) -> Option<(Deal, Writes)>,
    ) -> Result<(), StoreError> {
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            let book = self.rules.known().await?;
            let (rules, worked) =
                self.by_rules(book, prior.as_ref(), |rules| work(prior.as_ref(), rules)).await?;
            let Some((deal, writes)) = worked else { return Ok(()) };
            let mut writes = self.writes(&deal, prior.as_ref(), &writes)?;
            writes.push(self.rules.check(rules, deal.lead)?);
            match self.write(&doing, writes, 0).await? {
                Ok(()) => return Ok(()),
                Err(Conflict::Changed(deal)) => prior = Some(*deal),
                Err(Conflict::Rules) => self.rules.fresh().await.map(drop)?,
                Err(Conflict::Seen(_) | Conflict::Busy) => pause(&mut pauses).await,
            }
        }
        Err(StoreError::Contended { doing, attempts: MAX_ATTEMPTS })
    }

    /// The writes of a deal and of what follows from it; the deal's version guards them all.
    fn writes(
        &self,
        deal: &Deal,
        prior: Option<&Deal>,
        writes: &Writes,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut all = vec![items::deal(&self.tables.sales, deal, prior)?];
        all.extend(items::sales(&self.tables.sales, writes)?);
        let (table, shard) = (&self.tables.counters, counters::shard(deal.lead));
        all.extend(counters::writes(table, shard, &writes.counters)?);
        all.extend(deliveries::writes(table, shard, &writes.deliveries)?);
        all.extend(deal_counts::writes(table, shard, &writes.deals)?);
        Ok(all)
    }

    /// The event with the ad accounts that ids in its values belong to, where nothing else gives it one of these teams. What
    /// was found is kept with the event, so that what follows from it stays the same however many ads become known later.
    async fn with_ad_accounts<'a>(
        &self,
        mut event: Cow<'a, DealEvent>,
        teams: &[Team],
    ) -> Result<Cow<'a, DealEvent>, StoreError> {
        for (place, account) in self.ads.named_in(&event.readings, teams).await? {
            if let Some(reading) = event.to_mut().readings.get_mut(place) {
                reading.ad_account.get_or_insert(account);
            }
        }
        Ok(event)
    }

    /// Keeps an event that is none of a deal: what is no lead, and what cannot be read.
    pub async fn note(&self, record: &EventRecord, raw: Option<&RawHook<'_>>) -> Result<Verdict, StoreError> {
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            let writes = self.claims(record, None, raw)?;
            let claims = writes.len();
            match self.write(&record.id, writes, claims).await? {
                Ok(()) => return Ok(record.verdict.clone()),
                Err(Conflict::Seen(verdict)) => return Ok(duplicate(verdict)),
                Err(Conflict::Changed(_) | Conflict::Rules | Conflict::Busy) => pause(&mut pauses).await,
            }
        }
        Err(StoreError::Contended { doing: format!("event {}", record.id), attempts: MAX_ATTEMPTS })
    }

    /// Keeps a raw hook on its own: one that does not fit its events' transactions.
    pub async fn keep(&self, raw: &RawHook<'_>) -> Result<(), StoreError> {
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            match self.write(raw.id, raw.writes(&self.tables.events)?, 0).await? {
                Ok(()) => return Ok(()),
                // A copy of the same hook is being kept at this moment.
                Err(_) => pause(&mut pauses).await,
            }
        }
        Err(StoreError::Contended { doing: format!("raw hook {}", raw.id), attempts: MAX_ATTEMPTS })
    }

    /// The writes that come first in every transaction: claims, then the raw hook.
    fn claims(
        &self,
        record: &EventRecord,
        timeless: Option<&str>,
        raw: Option<&RawHook<'_>>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut writes = vec![record.claim(&self.tables.events)?];
        if let Some(kind) = timeless {
            writes.push(record.claim_timeless(&self.tables.events, kind)?);
        }
        if let Some(raw) = raw {
            writes.extend(raw.writes(&self.tables.events)?);
        }
        Ok(writes)
    }

    async fn write(
        &self,
        id: &str,
        writes: Vec<TransactWriteItem>,
        claims: usize,
    ) -> Result<Result<(), Conflict>, StoreError> {
        let sent = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        let Err(error) = sent else { return Ok(Ok(())) };
        match conflict_of(&error, claims)? {
            Some(conflict) => Ok(Err(conflict)),
            None => Err(StoreError::call(format!("transaction of {id}"), &error)),
        }
    }
}

fn conflict_of<R>(
    error: &SdkError<TransactWriteItemsError, R>,
    claims: usize,
) -> Result<Option<Conflict>, StoreError> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            conflict::of(cancelled.cancellation_reasons(), claims)
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => Ok(Some(Conflict::Busy)),
        _ => Ok(None),
    }
}

/// The message that tells of a sale when it is first recorded.
///
/// What we find ourselves, or take in by a replay, is told of while it is news; the past is not.
pub fn news(verdict: &Verdict, record: &EventRecord) -> Option<Notification> {
    let sale_id = verdict.sale_id.as_ref().filter(|_| verdict.outcome == Outcome::Recorded)?;
    let now = record.replayed_at.unwrap_or(record.received_at);
    let is_fresh = || record.happened_at.is_some_and(|at| now - at <= NEWS);
    match record.origin {
        Origin::Hook if record.replayed_at.is_none() => {}
        Origin::Hook | Origin::Read | Origin::Journal if is_fresh() => {}
        Origin::Hook | Origin::Read | Origin::Journal | Origin::History => return None,
    }
    let subject = Subject::Sale { sale_id: sale_id.clone(), raw_id: record.raw_id.clone() };
    Some(Notification::new(Channel::Telegram, &record.id, subject, OF_SALES, now, now))
}

fn duplicate(first: Verdict) -> Verdict {
    Verdict { outcome: Outcome::Duplicate, reason: None, ..first }
}
