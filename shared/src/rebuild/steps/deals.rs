//! A page of all deals.

use std::collections::BTreeMap;

use crate::domain::day::Day;
use crate::domain::deal::Deal;
use crate::domain::deal_counts;
use crate::domain::event::DealId;
use crate::domain::sale::Sale;
use crate::rebuild::deal_counts::{DealCountDifference, counted, deal_count_differences};
use crate::rebuild::order::{DealsWalk, Gaps, Place};
use crate::rebuild::report::Mended;
use crate::rebuild::run::Run;
use crate::rebuild::sales::{SaleDifference, sale_differences};
use crate::store::StoreError;

use super::counters::MENDED_SHARD;

impl Run<'_> {
    /// Looks whether the sales of a page of deals follow from them, on the first walk, and counts the deals by stage. At the
    /// end of a walk the counts are compared.
    pub async fn deals(&mut self, mut walk: DealsWalk) -> Result<Option<Place>, StoreError> {
        let (deals, next) = self.reads.walk.deals(walk.at.as_ref()).await?;
        deal_counts::add(&mut walk.sums, counted(&deals, self.plan.period));
        if walk.gaps.is_none() {
            self.report.deals_checked += deals.len();
            self.look_at_deals(deals).await?;
        }
        walk.at = next;
        if walk.at.is_some() {
            return Ok(Some(Place::Deals(walk)));
        }
        let mut held_before = BTreeMap::new();
        // Before the look that decides: where somebody else mends after it, the count no longer holds what was held.
        for key in walk.gaps.iter().flat_map(|Gaps(gaps)| gaps.keys()).filter(|_| self.plan.mends_counters) {
            held_before.insert(key.clone(), self.reads.deal_counts.held(key, MENDED_SHARD).await);
        }
        let held = self.reads.deal_counts.days(&self.scope, self.plan.period).await?;
        let mut found = deal_count_differences(&walk.sums, &held);
        let gap = |difference: &DealCountDifference| (difference.key().clone(), difference.delta());
        let Some(Gaps(gaps)) = walk.gaps else {
            if found.is_empty() {
                return Ok(None);
            }
            self.before_second_look().await;
            let gaps = Some(Gaps(found.iter().map(gap).collect()));
            return Ok(Some(Place::Deals(DealsWalk { gaps, ..DealsWalk::default() })));
        };
        found.retain(|difference| gaps.get(difference.key()) == Some(&difference.delta()));
        let mut by_day: BTreeMap<Day, Vec<_>> = BTreeMap::new();
        for difference in found {
            let held = held_before.remove(difference.key());
            let mended = match held {
                Some(held) => Some((difference.name(), self.mend_deal_count(&difference, held).await)),
                None => None,
            };
            by_day.entry(difference.day()).or_default().push((difference.change(), mended));
            self.report.deal_count_differences.push(difference);
        }
        by_day.into_iter().for_each(|(day, found)| self.report.tell(day, None, found));
        Ok(None)
    }

    /// Deals of which nothing was ever sold have nothing to compare.
    async fn look_at_deals(&mut self, mut deals: Vec<Deal>) -> Result<(), StoreError> {
        deals.retain(|deal| !deal.history.is_empty() || !deal.sales.is_empty());
        let sales = self.reads.walk.sales_of(&ids(&deals)).await?;
        self.learn_rules(&deals).await?;
        let suspects = self.differing(&sales, &deals);
        // A deal that was written between the two reads looks wrong: whether it is, a second look says.
        let ids: Vec<DealId> = suspects.iter().map(SaleDifference::id).collect();
        let deals = self.reads.sales.deals(&ids).await?;
        let sales = self.reads.walk.sales_of(&ids).await?;
        self.learn_rules(&deals).await?;
        for difference in self.differing(&sales, &deals) {
            let told = self.mend_sales(&difference).await;
            let day = difference.day().unwrap_or(self.plan.period.from);
            self.report.tell(day, None, vec![told]);
            self.report.sale_differences.push(difference);
        }
        Ok(())
    }

    fn differing(&self, sales: &[Sale], deals: &[Deal]) -> Vec<SaleDifference> {
        sale_differences(sales, deals, &self.book, true)
    }

    async fn mend_deal_count(
        &self,
        difference: &DealCountDifference,
        held: Result<i64, StoreError>,
    ) -> Mended {
        let (counts, key) = (&self.reads.deal_counts, difference.key());
        Ok(counts.mend(key, MENDED_SHARD, held?, difference.delta()).await?)
    }
}

fn ids(deals: &[Deal]) -> Vec<DealId> {
    deals.iter().map(Deal::id).collect()
}
