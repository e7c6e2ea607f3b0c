//! The queues, counted side by side, and since when dead letters are known of.

use chrono::{DateTime, Utc};
use futures::future::try_join_all;

use super::limit::unread;
use crate::domain::diagnostics::queues::{QueueCount, Since, since};
use crate::domain::diagnostics::{Diagnostic, Unchecked, queues};
use crate::store::StoreError;
use crate::store::dead_queue::DeadQueue;
use crate::store::diagnostics_runs::DiagnosticsRuns;
use crate::store::queue_counts::counts;

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
    pub(super) since: Since,
}

impl Queues {
    /// Counts them, and reads what the last run knew of them.
    pub async fn count(&self, runs: &DiagnosticsRuns, now: DateTime<Utc>) -> Result<Counted, Unchecked> {
        let counting = try_join_all(self.watched.iter().map(|queue| self.count_one(queue)));
        let (queues, last) = tokio::try_join!(counting, runs.last()).map_err(unread)?;
        let before = last.map(|last| last.dead_letters_since).unwrap_or_default();
        Ok(Counted { since: since(&before, &queues, now), queues })
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
        queues::check(&self.queues, &self.since, now)
    }
}
