//! The counters of some days, by the day of the sale.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::counters::{Basis, CounterKey, Tallies};
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

/// What the shard that is mended holds of counters, or why nobody knows.
pub type Holding = BTreeMap<CounterKey, Result<Tallies, StoreError>>;

impl Run<'_> {
    /// Looks whether the counters of a day, and of days after it that hold little, are the sum of sales and leads.
    pub async fn counters(&mut self, day: Day) -> Result<Option<Place>, StoreError> {
        let period = self.stretch(day).await?;
        let mut look = self.look_at_counters(period).await?;
        let (mut held, mut held_leads) = (Holding::new(), BTreeMap::new());
        if !(look.counters.is_empty() && look.lead_counts.is_empty()) {
            // Events that came between two reads look like differences; a real one is still there at a second look.
            self.before_second_look().await;
            // Before the second look: where somebody else mends after it, the counter no longer holds what was held.
            held = self.held(look.counters.iter().map(CounterDifference::key)).await;
            for difference in look.lead_counts.iter().filter(|_| self.plan.mends_counters) {
                let of_key = self.reads.lead_counts.held(difference.key(), MENDED_SHARD).await;
                held_leads.insert(difference.key().clone(), of_key);
            }
            let again = self.look_at_counters(period).await?;
            look.counters.retain(|found| again.counters.iter().any(|other| other.is_same_gap(found)));
            look.lead_counts.retain(|found| again.lead_counts.iter().any(|other| other.is_same_gap(found)));
        }
        let mut by_day: BTreeMap<Day, Vec<_>> = BTreeMap::new();
        for difference in look.counters {
            let mended = self.mend_counter_if_asked(&difference, &mut held).await;
            by_day.entry(difference.day()).or_default().push((difference.change(), mended));
            self.report.counter_differences.push(difference);
        }
        for difference in look.lead_counts {
            let held = held_leads.remove(difference.key());
            let mended = match held {
                Some(held) => Some((difference.name(), self.mend_leads(&difference, held).await)),
                None => None,
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

    /// What is held of the counters under these keys where they are to be mended: to be asked before the look that decides
    /// whether they are, so that of two who mend at once only one does.
    pub async fn held<'k>(&self, keys: impl Iterator<Item = &'k CounterKey>) -> Holding {
        let mut holding = Holding::new();
        for key in keys.filter(|_| self.plan.mends_counters) {
            holding.insert(key.clone(), self.reads.counters.held(key, MENDED_SHARD).await);
        }
        holding
    }

    /// Mends a counter that was asked what it holds.
    pub async fn mend_counter_if_asked(
        &self,
        difference: &CounterDifference,
        held: &mut Holding,
    ) -> Option<(String, Mended)> {
        let held = held.remove(difference.key())?;
        Some((difference.name(), self.mend_counter(difference, held).await))
    }

    async fn mend_counter(
        &self,
        difference: &CounterDifference,
        held: Result<Tallies, StoreError>,
    ) -> Mended {
        let (counters, key) = (&self.reads.counters, difference.key());
        Ok(counters.mend(key, MENDED_SHARD, &held?, &difference.delta()).await?)
    }

    async fn mend_leads(&self, difference: &LeadCountDifference, held: Result<i64, StoreError>) -> Mended {
        let (counts, key) = (&self.reads.lead_counts, difference.key());
        Ok(counts.mend(key, MENDED_SHARD, held?, difference.delta()).await?)
    }
}

struct LookAtCounters {
    counters: Vec<CounterDifference>,
    lead_counts: Vec<LeadCountDifference>,
    /// How many sales and leads on each day.
    counted: BTreeMap<Day, (usize, usize)>,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aws_sdk_dynamodb::Client;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::rulebook::Rulebook;
    use crate::edge::caller::Scope;
    use crate::edge::config::Tables;
    use crate::outbox::stand_in::{item, world};
    use crate::rebuild::order::Order;
    use crate::rebuild::report::Report;
    use crate::rebuild::run::Reads;
    use crate::rebuild::sample::sale;
    use crate::store::sales::item as sale_item;

    fn tables() -> Tables {
        let named = |name: &str| name.to_owned();
        Tables {
            events: named("events"),
            sales: named("sales"),
            counters: named("counters"),
            ads: named("ads"),
            leads: named("leads"),
            notifications: named("notifications"),
            settings: named("settings"),
        }
    }

    #[tokio::test]
    async fn what_a_counter_holds_is_asked_before_the_look_that_decides() {
        let sold = sale(1, None);
        let stored = item(&sale_item(&sold).unwrap());
        let world = world(move |call| {
            let is_nobodys = call.body["ExpressionAttributeValues"][":team"]["S"] == "unattributed";
            let is_asked = call.body["TableName"] == "sales" && is_nobodys;
            Some(json!({"Items": if is_asked { vec![stored.clone()] } else { vec![] }}))
        });
        let reads = Reads::new(&Client::new(&world.sdk), &tables());
        let day = Some(sold.day.to_string());
        let order = Order { from: day.clone(), to: day, write: true, ..Order::default() };
        let now = sold.sold_at;
        let (plan, _) = order.plan(now).unwrap();
        let book: Arc<Rulebook> = Arc::default();
        let (scope, report) = (Scope::everything(book.now()), Report::new(&plan));
        let mut run = Run { reads: &reads, hand: None, book, scope, plan, now, report };
        run.counters(sold.day).await.unwrap();
        let told = serde_json::to_value(&run.report).unwrap();
        assert_eq!((&told["repaired"], &told["remaining"]), (&json!(1), &json!(0)));

        let calls = world.calls();
        let place =
            |wanted: &dyn Fn(&Value) -> bool| calls.iter().rposition(|call| wanted(&call.body)).unwrap();
        let of_nobody = |body: &Value| {
            let values = &body["ExpressionAttributeValues"];
            values[":pk"]["S"] == "sale_date#unattributed" && body.get("UpdateExpression").is_none()
        };
        let is_one = |body: &Value| {
            let values = &body["ExpressionAttributeValues"];
            of_nobody(body) && values[":from"] == values[":to"]
        };
        let held = place(&is_one);
        let looked = place(&|body| of_nobody(body) && !is_one(body));
        let mended = place(&|body| body.get("UpdateExpression").is_some());
        assert!(held < looked && looked < mended, "{held} {looked} {mended}");
    }
}
