//! The one place that reads the clock. Everything that is measured here is measured with it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The moment of the call, for differences.
#[expect(clippy::disallowed_methods, reason = "a bench measures time, and this is where it reads it")]
pub fn now() -> Instant {
    Instant::now()
}

/// Milliseconds of the Unix epoch, `ahead` of now: the deadline that the Runtime API gives with an event.
#[expect(clippy::disallowed_methods, reason = "the Runtime API states deadlines in wall-clock time")]
pub fn deadline_ms(ahead: Duration) -> u128 {
    (SystemTime::now() + ahead).duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis())
}
