//! The queues, counted side by side, and since when dead letters are known of.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::join_all;

use super::limit::unread;
use crate::domain::diagnostics::queues::{QueueCount, Since, since};
use crate::domain::diagnostics::{Diagnostic, Unchecked, queues};
use crate::store::StoreError;
use crate::store::dead_queue::DeadQueue;
use crate::store::diagnostics_runs::DiagnosticsRuns;
use crate::store::queue_counts::counts;

/// One that takes longer is told as not counted, while the check of all of them still has time.
const LONGEST: Duration = Duration::from_millis(2_500);

/// A queue by its address, and that of its dead letters.
pub struct WatchedQueue {
    pub(super) name: &'static str,
    pub(super) url: String,
    pub(super) dead_letters: DeadQueue,
}

/// The queues of the stack.
pub struct Queues {
    pub(super) client: aws_sdk_sqs::Client,
    pub(super) watched: Vec<WatchedQueue>,
}

/// What they hold.
#[derive(Clone)]
pub struct Counted {
    queues: Vec<QueueCount>,
    uncounted: Vec<&'static str>,
    pub(super) since: Since,
}

impl Queues {
    /// Counts them, and reads what the last run knew of them. One that cannot be counted keeps no other from it.
    pub async fn count(&self, runs: &DiagnosticsRuns, now: DateTime<Utc>) -> Result<Counted, Unchecked> {
        let counting = join_all(self.watched.iter().map(async |queue| {
            let count = tokio::time::timeout(LONGEST, self.count_one(queue)).await;
            (queue.name, count.map_or(Err(Unchecked::TooSlow), |count| count.map_err(unread)))
        }));
        let (counted, last) = tokio::join!(counting, runs.last());
        let before = last.map_err(unread)?.map(|last| last.dead_letters_since).unwrap_or_default();
        let (mut queues, mut uncounted) = (vec![], vec![]);
        for (name, count) in counted {
            match count {
                Ok(count) => queues.push(count),
                Err(_) => uncounted.push(name),
            }
        }
        Ok(Counted { since: since(&before, &queues, &uncounted, now), queues, uncounted })
    }

    async fn count_one(&self, queue: &WatchedQueue) -> Result<QueueCount, StoreError> {
        let (own, dead) = tokio::try_join!(counts(&self.client, &queue.url), queue.dead_letters.waiting())?;
        Ok(QueueCount {
            queue: queue.name,
            waiting: own.waiting,
            in_flight: own.in_flight,
            delayed: own.delayed,
            dead_letters: dead,
        })
    }
}

impl Counted {
    /// What that means.
    pub fn checked(&self, now: DateTime<Utc>) -> Diagnostic {
        queues::check(&self.queues, &self.uncounted, &self.since, now)
    }
}
