//! Reads the counters by UTM values. Which ad the values mean is for the caller to say.

use std::collections::BTreeMap;

use super::{Counters, item};
use crate::domain::counters::{Basis, Tallies};
use crate::domain::day::{Day, Period};
use crate::domain::team::Owner;
use crate::domain::utm::UtmName;
use crate::edge::caller::Scope;
use crate::store::StoreError;
use crate::store::document::Item;

/// The sales and leads of one owner and day that carry the same UTM values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UtmDay {
    /// Whose.
    pub owner: Owner,
    /// Which day's.
    pub day: Day,
    /// The values, as [`UtmKey`](crate::domain::utm_key::UtmKey) has them: what is compared with them has to be in
    /// the same form.
    pub values: BTreeMap<UtmName, String>,
    /// How many and how much.
    pub tallies: Tallies,
}

impl Counters {
    /// The counters of a period by UTM values: one query per owner. Its cost grows with the sets of values that sold
    /// or brought something on a day, not with sales and leads.
    pub async fn utm_days(
        &self,
        basis: Basis,
        scope: &Scope,
        period: Period,
    ) -> Result<Vec<UtmDay>, StoreError> {
        let queries = scope.owners().iter().map(async |owner| {
            let items = self.table.period(item::utm_of(basis, owner), period).await?;
            added_up(owner, &items)
        });
        Ok(futures::future::try_join_all(queries).await?.into_iter().flatten().collect())
    }
}

/// Adds up what says the same, whatever its key: it is by the values that they are joined.
fn added_up(owner: &Owner, items: &[Item]) -> Result<Vec<UtmDay>, StoreError> {
    let mut sums: BTreeMap<(Day, BTreeMap<UtmName, String>), Tallies> = BTreeMap::new();
    for item in items {
        let tallies = item::tallies(item)?;
        sums.entry((item::day(item)?, values(item)?)).or_default().add(&tallies);
    }
    let sums = sums.into_iter().map(|(place, tallies)| (place, tallies.without_zeros()));
    let sums = sums.filter(|(_, tallies)| !tallies.is_empty());
    Ok(sums.map(|((day, values), tallies)| UtmDay { owner: owner.clone(), day, values, tallies }).collect())
}

fn values(item: &Item) -> Result<BTreeMap<UtmName, String>, StoreError> {
    let json = item.get(item::UTM).and_then(|utm| utm.as_s().ok());
    let json = json.ok_or_else(|| item::broken("has no UTM values"))?;
    let values: BTreeMap<UtmName, String> =
        serde_json::from_str(json).map_err(|_| item::broken("has UTM values that are none"))?;
    if values.is_empty() { Err(item::broken("has no UTM values")) } else { Ok(values) }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;
    use crate::domain::counters::{CounterKey, ProductTally, Tally};
    use crate::domain::money::Tenge;
    use crate::domain::product::Product;
    use crate::domain::utm_key::UtmKey;

    fn sold(count: i64) -> Tallies {
        let active = Tally { count, sum: Tenge(count * 5_000) };
        Tallies::from([(Product::Express, ProductTally { active, cancelled: Tally::default() })])
    }

    fn stored(day: &str, campaign: &str, shard: u64, tallies: &Tallies) -> Item {
        let key = CounterKey {
            basis: Basis::SaleDate,
            owner: Owner::Unattributed,
            day: Day::parse(day).unwrap(),
            utm: UtmKey::of(&[(UtmName::Campaign, campaign.to_owned())].into()),
        };
        let (_, values) = item::addition(&key, tallies);
        let attributes =
            values.into_iter().map(|(name, value)| (name.trim_start_matches(':').to_owned(), value));
        attributes.chain(item::item_key(&key, shard)).collect()
    }

    #[test]
    fn shards_are_added_up_and_what_comes_to_nothing_is_left_out() {
        let items = [
            stored("2026-11-20", "one", 0, &sold(2)),
            stored("2026-11-20", "one", 3, &sold(5)),
            stored("2026-11-20", "two", 0, &sold(4)),
            stored("2026-11-20", "gone", 1, &sold(1)),
            stored("2026-11-20", "gone", 2, &sold(-1)),
            stored("2026-11-21", "one", 0, &sold(1)),
        ];
        let read: Vec<_> = added_up(&Owner::Unattributed, &items)
            .unwrap()
            .into_iter()
            .map(|UtmDay { day, values, tallies, .. }| {
                (day.to_string(), values[&UtmName::Campaign].clone(), tallies)
            })
            .collect();
        let row = |day: &str, campaign: &str, count| (day.to_owned(), campaign.to_owned(), sold(count));
        let expected =
            [row("2026-11-20", "one", 7), row("2026-11-20", "two", 4), row("2026-11-21", "one", 1)];
        assert_eq!(read, expected);
    }

    #[test]
    fn an_item_that_does_not_say_its_values_is_not_passed_over() {
        for utm in [None, Some("{}"), Some("[]"), Some(r#"{"campaign":"one"}"#)] {
            let mut item = stored("2026-11-20", "one", 0, &sold(1));
            item.remove(item::UTM);
            item.extend(utm.map(|json| (item::UTM.to_owned(), AttributeValue::S(json.to_owned()))));
            let read = added_up(&Owner::Unattributed, &[item]);
            assert!(matches!(read, Err(StoreError::Unreadable { .. })), "{utm:?}");
        }
    }
}
