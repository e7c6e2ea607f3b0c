//! Where the sandbox gets the time from. Everything that plays a neighbour takes a [`Clock`], so that tests move it.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the present instant.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The machine's own clock, to the millisecond.
#[expect(clippy::disallowed_methods, reason = "this is where time enters the sandbox")]
pub fn system() -> Clock {
    Arc::new(|| Utc::now().trunc_subsecs(3))
}
