//! What an ad delivered on a day, as it would be told now.
//!
//! Figures of the last 28 days move, today grows with the account's clock, and a row changed by hand stands still.

use chrono::{DateTime, NaiveDate, Timelike, Utc};

use super::{Account, Ad, Figures, Movement, World};
use crate::dice::between;

/// From this age on, in days, a day never changes.
pub const SETTLED: i64 = 28;
const STEP_SECONDS: i64 = 900;
const DAY_MINUTES: u64 = 24 * 60;
/// The youngest days move by so many thousandths at most; the movement shrinks with age.
const LARGEST_MOVE: u64 = 30;

impl World {
    /// The row of that ad and day, if there is one.
    pub fn delivered(
        &self,
        account: &Account,
        ad: &Ad,
        day: NaiveDate,
        now: DateTime<Utc>,
    ) -> Option<Figures> {
        let today = account.today(now);
        if day > today || account.delivers.is_some_and(|span| !span.holds(day)) {
            return None;
        }
        let base = base(account, ad, day);
        if let Some(patched) = self.patched.get(&ad.id).and_then(|rows| rows.get(&day)) {
            return patched.map(|spend| Figures { spend: Some(spend), ..base.unwrap_or_default() });
        }
        let base = base?;
        let step = match self.movement {
            Movement::Pinned(step) => step,
            Movement::Clock => u64::try_from(now.timestamp() / STEP_SECONDS).unwrap_or_default(),
        };
        let moved = moved(base, &ad.id, day, (today - day).num_days(), step);
        if day == today && self.movement == Movement::Clock {
            let clock = now.with_timezone(&account.zone.offset(now));
            let minutes = u64::from(clock.hour()) * 60 + u64::from(clock.minute());
            let partial = moved.scaled(minutes, DAY_MINUTES);
            return (!partial.is_nothing()).then_some(partial);
        }
        Some(moved)
    }
}

fn base(account: &Account, ad: &Ad, day: NaiveDate) -> Option<Figures> {
    let row = ad.rows.as_ref().and_then(|rows| rows.get(&day)).copied();
    if row.is_some() || ad.rows.is_some() || ad.daily.is_some() {
        return row.or(ad.daily);
    }
    account.plan?.figures(account.ad_count, &ad.id, day)
}

fn moved(base: Figures, ad: &str, day: NaiveDate, age: i64, step: u64) -> Figures {
    let left = u64::try_from(SETTLED - age).unwrap_or_default();
    if left == 0 || step == 0 {
        return base;
    }
    const MILLION: u64 = 1_000_000;
    let most = LARGEST_MOVE * MILLION / 1000 * left.min(28) / 28;
    let share = between(&["move", ad, &day.to_string(), &step.to_string()], MILLION - most, MILLION + most);
    base.scaled(share, MILLION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::world::read;
    use serde_json::json;

    fn world(movement: &serde_json::Value) -> World {
        read(json!({"movement": movement, "accounts": [{
            "id": "1", "name": "a", "currency": "USD", "timezone_name": "Asia/Almaty",
            "campaigns": [{"id": "2", "name": "c", "adsets": [{"id": "3", "name": "s", "ads": [
                {"id": "4", "name": "d", "daily": {"spend": "100.00", "impressions": 10000, "clicks": 100}},
            ]}]}],
        }]}))
        .unwrap()
    }

    fn spend(world: &World, day: &str, now: &str) -> Option<String> {
        let account = &world.accounts[0];
        let ad = &account.campaigns[0].adsets[0].ads[0];
        let row = world.delivered(account, ad, day.parse().unwrap(), now.parse().unwrap());
        row.and_then(|row| row.spend).map(|spend| spend.to_string())
    }

    /// Noon of the 20th in UTC, five in the afternoon in Almaty.
    const NOW: &str = "2026-11-20T12:00:00Z";

    #[test]
    fn a_settled_day_never_moves_and_a_young_one_does() {
        let world = world(&json!(true));
        let settled = |now| spend(&world, "2026-10-23", now);
        assert_eq!(settled(NOW).as_deref(), Some("100.00"));
        let seen = |day: &str| {
            let steps = ["2026-11-20T12:00:00Z", "2026-11-20T12:15:00Z", "2026-11-20T12:30:00Z"];
            steps
                .into_iter()
                .filter_map(|now| spend(&world, day, now))
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(seen("2026-11-19").len(), 3);
        assert_eq!(seen("2026-10-23").len(), 1);
        let same_step = spend(&world, "2026-11-19", "2026-11-20T12:14:59Z");
        assert_eq!(same_step, spend(&world, "2026-11-19", NOW));
    }

    #[test]
    fn a_move_is_a_few_percent() {
        for step in 1..200 {
            let world = world(&json!({ "step": step }));
            let moved = spend(&world, "2026-11-20", NOW).unwrap().parse::<rust_decimal::Decimal>().unwrap();
            let (low, high) = (rust_decimal::Decimal::from(97), rust_decimal::Decimal::from(103));
            assert!(low <= moved && moved <= high, "{moved}");
        }
    }

    #[test]
    fn pinned_to_nothing_the_figures_are_those_of_the_world() {
        let world = world(&json!({ "step": 0 }));
        assert_eq!(spend(&world, "2026-11-20", NOW).as_deref(), Some("100.00"));
        assert_eq!(spend(&world, "2026-11-21", NOW), None);
    }

    #[test]
    fn today_grows_with_the_clock_of_the_account() {
        let world = world(&json!(true));
        let at = |now| {
            spend(&world, "2026-11-20", now).map(|spend| spend.parse::<rust_decimal::Decimal>().unwrap())
        };
        assert_eq!(at("2026-11-19T18:59:00Z"), None, "the 19th in Almaty still");
        let (morning, evening) = (at("2026-11-20T01:00:00Z").unwrap(), at("2026-11-20T13:00:00Z").unwrap());
        assert!(morning < rust_decimal::Decimal::from(30) && evening > rust_decimal::Decimal::from(70));
    }

    #[test]
    fn a_row_changed_by_hand_stands_still() {
        let mut world = world(&json!(true));
        assert!(world.patch("4", "2026-11-19".parse().unwrap(), "12.30".parse().ok()));
        assert!(world.patch("4", "2026-11-18".parse().unwrap(), None));
        assert!(!world.patch("5", "2026-11-18".parse().unwrap(), None));
        assert_eq!(spend(&world, "2026-11-19", NOW).as_deref(), Some("12.30"));
        assert_eq!(spend(&world, "2026-11-18", NOW), None);
    }
}
