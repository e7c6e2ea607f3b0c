//! What becomes of the windows of an order when one of them is too much, or its report is lost or not ready.

use std::collections::VecDeque;
use std::time::Duration;

use super::stop::Stop;
use crate::domain::pull::{Way, Window};
use crate::domain::sync_state::ParkReason;

/// A report is asked after at growing intervals; Facebook may take an hour.
const FIRST_POLL: Duration = Duration::from_secs(3);
const LONGEST_POLL: Duration = Duration::from_secs(120);
const MOST_POLLS: u32 = 60;

/// Reports of one account that are made side by side.
const REPORTS_AT_ONCE: usize = 3;

/// What to try in place of a window that could not be pulled as it is.
pub(super) enum Instead {
    /// These, together as many days.
    Smaller(Vec<Window>),
    /// The same, by another report.
    AnotherReport(Window),
}

/// What a stop means for the window that it stopped.
pub(super) fn instead(window: &Window, stop: Stop) -> Result<Instead, Stop> {
    match stop {
        Stop::Smaller(said) => match window.smaller() {
            Some(smaller) => Ok(Instead::Smaller(smaller)),
            None => another_report(window, said),
        },
        Stop::ReportLost(said) => another_report(window, said),
        stop => Err(stop),
    }
}

fn another_report(window: &Window, said: String) -> Result<Instead, Stop> {
    let another = window.another_report().filter(|_| window.way != Way::Pages);
    another.map(Instead::AnotherReport).ok_or(Stop::Park(ParkReason::GivenUp, said))
}

/// The windows that are left, after one was too much: those that would be too, in the same way, are not asked for as they
/// are.
pub(super) fn warned(left: VecDeque<Window>, too_much: &Window, instead: &[Window]) -> VecDeque<Window> {
    let cut = |window: Window| match window.smaller() {
        Some(halves) if window.is_no_shorter(too_much) => halves,
        _ => vec![window],
    };
    let mut windows: VecDeque<Window> = left.into_iter().flat_map(cut).collect();
    for window in &mut windows {
        instead.iter().for_each(|smaller| window.learn_from(smaller));
    }
    windows
}

/// Whether a window's turn has come: of reports only a few are made at a time, since each is asked after again and again.
pub(super) fn may_begin(window: &Window, waiting: &[Window], left: &VecDeque<Window>) -> bool {
    let is_running = |window: &&Window| matches!(window.way, Way::Report { running: Some(_), .. });
    let is_unstarted = matches!(window.way, Way::Report { running: None, .. });
    !is_unstarted || waiting.iter().chain(left).filter(is_running).count() < REPORTS_AT_ONCE
}

/// How long a report that is not ready is left alone; one that never gets ready is lost at some time.
pub(super) fn pause_before_poll(window: &Window) -> Duration {
    match &window.way {
        Way::Report { running: Some(report), .. } => {
            (FIRST_POLL * (1 << report.polls.min(6))).min(LONGEST_POLL)
        }
        // Its turn comes with the end of another one; alone it begins at once.
        Way::Report { running: None, .. } => FIRST_POLL,
        Way::Pages => Duration::ZERO,
    }
}

/// Whether a report has been asked after too often.
pub(super) fn is_hopeless(polls: u32) -> bool {
    polls >= MOST_POLLS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::day::{Day, Period};
    use crate::domain::pull::{Report, last_days};

    fn window(way: Way) -> Window {
        Window { way, ..Window::new(last_days(Day::parse("2026-11-20").unwrap(), 1)) }
    }

    fn report(polls: u32) -> Window {
        let running = Some(Report { run_id: "6044000000000001".to_owned(), polls });
        window(Way::Report { started: 1, running })
    }

    #[test]
    fn a_report_is_asked_after_at_growing_intervals() {
        let pauses: Vec<u64> =
            [0, 1, 2, 5, 6, 40].map(|polls| pause_before_poll(&report(polls)).as_secs()).into();
        assert_eq!(pauses, [3, 6, 12, 96, 120, 120]);
        assert!(!is_hopeless(59) && is_hopeless(60));
    }

    #[test]
    fn three_reports_are_made_at_a_time() {
        let unstarted = window(Way::Report { started: 0, running: None });
        let (two, none) = ([report(0), report(1)], VecDeque::new());
        assert!(may_begin(&unstarted, &two, &none));
        assert!(!may_begin(&unstarted, &two, &[report(2)].into()));
        assert!(may_begin(&report(2), &two, &[report(2)].into()), "one that runs is asked after");
        assert!(may_begin(&window(Way::Pages), &two, &[report(2)].into()));
    }

    #[test]
    fn a_window_that_is_too_long_warns_of_the_others_as_long() {
        let days = |from: &str, to: &str| {
            let day = |text| Day::parse(text).unwrap();
            Window::new(Period { from: day(from), to: day(to) })
        };
        let too_much = days("2026-11-07", "2026-11-20");
        let left = [days("2026-10-24", "2026-11-06"), days("2026-10-20", "2026-10-23")].into();
        let windows = warned(left, &too_much, &too_much.smaller().unwrap());
        let expected = [
            days("2026-10-31", "2026-11-06"),
            days("2026-10-24", "2026-10-30"),
            days("2026-10-20", "2026-10-23"),
        ];
        assert_eq!(windows, expected);
    }

    #[test]
    fn a_lost_report_is_started_again_and_at_last_given_up() {
        let lost = || Stop::ReportLost("lost".to_owned());
        assert!(matches!(instead(&report(4), lost()), Ok(Instead::AnotherReport(_))));
        let last = window(Way::Report { started: 3, running: None });
        assert!(matches!(instead(&last, lost()), Err(Stop::Park(ParkReason::GivenUp, _))));
        let pages = window(Way::Pages);
        assert!(matches!(instead(&pages, lost()), Err(Stop::Park(ParkReason::GivenUp, _))));
        assert!(matches!(instead(&pages, Stop::Smaller(String::new())), Ok(Instead::Smaller(_))));
    }
}
