//! The sales of some days.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::counters::Basis;
use crate::domain::day::{Day, Period};
use crate::domain::event::DealId;
use crate::rebuild::order::{Place, stretch};
use crate::rebuild::report::Mended;
use crate::rebuild::run::Run;
use crate::rebuild::sales::{SaleDifference, sale_differences};
use crate::rebuild::words::Change;
use crate::store::StoreError;
use crate::store::sales::Selection;

impl Run<'_> {
    /// Looks whether the sales of a day, and of days after it that hold little, follow from their deals.
    pub async fn sales(&mut self, day: Day) -> Result<Option<Place>, StoreError> {
        let period = self.stretch(day).await?;
        let mut look = self.look_at_sales(period).await?;
        if !look.found.is_empty() {
            self.before_second_look().await;
            let again = self.look_at_sales(period).await?;
            look.found.retain(|difference| again.found.contains(difference));
        }
        let mut by_day: BTreeMap<Day, Vec<_>> = BTreeMap::new();
        for difference in look.found {
            let told = self.mend_sales(&difference).await;
            by_day.entry(difference.day().unwrap_or(day)).or_default().push(told);
            self.report.sale_differences.push(difference);
        }
        let days: BTreeSet<Day> = look.sales.keys().chain(by_day.keys()).copied().collect();
        for day in days {
            let looked_at = look.sales.get(&day).map(|count| format!("{count} sales against their deals"));
            self.report.tell(day, looked_at, by_day.remove(&day).unwrap_or_default());
        }
        self.report.sales_checked += look.sales.values().sum::<usize>();
        self.report.deals_checked += look.deals;
        Ok(self.plan.next(period.to).map(|day| Place::Sales { day }))
    }

    /// The days from one on that are looked at together.
    pub async fn stretch(&self, day: Day) -> Result<Period, StoreError> {
        let ahead = Period { from: day, to: self.plan.period.to.min(day.plus(31)) };
        let mut counted: BTreeMap<Day, u64> = BTreeMap::new();
        for ((_, day), tallies) in self.reads.counters.days(Basis::SaleDate, &self.scope, ahead).await? {
            let total = tallies.total();
            let held =
                [total.active.count, total.cancelled.count, tallies.leads.proftest, tallies.leads.express];
            *counted.entry(day).or_default() += held.into_iter().map(i64::unsigned_abs).sum::<u64>();
        }
        Ok(stretch(day, ahead.to, &counted))
    }

    async fn look_at_sales(&mut self, period: Period) -> Result<LookAtSales, StoreError> {
        let selection = Selection { scope: &self.scope, period, product: None };
        let sales = self.reads.sales.all(&selection).await?;
        let ids: BTreeSet<DealId> = sales.iter().map(|sale| sale.id().deal).collect();
        let deals = self.reads.sales.deals(&ids.into_iter().collect::<Vec<_>>()).await?;
        self.learn_rules(&deals).await?;
        let found = sale_differences(&sales, &deals, &self.book, false);
        let mut of_days = BTreeMap::new();
        for sale in &sales {
            *of_days.entry(sale.day).or_default() += 1;
        }
        Ok(LookAtSales { sales: of_days, deals: deals.len(), found })
    }

    /// A difference in words, mended where that was asked for.
    pub async fn mend_sales(&self, difference: &SaleDifference) -> (Change, Option<(String, Mended)>) {
        let mended = match self.hand {
            Some(hand) => Some((difference.name(), hand.mend(difference, self.now).await)),
            None => None,
        };
        (difference.change(), mended)
    }
}

struct LookAtSales {
    /// How many on each day.
    sales: BTreeMap<Day, usize>,
    deals: usize,
    found: Vec<SaleDifference>,
}
