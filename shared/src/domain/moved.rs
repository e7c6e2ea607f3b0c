//! The jobs that have moved a deal or a lead to other rules, one over the other: each can be taken back, in any order.
//!
//! The last one is taken back by going to what it had found. One that others stand over is taken out from under them: the next one
//! then goes back to what that one had found.

use std::mem;

use super::deal::Moved;
use super::lead::LeadMoved;

/// So many are remembered of each; what a job did before them cannot be undone any more.
const MOST: usize = 20;

/// What one job did.
pub(super) trait Step: Sized {
    /// The job.
    fn job_id(&self) -> &str;
    /// What jobs did before it, the oldest first.
    fn earlier(&mut self) -> &mut Vec<Self>;
    /// Makes what another one had found what this one goes back to.
    fn take_over(&mut self, other: Self);
    /// Adds what the same job did when it came by again.
    fn go_on(&mut self, again: Self);
}

impl Step for Moved {
    fn job_id(&self) -> &str {
        &self.job_id
    }

    fn earlier(&mut self) -> &mut Vec<Self> {
        &mut self.earlier
    }

    fn take_over(&mut self, other: Self) {
        self.from = other.from;
        self.found.extend(other.found);
    }

    fn go_on(&mut self, again: Self) {
        self.found.extend(again.found);
    }
}

impl Step for LeadMoved {
    fn job_id(&self) -> &str {
        &self.job_id
    }

    fn earlier(&mut self) -> &mut Vec<Self> {
        &mut self.earlier
    }

    fn take_over(&mut self, other: Self) {
        (self.from, self.team) = (other.from, other.team);
    }

    fn go_on(&mut self, _: Self) {}
}

/// What a job does, over what stands there. What the same job has moved before still goes back to where it was first.
pub(super) fn over<T: Step>(mut new: T, standing: Option<T>) -> T {
    let Some(mut standing) = standing else { return new };
    if standing.job_id() == new.job_id() {
        standing.go_on(new);
        return standing;
    }
    let mut earlier = mem::take(standing.earlier());
    earlier.push(standing);
    if earlier.len() > MOST {
        earlier.remove(0);
    }
    *new.earlier() = earlier;
    new
}

/// What stands there when the last one is taken back.
pub(super) fn under<T: Step>(mut last: T) -> Option<T> {
    let mut earlier = mem::take(last.earlier());
    let mut next = earlier.pop()?;
    *next.earlier() = earlier;
    Some(next)
}

/// The same without a job that others stand over; nothing where none stands over it.
pub(super) fn without<T: Step>(mut last: T, job_id: &str) -> Option<T> {
    let mut earlier = mem::take(last.earlier());
    let place = earlier.iter().position(|step| step.job_id() == job_id)?;
    let gone = earlier.remove(place);
    earlier.get_mut(place).unwrap_or(&mut last).take_over(gone);
    *last.earlier() = earlier;
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ad_lookup::Found;
    use crate::domain::rules::RulesVersion;
    use crate::domain::utm::{Reading, UtmName, Way};

    fn step(job: &str, teams: u64) -> Moved {
        let from = RulesVersion { teams, products: 0 };
        Moved { job_id: job.to_owned(), from, found: vec![], earlier: vec![] }
    }

    /// Jobs with what each goes back to, the oldest first.
    fn shown(moved: &Moved) -> Vec<(&str, u64)> {
        moved.earlier.iter().chain([moved]).map(|step| (step.job_id.as_str(), step.from.teams)).collect()
    }

    #[test]
    fn a_job_goes_back_to_what_it_found_first_and_then_to_the_job_before_it() {
        let a = over(step("a", 1), None);
        assert_eq!(over(step("a", 2), Some(a.clone())), a, "moved twice");
        let c = over(step("c", 3), Some(over(step("b", 2), Some(a.clone()))));
        assert_eq!(shown(&c), [("a", 1), ("b", 2), ("c", 3)]);
        let b = under(c).unwrap();
        assert_eq!(shown(&b), [("a", 1), ("b", 2)]);
        assert_eq!(under(b), Some(a.clone()));
        assert_eq!(under(a), None);
    }

    #[test]
    fn a_job_that_others_stand_over_hands_on_what_it_had_found() {
        let c = over(step("c", 3), Some(over(step("b", 2), Some(over(step("a", 1), None)))));
        assert_eq!(shown(&without(c.clone(), "a").unwrap()), [("b", 1), ("c", 3)]);
        assert_eq!(shown(&without(c.clone(), "b").unwrap()), [("a", 1), ("c", 2)]);
        assert_eq!(without(c.clone(), "c"), None, "it is the last one");
        assert_eq!(without(c, "d"), None);
    }

    #[test]
    fn what_was_looked_up_is_forgotten_with_the_last_job_that_goes_back_before_it() {
        let looked_up = |job: &str, value: &str| {
            let (utm, field) = (UtmName::Content, String::new());
            let reading = Reading { utm, way: Way::Code, field, value: value.to_owned(), ad_account: None };
            Moved { found: vec![Found { form: None, reading }], ..step(job, 1) }
        };
        let values = |moved: Moved| -> Vec<String> {
            moved.found.into_iter().map(|found| found.reading.value).collect()
        };
        let a = over(looked_up("a", "1"), None);
        assert_eq!(values(over(looked_up("a", "2"), Some(a.clone()))), ["1", "2"]);
        let b = over(looked_up("b", "3"), Some(a));
        assert_eq!(values(without(b, "a").unwrap()), ["3", "1"]);
    }

    #[test]
    fn the_oldest_is_forgotten_first() {
        let first = over(step("0", 0), None);
        let last = (1..=30).fold(first, |standing, n| over(step(&n.to_string(), n), Some(standing)));
        assert_eq!((last.earlier.len(), shown(&last)[0]), (MOST, ("10", 10)));
    }
}
