//! When a message that failed comes again from its queue.

use std::collections::HashMap;
use std::time::Duration;

/// Pauses that double with each failure.
#[derive(Debug, Clone, Copy)]
pub struct Pauses {
    /// After the first failure.
    pub first: Duration,
    /// None is longer.
    pub longest: Duration,
}

impl Pauses {
    /// The pause of a message with these attributes, of which one says how often it came.
    pub fn after(self, attributes: &HashMap<String, String>) -> Duration {
        let receives = attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok());
        self.after_receives(receives.unwrap_or(1))
    }

    fn after_receives(self, receives: u32) -> Duration {
        let doublings = receives.saturating_sub(1).min(16);
        (self.first * (1 << doublings)).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSES: Pauses = Pauses { first: Duration::from_secs(5), longest: Duration::from_secs(900) };

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses = [0, 1, 2, 3, 8, 9, 20, u32::MAX].map(|n| PAUSES.after_receives(n).as_secs());
        assert_eq!(pauses, [5, 5, 10, 20, 640, 900, 900, 900]);
    }

    #[test]
    fn what_came_for_the_third_time_waits_longer_and_what_does_not_say_so_as_after_the_first() {
        let of = |count: &str| [("ApproximateReceiveCount".to_owned(), count.to_owned())].into();
        assert_eq!(PAUSES.after(&of("3")).as_secs(), 20);
        assert_eq!([PAUSES.after(&of("often")), PAUSES.after(&HashMap::new())], [PAUSES.first; 2]);
    }
}
