//! Takes messages out of a queue of dead letters and sends those that are asked for to where they came from.
//!
//! A worker that can do nothing with one parks it anew while this still runs. What was sent after the beginning is therefore
//! left alone, and no more is taken than was there.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use shared::store::StoreError;
use shared::store::dead_queue::{DeadLetter, DeadQueue};

/// So many are handled in one request.
const MOST: usize = 500;

/// SQS hands out at most so many at a time.
const AT_ONCE: usize = 10;

/// What became of a queue's dead letters.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Resent {
    /// The ids of those that were sent.
    pub ids: BTreeSet<String>,
    /// How many could not be sent, or not be deleted after that.
    pub failed: u64,
}

/// Sends the messages with these ids again, or all of them.
pub async fn resend(
    queue: &DeadQueue,
    source: &str,
    ids: Option<&BTreeSet<String>>,
    now: DateTime<Utc>,
    is_time_up: impl Fn() -> bool,
) -> Result<Resent, StoreError> {
    let there = usize::try_from(queue.waiting().await?).unwrap_or(MOST).min(MOST);
    let (mut resent, mut held) = (Resent::default(), vec![]);
    let mut seen = BTreeSet::new();
    let mut outcome = Ok(());
    while seen.len() < there && !is_time_up() && ids.is_none_or(|ids| !ids.is_subset(&seen)) {
        let letters = match queue.take(AT_ONCE.min(there - seen.len())).await {
            Ok(letters) => letters,
            Err(error) => {
                outcome = Err(error);
                break;
            }
        };
        let before = seen.len();
        seen.extend(letters.iter().map(|letter| letter.id.clone()));
        if seen.len() == before {
            break;
        }
        let is_asked = |letter: &DeadLetter| {
            letter.sent_at.is_none_or(|at| at < now) && ids.is_none_or(|ids| ids.contains(&letter.id))
        };
        let (asked, others): (Vec<_>, Vec<_>) = letters.into_iter().partition(is_asked);
        held.extend(others);
        let sending = stream::iter(asked).map(|letter| async move {
            let sent = queue.send_again(&letter, source).await;
            (letter.id, sent)
        });
        let sent: Vec<(String, Result<(), StoreError>)> = sending.buffer_unordered(AT_ONCE).collect().await;
        for (id, sent) in sent {
            match sent {
                Ok(()) => {
                    resent.ids.insert(id);
                }
                Err(error) => {
                    tracing::warn!(message.id = %id, error = %error, "a dead letter could not be sent again");
                    resent.failed += 1;
                }
            }
        }
    }
    queue.give_back(&held).await;
    // What was sent is told, whatever came after it.
    if resent.ids.is_empty() { outcome.map(|()| resent) } else { Ok(resent) }
}
