//! What this process has found out a moment ago, and need not ask for again. A lock that a panic has poisoned holds nothing.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

/// A value with the time from which it is known.
#[derive(Debug)]
pub struct Recent<T> {
    longest: TimeDelta,
    held: Mutex<Option<(DateTime<Utc>, T)>>,
}

impl<T: Clone> Recent<T> {
    /// Nothing yet; what is kept here is good for so long.
    pub fn new(longest: TimeDelta) -> Self {
        Self { longest, held: Mutex::default() }
    }

    /// The value, while it is good.
    pub fn get(&self, now: DateTime<Utc>) -> Option<T> {
        let held = self.held.lock().ok()?;
        let (since, value) = held.as_ref()?;
        (now - *since < self.longest).then(|| value.clone())
    }

    /// Keeps a value that is known from now on.
    pub fn put(&self, value: T, now: DateTime<Utc>) {
        self.set(Some((now, value)));
    }

    /// The value has turned out to be wrong.
    pub fn forget(&self) {
        self.set(None);
    }

    fn set(&self, value: Option<(DateTime<Utc>, T)>) {
        if let Ok(mut held) = self.held.lock() {
            *held = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_good_for_its_time_and_until_it_is_forgotten() {
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let recent = Recent::new(TimeDelta::minutes(1));
        assert_eq!(recent.get(now), None);
        recent.put("old", now);
        assert_eq!(recent.get(now + TimeDelta::seconds(59)), Some("old"));
        assert_eq!(recent.get(now + TimeDelta::minutes(1)), None);
        recent.put("new", now + TimeDelta::minutes(1));
        assert_eq!(recent.get(now + TimeDelta::minutes(1)), Some("new"));
        recent.forget();
        assert_eq!(recent.get(now + TimeDelta::minutes(1)), None);
    }
}
