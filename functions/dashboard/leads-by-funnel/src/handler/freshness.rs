//! How old the deals of the answer are: they are as amoCRM was read last.

use chrono::{DateTime, Utc};
use shared::domain::day::almaty_time;
use shared::domain::reconciliation::{OVERDUE, RunState};
use shared::edge::freshness::{Freshness, SourceFreshness, Status, of_leads};

/// The freshness of forms, of which the newest came then, and of deals, whose reading stands so.
pub fn freshness(newest: Option<DateTime<Utc>>, reading: &RunState, now: DateTime<Utc>) -> Freshness {
    let mut freshness = of_leads(newest, now);
    freshness.insert("deals", of_deals(reading, now));
    freshness
}

/// Two readings may fail before anyone has to know. One that stops half-way is none.
fn of_deals(reading: &RunState, now: DateTime<Utc>) -> SourceFreshness {
    let status = match reading.last_good_at {
        None => Status::Never,
        Some(at) if now - at > OVERDUE => Status::Stale,
        Some(_) => Status::Fresh,
    };
    let stale = status != Status::Fresh;
    let reason = reading.in_the_way(now).filter(|_| stale);
    SourceFreshness { last_success_at: reading.last_good_at.map(almaty_time), stale, status, reason }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn deals_are_as_old_as_the_last_reading_that_came_to_its_end() {
        let now: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
        let read = |minutes: i64| RunState {
            last_good_at: Some(now - TimeDelta::minutes(minutes)),
            ..RunState::default()
        };
        let told = |reading: &RunState| {
            let told = of_deals(reading, now);
            (told.status, told.stale, told.reason)
        };
        assert_eq!(told(&read(30)), (Status::Fresh, false, None));
        let since = Some("amoCRM has not been read since 09:29: amocrm-poll does not run.".to_owned());
        assert_eq!(told(&read(31)), (Status::Stale, true, since));
        let half_way = |reading: RunState| RunState {
            tried_at: Some(now - TimeDelta::minutes(1)),
            problem: Some("HTTP 402".to_owned()),
            ..reading
        };
        assert_eq!(told(&half_way(read(20))), (Status::Fresh, false, None));
        let refused = Some("amoCRM cannot be read: HTTP 402. The figures are of 09:29.".to_owned());
        assert_eq!(told(&half_way(read(31))), (Status::Stale, true, refused));
        let never = of_deals(&RunState::default(), now);
        assert_eq!((never.status, never.stale, never.last_success_at), (Status::Never, true, None));
    }
}
