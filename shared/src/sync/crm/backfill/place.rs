//! How far the past has been read, and what comes next: pure, so that whoever stops and goes on anywhere leaves no day out.

use serde::Serialize;

use crate::domain::day::{Day, Period};
use crate::domain::reconciliation::COMPARED_DAYS;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The first day that is to be read; the day after the last where only comparing is left.
    #[serde(rename = "next")]
    pub read_from: Day,
    /// The first day that is to be compared. Those from here on that lie before the other are read.
    pub compared_from: Day,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A day is read.
    Read(Day),
    /// Days that are read are compared.
    Compare(Period),
}

impl Place {
    /// What comes next on the way to the last day; nothing once all days are compared. A month at most is compared at once:
    /// what is held meanwhile does not grow with the period.
    pub(super) fn step(self, last: Day) -> Option<Step> {
        let to = self.compared_from.plus(COMPARED_DAYS - 1).min(last);
        if self.read_from <= to {
            return Some(Step::Read(self.read_from));
        }
        (self.compared_from <= last).then_some(Step::Compare(Period { from: self.compared_from, to }))
    }

    /// Where it is once that is done.
    pub(super) fn after(self, step: Step) -> Self {
        match step {
            Step::Read(day) => Self { read_from: day.plus(1), ..self },
            Step::Compare(days) => Self { compared_from: days.to.plus(1), ..self },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: u64) -> Day {
        Day::parse("2026-01-01").unwrap().plus(number)
    }

    fn steps(mut place: Place, last: Day) -> Vec<Step> {
        let mut steps = vec![];
        while let Some(step) = place.step(last) {
            steps.push(step);
            place = place.after(step);
        }
        steps
    }

    #[test]
    fn a_month_is_compared_once_its_days_are_read_and_the_rest_at_the_end() {
        let steps = steps(Place { read_from: day(0), compared_from: day(0) }, day(39));
        let compared: Vec<usize> =
            (0..steps.len()).filter(|place| matches!(steps[*place], Step::Compare(_))).collect();
        assert_eq!(compared, [31, 41]);
        assert_eq!(steps[31], Step::Compare(Period { from: day(0), to: day(30) }));
        assert_eq!(steps[41], Step::Compare(Period { from: day(31), to: day(39) }));
    }

    #[test]
    fn days_that_an_earlier_call_has_read_are_compared_with_those_of_this_one() {
        let steps = steps(Place { read_from: day(20), compared_from: day(0) }, day(20));
        assert_eq!(steps, [Step::Read(day(20)), Step::Compare(Period { from: day(0), to: day(20) })]);
    }

    #[test]
    fn where_only_comparing_is_left_nothing_is_read_again() {
        let place = Place { read_from: day(21), compared_from: day(0) };
        assert_eq!(steps(place, day(20)), [Step::Compare(Period { from: day(0), to: day(20) })]);
        assert_eq!(Place { read_from: day(21), compared_from: day(21) }.step(day(20)), None);
    }

    proptest! {
        #[test]
        fn wherever_it_stops_each_day_is_read_once_and_then_compared_once(
            length in 0u64..100,
            stops in prop::collection::vec(0usize..20, 0..20),
        ) {
            let (last, mut place) = (day(length), Place { read_from: day(0), compared_from: day(0) });
            let (mut read, mut compared) = (vec![], vec![]);
            // Each call does some steps and hands its place on; the last has all the time.
            for most in stops.into_iter().chain([usize::MAX]) {
                let mut done = 0;
                while let Some(step) = place.step(last).filter(|_| done < most) {
                    match step {
                        Step::Read(day) => read.push(day),
                        Step::Compare(days) => {
                            prop_assert!(days.days().all(|day| read.contains(&day)));
                            prop_assert!(days.days().count() as u64 <= COMPARED_DAYS);
                            compared.extend(days.days());
                        }
                    }
                    place = place.after(step);
                    done += 1;
                }
            }
            let all: Vec<Day> = (0..=length).map(day).collect();
            prop_assert_eq!(&read, &all);
            prop_assert_eq!(&compared, &all);
        }
    }
}
