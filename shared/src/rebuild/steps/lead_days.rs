//! A page of all sales since the period's beginning, for the counters by the day of the lead.

use std::collections::BTreeMap;

use crate::domain::counters::{Basis, CounterKey};
use crate::domain::day::Day;
use crate::rebuild::counters::{counter_differences, held};
use crate::rebuild::lead_days::LeadSums;
use crate::rebuild::order::{LeadDaysWalk, Place};
use crate::rebuild::run::Run;
use crate::store::StoreError;

impl Run<'_> {
    /// Sums a page up. At the end of a walk the sums are compared.
    pub async fn lead_days(&mut self, mut walk: LeadDaysWalk) -> Result<Option<Place>, StoreError> {
        let period = self.plan.period;
        // Nobody is a lead only after having bought: what was sold before the period is of none of its leads.
        let (sales, next) = self.reads.walk.sales(&self.scope, period.from, &walk.at).await?;
        walk.sums.add(&sales, period);
        if let Some(at) = next {
            return Ok(Some(Place::LeadDays(LeadDaysWalk { at, ..walk })));
        }
        let keys: Vec<CounterKey> = walk.gaps.iter().flat_map(LeadSums::keys).collect();
        let mut held_before = self.held(keys.iter()).await;
        let days = self.reads.counters.days(Basis::LeadDate, &self.scope, period).await?;
        let mut found = counter_differences(&walk.sums.counters(), &held(Basis::LeadDate, days, vec![]));
        let Some(gaps) = walk.gaps else {
            if found.is_empty() {
                return Ok(None);
            }
            self.before_second_look().await;
            let gaps = Some(LeadSums::of_gaps(&found));
            return Ok(Some(Place::LeadDays(LeadDaysWalk { gaps, ..LeadDaysWalk::default() })));
        };
        found.retain(|difference| gaps.has_gap(difference));
        let mut by_day: BTreeMap<Day, Vec<_>> = BTreeMap::new();
        for difference in found {
            let mended = self.mend_counter_if_asked(&difference, &mut held_before).await;
            by_day.entry(difference.day()).or_default().push((difference.change(), mended));
            self.report.counter_differences.push(difference);
        }
        by_day.into_iter().for_each(|(day, found)| self.report.tell(day, None, found));
        Ok(None)
    }
}
