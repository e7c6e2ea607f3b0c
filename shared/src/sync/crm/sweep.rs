//! Reading amoCRM's deals into the ledger, page by page.
//!
//! Pages come with what changed last in front: a deal that changes meanwhile moves to a page that was read, so pages repeat
//! deals and skip none. It is in the next reading too, which begins before this one did. Nothing is remembered from page to
//! page but what the journal says: memory does not grow with the deals.
//!
//! Limitation: a deal that is taken out of the list while it is read lets the next page begin one later, so that one deal
//! may be skipped; the nightly reading of the month finds it.
//!
//! Limitation: which fields hold UTM values is told by the rules in force when the reading began. Values in a field that is
//! added meanwhile are found by a later reading.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use serde::Serialize;

use super::amocrm::AmoCrm;
use super::people::Stranger;
use super::stop::Stop;
use super::wiring::Source;
use crate::domain::crm::sight::{Move, Sight};
use crate::domain::deal::Deal;
use crate::domain::event::DealId;
use crate::domain::observe::{Purpose, Seen};
use crate::domain::rulebook::Rulebook;
use crate::edge::clock;
use crate::neighbours::amocrm::api::{Filtered, Sightings, Span, Wanted};
use crate::store::StoreError;
use crate::store::ledger::{Ledger, Reading};

/// So many deals are stored at the same time.
const AT_ONCE: usize = 16;

/// No account has more pages than this; one that seems to is repeating itself.
const MOST_PAGES: u32 = 4_000;

/// Of the journal no more pages are read at once: some twenty thousand moves. What is older shows in the deals themselves.
const MOST_JOURNAL_PAGES: u32 = 200;

/// So many moves of one deal go into one transaction.
const MOST_MOVES: usize = 40;

/// What a reading came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Pages of deals.
    pub pages: u32,
    /// Deals on them.
    pub deals: u64,
    /// Deals of which anything was stored.
    pub stored: u64,
    /// Things that nobody had told.
    pub healed: u64,
    /// New sales.
    pub recorded: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// Whether amoCRM has ignored a filter, so that more was read than asked for.
    pub filters_ignored: bool,
    /// Whether more happened than is heard at once: older moves show in the deals themselves.
    pub journal_cut: bool,
    /// Whether amoCRM does not let us read its journal.
    pub journal_refused: bool,
}

impl Swept {
    /// All of another reading is counted here too.
    pub fn add(&mut self, other: &Self) {
        self.pages += other.pages;
        self.deals += other.deals;
        self.stored += other.stored;
        self.healed += other.healed;
        self.recorded += other.recorded;
        self.unreadable += other.unreadable;
        self.filters_ignored |= other.filters_ignored;
        self.journal_cut |= other.journal_cut;
        self.journal_refused |= other.journal_refused;
    }
}

/// A reading.
pub struct Sweep<'a> {
    /// What it is done with.
    pub source: &'a Source,
    /// The way to amoCRM.
    pub crm: &'a AmoCrm<'a>,
    /// Whose deals.
    pub account: u64,
    /// What for.
    pub purpose: Purpose,
    /// What it came to so far.
    pub swept: Swept,
    /// Deals with a sale that is nobody's, and whose people were not looked for.
    pub strangers: Vec<Stranger>,
    /// The rules in force when it began, and those that deals it met stand by.
    pub book: Arc<Rulebook>,
    moves: BTreeMap<u64, Vec<Move>>,
}

impl<'a> Sweep<'a> {
    /// Begins by asking whose deals the token shows: rows need not say so, and the configured account may be another. To be
    /// refused here is to be refused everywhere.
    pub async fn begin(source: &'a Source, crm: &'a AmoCrm<'a>, purpose: Purpose) -> Result<Self, Stop> {
        let Ok(configured) = source.account() else {
            return Err(Stop::Later("amoCRM's address or account is not configured".to_owned()));
        };
        let account = crm.read(async |amocrm| amocrm.account().await).await?;
        if account != configured {
            tracing::warn!(account, configured, "the token is of another account than AMOCRM_ACCOUNTS names");
        }
        let (swept, strangers, moves) = (Swept::default(), vec![], BTreeMap::new());
        let book = source.rules.fresh().await?;
        Ok(Self { book, source, crm, account, purpose, swept, strangers, moves })
    }

    /// What reading now depends on.
    pub(super) fn context(&self) -> Sightings<'_> {
        Sightings {
            account: self.account,
            utm_fields: &self.book.now().products.utm_fields,
            read_at: clock::now(),
        }
    }

    /// Hears amoCRM's journal of a time. What it says of a deal goes in together with the deal.
    pub async fn journal(&mut self, span: Span) -> Result<(), Stop> {
        for page in 1..=MOST_JOURNAL_PAGES {
            let context = self.context();
            let asked = self.crm.read(async |amocrm| amocrm.moves(span, page, &context).await).await;
            let found = match asked {
                Err(Stop::Gone(said)) => {
                    tracing::warn!(
                        said,
                        "amoCRM does not show its journal: moves between two looks stay unseen"
                    );
                    self.swept.journal_refused = true;
                    return Ok(());
                }
                asked => asked?,
            };
            self.note(&found);
            // Where amoCRM ignores the time, what comes is of any: after a page without a wanted move the rest is left.
            let is_past = found.ignored && found.page.items.is_empty();
            for moved in found.page.items {
                self.moves.entry(moved.deal.lead).or_default().push(moved);
            }
            if !found.page.has_next || is_past {
                return Ok(());
            }
        }
        tracing::warn!(pages = MOST_JOURNAL_PAGES, "the journal is too long to be heard to its end at once");
        self.swept.journal_cut = true;
        Ok(())
    }

    /// Reads the deals that were asked for, and stores each page before the next is asked for.
    pub async fn deals(&mut self, wanted: Wanted<'_>) -> Result<(), Stop> {
        for page in 1..=MOST_PAGES {
            let context = self.context();
            let found = self.crm.read(async |amocrm| amocrm.sights(&wanted, page, &context).await).await?;
            self.note(&found);
            self.swept.pages += 1;
            // Without its filter amoCRM goes on to deals that changed before; none of those after them is wanted.
            let is_past = found.ignored && !found.unordered && matches!(wanted, Wanted::Changed(_));
            let has_next = found.page.has_next && !is_past;
            self.take(found.page.items).await?;
            if !has_next {
                return Ok(());
            }
        }
        Err(Stop::Later("amoCRM's list of deals has no end".to_owned()))
    }

    /// Takes in what the journal said of deals that were on no page.
    pub async fn rest_of_journal(&mut self) -> Result<(), Stop> {
        let rest: Vec<(u64, Vec<Move>)> = std::mem::take(&mut self.moves).into_iter().collect();
        let ids: Vec<DealId> = rest.iter().map(|(lead, _)| self.id(*lead)).collect();
        let mut known = self.known(&ids).await?;
        for (lead, moves) in rest {
            let id = self.id(lead);
            let prior = known.remove(&id);
            let reading = hear(&self.source.ledger, prior, id, None, &moves, self.purpose).await?;
            self.count(reading.as_ref());
        }
        Ok(())
    }

    /// Stores deals as they were seen.
    pub async fn take(&mut self, sights: Vec<Sight>) -> Result<(), Stop> {
        let ids: Vec<DealId> = sights.iter().map(|sight| sight.deal).collect();
        let mut known = self.known(&ids).await?;
        let mut work = vec![];
        let mut taken = BTreeSet::new();
        for sight in sights.into_iter().filter(|sight| taken.insert(sight.deal)) {
            let moves = self.moves.remove(&sight.deal.lead).unwrap_or_default();
            work.push((known.remove(&sight.deal), sight, moves));
        }
        self.swept.deals += work.len() as u64;
        let (ledger, purpose) = (&self.source.ledger, self.purpose);
        let work = work.into_iter().map(async |(prior, sight, moves): (Option<Deal>, Sight, Vec<Move>)| {
            let reading = hear(ledger, prior.clone(), sight.deal, Some(&sight), &moves, purpose).await?;
            Ok::<_, Stop>((prior, sight, reading))
        });
        let done: Vec<_> = stream::iter(work).buffer_unordered(AT_ONCE).try_collect().await?;
        for (prior, sight, reading) in done {
            self.count(reading.as_ref());
            let deal = reading.map(|reading| reading.deal).or(prior);
            self.strangers.extend(deal.and_then(|deal| Stranger::of(&deal, &sight)));
        }
        Ok(())
    }

    /// What the ledger knows of these deals.
    pub(super) async fn known(&self, ids: &[DealId]) -> Result<BTreeMap<DealId, Deal>, Stop> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let deals = self.source.sales.deals(&ids).await?;
        Ok(deals.into_iter().map(|deal| (deal.id(), deal)).collect())
    }

    /// One more reading was stored, or said nothing new.
    pub(super) fn count(&mut self, reading: Option<&Reading>) {
        let Some(reading) = reading else { return };
        self.swept.stored += 1;
        self.swept.healed += reading.healed.len() as u64;
        self.swept.recorded += u64::from(reading.is_recorded());
        for healed in &reading.healed {
            tracing::info!(
                deal = %reading.deal.id(),
                found = healed.found.as_str(),
                happened_at = %healed.entry.at,
                "amoCRM says what nobody had told"
            );
        }
    }

    fn note<T>(&mut self, found: &Filtered<T>) {
        self.swept.unreadable += found.unreadable as u64;
        if found.ignored && !self.swept.filters_ignored {
            tracing::warn!("amoCRM ignores a filter: what is read is looked through by ourselves");
        }
        self.swept.filters_ignored |= found.ignored;
    }

    fn id(&self, lead: u64) -> DealId {
        DealId { account: self.account, lead }
    }
}

/// Takes in a deal with its moves, so many at once as fit a transaction.
async fn hear(
    ledger: &Ledger,
    mut prior: Option<Deal>,
    id: DealId,
    sight: Option<&Sight>,
    moves: &[Move],
    purpose: Purpose,
) -> Result<Option<Reading>, StoreError> {
    let mut moves: Vec<Move> = moves.to_vec();
    moves.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let last = moves.len().saturating_sub(1) / MOST_MOVES * MOST_MOVES;
    let (earlier, last) = moves.split_at(last.min(moves.len()));
    let mut heard: Option<Reading> = None;
    let parts = earlier.chunks(MOST_MOVES).map(|moves| (None, moves)).chain([(sight, last)]);
    for (sight, moves) in parts {
        let seen = Seen { sight, moves, purpose, now: clock::now() };
        if let Some(reading) = ledger.observe(prior.clone(), id, seen).await? {
            prior = Some(reading.deal.clone());
            heard = Some(reading.after(heard));
        }
    }
    Ok(heard)
}
