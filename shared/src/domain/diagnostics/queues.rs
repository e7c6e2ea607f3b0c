//! Whether messages are worked on: how many wait in each queue, and how many a person has to look at.
//!
//! SQS counts messages and does not tell their age without handing them out. What is known is since when runs of these
//! checks have found a queue with dead letters, so the oldest is at least that old.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::day::{almaty_clock, almaty_time};

/// A worker takes in hundreds a minute; where more wait it does not run, or fails.
const TOO_MANY: u64 = 1_000;

/// What one queue holds, by SQS's own approximate count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueCount {
    /// Its name without the stack's.
    pub queue: &'static str,
    /// Messages that a worker may take now.
    pub waiting: u64,
    /// Those that a worker has taken.
    pub in_flight: u64,
    /// Those whose time has not come.
    pub delayed: u64,
    /// Those that no worker could do anything with.
    pub dead_letters: u64,
}

/// Since when each queue that has dead letters was found with some.
pub type Since = BTreeMap<String, DateTime<Utc>>;

/// What the queues hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueFigures {
    queues: Vec<QueueRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct QueueRow {
    queue: &'static str,
    waiting: u64,
    in_flight: u64,
    delayed: u64,
    dead_letters: u64,
    dead_letters_since: Option<String>,
}

/// Since when, after a run at `now` has found these; `before` is what the run before it knew, which stays so of the queues that
/// could not be counted.
pub fn since(before: &Since, queues: &[QueueCount], uncounted: &[&'static str], now: DateTime<Utc>) -> Since {
    let with_dead = queues.iter().filter(|queue| queue.dead_letters > 0);
    let since = |queue: &QueueCount| before.get(queue.queue).map_or(now, |at| (*at).min(now));
    let known = uncounted.iter().filter_map(|queue| before.get_key_value(*queue));
    let known = known.map(|(queue, since)| (queue.clone(), *since));
    with_dead.map(|queue| (queue.queue.to_owned(), since(queue))).chain(known).collect()
}

/// Checks what the queues hold, as far as they could be counted.
pub fn check(
    queues: &[QueueCount],
    uncounted: &[&'static str],
    since: &Since,
    now: DateTime<Utc>,
) -> Diagnostic {
    let name = Check::Queues;
    let row = |queue: &QueueCount| QueueRow {
        queue: queue.queue,
        waiting: queue.waiting,
        in_flight: queue.in_flight,
        delayed: queue.delayed,
        dead_letters: queue.dead_letters,
        dead_letters_since: since.get(queue.queue).copied().map(almaty_time),
    };
    let figures = Figures::Queues(QueueFigures { queues: queues.iter().map(row).collect() });
    let sum = |count: fn(&QueueCount) -> u64| -> i64 {
        let sum = queues.iter().map(count).fold(0, u64::saturating_add);
        i64::try_from(sum).unwrap_or(i64::MAX)
    };
    let dead = sum(|queue| queue.dead_letters);
    let longest = queues.iter().max_by_key(|queue| queue.waiting).filter(|queue| queue.waiting > TOO_MANY);
    if dead > 0 {
        let wait = if dead == 1 { "waits" } else { "wait" };
        let oldest = queues.iter().filter_map(|queue| since.get(queue.queue)).min();
        let oldest = oldest.filter(|oldest| **oldest < now);
        let oldest =
            oldest.map_or_else(String::new, |at| format!(", since {} at least", almaty_clock(*at, now)));
        let message = format!("{} {wait} for a person{oldest}", counted(dead, "dead letter"));
        let look = "Look at GET /api/admin/dead-letters, mend what it names as the reason, and have the messages sent again from there.";
        Diagnostic::error(name, message, figures, Advice::new(Who::Admin, look))
    } else if !uncounted.is_empty() {
        let queues = if uncounted.len() == 1 { "queue" } else { "queues" };
        let message = format!("Nobody can count the {queues} {}", uncounted.join(", "));
        let look = "Run the diagnostics again in a minute; if it stays so, look at the queue in SQS and at what this function may read.";
        Diagnostic::warning(name, message, figures, Advice::new(Who::Deployer, look))
    } else if let Some(QueueCount { queue, waiting, .. }) = longest {
        let message = format!("{waiting} messages wait in {queue}: more than its worker takes in");
        let look = "Look whether the queue still starts its worker, and read the worker's log for what slows it down.";
        Diagnostic::warning(name, message, figures, Advice::new(Who::Deployer, look))
    } else {
        let on_their_way = sum(|queue| queue.waiting + queue.in_flight + queue.delayed);
        let message = format!("No dead letters; {} on their way", counted(on_their_way, "message"));
        Diagnostic::ok(name, message, figures)
    }
}
