//! Waiting for what happens in its own time.

use std::time::Duration;

/// How often a condition is looked at.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest wait. Only a failure ever takes this long.
const DEADLINE: Duration = Duration::from_secs(180);

/// Looks until there is something to see, and fails, naming `what` was waited for, when the deadline passes first.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(DEADLINE, found).await {
        Ok(found) => found,
        Err(_) => panic!("waited {} s in vain for: {what}", DEADLINE.as_secs()),
    }
}
