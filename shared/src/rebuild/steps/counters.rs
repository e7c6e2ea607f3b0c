//! The counters of some days, by the day of the sale.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::counters::Basis;
use crate::domain::day::{Day, Period};
use crate::rebuild::counters::{CounterDifference, by_sale_day, counter_differences, held};
use crate::rebuild::lead_counts::{LeadCountDifference, lead_count_differences};
use crate::rebuild::order::{LeadDaysWalk, Place, Step};
use crate::rebuild::report::Mended;
use crate::rebuild::run::Run;
use crate::store::StoreError;
use crate::store::sales::Selection;

/// Any shard may be mended, since only their sum is ever read.
pub const MENDED_SHARD: u64 = 0;

impl Run<'_> {
    /// Looks whether the counters of a day, and of days after it that hold little, are the sum of sales and leads.
    pub async fn counters(&mut self, day: Day) -> Result<Option<Place>, StoreError> {
        let period = self.stretch(day).await?;
        let mut look = self.look_at_counters(period).await?;
        if !(look.counters.is_empty() && look.lead_counts.is_empty()) {
            // Events that came between two reads look like differences; a real one is still there at a second look.
            self.before_second_look().await;
            let again = self.look_at_counters(period).await?;
            look.counters.retain(|found| again.counters.iter().any(|other| other.is_same_gap(found)));
            look.lead_counts.retain(|found| again.lead_counts.iter().any(|other| other.is_same_gap(found)));
        }
        let mut by_day: BTreeMap<Day, Vec<_>> = BTreeMap::new();
        for difference in look.counters {
            let mended = self.mend_counter_if_asked(&difference).await;
            by_day.entry(difference.day()).or_default().push((difference.change(), mended));
            self.report.counter_differences.push(difference);
        }
        for difference in look.lead_counts {
            let mended = match self.plan.mends_counters {
                true => Some((difference.name(), self.mend_leads(&difference).await)),
                false => None,
            };
            by_day.entry(difference.day()).or_default().push((difference.change(), mended));
            self.report.lead_count_differences.push(difference);
        }
        let days: BTreeSet<Day> = look.counted.keys().chain(by_day.keys()).copied().collect();
        for day in days {
            let looked_at = look
                .counted
                .get(&day)
                .map(|(sales, leads)| format!("counters of {sales} sales and {leads} leads"));
            self.report.tell(day, looked_at, by_day.remove(&day).unwrap_or_default());
        }
        let (sales, leads): (Vec<usize>, Vec<usize>) = look.counted.into_values().unzip();
        self.report.leads_checked += leads.into_iter().sum::<usize>();
        // They were looked at already where they were compared with their deals.
        if !self.plan.what.contains(&Step::Sales) {
            self.report.sales_checked += sales.into_iter().sum::<usize>();
        }
        let next = self.plan.next(period.to).map(|day| Place::Counters { day });
        Ok(next.or_else(|| Some(Place::LeadDays(LeadDaysWalk::default()))))
    }

    async fn look_at_counters(&self, period: Period) -> Result<LookAtCounters, StoreError> {
        let (reads, scope) = (self.reads, &self.scope);
        let selection = Selection { scope, period, product: None };
        let (days, utm_days) = (
            reads.counters.days(Basis::SaleDate, scope, period).await?,
            reads.counters.utm_days(Basis::SaleDate, scope, period).await?,
        );
        let (sales, leads) = (reads.sales.all(&selection).await?, reads.leads.all(scope, period).await?);
        let lead_counts = reads.lead_counts.days(scope, period).await?;
        let mut counted: BTreeMap<Day, (usize, usize)> = BTreeMap::new();
        sales.iter().for_each(|sale| counted.entry(sale.day).or_default().0 += 1);
        leads.iter().for_each(|lead| counted.entry(lead.day).or_default().1 += 1);
        Ok(LookAtCounters {
            counters: counter_differences(
                &by_sale_day(&sales, &leads),
                &held(Basis::SaleDate, days, utm_days),
            ),
            lead_counts: lead_count_differences(&leads, &lead_counts),
            counted,
        })
    }

    /// Mends a counter where that was asked for.
    pub async fn mend_counter_if_asked(&self, difference: &CounterDifference) -> Option<(String, Mended)> {
        if !self.plan.mends_counters {
            return None;
        }
        Some((difference.name(), self.mend_counter(difference).await))
    }

    async fn mend_counter(&self, difference: &CounterDifference) -> Mended {
        let (counters, key) = (&self.reads.counters, difference.key());
        let held = counters.held(key, MENDED_SHARD).await?;
        Ok(counters.mend(key, MENDED_SHARD, &held, &difference.delta()).await?)
    }

    async fn mend_leads(&self, difference: &LeadCountDifference) -> Mended {
        let (counts, key) = (&self.reads.lead_counts, difference.key());
        let held = counts.held(key, MENDED_SHARD).await?;
        Ok(counts.mend(key, MENDED_SHARD, held, difference.delta()).await?)
    }
}

struct LookAtCounters {
    counters: Vec<CounterDifference>,
    lead_counts: Vec<LeadCountDifference>,
    /// How many sales and leads on each day.
    counted: BTreeMap<Day, (usize, usize)>,
}
