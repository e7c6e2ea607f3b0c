//! When a message is tried again that a provider did not take.

use std::time::Duration;

use chrono::TimeDelta;

/// The pauses after the first tries; the last one is for all that follow.
const PAUSES: [TimeDelta; 5] = [
    TimeDelta::seconds(30),
    TimeDelta::minutes(2),
    TimeDelta::minutes(10),
    TimeDelta::minutes(30),
    TimeDelta::hours(1),
];

/// A provider that names a longer time is asked again after this.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// In percent: so many messages that failed together do not come back together.
const JITTER: i32 = 20;

/// The pause after so many tries. A time that the provider named is kept to: the message comes a little after it, never
/// before. Without one the pause is that of the schedule, a little more or less.
pub fn pause(tries: u32, named: Option<Duration>, jitter: u32) -> TimeDelta {
    let spread = |pause: TimeDelta, percent: i32| pause + pause * percent / 100;
    let any = |choices: i32| i32::try_from(jitter % choices.unsigned_abs()).unwrap_or_default();
    match named {
        Some(named) => {
            let named = TimeDelta::from_std(named).unwrap_or(LONGEST).clamp(TimeDelta::seconds(1), LONGEST);
            spread(named, any(JITTER + 1))
        }
        None => {
            let place = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
            let pause = PAUSES.get(place).copied().unwrap_or(LONGEST);
            spread(pause, any(2 * JITTER + 1) - JITTER)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Neither more nor less.
    const NONE: u32 = 20;

    #[test]
    fn pauses_grow_to_an_hour_and_stay_there() {
        let pauses = [1, 2, 3, 4, 5, 6, 1_000].map(|tries| pause(tries, None, NONE).num_seconds());
        assert_eq!(pauses, [30, 120, 600, 1_800, 3_600, 3_600, 3_600]);
    }

    #[test]
    fn a_time_that_is_named_is_kept_to_but_no_longer_than_an_hour() {
        let named = |seconds| pause(1, Some(Duration::from_secs(seconds)), 0).num_seconds();
        assert_eq!([0, 1, 7, 3_600, 86_400, u64::MAX].map(named), [1, 1, 7, 3_600, 3_600, 3_600]);
    }

    proptest! {
        #[test]
        fn nobody_comes_before_the_time_that_was_named(seconds in 1..3_600_u64, tries in 0..50_u32, jitter: u32) {
            let pause = pause(tries, Some(Duration::from_secs(seconds)), jitter);
            let named = TimeDelta::seconds(i64::try_from(seconds).unwrap());
            prop_assert!(named <= pause && pause <= named * 6 / 5);
        }

        #[test]
        fn a_pause_is_the_schedules_within_a_fifth(tries in 1..50_u32, jitter: u32) {
            let (pause, planned) = (pause(tries, None, jitter), pause(tries, None, NONE));
            prop_assert!(planned * 4 / 5 <= pause && pause <= planned * 6 / 5);
        }
    }
}
