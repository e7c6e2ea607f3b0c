//! What holds for every life of a deal, whichever hooks are lost and whichever come late.

use proptest::prelude::*;

use super::*;

fn any_work() -> impl Strategy<Value = Work> {
    let step = prop_oneof![
        3 => prop_oneof![Just(OPEN), Just(OPEN + 1), Just(WON), Just(LOST)].prop_map(Step::Move),
        1 => prop_oneof![Just(5_000_i64), Just(490_000), Just(450_000)].prop_map(Step::Price),
    ];
    prop::collection::vec((step, 10_i64..50_000), 0..7).prop_map(|steps| {
        let mut now = 0;
        steps.into_iter().fold(Work::begun(0, OPEN, 5_000), |work, (step, pause)| {
            now += pause;
            match step {
                Step::Move(stage) if stage == work.sight.stage => work,
                Step::Move(stage) => work.moved(now, stage),
                Step::Price(price) if Some(Tenge(price)) == work.sight.price => work,
                Step::Price(price) => work.priced(now, price),
            }
        })
    })
}

#[derive(Debug, Clone)]
enum Step {
    Move(u64),
    Price(i64),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// Of moves the journal knows all; of prices only the last can still be seen.
    #[test]
    fn whatever_hooks_are_lost_the_ledger_ends_as_if_none_were(
        (work, lost, late) in any_work().prop_flat_map(|work| {
            let hooks = work.hooks.len();
            let each = || prop::collection::vec(any::<bool>(), hooks);
            (Just(work), each(), each())
        })
    ) {
        let read_at = 1_000_000;
        let (mut told, mut healed) = (Known::default(), Known::default());
        work.hooks.iter().for_each(|hook| told.hear(hook));
        for (hook, _) in work.hooks.iter().zip(&lost).filter(|(_, lost)| !**lost) {
            healed.hear(hook);
        }
        healed.look(Some(&work.read(read_at)), &work.moves);
        prop_assert_eq!(gist(&healed.sales()), gist(&told.sales()));
        prop_assert!(healed.sales().iter().all(|sale| sale.verified));

        let found = healed.clone();
        prop_assert!(!healed.look(Some(&work.read(read_at + 600)), &work.moves), "nothing is found twice");
        for ((hook, lost), late) in work.hooks.iter().zip(&lost).zip(&late) {
            if *lost && *late {
                healed.hear(&DealEvent { received_at: at(read_at + 900), ..hook.clone() });
            }
        }
        healed.look(Some(&work.read(read_at + 1_200)), &work.moves);
        prop_assert_eq!(gist(&healed.sales()), gist(&told.sales()));
        let again = &healed.healed[found.healed.len()..];
        prop_assert!(again.iter().all(|(found, _)| *found == Found::Price), "{:?}", again);
        let (changes, seen) = healed.delivered();
        prop_assert!(seen <= changes, "{} of {}", seen, changes);
    }

    #[test]
    fn the_deals_of_a_stage_are_counted_as_they_were_last_seen(works in prop::collection::vec(any_work(), 1..4)) {
        let mut known = Known::default();
        let mut now = 1_000_000;
        for work in works {
            now += 1_000_000;
            let shift = TimeDelta::seconds(now - 500_000);
            let sight = Sight { updated_at: work.sight.updated_at + shift, ..work.read(now) };
            known.look(Some(&sight), &[]);
            let counted: Vec<_> = known.counted.iter().map(|(key, n)| (key.stage, *n)).collect();
            prop_assert_eq!(counted, vec![(work.sight.stage, 1)]);
        }
    }
}
