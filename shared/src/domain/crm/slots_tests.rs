use proptest::prelude::*;

use super::*;

const RULES: SlotRules = SlotRules { slots: 3, longest_call: TimeDelta::seconds(10) };

fn at(millis: i64) -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::milliseconds(millis)
}

fn take(slots: &mut Slots, millis: i64, ticket: &str) -> Hold {
    let (next, Taking::Ours(hold)) = slots.take(at(millis), ticket, at(1_000_000), &RULES) else {
        panic!("{ticket} has to wait")
    };
    *slots = next.unwrap();
    hold
}

#[test]
fn a_slot_is_free_a_second_after_the_answer() {
    let mut slots = Slots::default();
    let holds = ["a", "b", "c"].map(|ticket| take(&mut slots, 0, ticket));
    assert!(holds.iter().all(|hold| hold.start_at == at(0)));
    let (next, asked) = slots.take(at(0), "d", at(60_000), &RULES);
    assert_eq!((next, asked), (None, Taking::AskAgain(at(120))), "none is answered yet");
    slots = slots.ended(at(200), &holds[1], Ending::Answered);
    slots = slots.ended(at(300), &holds[0], Ending::Otherwise);
    let early = slots.take(at(310), "d", at(1_249), &RULES);
    assert_eq!(early, (None, Taking::TooLate { until: at(1_250) }));
    assert_eq!(take(&mut slots, 310, "d").start_at, at(1_250), "booked in advance");
    assert_eq!(take(&mut slots, 311, "e").start_at, at(1_350), "nobody books the same");
    assert_eq!(slots.take(at(312), "f", at(60_000), &RULES).1, Taking::AskAgain(at(432)));
}

#[test]
fn the_slot_of_the_dead_is_free_when_no_call_can_last_any_more() {
    let mut slots = Slots::default();
    for ticket in ["a", "b", "c"] {
        take(&mut slots, 0, ticket);
    }
    assert_eq!(slots.take(at(11_049), "d", at(60_000), &RULES).1, Taking::AskAgain(at(11_169)));
    assert_eq!(take(&mut slots, 11_050, "d").start_at, at(11_050));
    let late = Hold { ticket: "a".to_owned(), start_at: at(0) };
    assert_eq!(slots.ended(at(11_060), &late, Ending::Answered), slots, "its slot is another's now");
}

#[test]
fn asking_too_often_pauses_everyone_and_longer_each_time() {
    let mut slots = Slots::default();
    let (first, second) = (take(&mut slots, 0, "a"), take(&mut slots, 0, "b"));
    slots = slots.ended(at(100), &first, Ending::TooOften);
    slots = slots.ended(at(150), &second, Ending::TooOften);
    assert_eq!(slots.paused_until(), Some(at(2_100)), "both were under way: one strike");
    for (pause_ends, next_ends) in [(2_100, 6_200), (6_200, 14_300), (14_300, 30_400), (30_400, 62_500)] {
        let hold = take(&mut slots, pause_ends - 500, "again");
        assert_eq!(hold.start_at, at(pause_ends));
        slots = slots.ended(at(pause_ends + 100), &hold, Ending::TooOften);
        assert_eq!(slots.paused_until(), Some(at(next_ends)));
    }
    let hold = take(&mut slots, 62_500, "again");
    slots = slots.ended(at(62_600), &hold, Ending::TooOften);
    assert_eq!(slots.paused_until(), Some(at(122_600)), "the longest pause");
    let hold = take(&mut slots, 122_600, "good");
    slots = slots.ended(at(122_700), &hold, Ending::Answered);
    let hold = take(&mut slots, 122_800, "again");
    slots = slots.ended(at(122_900), &hold, Ending::TooOften);
    assert_eq!(slots.paused_until(), Some(at(124_900)), "it begins short again");
}

#[test]
fn fewer_slots_than_before_wait_until_few_enough_are_in_use() {
    let mut slots = Slots::default();
    for (end, ticket) in [(100, "a"), (200, "b"), (300, "c")] {
        let hold = take(&mut slots, 0, ticket);
        slots = slots.ended(at(end), &hold, Ending::Answered);
    }
    let one = SlotRules { slots: 1, ..RULES };
    let (_, Taking::Ours(hold)) = slots.take(at(400), "d", at(60_000), &one) else { panic!("refused") };
    assert_eq!(hold.start_at, at(1_350));
}

#[derive(Debug, Clone, Copy)]
enum Move {
    Take,
    /// The one that has lasted longest ends in this way; it arrived at this part of its time, in percent.
    End(Ending, i64),
    /// It never ends.
    Die,
    Wait(i64),
}

fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    let ending = prop_oneof![
        6 => Just(Ending::Answered), 1 => Just(Ending::TooOften), 1 => Just(Ending::Otherwise)
    ];
    let any_move = prop_oneof![
        6 => Just(Move::Take),
        5 => (ending, 0_i64..=100).prop_map(|(ending, percent)| Move::End(ending, percent)),
        1 => Just(Move::Die),
        3 => (0_i64..400).prop_map(Move::Wait),
    ];
    prop::collection::vec(any_move, 1..250)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn amocrm_never_sees_more_than_so_many_in_any_second(
        moves in any_moves(),
        slots in 1_usize..8,
        dead_at in 0_i64..=100,
    ) {
        let rules = SlotRules { slots, longest_call: TimeDelta::seconds(10) };
        let (mut now, mut there, mut under_way, mut arrivals) = (0, Slots::default(), vec![], vec![]);
        for (index, one) in moves.into_iter().enumerate() {
            match one {
                Move::Wait(millis) => now += millis,
                Move::Take => {
                    let (next, taking) = there.take(at(now), &index.to_string(), at(1_000_000_000), &rules);
                    if let Taking::Ours(hold) = taking {
                        prop_assert!(hold.start_at >= at(now));
                        there = next.unwrap();
                        under_way.push(hold);
                    }
                }
                Move::End(ending, percent) if !under_way.is_empty() => {
                    let hold = under_way.remove(0);
                    let start = (hold.start_at - at(0)).num_milliseconds();
                    // No call outlasts its time-out.
                    now = now.max(start);
                    let end = now.min(start + 10_000);
                    arrivals.push(start + (end - start) * percent / 100);
                    there = there.ended(at(now), &hold, ending);
                }
                Move::Die if !under_way.is_empty() => {
                    let hold = under_way.remove(0);
                    let start = (hold.start_at - at(0)).num_milliseconds();
                    arrivals.push(start + 10_000 * dead_at / 100);
                }
                Move::End(..) | Move::Die => {}
            }
        }
        arrivals.sort_unstable();
        for window in arrivals.windows(slots + 1) {
            prop_assert!(window[slots] - window[0] >= 1_000, "{:?}", window);
        }
    }

    #[test]
    fn what_is_stored_reads_back_and_holds_no_more_than_there_are(moves in any_moves()) {
        let (mut now, mut there) = (0, Slots::default());
        for (index, one) in moves.into_iter().enumerate() {
            match one {
                Move::Wait(millis) => now += millis,
                _ => if let (Some(next), _) = there.take(at(now), &index.to_string(), at(now + 5_000), &RULES) {
                    there = next;
                },
            }
            prop_assert!(there.taken.len() <= RULES.slots);
            let json = serde_json::to_string(&there).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Slots>(&json).unwrap(), &there);
        }
    }
}
