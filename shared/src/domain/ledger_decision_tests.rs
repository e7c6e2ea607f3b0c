//! Which rules decide about a deal that was sold under others.

use proptest::prelude::*;

use super::properties::any_event;
use super::*;
use crate::domain::ad_account::AdAccountId;
use crate::domain::crm::sight::Sight;
use crate::domain::delivery::Told;
use crate::domain::observe::{Purpose, Seen, observe};
use crate::domain::order::in_order;
use crate::domain::pattern::{Match, Pattern};
use crate::domain::product::PipelineStage;
use crate::domain::rules::RulesVersion;

const PIPELINE: u64 = 10_350_882;

/// A stage that counts only by the rules of [`saved`].
const PAID: u64 = 555;

/// The defaults with another version, as somebody saved them.
fn saved(change: impl FnOnce(&mut Rules)) -> Rules {
    let mut rules = Rules { version: RulesVersion { teams: 1, products: 1 }, ..Rules::default() };
    change(&mut rules);
    rules
}

fn paid_counts(rules: &mut Rules) {
    rules.products.stages.sale.push(PipelineStage { pipeline: PIPELINE, stage: PAID });
}

/// One more event of a deal that stands by these rules, under those.
fn told(prior: &Deal, event: &DealEvent, standing: &Rules, now: &Rules) -> Change {
    apply(Some(prior), event, &format!("{event:?}"), RulesFor { standing, now })
}

fn facts(deal: &Deal) -> Vec<(Product, State, i64)> {
    deal.sales.iter().map(|sale| (sale.product, sale.state, sale.amount.0)).collect()
}

fn lost() -> Deal {
    let events = [event(Route::Sales, 0, 142).price(5_000), event(Route::Sales, 10, 143).price(5_000)];
    Ledger::of(&events).deals.into_values().next().unwrap()
}

#[test]
fn a_stage_that_only_the_saved_rules_count_makes_the_sale_count_again() {
    let (standing, now) = (Rules::default(), saved(paid_counts));
    let stands = lost();
    let change = told(&stands, &event(Route::Sales, 20, PAID).price(5_000), &standing, &now);
    assert_eq!((change.verdict.outcome, change.verdict.reason), (Outcome::Updated, None));
    assert_eq!(facts(&change.deal), [(Product::Express, State::Active, 5_000)]);
    assert_eq!((change.deal.sales[0].sold_at, change.deal.rules.products), (at(20), 1));
}

#[test]
fn reading_amocrm_decides_alike() {
    let (standing, now) = (Rules::default(), saved(paid_counts));
    let stands = lost();
    let sight = Sight {
        deal: stands.id(),
        pipeline: PIPELINE,
        stage: PAID,
        price: Some(Tenge(5_000)),
        is_deleted: false,
        created_at: None,
        updated_at: at(20),
        closed_at: None,
        readings: vec![],
        contacts: vec![],
        facts: "paid".to_owned(),
        read_at: at(30),
    };
    let seen = Seen { sight: Some(&sight), moves: &[], purpose: Purpose::Heal(Told::UNKNOWN), now: at(31) };
    let rules = RulesFor { standing: &standing, now: &now };
    let observed = observe(Some(&stands), stands.id(), seen, rules).unwrap();
    assert_eq!(facts(&observed.deal), [(Product::Express, State::Active, 5_000)]);
    assert_eq!(observed.verdict.map(|verdict| verdict.outcome), Some(Outcome::Updated));
}

#[test]
fn a_stage_that_a_product_has_claimed_since_makes_the_sale_that_products() {
    let mut standing = Rules::default();
    paid_counts(&mut standing);
    let now = saved(|rules| {
        paid_counts(rules);
        rules.products.list.0[1].stages.push(PipelineStage { pipeline: PIPELINE, stage: PAID });
    });
    let won = event(Route::Sales, 0, 142).price(5_000);
    let stands = apply(None, &won, "1", &standing).deal;
    let moved = told(&stands, &event(Route::Sales, 10, PAID).price(5_000), &standing, &now);
    assert_eq!(facts(&moved.deal), [(Product::Flagship, State::Active, 5_000)]);
    let again = told(&stands, &event(Route::Sales, 10, 142).price(5_000), &standing, &now);
    assert_eq!((facts(&again.deal), again.deal.rules), (facts(&stands), RulesVersion::default()));
}

#[test]
fn another_stage_is_decided_by_the_products_of_today_though_it_is_a_sale_as_before() {
    let mut standing = Rules::default();
    paid_counts(&mut standing);
    let now = saved(|rules| {
        paid_counts(rules);
        rules.products.list.0[0].from_price = Tenge(4_500);
    });
    let stands = apply(None, &event(Route::Sales, 0, 142).price(4_500), "1", &standing).deal;
    assert_eq!(facts(&stands), [(Product::Other, State::Active, 4_500)]);
    let moved = told(&stands, &event(Route::Sales, 10, PAID).price(4_500), &standing, &now);
    assert_eq!(facts(&moved.deal), [(Product::Express, State::Active, 4_500)]);
    assert_eq!(moved.deal.rules, RulesVersion { teams: 0, products: 1 });
}

/// The campaign of an event, with the ad account that was found for it.
fn by_ad(event: DealEvent, account: Option<&str>) -> DealEvent {
    let mut event = event.campaign("120210000000000123");
    event.readings[0].ad_account = account.and_then(AdAccountId::parse);
    event
}

fn team(deal: &Deal) -> Option<&str> {
    deal.sales[0].team.as_ref().map(TeamId::as_str)
}

const ARYSTAN: Option<&str> = Some("666059476005255");

#[test]
fn a_value_that_is_told_again_moves_no_sale_though_nobody_looks_its_ad_up_any_more() {
    let standing = Rules::default();
    let now = saved(|rules| rules.teams.0[2].patterns.push(Pattern::new("120210000000", Match::Anywhere)));
    let won = event(Route::Sales, 0, 142).price(5_000);
    let stands = apply(None, &by_ad(won.clone(), ARYSTAN), "1", &standing).deal;
    assert_eq!(team(&stands), Some("arystan"));
    let again = DealEvent { happened: Happened::At(at(60)), ..by_ad(won.clone(), None) };
    let told_again = told(&stands, &again, &standing, &now).deal;
    assert_eq!((team(&told_again), told_again.rules), (Some("arystan"), RulesVersion::default()));
    assert_eq!(told_again.values(), stands.values(), "its account stays known");
    let other = DealEvent { happened: Happened::At(at(60)), ..won }.campaign("120210000000000124");
    assert_eq!(team(&told(&stands, &other, &standing, &now).deal), Some("muha"), "another value");
}

#[test]
fn an_account_is_known_whichever_of_two_hooks_it_came_with() {
    let rules = Rules::default();
    let first = by_ad(event(Route::Sales, 0, 142).price(5_000), ARYSTAN);
    let second = by_ad(event(Route::Sales, 60, 142).price(5_000), None);
    for [one, other] in [[&first, &second], [&second, &first]] {
        let deal = apply(None, one, "1", &rules).deal;
        let deal = apply(Some(&deal), other, "2", &rules).deal;
        assert_eq!((team(&deal), deal.readings[0].at), (Some("arystan"), at(60)));
    }
}

/// Rules by which much of what [`any_event`] makes is something else.
fn quite_others() -> Rules {
    saved(|rules| {
        rules.products.stages.sale.push(PipelineStage { pipeline: PIPELINE, stage: 100 });
        rules.products.stages.excluded.push(PipelineStage { pipeline: PIPELINE, stage: 142 });
        rules.products.list.0[0].to_price = Tenge(450_000);
        rules.teams.0.reverse();
    })
}

proptest! {
    #[test]
    fn what_is_told_once_more_moves_nothing_whatever_the_rules_have_become(
        events in prop::collection::vec(any_event(), 1..8)
    ) {
        let (standing, now) = (Rules::default(), quite_others());
        let stands = Ledger::of(&events).deals.into_values().next().unwrap();
        let (_, newest) = in_order(&stands.history).pop().unwrap();
        prop_assume!(!stands.sales.is_empty() && newest.action != Action::Delete);
        let again = events.iter().find(|event| format!("{event:?}") == newest.id).unwrap();
        let later = at(1_000_000);
        let again = DealEvent { happened: Happened::At(later), received_at: later, readings: vec![], ..again.clone() };
        let deal = told(&stands, &again, &standing, &now).deal;
        prop_assert_eq!(facts(&deal), facts(&stands));
        prop_assert_eq!(deal.rules, stands.rules);
    }

    #[test]
    fn another_price_is_always_decided_by_the_products_of_today(
        events in prop::collection::vec(any_event(), 1..8)
    ) {
        let (standing, now) = (Rules::default(), quite_others());
        let stands = Ledger::of(&events).deals.into_values().next().unwrap();
        let dearer = event(Route::Sales, 1_000_000, 100).price(470_000);
        let deal = told(&stands, &dearer, &standing, &now).deal;
        prop_assert_eq!(deal.rules.products, 1);
        let expected = sales(&deal, &now);
        let gist = |sales: &[Sale]| -> Vec<_> {
            sales.iter().map(|sale| (sale.product, sale.state, sale.amount)).collect()
        };
        prop_assert_eq!(gist(&deal.sales), gist(&expected));
    }
}
