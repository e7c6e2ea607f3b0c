//! Waiting for others who write the same keys: a little, with jitter, and not for ever.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

/// 64 writers of one counter leave each other alone after a few tries; past this whoever sent it has more time.
pub const MAX_ATTEMPTS: usize = 12;

/// The pauses between attempts.
pub fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(5))
        .with_max_delay(Duration::from_millis(150))
        .without_max_times()
        .with_jitter()
        .build()
}

/// Waits for the next of them.
pub async fn pause(pauses: &mut impl Iterator<Item = Duration>) {
    tokio::time::sleep(pauses.next().unwrap_or_default()).await;
}
