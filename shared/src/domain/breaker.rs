//! A circuit breaker: after several failures in a row a neighbour is left alone for a while, then tried with one call.
//!
//! The protocol, for any number of callers that share one stored breaker:
//!
//! 1. Everyone asks before a call. Closed: all go. Open: nobody goes before the cool-down has ended.
//! 2. The first to ask after that becomes the probe, under its ticket; the breaker is half-open, the others wait.
//! 3. The probe succeeds: closed. It fails: open again, for longer. It says nothing about the neighbour: open, and the
//!    next to ask is the probe at once. It is never heard of again: its lease ends, and the next to ask takes over.
//! 4. Calls that began before the breaker last opened say nothing any more, whenever they end.
//! 5. Many failures about one and the same thing count as few: the neighbour may be well, and only that thing ill.
//! 6. A refusal that is meant for every call (not paid, blocked) trips the breaker: it opens at once, whatever the count.
//!
//! What is to be stored is returned, never stored here; the one who stores it does so on condition that nobody else has
//! (`store/breaker.rs`). What counts as a failure is for the caller to say.
//!
//! Limitation: a probe that outlives its lease may still be under way when the next begins.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// When to give up and when to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerRules {
    /// So many failures in a row open the breaker.
    pub failures: u32,
    /// So many of them may be about one and the same thing: what only that has, no other has to wait for.
    pub about_one: u32,
    /// For so long nobody goes; it doubles with every probe that fails.
    pub cool_down: TimeDelta,
    /// However often probes have failed, the neighbour is tried again after so long, unless the first cool-down is longer.
    pub longest: TimeDelta,
    /// After so long a probe that was not heard of is taken for dead. It has to be longer than any call.
    pub probe_lease: TimeDelta,
}

impl Default for BreakerRules {
    fn default() -> Self {
        Self {
            failures: 5,
            about_one: 2,
            cool_down: TimeDelta::seconds(60),
            longest: TimeDelta::minutes(10),
            probe_lease: TimeDelta::seconds(60),
        }
    }
}

impl BreakerRules {
    fn cool_down_after(&self, failed_probes: u32) -> TimeDelta {
        let doubled = 2_i32.checked_pow(failed_probes).and_then(|factor| self.cool_down.checked_mul(factor));
        let longest = self.longest.max(self.cool_down);
        doubled.map_or(longest, |doubled| doubled.min(longest))
    }
}

/// What a breaker lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Everyone.
    Closed,
    /// Nobody until the cool-down has ended, then the first to ask.
    Open,
    /// The probe.
    HalfOpen,
}

/// A breaker as it is stored. By default it is closed and knows of no failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    /// How often it opened from closed: a pass that was given at another count is of the past.
    openings: u64,
    since: Option<DateTime<Utc>>,
    #[serde(flatten)]
    phase: Phase,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
enum Phase {
    Closed {
        failures: u32,
        /// What the last of them was about, and how many in a row were.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<(String, u32)>,
    },
    Open {
        until: DateTime<Utc>,
        failed_probes: u32,
    },
    HalfOpen {
        ticket: String,
        until: DateTime<Utc>,
        failed_probes: u32,
    },
}

impl Default for Phase {
    fn default() -> Self {
        Self::Closed { failures: 0, about: None }
    }
}

/// The answer to who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Go, and tell with this pass how it ended.
    Go(Pass),
    /// Do not go, and ask again no sooner than this.
    Refused {
        /// The end of the cool-down or of the probe's lease.
        until: DateTime<Utc>,
    },
}

/// The proof that a call was let through; how it ended is told with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Ordinary { openings: u64, failures: u32 },
    Probe { ticket: String },
}

impl Pass {
    /// Whether the call is the one that decides whether the breaker closes.
    pub fn is_probe(&self) -> bool {
        matches!(self.0, Kind::Probe { .. })
    }

    /// Whether there was anything that a success would change when the pass was given.
    pub fn success_matters(&self) -> bool {
        !matches!(self.0, Kind::Ordinary { failures: 0, .. })
    }
}

impl Breaker {
    /// What it lets through.
    pub fn state(&self) -> BreakerState {
        match self.phase {
            Phase::Closed { .. } => BreakerState::Closed,
            Phase::Open { .. } => BreakerState::Open,
            Phase::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    /// When it came into this state; nothing where it never was in another.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.since
    }

    /// Whether a call may go. A breaker that comes back has to be stored before the call does; if someone else stored
    /// one first, ask theirs. `ticket` names this one call: asked again with the ticket of the present probe, the
    /// answer is the same, so that whoever does not know whether its store succeeded may simply ask again.
    pub fn ask(&self, now: DateTime<Utc>, ticket: &str, rules: &BreakerRules) -> (Option<Self>, Decision) {
        let probe = || Decision::Go(Pass(Kind::Probe { ticket: ticket.to_owned() }));
        match &self.phase {
            Phase::Closed { failures, .. } => {
                let pass = Pass(Kind::Ordinary { openings: self.openings, failures: *failures });
                (None, Decision::Go(pass))
            }
            Phase::HalfOpen { ticket: present, until, .. } if now < *until && present == ticket => {
                (None, probe())
            }
            Phase::Open { until, .. } | Phase::HalfOpen { until, .. } if now < *until => {
                (None, Decision::Refused { until: *until })
            }
            Phase::Open { failed_probes, .. } | Phase::HalfOpen { failed_probes, .. } => {
                let until = later(now, rules.probe_lease);
                let failed_probes = *failed_probes;
                let phase = Phase::HalfOpen { ticket: ticket.to_owned(), until, failed_probes };
                // One probe after another is one half-open time.
                let since = if self.state() == BreakerState::HalfOpen { self.since } else { Some(now) };
                (Some(Self { openings: self.openings, since, phase }), probe())
            }
        }
    }

    /// A call succeeded. Nothing comes back where nothing is to be stored.
    pub fn succeeded(&self, now: DateTime<Utc>, pass: &Pass) -> Option<Self> {
        match &self.phase {
            Phase::Closed { failures, .. } if *failures > 0 && self.is_of_now(pass) => {
                Some(Self { phase: Phase::default(), ..self.clone() })
            }
            Phase::HalfOpen { .. } if self.is_of_now(pass) => {
                Some(Self { openings: self.openings, since: Some(now), phase: Phase::default() })
            }
            _ => None,
        }
    }

    /// A call failed, and the neighbour is to blame; `about` is what the call was about, if about anything in
    /// particular. Nothing comes back where nothing is to be stored.
    pub fn failed(
        &self,
        now: DateTime<Utc>,
        pass: &Pass,
        about: Option<&str>,
        rules: &BreakerRules,
    ) -> Option<Self> {
        if !self.is_of_now(pass) {
            return None;
        }
        match &self.phase {
            Phase::Closed { failures, about: last } => {
                let repeats = |about: &str| match last {
                    Some((last, times)) if last == about => times.saturating_add(1),
                    _ => 1,
                };
                let about = about.map(|about| (about.to_owned(), repeats(about)));
                if about.as_ref().is_some_and(|(_, times)| *times > rules.about_one) {
                    return None;
                }
                let failures = failures.saturating_add(1);
                if failures < rules.failures {
                    return Some(Self { phase: Phase::Closed { failures, about }, ..self.clone() });
                }
                self.trip(now, pass, rules)
            }
            Phase::HalfOpen { .. } | Phase::Open { .. } => self.trip(now, pass, rules),
        }
    }

    /// The neighbour refused a call in words that are meant for all of them: nobody goes before the cool-down has ended.
    /// Nothing comes back where nothing is to be stored.
    pub fn trip(&self, now: DateTime<Utc>, pass: &Pass, rules: &BreakerRules) -> Option<Self> {
        if !self.is_of_now(pass) {
            return None;
        }
        match &self.phase {
            Phase::Closed { .. } => {
                let until = later(now, rules.cool_down_after(0));
                let openings = self.openings.saturating_add(1);
                Some(Self { openings, since: Some(now), phase: Phase::Open { until, failed_probes: 0 } })
            }
            Phase::HalfOpen { failed_probes, .. } => {
                let failed_probes = failed_probes.saturating_add(1);
                Some(self.open(now, later(now, rules.cool_down_after(failed_probes)), failed_probes))
            }
            Phase::Open { .. } => None,
        }
    }

    /// A call ended without saying anything about the neighbour's health: it was throttled, or never made. A probe is
    /// handed on at once. Nothing comes back where nothing is to be stored.
    pub fn released(&self, now: DateTime<Utc>, pass: &Pass) -> Option<Self> {
        match &self.phase {
            Phase::HalfOpen { failed_probes, .. } if self.is_of_now(pass) => {
                Some(self.open(now, now, *failed_probes))
            }
            _ => None,
        }
    }

    /// Whether a pass is of the present probe, or of a call that began since the breaker last opened.
    fn is_of_now(&self, pass: &Pass) -> bool {
        match (&self.phase, &pass.0) {
            (Phase::Closed { .. }, Kind::Ordinary { openings, .. }) => *openings == self.openings,
            (Phase::HalfOpen { ticket, .. }, Kind::Probe { ticket: told }) => ticket == told,
            _ => false,
        }
    }

    fn open(&self, now: DateTime<Utc>, until: DateTime<Utc>, failed_probes: u32) -> Self {
        let phase = Phase::Open { until, failed_probes };
        Self { openings: self.openings, since: Some(now), phase }
    }
}

/// The end of the calendar is late enough for any rule.
fn later(now: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    now.checked_add_signed(span).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
