//! What holds for any calls of several callers, in any order and at any times.

use proptest::prelude::*;

use super::*;

const CALLERS: usize = 4;

#[derive(Debug, Clone, Copy)]
enum Telling {
    Success,
    Failure,
    Trip,
    Release,
    /// The caller died.
    Silence,
}

#[derive(Debug, Clone, Copy)]
enum Move {
    Ask(usize),
    End(usize, Telling),
    Wait(i64),
}

fn any_move() -> impl Strategy<Value = Move> {
    let telling = prop_oneof![
        2 => Just(Telling::Success), 6 => Just(Telling::Failure), 1 => Just(Telling::Trip),
        1 => Just(Telling::Release), 1 => Just(Telling::Silence)
    ];
    let wait = prop_oneof![4 => 0_i64..5, 2 => 25_i64..35, 2 => 55_i64..65, 1 => 100_i64..700];
    prop_oneof![
        4 => (0..CALLERS).prop_map(Move::Ask),
        4 => (0..CALLERS, telling).prop_map(|(caller, telling)| Move::End(caller, telling)),
        2 => wait.prop_map(Move::Wait)
    ]
}

fn any_moves() -> impl Strategy<Value = Vec<Move>> {
    prop::collection::vec(any_move(), 1..120)
}

/// What happened at one move: the breaker before and after it.
#[derive(Debug)]
struct Step {
    now: DateTime<Utc>,
    before: Breaker,
    after: Breaker,
    what: What,
}

#[derive(Debug)]
enum What {
    Asked(Decision),
    /// How the call of this pass ended; the number is that of the step at which it was given.
    Ended(Pass, usize, Telling),
}

/// Plays the moves. A caller with a call under way does not ask, and one without has nothing to tell.
fn play(moves: &[Move]) -> Vec<Step> {
    let (mut now, mut breaker, mut steps) = (at("10:00:00"), Breaker::default(), vec![]);
    let mut passes: [Option<(Pass, usize)>; CALLERS] = Default::default();
    for one in moves {
        let before = breaker.clone();
        let what = match *one {
            Move::Wait(seconds) => {
                now += TimeDelta::seconds(seconds);
                continue;
            }
            Move::Ask(caller) if passes[caller].is_none() => {
                let (next, decision) = breaker.ask(now, &format!("{caller} at {}", steps.len()), &RULES);
                breaker = next.unwrap_or(breaker);
                if let Decision::Go(pass) = &decision {
                    passes[caller] = Some((pass.clone(), steps.len()));
                }
                What::Asked(decision)
            }
            Move::End(caller, telling) => {
                let Some((pass, given)) = passes[caller].take() else { continue };
                let next = match telling {
                    Telling::Success => breaker.succeeded(now, &pass),
                    Telling::Failure => breaker.failed(now, &pass, None, &RULES),
                    Telling::Trip => breaker.trip(now, &pass, &RULES),
                    Telling::Release => breaker.released(now, &pass),
                    Telling::Silence => None,
                };
                breaker = next.unwrap_or(breaker);
                What::Ended(pass, given, telling)
            }
            Move::Ask(_) => continue,
        };
        steps.push(Step { now, before, after: breaker.clone(), what });
    }
    steps
}

/// The steps at which the breaker came into a state from another.
fn entered(step: &Step, state: BreakerState) -> bool {
    step.before.state() != state && step.after.state() == state
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn there_is_never_more_than_one_live_probe(moves in any_moves()) {
        let mut live: Option<(usize, DateTime<Utc>)> = None;
        for (index, step) in play(&moves).iter().enumerate() {
            match &step.what {
                What::Asked(Decision::Go(pass)) if pass.is_probe() => {
                    prop_assert!(live.is_none_or(|(_, ends)| ends <= step.now), "a second probe at step {index}");
                    live = Some((index, step.now + RULES.probe_lease));
                }
                // A dead caller's probe lives on until its lease ends.
                What::Ended(_, given, telling) if !matches!(telling, Telling::Silence) => {
                    live = live.filter(|(probe, _)| probe != given);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn while_it_is_open_nobody_goes_before_the_cool_down_has_ended(moves in any_moves()) {
        let (mut failed_probes, mut until) = (0_u32, at("10:00:00"));
        for step in play(&moves) {
            match step.what {
                What::Ended(_, _, Telling::Failure | Telling::Trip) if entered(&step, BreakerState::Open) => {
                    failed_probes = if step.before.state() == BreakerState::Closed { 0 } else { failed_probes + 1 };
                    // 60, 120, 240, 480 and then 600 seconds.
                    until = step.now + TimeDelta::seconds((60 << failed_probes.min(4)).min(600));
                }
                What::Ended(_, _, Telling::Release) if entered(&step, BreakerState::Open) => until = step.now,
                What::Asked(Decision::Go(_)) => prop_assert!(step.now >= until),
                What::Asked(Decision::Refused { until: told }) => {
                    prop_assert!(step.now < told);
                    if step.before.state() == BreakerState::Open {
                        prop_assert_eq!(told, until);
                    }
                }
                What::Ended(..) => {}
            }
        }
    }

    #[test]
    fn it_opens_at_the_configured_number_of_failures_in_a_row_or_when_it_is_tripped_and_at_no_other(moves in any_moves()) {
        // Calls count that were let through by the closed breaker since it last closed.
        let (mut in_a_row, mut closed_at) = (0_u32, 0_usize);
        for (index, step) in play(&moves).iter().enumerate() {
            let was_closed = step.before.state() == BreakerState::Closed;
            if let What::Ended(pass, given, telling) = &step.what
                && was_closed
                && !pass.is_probe()
                && *given >= closed_at
            {
                match telling {
                    Telling::Failure => in_a_row += 1,
                    Telling::Trip => in_a_row = RULES.failures,
                    Telling::Success => in_a_row = 0,
                    Telling::Release | Telling::Silence => {}
                }
            }
            if was_closed {
                let expected = in_a_row >= RULES.failures;
                prop_assert_eq!(step.after.state() == BreakerState::Open, expected, "step {}", index);
            }
            if entered(step, BreakerState::Closed) {
                (in_a_row, closed_at) = (0, index);
            }
        }
    }

    #[test]
    fn the_present_probe_decides_and_nobody_else(moves in any_moves()) {
        let mut present: Option<usize> = None;
        for (index, step) in play(&moves).iter().enumerate() {
            if step.before.state() == BreakerState::HalfOpen
                && let What::Ended(_, given, telling) = &step.what
            {
                let expected = match telling {
                    _ if present != Some(*given) => BreakerState::HalfOpen,
                    Telling::Success => BreakerState::Closed,
                    Telling::Failure | Telling::Trip | Telling::Release => BreakerState::Open,
                    Telling::Silence => BreakerState::HalfOpen,
                };
                prop_assert_eq!(step.after.state(), expected, "step {}", index);
            } else if step.before.state() == BreakerState::Open {
                prop_assert_ne!(step.after.state(), BreakerState::Closed, "step {}", index);
            }
            if let What::Asked(Decision::Go(pass)) = &step.what {
                present = if pass.is_probe() { Some(index) } else { None };
            }
        }
    }

    #[test]
    fn from_anywhere_time_alone_leads_to_a_call(moves in any_moves(), later in 0_i64..2_000) {
        for step in play(&moves) {
            let (_, decision) = step.after.ask(step.now, "waiting", &RULES);
            let until = match decision {
                Decision::Go(_) => step.now,
                Decision::Refused { until } => until,
            };
            prop_assert!(until - step.now <= RULES.longest);
            let (_, decision) = step.after.ask(until + TimeDelta::seconds(later), "waiting", &RULES);
            prop_assert!(matches!(decision, Decision::Go(_)), "stuck: {:?}", step.after);
        }
    }

    #[test]
    fn a_change_of_state_says_when_and_only_a_change(moves in any_moves()) {
        for step in play(&moves) {
            let expected =
                if step.before.state() == step.after.state() { step.before.since() } else { Some(step.now) };
            prop_assert_eq!(step.after.since(), expected);
        }
    }

    #[test]
    fn what_is_stored_reads_back(moves in any_moves()) {
        for step in play(&moves) {
            let json = serde_json::to_string(&step.after).unwrap();
            prop_assert_eq!(serde_json::from_str::<Breaker>(&json).unwrap(), step.after);
        }
    }
}
