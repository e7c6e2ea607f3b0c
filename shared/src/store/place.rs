//! Where a row stands in a list by time: the same text in the store's keys, between two pages and in a caller's cursor.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// The length of `2026-11`.
const MONTH: usize = 7;

/// Where a row stands among all: by its time, then by its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Place(String);

/// The text is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an instant and an id")]
pub struct NoPlace;

impl Place {
    /// The place of a row with this time and id.
    pub fn new(at: DateTime<Utc>, id: &str) -> Self {
        Self(format!("{}#{id}", instant(at)))
    }

    /// The place as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its month, of UTC.
    pub fn month(&self) -> &str {
        &self.0[..MONTH]
    }
}

impl TryFrom<String> for Place {
    type Error = NoPlace;

    fn try_from(text: String) -> Result<Self, NoPlace> {
        let (time, id) = text.split_once('#').ok_or(NoPlace)?;
        let is_instant = time.parse::<DateTime<Utc>>().is_ok_and(|at| instant(at) == time);
        if is_instant && !id.is_empty() { Ok(Self(text)) } else { Err(NoPlace) }
    }
}

/// An instant as it stands in keys.
pub fn instant(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The month of an instant, of UTC.
pub fn month(time: DateTime<Utc>) -> String {
    instant(time)[..MONTH].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_place_is_refused() {
        let place = Place::new("2026-11-20T05:00:00Z".parse().unwrap(), "token:sms");
        assert_eq!(Place::try_from("2026-11-20T05:00:00.000Z#token:sms".to_owned()), Ok(place));
        for text in ["", "x", "#a", "2026-11-20T05:00:00.000Z#", "2026-11-20T05:00:00Z#a", "2026-11-20#a"] {
            assert_eq!(Place::try_from(text.to_owned()), Err(NoPlace), "{text}");
        }
    }
}
