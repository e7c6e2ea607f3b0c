//! What may be said of products.

use std::collections::BTreeSet;

use super::Problem;
use crate::domain::money::Tenge;
use crate::domain::product::{Product, ProductRule};
use crate::domain::rules::Products;

/// Those that the funnel has stages for.
const OF_FUNNEL: [Product; 2] = [Product::Express, Product::Flagship];

/// Of stages and of fields.
const MOST: usize = 100;

pub(super) fn check(products: &mut Products) -> Vec<Problem> {
    let mut problems = vec![];
    let rules = &products.list.0;
    let mut seen = BTreeSet::new();
    for (place, rule) in rules.iter().enumerate() {
        let field = |name: &str| format!("products[{place}].{name}");
        if !OF_FUNNEL.contains(&rule.product) {
            problems.push(Problem::new(field("product"), "is what is left: it has no rule"));
        } else if !seen.insert(rule.product) {
            problems.push(Problem::new(field("product"), "stands there twice"));
        }
        for (name, price) in [("list_price", rule.list_price), ("from_price", rule.from_price)] {
            if price <= Tenge(0) {
                problems.push(Problem::new(field(name), "must be above 0"));
            }
        }
        if rule.to_price < rule.from_price {
            problems.push(Problem::new(field("to_price"), "must not be under from_price"));
        }
        problems.extend(too_many(field("stages"), rule.stages.len()));
        let earlier = &rules[..place];
        if let Some(other) =
            earlier.iter().find(|other| other.product != rule.product && overlap(other, rule))
        {
            let problem = format!("overlaps the prices of {}", other.product.id());
            problems.push(Problem::new(field("from_price"), problem));
        }
        for (at, stage) in rule.stages.iter().enumerate() {
            if earlier.iter().any(|other| other.stages.contains(stage)) || rule.stages[..at].contains(stage) {
                problems.push(Problem::new(field(&format!("stages[{at}]")), "stands there twice"));
            }
        }
    }
    for product in OF_FUNNEL.iter().filter(|product| !seen.contains(product)) {
        problems.push(Problem::new("products", format!("{} is missing", product.id())));
    }
    for (field, length) in [
        ("stages.sale", products.stages.sale.len()),
        ("stages.excluded", products.stages.excluded.len()),
        ("utm_fields", products.utm_fields.len()),
    ] {
        problems.extend(too_many(field.to_owned(), length));
    }
    let both = products.stages.sale.iter().position(|stage| products.stages.excluded.contains(stage));
    problems
        .extend(both.map(|at| Problem::new(format!("stages.sale[{at}]"), "is excluded at the same time")));
    problems
}

fn too_many(field: String, length: usize) -> Option<Problem> {
    (length > MOST).then(|| Problem::new(field, format!("must not be more than {MOST}")))
}

fn overlap(one: &ProductRule, other: &ProductRule) -> bool {
    one.from_price <= other.to_price && other.from_price <= one.to_price
}
