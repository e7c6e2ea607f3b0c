//! At most so many requests in any sliding second, as amoCRM sees them, over all functions.
//!
//! A request arrives at some moment between its start and its answer, and nobody here knows when. So it holds one of N
//! slots from its start until a second after its answer:
//!
//! 1. Whoever wants to ask takes a slot. A free one is taken from now; one whose request was answered is booked from the
//!    moment on which it is free; where all are in use, ask again a little later.
//! 2. The request starts no sooner than its slot begins.
//! 3. Its answer (or that there will be none) frees the slot a second later.
//! 4. Whoever dies in between is not waited for: the slot is free a second after the longest time that a call may take.
//! 5. A refusal for asking too often pauses all slots, and for longer each time until an answer is good again.
//!
//! Of N + 1 requests two hold the same slot, and these arrive at least a second apart.
//!
//! Limitations: clocks of functions differ by some milliseconds, for which a slot stays taken for a little more than a
//! second. A request whose slot was booked before a pause was heard of is still made.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The second, and what clocks may differ by.
const SPACING: TimeDelta = TimeDelta::milliseconds(1_050);

/// Where all slots are in use, one may be answered any moment.
const ASK_AGAIN: TimeDelta = TimeDelta::milliseconds(120);

const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(2);
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// How fast we may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotRules {
    /// Requests in a second.
    pub slots: usize,
    /// No call takes longer.
    pub longest_call: TimeDelta,
}

/// All slots that are not free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots {
    taken: Vec<Slot>,
    /// When the last pause began, and when it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pause: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Refusals in a row.
    #[serde(default)]
    strikes: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Slot {
    free_at: DateTime<Utc>,
    /// Whose request it is, while that has no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
}

/// A slot that is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    ticket: String,
    /// When the request may start.
    pub start_at: DateTime<Utc>,
}

/// The answer to who wants a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taking {
    /// It is theirs.
    Ours(Hold),
    /// Ask again no sooner than this.
    AskAgain(DateTime<Utc>),
    /// None begins before the latest time that would do.
    TooLate {
        /// When one might.
        until: DateTime<Utc>,
    },
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With an answer.
    Answered,
    /// Refused, for asking too often.
    TooOften,
    /// Without an answer that says anything about how often we ask, or it was never made.
    Otherwise,
}

impl Slots {
    /// Takes a slot that begins at `latest` at the latest. A slot that is taken has to be stored before it is used.
    pub fn take(
        &self,
        now: DateTime<Utc>,
        ticket: &str,
        latest: DateTime<Utc>,
        rules: &SlotRules,
    ) -> (Option<Self>, Taking) {
        let mut next = self.clone();
        next.taken.retain(|slot| slot.free_at > now);
        next.taken.sort_by_key(|slot| slot.free_at);
        // So many have to be free before one is: one, or more where there were more slots before.
        let in_the_way = (next.taken.len() + 1).saturating_sub(rules.slots.max(1));
        let (in_the_way, others) = next.taken.split_at(in_the_way);
        let paused = self.pause.map_or(now, |(_, until)| until.max(now));
        let free_at = in_the_way.iter().map(|slot| slot.free_at).fold(paused, DateTime::max);
        if in_the_way.iter().any(|slot| slot.ticket.is_some()) {
            let again = now + ASK_AGAIN;
            return (
                None,
                if again > latest { Taking::TooLate { until: again } } else { Taking::AskAgain(again) },
            );
        }
        if free_at > latest {
            return (None, Taking::TooLate { until: free_at });
        }
        let ours = Slot { free_at: free_at + rules.longest_call + SPACING, ticket: Some(ticket.to_owned()) };
        next.taken = others.iter().cloned().chain([ours]).collect();
        (Some(next), Taking::Ours(Hold { ticket: ticket.to_owned(), start_at: free_at }))
    }

    /// The request of a slot has ended.
    pub fn ended(&self, now: DateTime<Utc>, hold: &Hold, ending: Ending) -> Self {
        let mut next = self.clone();
        for slot in next.taken.iter_mut().filter(|slot| slot.ticket.as_ref() == Some(&hold.ticket)) {
            *slot = Slot { free_at: now + SPACING, ticket: None };
        }
        match ending {
            // Of several that were under way together only the first lengthens the pause.
            Ending::TooOften if self.pause.is_none_or(|(began_at, _)| hold.start_at > began_at) => {
                let length = FIRST_PAUSE * (1 << self.strikes.min(8));
                next.pause = Some((now, now + length.min(LONGEST_PAUSE)));
                next.strikes = self.strikes.saturating_add(1);
            }
            Ending::Answered if self.pause.is_some_and(|(_, until)| hold.start_at >= until) => {
                (next.pause, next.strikes) = (None, 0);
            }
            _ => {}
        }
        next
    }

    /// Until when nobody asks.
    pub fn paused_until(&self) -> Option<DateTime<Utc>> {
        self.pause.map(|(_, until)| until)
    }
}

#[cfg(test)]
#[path = "slots_tests.rs"]
mod tests;
