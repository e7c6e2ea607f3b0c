//! All checks, side by side. What several of them look at is read once, and each waits for it as long as it may itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ads::{Accounts, AdsKept};
use super::limit::{LIMIT, LIVE, unread, within};
use super::live::{Kept, Keys, LiveCrm, LiveDatabases};
use super::queues::{Counted, Queues};
use crate::domain::counters::Basis;
use crate::domain::crm::check::findings;
use crate::domain::crm::payment::{PaymentStages, SECTION};
use crate::domain::day::{Day, Period};
use crate::domain::diagnostics::old_sync::Live;
use crate::domain::diagnostics::queues::Since;
use crate::domain::diagnostics::stages::StagesChecked;
use crate::domain::diagnostics::webhook::DealFacts;
use crate::domain::diagnostics::{
    Check, DAYS, Diagnostic, Report, Unchecked, counters, crm, hooks, old_sync, reconciliation, sales,
    stages, tokens, webhook,
};
use crate::domain::event::DealId;
use crate::domain::product::Product;
use crate::domain::reconciliation::{CounterGap, CountersCheck, RunState, counter_gaps};
use crate::domain::sale::Sale;
use crate::edge::caller::Scope;
use crate::store::amocrm_state::AmocrmStates;
use crate::store::counters::Counters;
use crate::store::diagnostics_runs::DiagnosticsRuns;
use crate::store::old_databases::OldDatabases;
use crate::store::reconciliations::Reconciliations;
use crate::store::rules::RuleBooks;
use crate::store::sales::{Sales, Selection};
use crate::store::settings::Settings;
use crate::store::token_healths::TokenHealths;
use crate::sync::old::Table;
use chrono::{DateTime, Utc};
use futures::future::{join_all, try_join_all};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};

/// So many deals are read at once.
const BATCH: usize = 100;

/// So many times that, for each product.
const BATCHES_AT_ONCE: usize = 4;

/// Where everything that is checked stands.
pub struct Checks {
    pub(super) sales: Sales,
    pub(super) settings: Settings,
    pub(super) states: AmocrmStates,
    pub(super) counters: Counters,
    pub(super) reconciliations: Reconciliations,
    pub(super) old: OldDatabases,
    pub(super) rules: RuleBooks,
    pub(super) ads: AdsKept,
    pub(super) tokens: TokenHealths,
    pub(super) queues: Queues,
    pub(super) crm: LiveCrm,
    pub(super) databases: LiveDatabases,
}

/// The sales of the last days, however many checks look at them.
type Sold = Result<Arc<Vec<Sale>>, Unchecked>;

/// How the comparing with amoCRM stands, likewise.
type Compared = Result<Arc<RunState>, Unchecked>;

/// The ad accounts, likewise.
type Seen = Result<Arc<Accounts>, Unchecked>;

impl Checks {
    /// Runs all of them. Since when there are dead letters is for the next run; nothing where nobody could find out.
    pub async fn run(&self, runs: &DiagnosticsRuns, now: DateTime<Utc>) -> (Report, Option<Since>) {
        let today = Day::of(now);
        let period = Period { from: today.minus(DAYS - 1), to: today };
        let (sold, compared) = (self.sold(period).shared(), self.compared().shared());
        let (seen, counted) =
            (self.ads.accounts(&self.rules, now).shared(), self.queues.count(runs, now).shared());
        let (kept, keys) = (self.crm.credentials().shared(), self.databases.keys().shared());
        let (sold, compared, seen) = (|| sold.clone(), || compared.clone(), || seen.clone());
        let (kept, keys) = (|| kept.clone(), || keys.clone());
        let of_webhook = |name, product| within(LIMIT, name, self.webhook(name, product, sold(), now));
        let of_old = |name, table| within(LIVE, name, self.old(name, table, keys(), now));
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
            within(LIVE, Check::Stages, self.stages(kept(), now)).boxed(),
            within(LIMIT, Check::Counters, self.added_up(period, sold(), compared(), now)).boxed(),
            within(LIVE, Check::Crm, self.crm(kept(), now)).boxed(),
            within(LIMIT, Check::Tokens, self.tokens(now)).boxed(),
            within(LIMIT, Check::Spend, spent(seen(), now)).boxed(),
            within(LIMIT, Check::Utm, self.ads.utm(&self.rules, now)).boxed(),
            within(LIMIT, Check::Rates, self.rates(seen(), now)).boxed(),
            within(LIMIT, Check::Queues, delivered(counted.clone(), now)).boxed(),
        ];
        let report = Report::of(join_all(checks).await);
        let since = counted.peek().and_then(|counted| counted.as_ref().ok());
        (report, since.map(|counted| counted.since.clone()))
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
        let deals = self.deals(product, &sold).await?;
        let facts = |sale: &Sale| deals.get(&sale.id().deal).copied().unwrap_or(DealFacts::UNKNOWN);
        let with_deals: Vec<_> = sold.into_iter().map(|sale| (sale, facts(sale))).collect();
        Ok(webhook::check(name, &with_deals, configured.pipeline_id, now))
    }

    /// What the deals of these sales say. Whole deals are large: of each batch only that is kept.
    async fn deals(
        &self,
        product: Product,
        sold: &[&Sale],
    ) -> Result<BTreeMap<DealId, DealFacts>, Unchecked> {
        let ids: BTreeSet<DealId> = sold.iter().map(|sale| sale.id().deal).collect();
        let ids: Vec<DealId> = ids.into_iter().collect();
        let batches: Vec<_> = ids.chunks(BATCH).map(|ids| self.batch(product, ids)).collect();
        let facts: Vec<Vec<_>> =
            stream::iter(batches).buffer_unordered(BATCHES_AT_ONCE).try_collect().await?;
        Ok(facts.into_iter().flatten().collect())
    }

    async fn batch(&self, product: Product, ids: &[DealId]) -> Result<Vec<(DealId, DealFacts)>, Unchecked> {
        let deals = self.sales.deals(ids).await.map_err(unread)?;
        Ok(deals.iter().map(|deal| (deal.id(), DealFacts::of(deal, product))).collect())
    }

    async fn old(
        &self,
        name: Check,
        table: Table,
        keys: impl Future<Output = Keys>,
        now: DateTime<Utc>,
    ) -> Result<Diagnostic, Unchecked> {
        let progress = async { self.old.progress(table.name()).await.map_err(unread) };
        let (progress, live): (_, Live) = tokio::try_join!(progress, self.databases.says(table, keys))?;
        Ok(old_sync::check(name, progress.statistics, live, now))
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
            let scope = Scope::everything(self.rules.fresh().await.map_err(unread)?.now());
            let period_of_sales = Period { to: period.to.plus(1), ..period };
            let selection = Selection { scope: &scope, period: period_of_sales, product: None };
            let sold = self.sales.all_unexplained(&selection).await.map_err(unread)?;
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

    /// By amoCRM's present pipelines; where these do not come, by what the daily check of them has found.
    async fn stages(
        &self,
        kept: impl Future<Output = Kept>,
        now: DateTime<Utc>,
    ) -> Result<Diagnostic, Unchecked> {
        let configured = async { self.settings.section::<PaymentStages>(SECTION).await.map_err(unread) };
        let last = async { self.states.last_check().await.map_err(unread) };
        let pipelines = async { Ok(self.crm.pipelines(kept).await) };
        let (configured, last, pipelines) = tokio::try_join!(configured, last, pipelines)?;
        let of = |pipelines: Vec<_>| StagesChecked {
            findings: findings(&configured, &pipelines),
            checked_at: now,
        };
        Ok(stages::check(pipelines.map(of).or(last), now))
    }

    async fn crm(
        &self,
        kept: impl Future<Output = Kept>,
        now: DateTime<Utc>,
    ) -> Result<Diagnostic, Unchecked> {
        Ok(crm::check(self.crm.says(kept).await?, now))
    }

    async fn tokens(&self, now: DateTime<Utc>) -> Result<Diagnostic, Unchecked> {
        Ok(tokens::check(&self.tokens.kept().await.map_err(unread)?, now))
    }

    async fn rates(
        &self,
        seen: impl Future<Output = Seen>,
        now: DateTime<Utc>,
    ) -> Result<Diagnostic, Unchecked> {
        self.ads.rates(&*seen.await?, now).await
    }
}

async fn spent(seen: impl Future<Output = Seen>, now: DateTime<Utc>) -> Result<Diagnostic, Unchecked> {
    Ok(seen.await?.checked(now))
}

async fn delivered(
    counted: impl Future<Output = Result<Counted, Unchecked>>,
    now: DateTime<Utc>,
) -> Result<Diagnostic, Unchecked> {
    Ok(counted.await?.checked(now))
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
