//! All checks, side by side. What several of them look at is read once, and each waits for it as long as it may itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::try_join_all;
use shared::domain::crm::payment::{PaymentStages, SECTION};
use shared::domain::day::{Day, Period};
use shared::domain::diagnostics::webhook::DealFacts;
use shared::domain::diagnostics::{Check, DAYS, Diagnostic, Report, Unchecked, sales, stages, webhook};
use shared::domain::event::DealId;
use shared::domain::product::Product;
use shared::domain::rules::Rules;
use shared::domain::sale::Sale;
use shared::edge::caller::Scope;
use shared::store::amocrm_state::AmocrmStates;
use shared::store::sales::{Sales, Selection};
use shared::store::settings::Settings;

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
    /// Whose sales there are.
    pub rules: Rules,
}

/// The sales of the last days, however many checks look at them.
type Sold = Result<Arc<Vec<Sale>>, Unchecked>;

impl Checks {
    /// Runs all of them.
    pub async fn run(&self, now: DateTime<Utc>) -> Report {
        let sold = self.sold(now).shared();
        let sold = || sold.clone();
        let of_webhook = |name, product| within(LIMIT, name, self.webhook(name, product, sold(), now));
        let of_sales = |name, product| within(LIMIT, name, tracked(name, product, sold()));
        let (express_hooks, flagship_hooks, express, flagship, all, stages) = tokio::join!(
            of_webhook(Check::ExpressWebhook, Product::Express),
            of_webhook(Check::FlagshipWebhook, Product::Flagship),
            of_sales(Check::ExpressSales, Some(Product::Express)),
            of_sales(Check::FlagshipSales, Some(Product::Flagship)),
            of_sales(Check::AllSales, None),
            within(LIMIT, Check::Stages, self.stages(now)),
        );
        Report::of(vec![express_hooks, flagship_hooks, express, flagship, all, stages])
    }

    async fn sold(&self, now: DateTime<Utc>) -> Sold {
        let today = Day::of(now);
        let period = Period { from: today.minus(DAYS - 1), to: today };
        let scope = Scope::everything(&self.rules);
        let selection = Selection { scope: &scope, period, product: None };
        self.sales.all(&selection).await.map(Arc::new).map_err(unread)
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

    async fn stages(&self, now: DateTime<Utc>) -> Result<Diagnostic, Unchecked> {
        let checked = self.states.last_check().await.map_err(unread)?;
        Ok(stages::check(checked, now))
    }
}

async fn tracked(
    name: Check,
    product: Option<Product>,
    sold: impl Future<Output = Sold>,
) -> Result<Diagnostic, Unchecked> {
    let sold = sold.await?;
    let wanted = sold.iter().filter(|sale| product.is_none_or(|product| product == sale.product));
    Ok(sales::check(name, wanted))
}
