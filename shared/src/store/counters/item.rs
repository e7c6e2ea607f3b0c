//! The items of the counters table: their keys, the update that adds to them, and how they are read.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::domain::counters::{Basis, CounterKey, ProductTally, Tallies};
use crate::domain::day::Day;
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::team::Owner;
use crate::store::StoreError;
use crate::store::document::Item;

/// The attribute of the UTM values.
pub const UTM: &str = "utm";

/// The partition of an owner's days.
pub fn days_of(basis: Basis, owner: &Owner) -> String {
    format!("{}#{}", basis.as_str(), owner.key())
}

/// The partition of an owner's sales by UTM values, apart from the days: a funnel must not read it.
pub fn utm_of(basis: Basis, owner: &Owner) -> String {
    format!("utm#{}", days_of(basis, owner))
}

/// Where one shard of a counter stands: its partition and its place there.
pub fn place(key: &CounterKey, shard: u64) -> (String, String) {
    match &key.utm {
        None => (days_of(key.basis, &key.owner), format!("{}#{shard}", key.day)),
        Some(utm) => (utm_of(key.basis, &key.owner), format!("{}#{}#{shard}", key.day, utm.hash())),
    }
}

/// The key of one shard of a counter.
pub fn item_key(key: &CounterKey, shard: u64) -> Item {
    let (pk, sk) = place(key, shard);
    Item::from([("pk".to_owned(), AttributeValue::S(pk)), ("sk".to_owned(), AttributeValue::S(sk))])
}

/// The update that adds tallies to a counter: its expression and its values.
pub fn addition(key: &CounterKey, tallies: &Tallies) -> (String, Item) {
    let (mut clauses, mut values) = (vec![], Item::new());
    for (product, tally) in &tallies.0 {
        for (name, value) in names(*product).into_iter().zip(numbers(tally)) {
            if value != 0 {
                clauses.push(format!("{name} :{name}"));
                values.insert(format!(":{name}"), AttributeValue::N(value.to_string()));
            }
        }
    }
    let mut expression = format!("ADD {}", clauses.join(", "));
    if let Some(utm) = &key.utm {
        expression.insert_str(0, "SET utm = if_not_exists(utm, :utm) ");
        values.insert(":utm".to_owned(), AttributeValue::S(utm.json().to_owned()));
    }
    (expression, values)
}

/// The names of a product's figures.
pub fn names(product: Product) -> [String; 4] {
    let p = &product.id()[..1];
    [format!("{p}_n"), format!("{p}_kzt"), format!("{p}_xn"), format!("{p}_xkzt")]
}

/// A product's figures, in the order of their names.
pub fn numbers(tally: &ProductTally) -> [i64; 4] {
    [tally.active.count, tally.active.sum.0, tally.cancelled.count, tally.cancelled.sum.0]
}

/// What is wrong with an item that cannot be read.
pub fn broken(problem: &str) -> StoreError {
    StoreError::item("a counter", &problem)
}

/// The day of an item.
pub fn day(item: &Item) -> Result<Day, StoreError> {
    let sk = item.get("sk").and_then(|sk| sk.as_s().ok()).ok_or_else(|| broken("has no sk"))?;
    let (day, _) = sk.split_once('#').ok_or_else(|| broken("has an sk without a shard"))?;
    Day::parse(day).ok_or_else(|| broken("has an sk without a day"))
}

/// The figures of an item, without products that nothing was sold of.
pub fn tallies(item: &Item) -> Result<Tallies, StoreError> {
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
    Ok(tallies.without_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::counters::Tally;
    use crate::domain::utm::UtmName;
    use crate::domain::utm_key::UtmKey;

    fn key() -> CounterKey {
        let day = Day::parse("2026-11-20").unwrap();
        CounterKey { basis: Basis::SaleDate, owner: Owner::Unattributed, day, utm: None }
    }

    fn some_tallies() -> Tallies {
        let tally = ProductTally {
            active: Tally { count: 2, sum: Tenge(10_000) },
            cancelled: Tally { count: -1, sum: Tenge(-5_000) },
        };
        Tallies([(Product::Express, tally)].into())
    }

    /// The item that an update makes where there was none.
    fn written(key: &CounterKey, values: Item) -> Item {
        let attributes =
            values.into_iter().map(|(name, value)| (name.trim_start_matches(':').to_owned(), value));
        attributes.chain(item_key(key, 3)).collect()
    }

    #[test]
    fn what_is_added_to_a_day_reads_back() {
        let (expression, values) = addition(&key(), &some_tallies());
        assert_eq!(expression, "ADD e_n :e_n, e_kzt :e_kzt, e_xn :e_xn, e_xkzt :e_xkzt");
        let item = written(&key(), values);
        assert_eq!(item["pk"], AttributeValue::S("sale_date#unattributed".into()));
        assert_eq!(item["sk"], AttributeValue::S("2026-11-20#3".into()));
        assert_eq!(item.len(), 6, "keys and figures, and nothing that a funnel would have to read besides");
        assert_eq!((day(&item).unwrap(), tallies(&item).unwrap()), (key().day, some_tallies()));
    }

    #[test]
    fn what_is_added_to_a_set_of_utm_values_names_them_once() {
        let utm = UtmKey::of(&[(UtmName::Campaign, "Onai2".to_owned())].into()).unwrap();
        let key = CounterKey { utm: Some(utm.clone()), ..key() };
        let (expression, values) = addition(&key, &some_tallies());
        assert_eq!(
            expression,
            "SET utm = if_not_exists(utm, :utm) ADD e_n :e_n, e_kzt :e_kzt, e_xn :e_xn, e_xkzt :e_xkzt"
        );
        let item = written(&key, values);
        assert_eq!(item["pk"], AttributeValue::S("utm#sale_date#unattributed".into()));
        assert_eq!(item["sk"], AttributeValue::S(format!("2026-11-20#{}#3", utm.hash())));
        assert_eq!(item[UTM], AttributeValue::S(r#"{"utm_campaign":"onai2"}"#.into()));
        assert_eq!((day(&item).unwrap(), tallies(&item).unwrap()), (key.day, some_tallies()));
    }

    #[test]
    fn products_do_not_share_a_letter() {
        let letters: std::collections::BTreeSet<_> =
            Product::ALL.map(|product| names(product)[0].clone()).into();
        assert_eq!(letters.len(), Product::ALL.len());
    }
}
