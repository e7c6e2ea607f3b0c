//! What holds of any two sides.

use proptest::prelude::*;

use super::sample::{OPEN, at, day, deal, event, sight};
use super::*;
use crate::domain::crm::sight::Sight;
use crate::domain::deal::Deal;
use crate::domain::event::Route;
use crate::domain::rules::Rules;
use crate::domain::sale::Sale;
use crate::domain::stage::{LOST, WON};

/// A deal on both sides.
#[derive(Debug, Clone)]
struct Both {
    deal: Option<Deal>,
    sales: Vec<Sale>,
    sight: Option<Sight>,
}

impl Both {
    fn compared(&self, lead: u64) -> Vec<Pair> {
        let run = Run { period: Period { from: day(), to: day() }, began_at: at(30) };
        let id = crate::domain::event::DealId { account: sample::ACCOUNT, lead };
        let look = Look { id, sales: &self.sales, deal: self.deal.as_ref(), sight: self.sight.as_ref() };
        compare(&look, &run, &Rules::default())
    }
}

/// A deal that a hook has told of and that amoCRM has so still; not always a sale.
fn alike(lead: u64) -> impl Strategy<Value = Both> {
    let route = prop::sample::select(vec![Route::Sales, Route::Funnel, Route::Traffic]);
    let stage = prop::sample::select(vec![OPEN, WON, LOST]);
    let price = prop::option::of(prop::sample::select(vec![5_000, 490_000, 450_000]));
    (route, stage, price).prop_map(move |(route, stage, price)| {
        let deal = deal(&[event(lead, route, stage, price)]);
        Both { sales: deal.sales.clone(), deal: Some(deal), sight: Some(sight(lead, stage, price)) }
    })
}

fn worlds() -> impl Strategy<Value = Vec<Both>> {
    (1_usize..12).prop_flat_map(|count| (0..count as u64).map(alike).collect::<Vec<_>>())
}

/// What may happen to a deal on one side alone.
#[derive(Debug, Clone, Copy)]
enum Done {
    HookLost,
    GoneInCrm,
    DeletedInCrm,
    LostInCrm,
    PricedInCrm,
    PricedByHand,
    TakenAwayByHand,
}

fn done() -> impl Strategy<Value = Done> {
    use Done::*;
    let all = vec![HookLost, GoneInCrm, DeletedInCrm, LostInCrm, PricedInCrm, PricedByHand, TakenAwayByHand];
    prop::sample::select(all)
}

/// Does it; whether the two sides are still alike.
fn apply(done: Done, both: &mut Both) -> bool {
    let has_sale = both.sales.iter().any(|sale| sale.state == crate::domain::sale::State::Active);
    let sight = both.sight.as_mut().unwrap();
    match done {
        Done::HookLost => {
            (both.deal, both.sales) = (None, vec![]);
            return sight.stage != WON;
        }
        Done::GoneInCrm => both.sight = None,
        Done::DeletedInCrm => sight.is_deleted = true,
        Done::LostInCrm => sight.stage = LOST,
        Done::PricedInCrm => sight.price = Some(crate::domain::money::Tenge(7_777)),
        Done::PricedByHand => {
            both.sales.iter_mut().for_each(|sale| sale.amount = crate::domain::money::Tenge(7_777))
        }
        Done::TakenAwayByHand => both.sales.clear(),
    }
    !has_sale
}

fn sums(pairs: &[Pair]) -> Sides {
    let mut days = Days::new(Period { from: day(), to: day() });
    pairs.iter().for_each(|pair| days.count(pair));
    let mut sides = Sides::default();
    days.checked(at(30)).iter().flat_map(|day| &day.rows).for_each(|row| sides.add(&row.sides));
    sides
}

proptest! {
    #[test]
    fn equal_worlds_are_equal(worlds in worlds()) {
        let pairs: Vec<Pair> = (0..).zip(&worlds).flat_map(|(lead, both)| both.compared(lead)).collect();
        prop_assert!(pairs.iter().all(|pair| pair.why.is_none()), "{:?}", pairs);
        let sides = sums(&pairs);
        prop_assert_eq!((sides.crm, sides.apart()), (sides.ledger, 0));
        let active = worlds.iter().flat_map(|both| &both.sales).filter(|sale| sale.state == crate::domain::sale::State::Active);
        prop_assert_eq!(sides.ledger.count as usize, active.count());
    }

    #[test]
    fn what_one_side_does_alone_is_named_and_nothing_else_is(
        mut worlds in worlds(), place in any::<prop::sample::Index>(), done in done()
    ) {
        let place = place.index(worlds.len());
        let is_alike = apply(done, &mut worlds[place]);
        let pairs: Vec<Pair> = (0..).zip(&worlds).flat_map(|(lead, both)| both.compared(lead)).collect();
        let named: Vec<u64> = pairs.iter().filter(|pair| pair.why.is_some()).map(|pair| pair.lead).collect();
        prop_assert_eq!(named, if is_alike { vec![] } else { vec![place as u64] }, "{:?}", done);
    }

    #[test]
    fn the_difference_of_both_sums_is_what_is_named(
        worlds in worlds(), doings in prop::collection::vec(prop::option::of(done()), 12)
    ) {
        let mut worlds = worlds;
        for (both, done) in worlds.iter_mut().zip(doings) {
            if let Some(done) = done {
                apply(done, both);
            }
        }
        let pairs: Vec<Pair> = (0..).zip(&worlds).flat_map(|(lead, both)| both.compared(lead)).collect();
        let sides = sums(&pairs);
        let named = pairs.iter().filter(|pair| pair.why.is_some());
        let gap: i64 = named
            .map(|pair| {
                let crm = pair.crm.as_ref().map_or(0, |side| side.amount.0);
                crm - pair.ledger.as_ref().map_or(0, |side| side.amount.0)
            })
            .sum();
        prop_assert_eq!((sides.crm.sum - sides.ledger.sum).0, gap);
        prop_assert_eq!(sides.crm.count - sides.ledger.count, sides.missing - sides.extra);
    }
}
