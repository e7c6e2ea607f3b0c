//! How old the deals of the answer are: they are as amoCRM was read last.

use chrono::{DateTime, TimeDelta, Utc};
use shared::domain::day::{almaty_clock, almaty_time};
use shared::edge::freshness::{Freshness, SourceFreshness, Status, of_leads};

/// amoCRM is read every ten minutes; two readings may fail before anyone has to know.
const DUE: TimeDelta = TimeDelta::minutes(30);

/// The freshness of forms, of which the newest came then, and of deals, which were read then.
pub fn freshness(
    newest: Option<DateTime<Utc>>,
    read_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Freshness {
    let mut freshness = of_leads(newest, now);
    freshness.insert("deals", of_deals(read_at, now));
    freshness
}

fn of_deals(read_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> SourceFreshness {
    let (status, reason) = match read_at {
        None => (Status::Never, Some("amoCRM has not been read yet.".to_owned())),
        Some(at) if now - at > DUE => {
            (Status::Stale, Some(format!("amoCRM has not been read since {}.", almaty_clock(at, now))))
        }
        Some(_) => (Status::Fresh, None),
    };
    let stale = status != Status::Fresh;
    SourceFreshness { last_success_at: read_at.map(almaty_time), stale, status, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deals_are_as_old_as_the_last_reading() {
        let now: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
        let told = |minutes: i64| {
            let told = of_deals(Some(now - TimeDelta::minutes(minutes)), now);
            (told.status, told.stale, told.reason)
        };
        assert_eq!(told(30), (Status::Fresh, false, None));
        let since = Some("amoCRM has not been read since 09:29.".to_owned());
        assert_eq!(told(31), (Status::Stale, true, since));
        let never = of_deals(None, now);
        assert_eq!((never.status, never.stale, never.last_success_at), (Status::Never, true, None));
    }
}
