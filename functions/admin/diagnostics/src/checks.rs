//! All checks, side by side. What several of them look at is read once, and each waits for it as long as it may itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::{join_all, try_join_all};
use shared::domain::counters::Basis;
use shared::domain::crm::payment::{PaymentStages, SECTION};
use shared::domain::day::{Day, Period};
use shared::domain::diagnostics::webhook::DealFacts;
use shared::domain::diagnostics::{
    Check, DAYS, Diagnostic, Report, Unchecked, counters, hooks, old_sync, reconciliation, sales, stages,
    webhook,
};
use shared::domain::event::DealId;
use shared::domain::product::Product;
use shared::domain::reconciliation::{CounterGap, CountersCheck, RunState, counter_gaps};
use shared::domain::sale::Sale;
use shared::edge::caller::Scope;
use shared::store::amocrm_state::AmocrmStates;
use shared::store::counters::Counters;
use shared::store::old_databases::OldDatabases;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;
use shared::store::sales::{Sales, Selection};
use shared::store::settings::Settings;
use shared::sync::old::Table;

use crate::limit::{LIMIT, unread, within};

/// So many deals are read at once.
const BATCH: usize = 100;

/// Where everything that is checked stands. Nobody but our own store is asked.
pub struct Checks {
    /// The ledger.
    pub sales: Sales,
    /// What is configured.
    pub settings: Settings,
    /// What was found out about amoCRM.
    pub states: AmocrmStates,
    /// What dashboards add up.
    pub counters: Counters,
    /// What was compared with amoCRM.
    pub reconciliations: Reconciliations,
    /// How far the old databases were read.
    pub old: OldDatabases,
    /// Whose sales there are.
    pub rules: RuleBooks,
}

/// The sales of the last days, however many checks look at them.
type Sold = Result<Arc<Vec<Sale>>, Unchecked>;

/// How the comparing with amoCRM stands, likewise.
type Compared = Result<Arc<RunState>, Unchecked>;

impl Checks {
    /// Runs all of them.
    pub async fn run(&self, now: DateTime<Utc>) -> Report {
        let today = Day::of(now);
        let period = Period { from: today.minus(DAYS - 1), to: today };
        let (sold, compared) = (self.sold(period).shared(), self.compared().shared());
        let (sold, compared) = (|| sold.clone(), || compared.clone());
        let of_webhook = |name, product| within(LIMIT, name, self.webhook(name, product, sold(), now));
        let of_old = |name, table| within(LIMIT, name, self.old(name, table, now));
        let of_sales = |name, product| within(LIMIT, name, tracked(name, product, sold()));
        let checks = vec![
            of_webhook(Check::ExpressWebhook, Product::Express).boxed(),
            of_webhook(Check::FlagshipWebhook, Product::Flagship).boxed(),
            of_old(Check::Landing, Table::Landing).boxed(),
            of_old(Check::Tripwire, Table::Tripwire).boxed(),
            of_old(Check::Prooftest, Table::Proftest).boxed(),
            of_sales(Check::ExpressSales, Product::Express).boxed(),
            of_sales(Check::FlagshipSales, Product::Flagship).boxed(),
            within(LIMIT, Check::AllSales, self.all_sales(sold())).boxed(),
            within(LIMIT, Check::Reconciliation, self.reconciliation(period, compared(), now)).boxed(),
            within(LIMIT, Check::Hooks, subscribed(compared(), now)).boxed(),
            within(LIMIT, Check::Stages, self.stages(now)).boxed(),
            within(LIMIT, Check::Counters, self.added_up(period, sold(), compared(), now)).boxed(),
        ];
        Report::of(join_all(checks).await)
    }

    async fn sold(&self, period: Period) -> Sold {
        let scope = Scope::everything(self.rules.fresh().await.map_err(unread)?.now());
        let selection = Selection { scope: &scope, period, product: None };
        self.sales.all(&selection).await.map(Arc::new).map_err(unread)
    }

    async fn compared(&self) -> Compared {
        self.reconciliations.state().await.map(Arc::new).map_err(unread)
    }

    async fn webhook(
        &self,
        name: Check,
        product: Product,
        sold: impl Future<Output = Sold>,
        now: DateTime<Utc>,
    ) -> Result<Diagnostic, Unchecked> {
        let configured = async { self.settings.section::<PaymentStages>(SECTION).await.map_err(unread) };
        let (sold, configured) = tokio::try_join!(sold, configured)?;
        let sold: Vec<&Sale> = sold.iter().filter(|sale| sale.product == product).collect();
        let deals = self.deals(&sold).await?;
        let facts = |sale: &Sale| deals.get(&sale.id().deal).copied().unwrap_or(DealFacts::UNKNOWN);
        let with_deals: Vec<_> = sold.into_iter().map(|sale| (sale, facts(sale))).collect();
        Ok(webhook::check(name, &with_deals, configured.pipeline_id, now))
    }

    /// What the deals of these sales say. Whole deals are large: of each batch only that is kept.
    async fn deals(&self, sold: &[&Sale]) -> Result<BTreeMap<DealId, DealFacts>, Unchecked> {
        let ids: BTreeSet<DealId> = sold.iter().map(|sale| sale.id().deal).collect();
        let ids: Vec<DealId> = ids.into_iter().collect();
        let batches = ids.chunks(BATCH).map(async |ids| {
            let deals = self.sales.deals(ids).await.map_err(unread)?;
            Ok(deals.iter().map(|deal| (deal.id(), DealFacts::of(deal))).collect::<Vec<_>>())
        });
        Ok(try_join_all(batches).await?.into_iter().flatten().collect())
    }

    async fn old(&self, name: Check, table: Table, now: DateTime<Utc>) -> Result<Diagnostic, Unchecked> {
        let progress = self.old.progress(table.name()).await.map_err(unread)?;
        Ok(old_sync::check(name, progress.statistics, now))
    }

    async fn all_sales(&self, sold: impl Future<Output = Sold>) -> Result<Diagnostic, Unchecked> {
        let of_old = async |table: Table| self.old.progress(table.name()).await.map_err(unread);
        let (sold, express, flagship) =
            tokio::try_join!(sold, of_old(Table::ExpressSales), of_old(Table::MainSales))?;
        let problems = [express, flagship].into_iter().filter_map(|progress| progress.statistics.problem);
        Ok(sales::check_all(sold.iter(), problems))
    }

    async fn reconciliation(
        &self,
        period: Period,
        compared: impl Future<Output = Compared>,
        now: DateTime<Utc>,
    ) -> Result<Diagnostic, Unchecked> {
        let days = async { self.reconciliations.days(period).await.map_err(unread) };
        let (days, state) = tokio::try_join!(days, compared)?;
        Ok(reconciliation::check(period, &days, &state, now))
    }

    /// What differs is believed where it still does at a second look: a sale may come between two reads.
    async fn added_up(
        &self,
        period: Period,
        sold: impl Future<Output = Sold>,
        compared: impl Future<Output = Compared>,
        now: DateTime<Utc>,
    ) -> Result<Diagnostic, Unchecked> {
        let sold = async { self.gaps(period, &sold.await?).await };
        let (mut gaps, compared) = tokio::try_join!(sold, compared)?;
        if !gaps.is_empty() {
            // Where clocks differ, a sale of a lead of today may be of tomorrow.
            let sold = self.sold(Period { to: period.to.plus(1), ..period }).await?;
            let again = self.gaps(period, &sold).await?;
            gaps.retain(|gap| again.iter().any(|other| other.is_same_gap(gap)));
        }
        Ok(counters::check(CountersCheck::new(gaps, now), compared.counters.clone()))
    }

    /// Nobody buys before being a lead, so the sales of days that end today are all that count on them by the day of the lead.
    async fn gaps(&self, period: Period, sold: &[Sale]) -> Result<Vec<CounterGap>, Unchecked> {
        let scope = Scope::everything(self.rules.fresh().await.map_err(unread)?.now());
        let gaps = Basis::ALL.map(async |basis| {
            let counted = self.counters.days(basis, &scope, period).await.map_err(unread)?;
            Ok(counter_gaps(basis, period, sold, &counted))
        });
        Ok(try_join_all(gaps).await?.concat())
    }

    async fn stages(&self, now: DateTime<Utc>) -> Result<Diagnostic, Unchecked> {
        let checked = self.states.last_check().await.map_err(unread)?;
        Ok(stages::check(checked, now))
    }
}

async fn tracked(
    name: Check,
    product: Product,
    sold: impl Future<Output = Sold>,
) -> Result<Diagnostic, Unchecked> {
    let sold = sold.await?;
    Ok(sales::check(name, sold.iter().filter(|sale| sale.product == product)))
}

async fn subscribed(
    compared: impl Future<Output = Compared>,
    now: DateTime<Utc>,
) -> Result<Diagnostic, Unchecked> {
    Ok(hooks::check(compared.await?.hooks.clone(), now))
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
