//! How fast a bot may send.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::settings::Limits;

/// When the messages of the last minute were sent, and to whom.
#[derive(Default)]
pub struct Sent(VecDeque<(DateTime<Utc>, i64)>);

impl Sent {
    /// Counts a message, or tells in how many seconds there is room for one.
    pub fn count(&mut self, limits: Limits, chat: i64, now: DateTime<Utc>) -> Result<(), i64> {
        let (second, minute) = (TimeDelta::seconds(1), TimeDelta::minutes(1));
        self.0.retain(|(at, _)| *at > now - minute);
        let rules = [
            (limits.per_chat_per_second, second, Some(chat)),
            (limits.per_chat_per_minute, minute, Some(chat)),
            (limits.per_second, second, None),
        ];
        let waits =
            rules.into_iter().filter_map(|(most, window, chat)| self.wait(most?, window, chat, now)).max();
        match waits {
            Some(seconds) => Err(seconds),
            None => {
                self.0.push_back((now, chat));
                Ok(())
            }
        }
    }

    /// The seconds until fewer than `most` messages are in the window, rounded up.
    fn wait(&self, most: usize, window: TimeDelta, chat: Option<i64>, now: DateTime<Utc>) -> Option<i64> {
        let counted =
            self.0.iter().filter(|(at, to)| *at > now - window && chat.is_none_or(|chat| chat == *to));
        let counted = counted.map(|(at, _)| *at).collect::<Vec<_>>();
        let over = (counted.len() + 1).checked_sub(most.max(1))?.checked_sub(1)?;
        let free = *counted.get(over)? + window;
        Some(((free - now).num_milliseconds() + 999) / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-20T05:{text}Z").parse().unwrap()
    }

    #[test]
    fn without_limits_everything_passes() {
        let mut sent = Sent::default();
        assert!((0..100).all(|_| sent.count(Limits::default(), 1, at("00:00")).is_ok()));
    }

    #[test]
    fn a_chat_has_room_again_when_its_oldest_message_leaves_the_window() {
        let limits = Limits { per_chat_per_minute: Some(2), ..Limits::default() };
        let mut sent = Sent::default();
        assert_eq!(sent.count(limits, 1, at("00:00")), Ok(()));
        assert_eq!(sent.count(limits, 1, at("00:30")), Ok(()));
        assert_eq!(sent.count(limits, 1, at("00:30.500")), Err(30));
        assert_eq!(sent.count(limits, 2, at("00:30.500")), Ok(()));
        assert_eq!(sent.count(limits, 1, at("01:00")), Ok(()));
    }

    #[test]
    fn the_longest_wait_is_named() {
        let limits =
            Limits { per_chat_per_second: Some(1), per_chat_per_minute: Some(1), per_second: Some(1) };
        let mut sent = Sent::default();
        assert_eq!(sent.count(limits, 1, at("00:00")), Ok(()));
        assert_eq!(sent.count(limits, 2, at("00:00.900")), Err(1));
        assert_eq!(sent.count(limits, 1, at("00:00.900")), Err(60));
        assert_eq!(sent.count(limits, 2, at("00:01")), Ok(()));
    }
}
