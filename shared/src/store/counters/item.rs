//! The items of the counters table: their keys, the update that adds to them, and how they are read.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::domain::counters::{Basis, CounterKey, ProductTally, Tallies};
use crate::domain::day::Day;
use crate::domain::lead::Form;
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
    for (name, value) in figures(tallies, tallies.products.keys().copied()) {
        if value != 0 {
            clauses.push(format!("{name} :{name}"));
            values.insert(format!(":{name}"), AttributeValue::N(value.to_string()));
        }
    }
    let mut expression = format!("ADD {}", clauses.join(", "));
    if let Some(utm) = &key.utm {
        expression.insert_str(0, "SET utm = if_not_exists(utm, :utm) ");
        values.insert(":utm".to_owned(), AttributeValue::S(utm.json().to_owned()));
    }
    (expression, values)
}

/// The figures of these products and of all forms, by their names in an item.
pub fn figures(
    tallies: &Tallies,
    products: impl IntoIterator<Item = Product>,
) -> impl Iterator<Item = (String, i64)> {
    let of_product = |product| names(product).into_iter().zip(numbers(&tallies.of(product)));
    let leads = Form::ALL.map(|form| (lead_name(form).to_owned(), tallies.leads.of(form)));
    products.into_iter().flat_map(of_product).chain(leads)
}

/// The names of a product's figures.
fn names(product: Product) -> [String; 4] {
    let p = &product.id()[..1];
    [format!("{p}_n"), format!("{p}_kzt"), format!("{p}_xn"), format!("{p}_xkzt")]
}

/// The name of a form's figure.
fn lead_name(form: Form) -> &'static str {
    match form {
        Form::Proftest => "l_p",
        Form::Express => "l_s",
    }
}

/// A product's figures, in the order of their names.
fn numbers(tally: &ProductTally) -> [i64; 4] {
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

/// A whole number that an item holds; zero where it holds none.
pub fn number(item: &Item, name: &str) -> Result<i64, StoreError> {
    let Some(value) = item.get(name) else { return Ok(0) };
    value.as_n().ok().and_then(|n| n.parse().ok()).ok_or_else(|| broken("holds what is no whole number"))
}

/// The figures of an item, without products that nothing was sold of.
pub fn tallies(item: &Item) -> Result<Tallies, StoreError> {
    let mut tallies = Tallies::default();
    for product in Product::ALL {
        let [count, sum, cancelled, cancelled_sum] = names(product);
        let tally = tallies.products.entry(product).or_default();
        tally.active.count = number(item, &count)?;
        tally.active.sum = Tenge(number(item, &sum)?);
        tally.cancelled.count = number(item, &cancelled)?;
        tally.cancelled.sum = Tenge(number(item, &cancelled_sum)?);
    }
    for form in Form::ALL {
        tallies.leads.count(form, number(item, lead_name(form))?);
    }
    Ok(tallies.without_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::counters::{LeadTally, Tally};
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
        Tallies::from([(Product::Express, tally)])
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
    fn leads_stand_beside_sales_in_the_same_item() {
        let mut tallies = some_tallies();
        tallies.leads = LeadTally { proftest: 3, express: -1 };
        let (expression, values) = addition(&key(), &tallies);
        assert_eq!(expression, "ADD e_n :e_n, e_kzt :e_kzt, e_xn :e_xn, e_xkzt :e_xkzt, l_p :l_p, l_s :l_s");
        let item = written(&key(), values);
        assert_eq!(item["pk"], AttributeValue::S("sale_date#unattributed".into()));
        assert_eq!(super::tallies(&item).unwrap(), tallies);
        let only_leads = Tallies { leads: LeadTally { proftest: 1, express: 0 }, ..Tallies::default() };
        assert_eq!(addition(&key(), &only_leads).0, "ADD l_p :l_p");
    }

    #[test]
    fn no_two_figures_share_a_name() {
        let names: Vec<String> = figures(&Tallies::default(), Product::ALL).map(|(name, _)| name).collect();
        let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!((names.len(), distinct.len()), (14, 14));
    }
}
