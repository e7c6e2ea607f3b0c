use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::ad_account::AdAccountId;
use crate::domain::counters::{CounterKey, ProductTally, Tallies};
use crate::domain::day::Day;
use crate::domain::event::{Action, DealEvent, DealId, Happened, Origin, Route};
use crate::domain::ledger::apply;
use crate::domain::pattern::{Match, Pattern};
use crate::domain::rules::{RulesFor, RulesVersion};
use crate::domain::sample_leads::{lead, with_utm};
use crate::domain::utm::{Reading, UtmName, Way};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_600_000 + seconds, 0).unwrap()
}

fn won(deal: u64, seconds: i64, price: i64, campaign: &str) -> DealEvent {
    let reading = Reading {
        utm: UtmName::Campaign,
        way: Way::Code,
        field: "utm_campaign".to_owned(),
        value: campaign.to_owned(),
        ad_account: None,
    };
    DealEvent {
        deal: DealId { account: 1, lead: deal },
        route: Route::Sales,
        origin: Origin::Hook,
        action: Action::Status,
        stage: Some(142),
        old_stage: None,
        pipeline: Some(7),
        price: Some(Tenge(price)),
        happened: Happened::At(at(seconds)),
        created_at: None,
        received_at: at(seconds),
        readings: vec![reading],
        facts: String::new(),
    }
}

/// The defaults, with a pattern that goes from one team to another and an Express Course that may cost 4,500.
fn changed() -> Rules {
    let mut rules = Rules { version: RulesVersion { teams: 1, products: 1 }, ..Rules::default() };
    rules.teams.0[0].patterns.retain(|pattern| pattern.text() != "tripwire");
    rules.teams.0[2].patterns.push(Pattern::new("tripwire", Match::Anywhere));
    rules.products.list.0[0].from_price = Tenge(4_500);
    rules
}

fn team(name: &str) -> Option<TeamId> {
    Some(TeamId::new(name))
}

fn facts(deal: &Deal) -> Vec<(Option<TeamId>, Product, i64)> {
    deal.sales.iter().map(|sale| (sale.team.clone(), sale.product, sale.amount.0)).collect()
}

/// What a deal becomes by one more event, told after the rules were changed.
fn then(prior: &Deal, event: &DealEvent) -> Deal {
    let (standing, now) = (Rules::default(), changed());
    apply(Some(prior), event, "2", RulesFor { standing: &standing, now: &now }).deal
}

#[test]
fn what_stands_is_not_moved_by_an_event_that_says_nothing_new() {
    let stands = apply(None, &won(1, 0, 4_500, "tripwire_1"), "1", &Rules::default()).deal;
    assert_eq!(facts(&stands), [(team("kenesary"), Product::Other, 4_500)]);
    let told_again = then(&stands, &won(1, 60, 4_500, "tripwire_1"));
    assert_eq!((facts(&told_again), told_again.rules), (facts(&stands), RulesVersion::default()));
}

#[test]
fn what_is_new_is_decided_by_the_rules_in_force_and_the_rest_stays() {
    let stands = apply(None, &won(1, 0, 490_000, "tripwire_1"), "1", &Rules::default()).deal;
    let cheaper = then(&stands, &won(1, 60, 4_500, "tripwire_1"));
    assert_eq!(facts(&cheaper), [(team("kenesary"), Product::Express, 4_500)], "by the new prices");
    assert_eq!(cheaper.rules, RulesVersion { teams: 0, products: 1 });
    let renamed = then(&stands, &won(1, 60, 490_000, "tripwire_2"));
    assert_eq!(facts(&renamed), [(team("muha"), Product::Flagship, 490_000)], "by the new patterns");
    assert_eq!(renamed.rules, RulesVersion { teams: 1, products: 0 });
    let first_sale = then(&Deal::new(DealId { account: 1, lead: 1 }), &won(1, 60, 4_500, "tripwire_2"));
    assert_eq!(facts(&first_sale), [(team("muha"), Product::Express, 4_500)]);
}

#[test]
fn a_deal_about_which_something_new_was_decided_since_is_not_moved_back() {
    let stands = apply(None, &won(1, 0, 490_000, "tripwire_1"), "1", &Rules::default()).deal;
    let (moved, _) = move_deal(&stands, &Accounts::new(), "job", at(90), &changed()).unwrap();
    assert!(move_deal(&moved, &Accounts::new(), "job", at(91), &changed()).is_none(), "it is there already");
    assert!(move_deal_back(&moved, "other", at(92), &Rules::default()).is_none());
    let touched = apply(Some(&moved), &won(1, 100, 490_000, "tripwire_1"), "2", &changed()).deal;
    let (back, _) = move_deal_back(&touched, "job", at(110), &Rules::default()).unwrap();
    assert_eq!(facts(&back), facts(&stands), "an event that says nothing new is no decision");
    let mut third = changed();
    third.version.teams = 2;
    let rules = RulesFor { standing: &changed(), now: &third };
    let decided = apply(Some(&moved), &won(1, 100, 490_000, "kenesary"), "2", rules).deal;
    assert!(move_deal_back(&decided, "job", at(110), &Rules::default()).is_none());
}

#[test]
fn a_lead_goes_where_its_values_say_and_back() {
    let stands = Lead { team: team("kenesary"), ..with_utm(lead("a", "proftest"), "tripwire_9") };
    let moved = move_lead(&stands, &Accounts::new(), "job", &changed()).unwrap();
    assert_eq!((&moved.team, moved.rules), (&team("muha"), 1));
    assert_eq!(move_lead(&moved, &Accounts::new(), "job", &changed()), None);
    assert_eq!(move_lead_back(&moved, "other"), None);
    assert_eq!(move_lead_back(&moved, "job"), Some(stands));
}

/// Rules of a later version, by which what was Kenesary's and then Muha's is Arystan's.
fn changed_again() -> Rules {
    let mut rules = changed();
    rules.version.teams = 2;
    for team in &mut rules.teams.0 {
        team.patterns.retain(|pattern| pattern.text() != "tripwire");
        if team.id.as_str() == "arystan" {
            team.patterns.push(Pattern::new("tripwire", Match::Anywhere));
        }
    }
    rules
}

fn sold(campaign: &str) -> Deal {
    apply(None, &won(1, 0, 490_000, campaign), "1", &Rules::default()).deal
}

#[test]
fn a_deal_that_a_job_moves_twice_goes_back_to_where_it_stood_first() {
    let stands = sold("tripwire_1");
    let (once, _) = move_deal(&stands, &Accounts::new(), "job", at(90), &changed()).unwrap();
    let (twice, _) = move_deal(&once, &Accounts::new(), "job", at(91), &changed_again()).unwrap();
    assert_eq!(facts(&twice)[0].0, team("arystan"));
    let (back, _) = move_deal_back(&twice, "job", at(92), &Rules::default()).unwrap();
    assert_eq!((facts(&back), back.rules, back.moved), (facts(&stands), stands.rules, None));
}

#[test]
fn what_was_decided_by_later_rules_than_a_jobs_stays_by_them() {
    let later = apply(None, &won(1, 0, 4_500, "tripwire_1"), "1", &changed_again()).deal;
    assert!(
        move_deal(
            &later,
            &Accounts::new(),
            "job",
            at(90),
            RulesFor { standing: &changed_again(), now: &changed() }
        )
        .is_none()
    );
    // Only its products are decided by later rules: its team moves.
    let mut standing = Rules { version: RulesVersion { teams: 0, products: 5 }, ..Rules::default() };
    standing.products.list.0[0].from_price = Tenge(4_000);
    let mixed = apply(None, &won(1, 0, 4_200, "tripwire_1"), "1", &standing).deal;
    let (moved, _) =
        move_deal(&mixed, &Accounts::new(), "job", at(90), RulesFor { standing: &standing, now: &changed() })
            .unwrap();
    assert_eq!(facts(&moved), [(team("muha"), Product::Express, 4_200)]);
    assert_eq!(moved.rules, RulesVersion { teams: 1, products: 5 });
    let lead = Lead { team: team("arystan"), rules: 2, ..with_utm(lead("a", "proftest"), "tripwire_9") };
    assert_eq!(move_lead(&lead, &Accounts::new(), "job", &changed()), None);
}

#[test]
fn jobs_over_one_another_are_undone_one_after_the_other_or_from_below() {
    let stands = sold("tripwire_1");
    let (by_one, _) = move_deal(&stands, &Accounts::new(), "one", at(90), &changed()).unwrap();
    let (by_two, _) = move_deal(&by_one, &Accounts::new(), "two", at(91), &changed_again()).unwrap();
    assert!(stands_by(&by_two, "two") && !stands_by(&by_two, "one"));
    let (back, _) = move_deal_back(&by_two, "two", at(92), &changed()).unwrap();
    assert_eq!((facts(&back), &back.moved), (facts(&by_one), &by_one.moved));
    let (back, _) = move_deal_back(&back, "one", at(93), &Rules::default()).unwrap();
    assert_eq!((facts(&back), back.rules, back.moved), (facts(&stands), stands.rules, None));

    let (noted, writes) = move_deal_back(&by_two, "one", at(92), &changed()).unwrap();
    assert_eq!((facts(&noted), noted.version), (facts(&by_two), by_two.version + 1), "it is the other job's");
    assert!(writes.put.is_empty() && writes.remove.is_empty() && writes.counters.is_empty());
    let (back, _) = move_deal_back(&noted, "two", at(93), &Rules::default()).unwrap();
    assert_eq!((facts(&back), back.rules, back.moved), (facts(&stands), stands.rules, None));
}

#[test]
fn the_same_holds_for_leads() {
    let stands = Lead { team: team("kenesary"), ..with_utm(lead("a", "proftest"), "tripwire_9") };
    let by_one = move_lead(&stands, &Accounts::new(), "one", &changed()).unwrap();
    let twice = move_lead(&by_one, &Accounts::new(), "one", &changed_again()).unwrap();
    assert_eq!((&twice.team, move_lead_back(&twice, "one")), (&team("arystan"), Some(stands.clone())));
    let by_two = move_lead(&by_one, &Accounts::new(), "two", &changed_again()).unwrap();
    assert!(lead_stands_by(&by_two, "two") && !lead_stands_by(&by_two, "one"));
    assert_eq!(move_lead_back(&by_two, "two"), Some(by_one));
    let noted = move_lead_back(&by_two, "one").unwrap();
    assert_eq!((&noted.team, noted.rules), (&team("arystan"), 2));
    assert_eq!(move_lead_back(&noted, "two"), Some(stands));
}

#[test]
fn what_a_pattern_decided_goes_to_the_team_of_its_ad_where_the_pattern_is_taken_away() {
    let value = "tripwire_120210000000000123";
    let account = AdAccountId::parse("666059476005255").unwrap();
    let accounts: Accounts = [("120210000000000123".to_owned(), account)].into();
    let mut without = Rules { version: RulesVersion { teams: 1, products: 0 }, ..Rules::default() };
    without.teams.0[0].patterns.retain(|pattern| pattern.text() != "tripwire");
    let deal = apply(None, &won(1, 0, 5_000, value), "1", &Rules::default()).deal;
    let stands = Lead { team: team("kenesary"), ..with_utm(lead("a", "proftest"), value) };
    let day = deal.sales[0].day;
    let mut preview = Preview::default();
    preview.add_deal(&deal, &accounts, Period { from: day, to: day }, &without);
    preview.add_lead(&stands, &accounts, &without);
    let (from, to) = (team("kenesary"), team("arystan"));
    assert_eq!(preview.moves(), [Move { from, to, sales: 1, leads: 1, revenue_kzt: Tenge(5_000) }]);

    let (moved, _) = move_deal(&deal, &accounts, "job", at(90), &without).unwrap();
    assert_eq!(facts(&moved), [(team("arystan"), Product::Express, 5_000)]);
    assert_eq!(
        facts(&moved),
        facts(&Deal { sales: ledger::sales(&moved, &without), ..moved.clone() }),
        "kept"
    );
    let (back, _) = move_deal_back(&moved, "job", at(91), &Rules::default()).unwrap();
    assert_eq!((facts(&back), &back.readings), (facts(&deal), &deal.readings));
    assert_eq!(move_lead(&stands, &accounts, "job", &without).unwrap().team, team("arystan"));
}

#[test]
fn an_ad_that_was_not_known_yet_is_found_and_forgotten_again() {
    let rules = Rules::default();
    let deal = apply(None, &won(1, 0, 5_000, "120210000000000123"), "1", &rules).deal;
    assert_eq!(move_deal(&deal, &Accounts::new(), "job", at(90), &rules).map(|(deal, _)| facts(&deal)), None);
    let account = AdAccountId::parse("666059476005255").unwrap();
    let accounts: Accounts = [("120210000000000123".to_owned(), account)].into();
    let (moved, _) = move_deal(&deal, &accounts, "job", at(90), &rules).unwrap();
    assert_eq!(facts(&moved), [(team("arystan"), Product::Express, 5_000)]);
    let (back, _) = move_deal_back(&moved, "job", at(91), &rules).unwrap();
    assert_eq!(facts(&back), facts(&deal));
}

#[test]
fn sales_of_other_days_that_go_with_a_deal_are_named_apart() {
    let deal = apply(None, &won(1, 0, 490_000, "tripwire_1"), "1", &Rules::default()).deal;
    let day = deal.sales[0].day;
    let mut preview = Preview::default();
    preview.add_deal(&deal, &Accounts::new(), Period { from: day.plus(1), to: day.plus(2) }, &changed());
    assert_eq!((preview.moves(), preview.products(), preview.outside()), (vec![], vec![], 1));
}

fn add(counters: &mut BTreeMap<CounterKey, Tallies>, more: &BTreeMap<CounterKey, Tallies>) {
    for (key, tallies) in more {
        counters.entry(key.clone()).or_default().add(tallies);
    }
}

proptest! {
    #[test]
    fn a_preview_is_what_the_counters_show_after_moving_and_moving_back_leaves_no_trace(
        histories in prop::collection::vec(
            prop::collection::vec(
                (0_i64..4, prop::sample::select(vec![4_500_i64, 5_000, 490_000]),
                 prop::sample::select(vec!["tripwire", "kenesary", "muha", "nobody"])),
                1..4,
            ),
            1..6,
        )
    ) {
        let mut deals = vec![];
        for (lead, history) in histories.iter().enumerate() {
            let mut deal: Option<Deal> = None;
            for (n, (day, price, campaign)) in history.iter().enumerate() {
                let event = won(lead as u64 + 1, day * 86_400 + n as i64, *price, campaign);
                deal = Some(apply(deal.as_ref(), &event, &n.to_string(), &Rules::default()).deal);
            }
            deals.extend(deal);
        }
        let all = Period { from: Day::of(at(-86_400)), to: Day::of(at(9 * 86_400)) };
        let (mut preview, mut counters) = (Preview::default(), BTreeMap::new());
        let mut after = vec![];
        for deal in &deals {
            preview.add_deal(deal, &Accounts::new(), all, &changed());
            let moved = move_deal(deal, &Accounts::new(), "job", at(0), &changed());
            if let Some((_, writes)) = &moved {
                add(&mut counters, &writes.counters);
            }
            after.push(moved.map_or_else(|| deal.clone(), |(deal, _)| deal));
        }
        let by_team = |deals: &[Deal], team: &Option<TeamId>| -> (i64, i64) {
            let of_team = |sale: &&Sale| sale.team == *team && sale.state == State::Active;
            let sales: Vec<&Sale> = deals.iter().flat_map(|deal| &deal.sales).filter(of_team).collect();
            (sales.len() as i64, sales.iter().map(|sale| sale.amount.0).sum())
        };
        for team in [None, team("kenesary"), team("muha"), team("arystan"), team("traf4")] {
            let (before, now) = (by_team(&deals, &team), by_team(&after, &team));
            let mut expected = before;
            for moved in preview.moves() {
                for (side, sign) in [(&moved.to, 1), (&moved.from, -1)] {
                    if *side == team {
                        expected = (expected.0 + sign * moved.sales, expected.1 + sign * moved.revenue_kzt.0);
                    }
                }
            }
            prop_assert_eq!(now, expected);
        }
        prop_assert_eq!(preview.outside(), 0);
        for (deal, before) in after.iter().zip(&deals) {
            if let Some((back, writes)) = move_deal_back(deal, "job", at(1), &Rules::default()) {
                add(&mut counters, &writes.counters);
                prop_assert!(back.sales.iter().zip(&before.sales).all(|(now, then)| now.same_facts(then)));
                prop_assert_eq!(back.rules, before.rules);
            } else {
                prop_assert_eq!(deal, before);
            }
        }
        let holds = |tallies: &Tallies| tallies.products.values().any(|tally| *tally != ProductTally::default());
        counters.retain(|_, tallies| holds(tallies));
        prop_assert_eq!(counters, BTreeMap::new());
    }
}
