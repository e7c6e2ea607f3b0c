//! The counters table: the funnel by day and team.
//!
//! `pk` is `<basis>#<team or unattributed>`, `sk` is `<day>#<shard>`. An item holds, for each product that was sold,
//! `<p>_n` and `<p>_kzt` (count and tenge of active sales) and `<p>_xn` and `<p>_xkzt` (of cancelled ones), where `<p>`
//! is the product's first letter. Short names keep an item near 100 bytes, and a month of a team within two read units.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::StoreError;
use crate::domain::counters::{Basis, CounterKey, Tallies};
use crate::domain::day::{Day, Period};
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::team::Owner;
use crate::edge::caller::Scope;

/// One team's sales of one day are spread over so many items. More would make writers meet less often and every read
/// dearer; a small school's day already touches nearly all of four.
const SHARDS: u64 = 4;

/// The counters of each owner and day.
pub type Days = BTreeMap<(Owner, Day), Tallies>;

/// The shard that a lead's sales are counted on.
pub fn shard(lead: u64) -> u64 {
    lead % SHARDS
}

/// The key of one shard of a counter.
pub fn item_key(key: &CounterKey, shard: u64) -> HashMap<String, AttributeValue> {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(partition(key.basis, &key.owner))),
        ("sk".to_owned(), AttributeValue::S(format!("{}#{shard}", key.day))),
    ])
}

fn partition(basis: Basis, owner: &Owner) -> String {
    format!("{}#{}", basis.as_str(), owner.key())
}

/// The update that adds tallies: its expression and its values.
pub fn addition(tallies: &Tallies) -> (String, HashMap<String, AttributeValue>) {
    let (mut clauses, mut values) = (vec![], HashMap::new());
    for (product, tally) in &tallies.0 {
        for (name, value) in names(*product).into_iter().zip(numbers(tally)) {
            if value != 0 {
                clauses.push(format!("{name} :{name}"));
                values.insert(format!(":{name}"), AttributeValue::N(value.to_string()));
            }
        }
    }
    (format!("ADD {}", clauses.join(", ")), values)
}

fn names(product: Product) -> [String; 4] {
    let p = &product.id()[..1];
    [format!("{p}_n"), format!("{p}_kzt"), format!("{p}_xn"), format!("{p}_xkzt")]
}

fn numbers(tally: &crate::domain::counters::ProductTally) -> [i64; 4] {
    [tally.active.count, tally.active.sum.0, tally.cancelled.count, tally.cancelled.sum.0]
}

fn read(item: &HashMap<String, AttributeValue>) -> Result<(Day, u64, Tallies), StoreError> {
    let broken = |problem: &str| StoreError::item("a counter", &problem);
    let sk = item.get("sk").and_then(|sk| sk.as_s().ok()).ok_or_else(|| broken("has no sk"))?;
    let (day, shard) = sk.split_once('#').ok_or_else(|| broken("has an sk without a shard"))?;
    let day = Day::parse(day).ok_or_else(|| broken("has an sk without a day"))?;
    let shard = shard.parse().map_err(|_| broken("has an sk without a shard"))?;
    let number = |name: &String| -> Result<i64, StoreError> {
        let Some(value) = item.get(name) else { return Ok(0) };
        value.as_n().ok().and_then(|n| n.parse().ok()).ok_or_else(|| broken("holds what is no whole number"))
    };
    let mut tallies = Tallies::default();
    for product in Product::ALL {
        let [count, sum, cancelled, cancelled_sum] = names(product);
        let tally = tallies.0.entry(product).or_default();
        tally.active.count = number(&count)?;
        tally.active.sum = Tenge(number(&sum)?);
        tally.cancelled.count = number(&cancelled)?;
        tally.cancelled.sum = Tenge(number(&cancelled_sum)?);
    }
    Ok((day, shard, tallies.without_zeros()))
}

/// Reads and mends the counters.
#[derive(Debug, Clone)]
pub struct Counters {
    client: Client,
    table: String,
}

impl Counters {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The counters of a period: one query per owner, whatever the number of sales.
    pub async fn days(&self, basis: Basis, scope: &Scope, period: Period) -> Result<Days, StoreError> {
        let mut days = Days::new();
        for (owner, day, _, tallies) in self.shards(basis, scope, period).await? {
            days.entry((owner, day)).or_default().add(&tallies);
        }
        Ok(days)
    }

    /// The same, shard by shard.
    pub async fn shards(
        &self,
        basis: Basis,
        scope: &Scope,
        period: Period,
    ) -> Result<Vec<(Owner, Day, u64, Tallies)>, StoreError> {
        let queries = scope.owners().iter().map(|owner| self.of_owner(basis, owner, period));
        Ok(futures::future::try_join_all(queries).await?.into_iter().flatten().collect())
    }

    async fn of_owner(
        &self,
        basis: Basis,
        owner: &Owner,
        period: Period,
    ) -> Result<Vec<(Owner, Day, u64, Tallies)>, StoreError> {
        let text = |value: String| AttributeValue::S(value);
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", text(partition(basis, owner)))
            .expression_attribute_values(":from", text(format!("{}#", period.from)))
            // `~` sorts after every digit.
            .expression_attribute_values(":to", text(format!("{}#~", period.to)))
            .into_paginator()
            .items()
            .send();
        let mut read_shards = vec![];
        while let Some(item) = pages.next().await {
            let item =
                item.map_err(|error| StoreError::call(format!("counters of {}", owner.key()), &error))?;
            let (day, shard, tallies) = read(&item)?;
            read_shards.push((owner.clone(), day, shard, tallies));
        }
        Ok(read_shards)
    }

    /// Adds tallies to one shard, on condition that it still holds what was read of it.
    pub async fn mend(
        &self,
        key: &CounterKey,
        shard: u64,
        held: &Tallies,
        delta: &Tallies,
    ) -> Result<(), StoreError> {
        let (expression, mut values) = addition(delta);
        let mut conditions = vec![];
        for product in Product::ALL {
            for (name, value) in names(product).into_iter().zip(numbers(&held.of(product))) {
                values.insert(format!(":held_{name}"), AttributeValue::N(value.to_string()));
                let absent =
                    if value == 0 { format!("attribute_not_exists({name}) OR ") } else { String::new() };
                conditions.push(format!("({absent}{name} = :held_{name})"));
            }
        }
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(item_key(key, shard)))
            .update_expression(expression)
            .condition_expression(conditions.join(" AND "))
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        sent.map(drop)
            .map_err(|error| StoreError::call(format!("mending the counters of {}", key.day), &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::counters::{ProductTally, Tally};

    #[test]
    fn what_is_added_reads_back() {
        let tally = ProductTally {
            active: Tally { count: 2, sum: Tenge(10_000) },
            cancelled: Tally { count: -1, sum: Tenge(-5_000) },
        };
        let tallies = Tallies([(Product::Express, tally)].into());
        let (expression, values) = addition(&tallies);
        assert_eq!(expression, "ADD e_n :e_n, e_kzt :e_kzt, e_xn :e_xn, e_xkzt :e_xkzt");
        let mut item: HashMap<_, _> = values
            .into_iter()
            .map(|(name, value)| (name.trim_start_matches(':').to_owned(), value))
            .collect();
        let key = CounterKey {
            basis: Basis::SaleDate,
            owner: Owner::Unattributed,
            day: Day::parse("2026-11-20").unwrap(),
        };
        item.extend(item_key(&key, 3));
        assert_eq!(read(&item).unwrap(), (key.day, 3, tallies));
    }

    #[test]
    fn products_do_not_share_a_letter() {
        let letters: std::collections::BTreeSet<_> =
            Product::ALL.map(|product| names(product)[0].clone()).into();
        assert_eq!(letters.len(), Product::ALL.len());
    }
}
