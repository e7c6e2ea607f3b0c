//! The only place that reads a clock.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, SubsecRound, Utc};

/// The present instant, to the millisecond.
#[expect(clippy::disallowed_methods, reason = "this is where time enters")]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}

/// A point from which time spent is measured.
#[expect(clippy::disallowed_methods, reason = "this is where time enters")]
pub fn stopwatch() -> Instant {
    Instant::now()
}

/// How long it is until then; nothing if it is past.
#[expect(clippy::disallowed_methods, reason = "this is where time enters")]
pub fn until(then: SystemTime) -> Duration {
    then.duration_since(SystemTime::now()).unwrap_or_default()
}
