//! A secret as admins see it: which fields are set, their last four characters, since when. Never more.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::day::almaty_time;
use crate::domain::secret::{Held, Neighbour, ShownField};

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct SecretRow {
    name: Neighbour,
    configured: bool,
    fields: Vec<ShownField>,
    /// Null where it is not known.
    changed_at: Option<String>,
    /// Whole days since then.
    age_days: Option<i64>,
}

impl SecretRow {
    /// What is kept, as it may be shown.
    pub fn of(name: Neighbour, held: &Held, now: DateTime<Utc>) -> Self {
        Self {
            name,
            configured: !held.fields.is_empty(),
            fields: name.shown(&held.fields),
            changed_at: held.since.map(almaty_time),
            age_days: held.since.map(|since| (now - since).num_days().max(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_shows_ends_and_age_and_nothing_else() {
        let now = "2026-11-20T05:00:00Z".parse().unwrap();
        let fields = serde_json::from_value(json!({"api_key": "kz-0123456789abcdef"})).unwrap();
        let held = Held { fields, since: Some("2026-11-18T04:00:00Z".parse().unwrap()) };
        let expected = json!({
            "name": "sms", "configured": true, "changed_at": "2026-11-18T09:00:00+05:00", "age_days": 2,
            "fields": [
                {"name": "api_key", "is_set": true, "last_four": "cdef"},
                {"name": "from", "is_set": false, "last_four": null},
            ],
        });
        assert_eq!(serde_json::to_value(SecretRow::of(Neighbour::Sms, &held, now)).unwrap(), expected);
        let none = SecretRow::of(Neighbour::Openai, &Held::default(), now);
        assert_eq!((none.configured, none.changed_at, none.age_days), (false, None, None));
    }
}
