//! What amoCRM shows of the days that are compared: the deals that were won in them, and those that the ledger has sales of.
//!
//! An account may have its filters switched off, and then amoCRM answers with anything at all. Then the deals are paged through
//! from the last change on, back to the beginning of the days: what was sold in them has changed in them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::Comparison;
use crate::domain::crm::sight::Sight;
use crate::domain::event::DealId;
use crate::domain::sale::Sale;
use crate::domain::stage::WON;
use crate::neighbours::amocrm::api::{Filtered, MOST_IDS, Span, Wanted};
use crate::sync::crm::stop::Stop;

/// A deal may be closed some days before or after the ledger has its sale.
const MARGIN: TimeDelta = TimeDelta::days(3);

/// No account has more pages of deals than this; one that seems to is repeating itself.
const MOST_PAGES: u32 = 4_000;

/// Deals as amoCRM shows them.
#[derive(Debug, Default)]
pub(super) struct Shown {
    sights: BTreeMap<DealId, Sight>,
    /// The deals that were asked for by themselves.
    asked: BTreeSet<DealId>,
}

impl Shown {
    /// One of them.
    pub(super) fn get(&self, id: DealId) -> Option<&Sight> {
        self.sights.get(&id)
    }

    /// All of them.
    pub(super) fn deals(&self) -> impl Iterator<Item = DealId> {
        self.sights.keys().copied()
    }

    /// Whether a deal was asked for by itself, whatever came of it.
    pub(super) fn was_asked(&self, id: DealId) -> bool {
        self.asked.contains(&id)
    }

    /// One more; of two the newer one counts.
    pub(super) fn put(&mut self, sight: Sight) {
        let known = self.sights.get(&sight.deal).map(|known| known.read_at);
        if known.is_none_or(|known| known <= sight.read_at) {
            self.sights.insert(sight.deal, sight);
        }
    }
}

/// Whether amoCRM has kept to what it was asked for.
enum Kept {
    Yes,
    No,
}

impl Comparison<'_> {
    /// Asks amoCRM for all of it.
    pub(super) async fn shown(&mut self, sales: &BTreeMap<DealId, Vec<Sale>>) -> Result<Shown, Stop> {
        let mut shown = Shown::default();
        if let Kept::No = self.won(&mut shown).await? {
            return self.all_changed(sales).await;
        }
        shown.asked = sales.keys().filter(|id| shown.get(**id).is_none()).copied().collect();
        let leads: Vec<u64> = shown.asked.iter().map(|id| id.lead).collect();
        if let Kept::No = self.by_id(&leads, &mut shown).await? {
            return self.all_changed(sales).await;
        }
        Ok(shown)
    }

    async fn won(&mut self, shown: &mut Shown) -> Result<Kept, Stop> {
        let pipelines = self.sweep.crm.read(async |amocrm| amocrm.pipelines().await).await?;
        let to = self.run.period.to.plus(1).start() + MARGIN;
        let closed = Span { to: Some(to), ..self.since() };
        for pipeline in pipelines.iter().map(|pipeline| pipeline.id) {
            if let Kept::No = self.pages(Wanted::Won { pipeline, closed }, shown).await? {
                return Ok(Kept::No);
            }
        }
        Ok(Kept::Yes)
    }

    async fn by_id(&mut self, leads: &[u64], shown: &mut Shown) -> Result<Kept, Stop> {
        for ids in leads.chunks(MOST_IDS) {
            if let Kept::No = self.pages(Wanted::Ids(ids), shown).await? {
                return Ok(Kept::No);
            }
        }
        Ok(Kept::Yes)
    }

    async fn pages(&mut self, wanted: Wanted<'_>, shown: &mut Shown) -> Result<Kept, Stop> {
        for page in 1..=MOST_PAGES {
            let found = self.page(&wanted, page).await?;
            if found.ignored {
                return Ok(Kept::No);
            }
            found.page.items.into_iter().for_each(|sight| shown.put(sight));
            if !found.page.has_next {
                return Ok(Kept::Yes);
            }
        }
        Err(endless())
    }

    /// Pages through what changed since, with or without a filter, and keeps what is compared.
    async fn all_changed(&mut self, sales: &BTreeMap<DealId, Vec<Sale>>) -> Result<Shown, Stop> {
        tracing::warn!("amoCRM ignores a filter: the deals of the days are looked for among all of them");
        self.sweep.swept.filters_ignored = true;
        let (span, mut shown) = (self.since(), Shown::default());
        let is_wanted = |sight: &Sight| {
            let is_won = sight.stage == WON && sight.closed_at.is_some_and(|at| span.holds(at));
            is_won || sales.contains_key(&sight.deal)
        };
        for page in 1..=MOST_PAGES {
            let found = self.page(&Wanted::Changed(span), page).await?;
            // What changed last comes first: behind a deal from before there are only others.
            let is_past = found.ignored && !found.unordered;
            let has_next = found.page.has_next && !is_past;
            found.page.items.into_iter().filter(&is_wanted).for_each(|sight| shown.put(sight));
            if !has_next {
                shown.asked = sales.keys().copied().collect();
                return Ok(shown);
            }
        }
        Err(endless())
    }

    async fn page(&mut self, wanted: &Wanted<'_>, page: u32) -> Result<Filtered<Sight>, Stop> {
        let context = self.sweep.context();
        let found = self.sweep.crm.read(async |amocrm| amocrm.sights(wanted, page, &context).await).await?;
        self.sweep.swept.unreadable += found.unreadable as u64;
        Ok(found)
    }

    fn since(&self) -> Span {
        Span { from: self.run.period.from.start() - MARGIN, to: None }
    }
}

fn endless() -> Stop {
    Stop::Later("amoCRM's list of deals does not end".to_owned())
}
