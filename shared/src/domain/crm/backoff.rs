//! When a lead that amoCRM did not take for the moment goes again. It is never given up for amoCRM's own illness.

use std::time::Duration;

const FIRST: [Duration; 4] =
    [Duration::from_secs(15), Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(900)];

const EVER_AFTER: Duration = Duration::from_secs(3_600);

/// The pause after so many attempts.
pub fn pause_after(attempts: u32) -> Duration {
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    FIRST.get(place).copied().unwrap_or(EVER_AFTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour_and_never_end() {
        let seconds = |attempts| pause_after(attempts).as_secs();
        assert_eq!([1, 2, 3, 4, 5, 6].map(seconds), [15, 60, 300, 900, 3_600, 3_600]);
        assert_eq!((seconds(0), seconds(u32::MAX)), (15, 3_600));
    }
}
