//! Sales by the day of their lead, beside the leads of those days.

use shared::domain::counters::Tallies;
use shared::store::counters::Days;

/// The days of a cohort: its sales from the counters by the day of the lead, its leads from those by the day of the sale.
/// A lead is counted in the latter alone, since its own day is the same by both.
pub fn cohort(by_lead_day: Days, by_sale_day: Days) -> Days {
    let sales = by_lead_day.into_iter().map(|(place, Tallies { products, .. })| {
        let tallies = Tallies { products, ..Tallies::default() };
        (place, tallies)
    });
    let mut days: Days = sales.collect();
    for (place, Tallies { leads, .. }) in by_sale_day {
        days.entry(place).or_default().add(&Tallies { leads, ..Tallies::default() });
    }
    days
}

#[cfg(test)]
#[path = "cohort_tests.rs"]
mod tests;
