//! Which of a deal's sales continues which, and what changed between the two.

use crate::domain::product::Product;
use crate::domain::sale::{Sale, SaleId};

/// The sales that say something else than before.
pub(super) fn changed<'a>(before: &'a [Sale], after: &'a [Sale]) -> impl Iterator<Item = &'a Sale> {
    after.iter().filter(|sale| !before.iter().any(|old| old.same_facts(sale)))
}

/// The sales of now, each with the count of its versions.
pub(super) fn versioned(before: &[Sale], mut after: Vec<Sale>) -> Vec<Sale> {
    let followed: Vec<Option<Sale>> =
        after.iter().map(|sale| predecessor(sale, before, &after).cloned()).collect();
    for (sale, old) in after.iter_mut().zip(followed) {
        if let Some(old) = old {
            sale.versions = if sale.same_facts(&old) { old.versions } else { old.versions + 1 };
        }
    }
    after
}

/// The sale that this one continues: of the same product, else the one that moved.
pub(super) fn predecessor<'a>(sale: &Sale, before: &'a [Sale], after: &[Sale]) -> Option<&'a Sale> {
    let with = |product: Product| before.iter().find(move |old| old.product == product);
    with(sale.product)
        .or_else(|| before.iter().find(|old| !after.iter().any(|new| new.product == old.product)))
}

/// The product that a sale was of before, where that is another.
pub(super) fn moved_from(sale: &Sale, before: &[Sale], after: &[Sale]) -> Option<Product> {
    predecessor(sale, before, after).map(|old| old.product).filter(|product| *product != sale.product)
}

/// The sales that are no more.
pub(super) fn gone(before: &[Sale], after: &[Sale]) -> Vec<SaleId> {
    before.iter().filter(|old| !after.iter().any(|new| new.product == old.product)).map(Sale::id).collect()
}
