//! Compares the ledger's sales of the last days with amoCRM's, and puts right what can be.
//!
//! 1. The ledger's sales of the days; amoCRM's deals that were won in them, pipeline by pipeline; the deals of the other sales
//!    by their ids.
//! 2. Each deal is compared. One that is not alike is looked at once more, past every index.
//! 3. What amoCRM has changed since it was read goes into the ledger; a deal that it showed once and shows no more is asked for
//!    by itself and cancelled. Whatever else differs stays, and is named.
//! 4. The counters are compared with the sales.
//! 5. Days and state are stored. Where amoCRM cannot be read, all that was found out before stays, and only that is noted.
//!
//! Limitation: a deal that the ledger has never heard of is found only where it is won; the poll finds it in a configured
//! stage too.

mod mend;
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use self::mend::Apart;
use self::shown::Shown;
use super::amocrm::AmoCrm;
use super::stop::Stop;
use super::sweep::{Sweep, Swept};
use super::wiring::Source;
use crate::domain::counters::Basis;
use crate::domain::crm::subscriptions::HookFinding;
use crate::domain::day::{Day, Period};
use crate::domain::deal::Deal;
use crate::domain::delivery::Told;
use crate::domain::event::DealId;
use crate::domain::observe::Purpose;
use crate::domain::product::Product;
use crate::domain::reconciliation::{
    CounterGap, CountersCheck, Days, HookHealth, Look, Pair, Run, Sides, compare, compared_days, counter_gaps,
};
use crate::domain::rulebook::Rulebook;
use crate::domain::sale::{Sale, SaleId, State};
use crate::edge::caller::Scope;
use crate::edge::clock;
use crate::store::StoreError;
use crate::store::reconciliations::{Failure, GoodRun};
use crate::store::sales::Selection;

/// So many deals are held at once with all that is known of them.
const AT_ONCE: usize = 200;

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Deals that were compared.
    pub compared: usize,
    /// Those that were not alike.
    pub found: usize,
    /// Those of them that are now.
    pub mended: usize,
    /// Both sides, as they are now.
    pub sides: Sides,
    /// Counters that are not the sum of their sales.
    pub counter_gaps: usize,
    /// What was found and not dared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// What went into the ledger.
    #[serde(skip)]
    pub swept: Swept,
}

impl Report {
    /// Whether anything is not as it should be.
    pub fn is_red(&self) -> bool {
        self.sides.apart() != 0 || self.counter_gaps != 0
    }
}

/// Compares the last days. `now` is when the run begins.
pub async fn reconcile(
    source: &Source,
    crm: &AmoCrm<'_>,
    told: Told,
    now: DateTime<Utc>,
) -> Result<Report, Stop> {
    let done = reconcile_days(source, crm, Purpose::Heal(told), compared_days(now), now).await;
    if let Err(stop) = &done {
        not_read(source, now, stop).await?;
    }
    done
}

/// Notes that amoCRM could not be read in a run that began then. Our own failures are none of amoCRM's, and are noted as such.
pub async fn not_read(source: &Source, began_at: DateTime<Utc>, stop: &Stop) -> Result<(), StoreError> {
    match (source.account(), stop) {
        (Err(_), _) => Ok(()),
        (Ok(_), Stop::Store(_)) => {
            store_failed(source, began_at).await;
            Ok(())
        }
        (Ok(account), stop) => {
            let failure = Failure::Amocrm(stop.to_string());
            source.reconciliations.failed(account, began_at, failure).await
        }
    }
}

/// Notes that our own store failed in a run that began then. Where it does not take even that, only the log tells.
pub async fn store_failed(source: &Source, began_at: DateTime<Utc>) {
    let Ok(account) = source.account() else { return };
    if let Err(error) = source.reconciliations.failed(account, began_at, Failure::Store).await {
        tracing::error!(error = %error, "that our own store failed could not be noted");
    }
}

/// Keeps how amoCRM's hooks stand. Where it does not show its subscriptions, which it does not do while it is blocked either,
/// what was found before stays.
pub async fn hooks(source: &Source, findings: Option<Vec<HookFinding>>) -> Result<(), StoreError> {
    let Ok(account) = source.account() else { return Ok(()) };
    let health = HookHealth { findings, checked_at: clock::now() };
    source.reconciliations.hooks(account, &health).await
}

/// For how many seconds nobody has known whether both sides are equal; nothing where they were never compared.
pub async fn age_seconds(source: &Source, now: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
    let state = source.reconciliations.state().await?;
    Ok(state.last_good_at.map(|good| (now - good).num_seconds()))
}

/// Compares the days of a period that ends today or earlier. Only those that end today say how the comparing stands, and
/// have the counters compared too.
pub async fn reconcile_days(
    source: &Source,
    crm: &AmoCrm<'_>,
    purpose: Purpose,
    period: Period,
    now: DateTime<Utc>,
) -> Result<Report, Stop> {
    let Ok(account) = source.account() else {
        return Err(Stop::Later("amoCRM's address or account is not configured".to_owned()));
    };
    let sweep = Sweep::begin(source, crm, purpose).await?;
    let run = Run { period, began_at: now };
    Comparison { source, account, run, sweep, days: Days::new(period), report: Report::default() }.run().await
}

struct Comparison<'a> {
    source: &'a Source,
    account: u64,
    run: Run,
    sweep: Sweep<'a>,
    days: Days,
    report: Report,
}

/// What is known here of some deals.
struct Known {
    deals: BTreeMap<DealId, Deal>,
    sales: BTreeMap<DealId, Vec<Sale>>,
    /// The rules that the deals stand by are in it.
    book: Arc<Rulebook>,
}

impl Known {
    async fn of(
        deals: BTreeMap<DealId, Deal>,
        sales: BTreeMap<DealId, Vec<Sale>>,
        sweep: &Sweep<'_>,
    ) -> Result<Self, StoreError> {
        let versions = deals.values().map(|deal| deal.rules);
        let book = sweep.source.rules.with(Arc::clone(&sweep.book), versions).await?;
        Ok(Self { deals, sales, book })
    }
}

impl Comparison<'_> {
    async fn run(mut self) -> Result<Report, Stop> {
        let listed = self.listed().await?;
        let mut sales: BTreeMap<DealId, Vec<Sale>> = BTreeMap::new();
        for sale in listed.into_iter().filter(|sale| sale.account == self.sweep.account) {
            // A list that grows by itself has room for four, and nearly every deal has one sale.
            sales.entry(sale.id().deal).or_insert_with(|| Vec::with_capacity(1)).push(sale);
        }
        let shown = self.shown(&sales).await?;
        let apart = self.compare_all(sales, &shown).await?;
        self.mend(apart, shown).await?;
        self.sweep.find_people().await?;
        let (began_at, account) = (self.run.began_at, self.account);
        let days = std::mem::replace(&mut self.days, Days::new(self.run.period)).checked(began_at);
        for row in days.iter().flat_map(|day| &day.rows) {
            self.report.sides.add(&row.sides);
        }
        self.source.reconciliations.found(account, &days).await?;
        if self.is_of_now() {
            let counters = self.counters().await?;
            self.report.counter_gaps = counters.differences.len() + counters.more;
            let run = GoodRun { began_at, notice: self.report.notice.clone(), counters };
            self.source.reconciliations.ended(account, &run).await?;
        }
        self.report.swept = self.sweep.swept;
        Ok(self.report)
    }

    fn is_of_now(&self) -> bool {
        self.run.period.to >= Day::of(self.run.began_at)
    }

    /// The ledger's sales of the days, of every account. Some may be of tomorrow, where clocks differ.
    async fn listed(&self) -> Result<Vec<Sale>, StoreError> {
        let scope = Scope::everything(self.sweep.book.now());
        let period = Period { to: self.run.period.to.plus(1), ..self.run.period };
        self.source.sales.all_unexplained(&Selection { scope: &scope, period, product: None }).await
    }

    /// Compares every deal that either side has, some at a time. Those that are not alike are left for a second look.
    async fn compare_all(
        &mut self,
        mut sales: BTreeMap<DealId, Vec<Sale>>,
        shown: &Shown,
    ) -> Result<Apart, Stop> {
        let ids: BTreeSet<DealId> = sales.keys().copied().chain(shown.deals()).collect();
        let ids: Vec<DealId> = ids.into_iter().collect();
        let mut apart = Apart::default();
        for ids in ids.chunks(AT_ONCE) {
            let deals = self.sweep.known(ids).await?;
            let of_ids = ids.iter().map(|id| (*id, sales.remove(id).unwrap_or_default())).collect();
            let known = Known::of(deals, of_ids, &self.sweep).await?;
            for id in ids {
                let has_sale = known.sales.get(id).is_some_and(|sales| sales.iter().any(is_active));
                let was_seen = known.deals.get(id).is_some_and(|deal| deal.read.is_some());
                apart.of += usize::from(has_sale && was_seen && shown.was_asked(*id));
                let pairs = self.pairs(*id, &known, shown, &self.run);
                if pairs.iter().any(|pair| pair.why.is_some()) {
                    apart.deals.push(*id);
                } else {
                    pairs.iter().for_each(|pair| self.days.count(pair));
                }
            }
        }
        self.report.compared = ids.len();
        Ok(apart)
    }

    /// By the rules that the deal stands by: what they were replaced with since is no difference between the two sides.
    fn pairs(&self, id: DealId, known: &Known, shown: &Shown, run: &Run) -> Vec<Pair> {
        let sales = known.sales.get(&id).map(Vec::as_slice).unwrap_or_default();
        let look = Look { id, sales, deal: known.deals.get(&id), sight: shown.get(id) };
        let standing = look.deal.filter(|deal| !deal.sales.is_empty()).map(|deal| deal.rules);
        known.book.work(standing, |rules| compare(&look, run, rules.standing)).unwrap_or_default()
    }

    /// What is known of some deals now, past every index.
    async fn known(&self, ids: &[DealId]) -> Result<Known, Stop> {
        let of = |deal: &DealId| Product::ALL.map(|product| SaleId { deal: *deal, product });
        let sale_ids: Vec<SaleId> = ids.iter().flat_map(of).collect();
        let mut sales: BTreeMap<DealId, Vec<Sale>> = BTreeMap::new();
        for sale in self.source.sales.by_id(&sale_ids).await? {
            sales.entry(sale.id().deal).or_default().push(sale);
        }
        Ok(Known::of(self.sweep.known(ids).await?, sales, &self.sweep).await?)
    }

    /// Compares the counters of the days with their sales; what differs at a second look too is believed.
    async fn counters(&self) -> Result<CountersCheck, StoreError> {
        let mut gaps = self.gaps().await?;
        if !gaps.is_empty() {
            let again = self.gaps().await?;
            gaps.retain(|gap| again.iter().any(|other| other.is_same_gap(gap)));
        }
        Ok(CountersCheck::new(gaps, clock::now()))
    }

    /// Nobody buys before being a lead, so the sales of days that end today are all that count on them by the day of the lead.
    async fn gaps(&self) -> Result<Vec<CounterGap>, StoreError> {
        let (scope, period) = (Scope::everything(self.sweep.book.now()), self.run.period);
        let by = async |basis| self.source.counters.days(basis, &scope, period).await;
        let (by_sale, by_lead) = tokio::try_join!(by(Basis::SaleDate), by(Basis::LeadDate))?;
        let sales = self.listed().await?;
        let of_sale = counter_gaps(Basis::SaleDate, period, &sales, &by_sale);
        Ok([of_sale, counter_gaps(Basis::LeadDate, period, &sales, &by_lead)].concat())
    }
}

fn is_active(sale: &Sale) -> bool {
    sale.state == State::Active
}

#[cfg(test)]
#[path = "reconcile_tests.rs"]
mod tests;
