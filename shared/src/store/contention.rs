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

/// The same for what a person changes that every hook checks. It has to have all of that at once, so it meets many, and waits for
/// them longer: some ten seconds in all.
pub const PATIENT_ATTEMPTS: usize = 20;

/// The pauses between those attempts.
pub fn patient_pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(50))
        .with_max_delay(Duration::from_millis(500))
        .without_max_times()
        .with_jitter()
        .build()
}

/// Waits for the next of them.
pub async fn pause(pauses: &mut impl Iterator<Item = Duration>) {
    tokio::time::sleep(pauses.next().unwrap_or_default()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_waits_longer_than_a_hook_and_not_longer_than_the_function_has() {
        let hook: Duration = pauses().take(MAX_ATTEMPTS).sum();
        let person: Duration = patient_pauses().take(PATIENT_ATTEMPTS).sum();
        assert!(hook < Duration::from_secs(3), "{hook:?}");
        assert!((Duration::from_secs(7)..Duration::from_secs(18)).contains(&person), "{person:?}");
    }
}
