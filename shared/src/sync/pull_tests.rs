use chrono::TimeDelta;
use serde_json::json;

use super::super::stand_in::{Store, refusal, stand_in};
use super::*;
use crate::store::ads::Leased;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn row(on: &str) -> serde_json::Value {
    json!({"account_currency": "KZT", "ad_id": "1", "date_start": on, "spend": "5"})
}

fn first_page() -> String {
    let rows = [row("2026-11-19"), row("2026-11-20")];
    json!({"data": rows, "paging": {"cursors": {"after": "a"}, "next": "…"}}).to_string()
}

/// Pulls a window whose second page is answered like this, and gives what it stopped for.
async fn stopped(way: Way, second: (u16, String)) -> Stop {
    let answer = move |store: &Store, asked: &str| {
        if asked.contains("after=a") {
            assert_eq!(store.rows().len(), 2, "the first page is not written");
            second.clone()
        } else if asked.contains("/insights") {
            (200, first_page())
        } else {
            let state = json!({"async_status": "Job Completed", "async_percent_completion": 100});
            (200, state.to_string())
        }
    };
    let there = stand_in(answer);
    let (account, now) = (AdAccountId::parse("91").unwrap(), clock::now());
    let leased = there.ads.lease(&account, "ticket", TimeDelta::minutes(1), now).await.unwrap();
    let Leased::Ours { lease, .. } = leased else { panic!("nobody else pulls it") };
    let puller = Puller {
        facebook: &there.facebook,
        ads: &there.ads,
        lease: &lease,
        currency: None,
        rates: &Rates::default(),
        deadline: (now + TimeDelta::hours(1)).into(),
    };
    let days = Period { from: day("2026-11-19"), to: day("2026-11-20") };
    let stop = puller.window(&Window { way, ..Window::new(days) }).await.unwrap_err();
    assert_eq!(there.store.rows(), Vec::<String>::new(), "after {stop:?}");
    stop
}

#[tokio::test]
async fn a_window_that_is_left_half_way_leaves_no_rows() {
    let of_another_day = json!({"data": [row("2026-11-18")]}).to_string();
    let stop = stopped(Way::Pages, (400, refusal(200, 0))).await;
    assert!(matches!(stop, Stop::Park(ParkReason::PermissionMissing, _)), "{stop:?}");
    let stop = stopped(Way::Pages, (400, refusal(17, 2_446_079))).await;
    assert!(matches!(stop, Stop::Wait(_)), "{stop:?}");
    let stop = stopped(Way::Pages, (500, refusal(2, 1_504_038))).await;
    assert!(matches!(stop, Stop::Smaller(_)), "{stop:?}");
    let stop = stopped(Way::Pages, (200, of_another_day)).await;
    assert!(matches!(stop, Stop::Park(ParkReason::Misconfigured, _)), "{stop:?}");
    let running = Some(Report { run_id: "6044000000000001".to_owned(), polls: 0 });
    let stop = stopped(Way::Report { started: 3, running }, (400, refusal(2_601, 1_815_107))).await;
    assert!(matches!(stop, Stop::ReportLost(_)), "{stop:?}");
}
