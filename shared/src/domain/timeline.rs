//! From the ordered events of a deal to the sales it holds.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::deal::Entry;
use super::event::{Action, Origin};
use super::money::Tenge;
use super::order::{Placed, in_order, newest};
use super::product::Product;
use super::rules::Rules;
use super::sale::{AmountSource, State};
use super::stage::LOST;

/// One sale of a deal, before it is attributed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleFacts {
    /// What was sold.
    pub product: Product,
    /// Whether it counts.
    pub state: State,
    /// What it cost.
    pub amount: Tenge,
    /// Who said so.
    pub amount_source: AmountSource,
    /// When the present unbroken time as a sale began; of a cancelled one, the last such time.
    pub sold_at: DateTime<Utc>,
    /// When the first event that makes it a sale reached us.
    pub received_at: DateTime<Utc>,
}

/// What a deal's events make of it. The order of `entries` does not matter.
///
/// 1. A product route makes a sale of its product at any stage that is neither lost nor excluded. From then on every
///    route's events tell whether the deal is lost, and leaving 142 means nothing any more.
/// 2. The sales route makes a sale at 142 and configured stages, and unmakes it at any other. Its product follows the
///    newest price, unless a product route has set one: then it is that sale.
///
/// 3. What a database of the past says makes a sale only where nobody else has told of one.
pub fn sales_of(entries: &[Entry], rules: &Rules) -> Vec<SaleFacts> {
    let ordered = in_order(entries);
    let (told, past): (Vec<_>, Vec<_>) =
        ordered.iter().copied().partition(|(_, entry)| entry.origin != Origin::History);
    let sales = sales_in(&told, rules);
    if past.is_empty() || !sales.is_empty() { sales } else { sales_in(&ordered, rules) }
}

fn sales_in(ordered: &[Placed<'_>], rules: &Rules) -> Vec<SaleFacts> {
    let pins = pins(ordered, rules);
    let by_sales_route = sales_route_product(ordered, &pins, rules);
    let mut products: Vec<Product> = pins.keys().copied().collect();
    if pins.is_empty() {
        products.push(by_sales_route);
    }
    products.into_iter().filter_map(|product| sale(product, ordered, &pins, by_sales_route, rules)).collect()
}

/// The product that an event of the sales route is about.
pub fn product_on_sales_route(entries: &[Entry], rules: &Rules) -> Product {
    let ordered = in_order(entries);
    sales_route_product(&ordered, &pins(&ordered, rules), rules)
}

/// The products that product routes have set, each with the place of the first event that did.
fn pins(ordered: &[Placed<'_>], rules: &Rules) -> BTreeMap<Product, usize> {
    let mut pins = BTreeMap::new();
    for (place, (_, entry)) in ordered.iter().enumerate() {
        if let Some(product) = entry.route.product()
            && is_product_route_sale(entry, rules)
        {
            pins.entry(product).or_insert(place);
        }
    }
    pins
}

fn is_gone(entry: &Entry) -> bool {
    entry.action == Action::Delete || entry.stage == Some(LOST)
}

fn is_product_route_sale(entry: &Entry, rules: &Rules) -> bool {
    !is_gone(entry) && !rules.products.stages.is_excluded(entry.pipeline, entry.stage)
}

fn sales_route_product(ordered: &[Placed<'_>], pins: &BTreeMap<Product, usize>, rules: &Rules) -> Product {
    let on_sales_route = |entry: &Entry| entry.route.product().is_none();
    let told = newest(ordered, |entry| {
        on_sales_route(entry).then(|| rules.products.list.by_stage(entry.pipeline, entry.stage))?
    });
    let told = told.unwrap_or_else(|| {
        rules.products.list.by_price(newest(ordered, |entry| on_sales_route(entry).then_some(entry.price)?))
    });
    if pins.is_empty() || pins.contains_key(&told) {
        return told;
    }
    // The product that was set last: a deal that went on to the flagship is won as the flagship.
    pins.iter().max_by_key(|(_, place)| **place).map_or(told, |(product, _)| *product)
}

fn sale(
    product: Product,
    ordered: &[Placed<'_>],
    pins: &BTreeMap<Product, usize>,
    by_sales_route: Product,
    rules: &Rules,
) -> Option<SaleFacts> {
    let pin = pins.get(&product).copied();
    let mut standing = Standing::Never;
    let mut received_at: Option<DateTime<Utc>> = None;
    for (place, (at, entry)) in ordered.iter().enumerate() {
        let pinned = pin.is_some_and(|pin| pin <= place);
        let verdict = match entry.route.product() {
            _ if is_gone(entry) => Some(false),
            // Without a stage it tells nothing, unless it is what made the product route's sale.
            _ if entry.stage.is_none() && pin != Some(place) => None,
            _ if pinned => is_product_route_sale(entry, rules).then_some(true),
            Some(_) => None,
            None if product == by_sales_route => {
                Some(rules.products.stages.is_won(entry.pipeline, entry.stage))
            }
            None => None,
        };
        standing = standing.after(verdict, *at);
        if verdict == Some(true) {
            received_at = Some(received_at.map_or(entry.received_at, |first| first.min(entry.received_at)));
        }
    }
    let (state, sold_at) = match standing {
        Standing::Never => return None,
        Standing::Since(sold_at) => (State::Active, sold_at),
        Standing::Until { sold_at } => (State::Cancelled, sold_at),
    };
    let concerns = |entry: &Entry| match entry.route.product() {
        Some(own) => own == product || pins.len() < 2,
        None => product == by_sales_route,
    };
    let price = newest(ordered, |entry| Some((concerns(entry).then_some(entry.price)??, entry.origin)));
    Some(SaleFacts {
        product,
        state,
        amount: price.map_or_else(|| rules.products.list.list_price(product), |(price, _)| price),
        amount_source: match price {
            None => AmountSource::ListPrice,
            Some((_, Origin::Read | Origin::Journal)) => AmountSource::Crm,
            Some((_, Origin::Hook | Origin::History)) => AmountSource::Hook,
        },
        sold_at,
        received_at: received_at?,
    })
}

/// Where a walk through the events stands.
#[derive(Clone, Copy)]
enum Standing {
    Never,
    Since(DateTime<Utc>),
    Until { sold_at: DateTime<Utc> },
}

impl Standing {
    fn after(self, is_sale: Option<bool>, at: DateTime<Utc>) -> Self {
        match (self, is_sale) {
            (Self::Never | Self::Until { .. }, Some(true)) => Self::Since(at),
            (Self::Since(sold_at), Some(false)) => Self::Until { sold_at },
            (unchanged, _) => unchanged,
        }
    }
}
