use proptest::prelude::*;
use shared::domain::attribution;
use shared::domain::counters::{self, Basis, LeadTally, ProductTally, Tally};
use shared::domain::day::Day;
use shared::domain::money::Tenge;
use shared::domain::product::Product;
use shared::domain::sale::{AmountSource, Sale, State};
use shared::domain::team::{Owner, TeamId};

use super::*;

fn day(after: u64) -> Day {
    Day::parse("2026-11-01").unwrap().plus(after)
}

fn sold(count: i64) -> Tallies {
    let active = Tally { count, sum: Tenge(count * 5_000) };
    Tallies::from([(Product::Express, ProductTally { active, cancelled: Tally::default() })])
}

fn leads(proftest: i64) -> Tallies {
    Tallies { leads: LeadTally { proftest, express: 0 }, ..Tallies::default() }
}

#[test]
fn sales_stand_on_the_day_of_their_lead_and_leads_on_their_own() {
    let muha = Owner::Team(TeamId::new("muha"));
    let by_lead_day = Days::from([((muha.clone(), day(0)), sold(3))]);
    let mut of_later_day = sold(2);
    of_later_day.add(&leads(7));
    let by_sale_day =
        Days::from([((muha.clone(), day(0)), leads(40)), ((muha.clone(), day(9)), of_later_day)]);
    let mut first = sold(3);
    first.add(&leads(40));
    let expected = Days::from([((muha.clone(), day(0)), first), ((muha, day(9)), leads(7))]);
    assert_eq!(cohort(by_lead_day, by_sale_day), expected);
}

fn sale((lead_id, is_mine, product, is_active, sold, of_lead): (u64, bool, usize, bool, u64, u64)) -> Sale {
    let sold_at = day(sold).start();
    Sale {
        account: 29_600_001,
        lead_id,
        product: Product::ALL[product],
        team: is_mine.then(|| TeamId::new("muha")),
        state: if is_active { State::Active } else { State::Cancelled },
        amount: Tenge(5_000),
        amount_source: AmountSource::Hook,
        sold_at,
        day: day(sold),
        lead_day: Some(day(sold.saturating_sub(of_lead))),
        received_at: sold_at,
        verified: false,
        utm: [].into(),
        trail: attribution::decide(&[], &[], &[]),
        versions: 1,
    }
}

fn some_sales() -> impl Strategy<Value = Vec<Sale>> {
    let sale_of =
        (0_u64..1_000, any::<bool>(), 0_usize..3, any::<bool>(), 0_u64..30, 0_u64..30).prop_map(sale);
    prop::collection::vec(sale_of, 0..20)
}

/// The days of a basis, as the store gives them.
fn days(sales: &[Sale], basis: Basis) -> Days {
    let counted =
        counters::count(sales).into_iter().filter(|(key, _)| key.basis == basis && key.utm.is_none());
    counted.map(|(key, tallies)| ((key.owner, key.day), tallies)).collect()
}

proptest! {
    #[test]
    fn over_all_time_a_cohort_comes_to_the_same_as_the_days_of_sales(sales in some_sales(), forms in 0_i64..50) {
        let mut by_sale_day = days(&sales, Basis::SaleDate);
        by_sale_day.entry((Owner::Unattributed, day(3))).or_default().add(&leads(forms));
        let cohort = cohort(days(&sales, Basis::LeadDate), by_sale_day.clone());
        for owner in [Owner::Unattributed, Owner::Team(TeamId::new("muha"))] {
            let sum = |days: &Days| {
                let mut sum = Tallies::default();
                days.iter().filter(|((of, _), _)| *of == owner).for_each(|(_, tallies)| sum.add(tallies));
                sum.without_zeros()
            };
            prop_assert_eq!(sum(&cohort), sum(&by_sale_day));
        }
    }
}
