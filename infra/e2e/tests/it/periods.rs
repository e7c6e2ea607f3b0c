//! Which days a question covers, and what is no question.

use chrono::{DateTime, NaiveDate};
use e2e::figures::{self, Sum};
use e2e::{Caller, Deal, Hook, Route, Stack, clock};

const READS: [&str; 3] =
    ["/api/traffic-dashboard/funnel", "/api/traffic-dashboard/sales/total", "/api/traffic-dashboard/sales"];

#[tokio::test]
async fn without_dates_the_period_is_today_and_the_29_days_before_it() {
    let stack = Stack::open().await;
    for path in READS {
        let before = clock::almaty_day(clock::now());
        let period = &stack.get(&Caller::Admin, path).await.ok()["period"];
        let after = clock::almaty_day(clock::now());
        let to = period["to"].as_str().unwrap();
        assert!(to == before || to == after, "{path}: {period}");
        let days = |text: &str| text.parse::<NaiveDate>().unwrap();
        let from = days(period["from"].as_str().unwrap());
        assert_eq!((days(to) - from).num_days(), 29, "{path}: {period}");
        assert_eq!(period["timezone"], "Asia/Almaty");
    }
}

#[tokio::test]
async fn one_date_alone_gets_its_other_end() {
    let stack = Stack::open().await;
    let period = async |path: String| {
        let period = stack.get(&Caller::Admin, &path).await.ok()["period"].clone();
        (period["from"].as_str().unwrap().to_owned(), period["to"].as_str().unwrap().to_owned())
    };
    for path in READS {
        let told = period(format!("{path}?to=2026-03-01")).await;
        assert_eq!(told, ("2026-01-31".to_owned(), "2026-03-01".to_owned()), "{path}");
        let from = clock::almaty_day(clock::now() - chrono::TimeDelta::days(3));
        assert_eq!(period(format!("{path}?from={from}")).await.0, from, "{path}");
        // A parameter that is empty is not there.
        assert_eq!(period(format!("{path}?from=&to=2026-03-01&team=")).await.0, "2026-01-31", "{path}");
    }
}

#[tokio::test]
async fn a_period_that_is_none_names_the_parameter_that_has_to_change() {
    let stack = Stack::open().await;
    for path in READS {
        for (question, field) in [
            ("from=2026-02-30", "from"),
            ("from=2026-1-5", "from"),
            ("from=01.02.2026", "from"),
            ("from=2026-01-01T00:00:00Z", "from"),
            ("from=%D0%B2%D1%87%D0%B5%D1%80%D0%B0", "from"),
            ("from=99999-01-01", "from"),
            ("to=today", "to"),
            ("to=20260101", "to"),
            ("from=2026-03-02&to=2026-03-01", "to"),
            ("from=2025-01-01&to=2026-02-05", "to"),
        ] {
            stack.get(&Caller::Admin, &format!("{path}?{question}")).await.invalid(&[field]);
        }
    }
}

#[tokio::test]
async fn four_hundred_days_are_a_period_and_one_more_is_not() {
    let stack = Stack::open().await;
    for path in READS {
        stack.get(&Caller::Admin, &format!("{path}?from=2020-01-01&to=2021-02-03")).await.ok();
        stack.get(&Caller::Admin, &format!("{path}?from=2020-01-01&to=2021-02-04")).await.invalid(&["to"]);
    }
    let total = stack
        .get(&Caller::Admin, "/api/traffic-dashboard/sales/total?from=2020-01-01&to=2021-02-03")
        .await
        .ok();
    let days = total["by_day"].as_array().unwrap();
    assert_eq!(days.len(), 400);
    assert_eq!((&days[0]["day"], &days[399]["day"]), (&"2020-01-01".into(), &"2021-02-03".into()));
}

#[tokio::test]
async fn the_day_changes_at_midnight_in_almaty() {
    let stack = Stack::open().await;
    // Days since Almaty's clock stands at +05:00, before the demo's and after the oldest sample of that time. Others
    // may have sold on them, so the differences count.
    let first = NaiveDate::from_ymd_opt(2025, 4, 1).unwrap();
    let day = first + chrono::Days::new(fastrand::u64(..400));
    let midnight = day.and_hms_opt(19, 0, 0).unwrap().and_utc();
    let (old, new) = (day, day.succ_opt().unwrap());
    let count = async |day: NaiveDate| {
        let figures = figures::of(&stack, day, day).await;
        figures.get(&("traf4".to_owned(), "express".to_owned())).copied().unwrap_or_default()
    };
    let before = (count(old).await, count(new).await);
    let deals = [(Deal::new(), midnight.timestamp() - 1, old), (Deal::new(), midnight.timestamp(), new)];
    for (deal, at, day) in deals {
        let hook = Hook::won(Route::Funnel, deal, at).campaign("alex_broad_kz");
        assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
        let sale = stack.sale(&deal.sale("express")).await.ok()["sale"].clone();
        assert_eq!(sale["day"], day.to_string());
        let sold_at = DateTime::parse_from_rfc3339(sale["sold_at"].as_str().unwrap()).unwrap();
        assert_eq!((sold_at.timestamp(), sold_at.offset().local_minus_utc()), (at, 5 * 3_600), "{sale}");
        assert_eq!(sold_at.date_naive(), day, "the time is told as people of the business read it");
    }
    let one_more = |sum: Sum| sum.plus(Sum::active(1, 5_000));
    assert_eq!((count(old).await, count(new).await), (one_more(before.0), one_more(before.1)));
}

#[tokio::test]
async fn what_a_question_may_say_is_told_where_it_says_something_else() {
    let stack = Stack::open().await;
    let get = |path: &'static str| stack.get(&Caller::Admin, path);
    get("/api/traffic-dashboard/funnel?basis=sale_date").await.ok();
    get("/api/traffic-dashboard/funnel?basis=lead_date").await.ok();
    get("/api/traffic-dashboard/funnel?basis=day").await.invalid(&["basis"]);
    get("/api/traffic-dashboard/sales/total?funnel=main").await.invalid(&["funnel"]);
    get("/api/traffic-dashboard/sales?funnel=Express").await.invalid(&["funnel"]);
    get("/api/traffic-dashboard/sales?format=xml").await.invalid(&["format"]);
    get("/api/traffic-dashboard/leads/total?status=lost").await.invalid(&["status"]);
    get("/api/traffic-dashboard/leads/by-funnel?status=Waiting").await.invalid(&["status"]);
    get("/api/traffic-dashboard/leads/by-funnel?status=over_limit").await.ok();
}

#[tokio::test]
async fn answers_say_how_old_their_figures_are() {
    let stack = Stack::open().await;
    assert_eq!(stack.hook(&Hook::won(Route::Sales, Deal::new(), 1_300_000_000)).await.outcome(), "recorded");
    for path in READS {
        let answer = stack.get(&Caller::Admin, path).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let answer = answer.ok();
        let source = &answer["freshness"]["sales"];
        assert_eq!(
            (&source["status"], &source["stale"]),
            (&"fresh".into(), &false.into()),
            "{path}: {answer}"
        );
        for time in [&answer["generated_at"], &source["last_success_at"]] {
            let age = clock::now() - DateTime::parse_from_rfc3339(time.as_str().unwrap()).unwrap().to_utc();
            assert!(age.num_minutes() < 5, "{path}: {time}");
        }
    }
}
