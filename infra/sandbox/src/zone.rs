//! The time zone of an ad account.

use chrono::{DateTime, FixedOffset, Offset, Utc};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A zone by its IANA name.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// The zone of that name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Some(Self { name: name.to_owned(), rules: TimeZone::get(name).ok()? })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How far it is from UTC then.
    pub fn offset(&self, at: DateTime<Utc>) -> FixedOffset {
        let at = Timestamp::from_second(at.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
        FixedOffset::east_opt(self.rules.to_offset(at).seconds()).unwrap_or(Utc.fix())
    }
}
