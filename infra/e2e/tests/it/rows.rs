//! The rows behind every number: they add up, page, and leave as a file.

use std::collections::{BTreeMap, BTreeSet};

use e2e::days::{self, Day};
use e2e::figures::{self, NOBODY, PRODUCTS, Sum, figures};
use e2e::hook::PAID;
use e2e::{Caller, Deal, Hook, Route, Stack};
use futures::future::join_all;
use serde_json::Value;

/// Twenty-three sales of two days, of every product, by two teams and nobody, some cancelled, some in one second.
async fn sell(stack: &Stack, day: Day) -> figures::Figures {
    let mut expected = figures::Figures::new();
    let mut hooks = vec![];
    for n in 0_u64..23 {
        let deal = Deal::new();
        let (team, campaign) =
            [("muha", "onai2_reels"), ("traf4", "alex_broad_kz"), (NOBODY, "=cmd|' /C calc'!A0")]
                [usize::try_from(n % 3).unwrap()];
        let at = day.plus(n % 2).noon() + i64::try_from(n / 6).unwrap();
        let (route, product, price) = match n % 4 {
            0 => (Route::Funnel, "express", 5_000),
            1 => (Route::Sales, "other", 120_000),
            _ => (Route::Traffic, "flagship", 490_000),
        };
        let won = Hook::won(route, deal, at).price(price).campaign(campaign);
        let lost = (n % 5 == 4).then(|| Hook::lost(route, deal, at + 600).price(price).campaign(campaign));
        let sum = if lost.is_some() { Sum::cancelled(1, price) } else { Sum::active(1, price) };
        let known: &mut Sum = expected.entry((team.to_owned(), product.to_owned())).or_default();
        *known = known.plus(sum);
        hooks.push((won, lost));
    }
    for some in hooks.chunks(8) {
        join_all(some.iter().map(async |(won, lost)| {
            assert_eq!(stack.hook(won).await.outcome(), "recorded");
            if let Some(lost) = lost {
                assert_eq!(stack.hook(lost).await.outcome(), "updated");
            }
        }))
        .await;
    }
    expected
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["sale_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_way_of_adding_up_gives_the_same_sums() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 2).await;
    let expected = sell(&stack, day).await;
    // Compares the funnel, the totals and the rows with each other.
    assert_eq!(figures::of(&stack, day, day.plus(1)).await, expected);

    let period = format!("from={day}&to={}", day.plus(1));
    let total = async |question: String| {
        stack.get(&Caller::Admin, &format!("/api/traffic-dashboard/sales/total?{question}")).await.ok()
    };
    let sum_of = |rows: &Value| {
        let rows = rows.as_array().expect("rows");
        rows.iter().map(Sum::shown).fold(Sum::default(), Sum::plus)
    };
    let all = total(period.clone()).await;
    let whole = expected.values().copied().fold(Sum::default(), Sum::plus);
    assert_eq!(Sum::shown(&all), whole);
    for list in ["by_day", "by_team", "by_funnel"] {
        assert_eq!(sum_of(&all[list]), whole, "{list}: {all}");
    }
    let days: Vec<&Value> = all["by_day"].as_array().unwrap().iter().map(|row| &row["day"]).collect();
    assert_eq!(days, [&Value::from(day.to_string()), &Value::from(day.plus(1).to_string())]);
    let average = i64::from(whole.revenue % whole.count * 2 >= whole.count) + whole.revenue / whole.count;
    assert_eq!(all["average"]["amount"], average, "{all}");

    for product in PRODUCTS {
        let one = total(format!("{period}&funnel={product}")).await;
        let of_product = expected.iter().filter(|((_, sold), _)| sold == product).map(|(_, sum)| *sum);
        assert_eq!(Sum::shown(&one), of_product.fold(Sum::default(), Sum::plus), "{product}");
        let funnels: Vec<&Value> =
            one["by_funnel"].as_array().unwrap().iter().map(|row| &row["funnel"]).collect();
        assert_eq!(funnels, [product]);
        let rows = figures::rows(&stack, &Caller::Admin, &format!("{period}&funnel={product}"), 500).await;
        assert!(rows.iter().all(|row| row["product"] == product));
    }
    for team in ["muha", "traf4", "kenesary"] {
        let one = total(format!("{period}&team={team}")).await;
        let of_team = expected.iter().filter(|((owner, _), _)| owner == team).map(|(_, sum)| *sum);
        assert_eq!(Sum::shown(&one), of_team.fold(Sum::default(), Sum::plus), "{team}");
        let teams: Vec<&Value> = one["by_team"].as_array().unwrap().iter().map(|row| &row["team"]).collect();
        assert_eq!(teams, [team]);
    }
}

#[tokio::test]
async fn pages_of_any_size_visit_every_row_once_newest_first() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 2).await;
    sell(&stack, day).await;
    let period = format!("from={day}&to={}", day.plus(1));
    for question in [period.clone(), format!("{period}&funnel=flagship"), format!("{period}&team=muha")] {
        let whole = figures::rows(&stack, &Caller::Admin, &question, 500).await;
        let unique: BTreeSet<&str> = ids(&whole).into_iter().collect();
        assert_eq!(unique.len(), whole.len(), "{question}: a row twice");
        let times: Vec<&str> = whole.iter().map(|row| row["sold_at"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|newer, older| newer >= older), "{question}: {times:?}");
        for limit in [1, 2, 5, whole.len() - 1, whole.len()] {
            let paged = figures::rows(&stack, &Caller::Admin, &question, limit).await;
            assert_eq!(ids(&paged), ids(&whole), "{question}, {limit} a page");
        }
    }
    let rows = figures::rows(&stack, &Caller::Admin, &period, 500).await;
    assert_eq!(rows.len(), 23);
    let path = format!("/api/traffic-dashboard/sales?{period}&limit=23");
    assert_eq!(
        stack.get(&Caller::Admin, &path).await.ok().get("next_cursor"),
        None,
        "nothing follows the last row"
    );
}

#[tokio::test]
async fn a_list_has_fifty_rows_unless_it_is_asked_for_others() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let deals: Vec<Deal> = (0..51).map(|_| Deal::new()).collect();
    for some in deals.chunks(8) {
        join_all(some.iter().map(async |deal| {
            let hook = Hook::won(Route::Funnel, *deal, day.noon()).campaign("onai2_reels");
            assert_eq!(stack.hook(&hook).await.outcome(), "recorded");
        }))
        .await;
    }
    let page =
        stack.get(&Caller::Admin, &format!("/api/traffic-dashboard/sales?from={day}&to={day}")).await.ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 50);
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let path = format!("/api/traffic-dashboard/sales?from={day}&to={day}&cursor={cursor}");
    let rest = stack.get(&Caller::Admin, &path).await.ok();
    assert_eq!((rest["items"].as_array().unwrap().len(), rest.get("next_cursor")), (1, None));
}

#[tokio::test]
async fn a_limit_or_a_cursor_that_is_none_is_refused() {
    let stack = Stack::open().await;
    for limit in ["0", "501", "-1", "1.5", "ten", "99999999999999999999"] {
        let path = format!("/api/traffic-dashboard/sales?limit={limit}");
        stack.get(&Caller::Admin, &path).await.invalid(&["limit"]);
    }
    for limit in ["1", "500"] {
        stack.get(&Caller::Admin, &format!("/api/traffic-dashboard/sales?limit={limit}")).await.ok();
    }
    for cursor in ["x", "YWJj", "%00", "..%2F..", "eyJhIjoxfQ", "MjAyNi0xMS0yMA", "%F0%9F%92%A9"] {
        let path = format!("/api/traffic-dashboard/sales?cursor={cursor}");
        stack.get(&Caller::Admin, &path).await.invalid(&["cursor"]);
    }
}

#[tokio::test]
async fn the_file_holds_the_same_rows_as_the_screen() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 2).await;
    sell(&stack, day).await;
    let period = format!("from={day}&to={}", day.plus(1));
    for (caller, question) in [
        (Caller::Admin, period.clone()),
        (Caller::Admin, format!("{period}&funnel=other")),
        (Caller::Buyer("muha"), period.clone()),
    ] {
        let rows = figures::rows(&stack, &caller, &question, 500).await;
        assert!(!rows.is_empty());
        let file = stack.get(&caller, &format!("/api/traffic-dashboard/sales?{question}&format=csv")).await;
        assert_eq!((file.status, file.header("content-type")), (200, Some("text/csv; charset=utf-8")));
        assert!(file.header("content-disposition").is_some_and(|name| name.contains(".csv")));
        let mut reader = csv::Reader::from_reader(file.body.as_slice());
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let lines: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
        let of_screen: Vec<_> = rows.iter().map(|row| line(row, &names)).collect();
        assert_eq!(lines, of_screen, "{question}");
        for row in &rows {
            for place in places(row) {
                assert!(names.contains(&place), "the screen shows {place}, the file has no such column");
            }
        }
    }
}

/// A row of the screen as a line of a file with these columns.
fn line(row: &Value, names: &[String]) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        // What a spreadsheet would run gets a quote in front.
        Value::String(text) if text.starts_with(['=', '+', '-', '@']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let value = |name: &str| match name {
        "amount" | "currency" => &row["amount"][name],
        name if name.starts_with("utm_") => &row["utm"][name],
        name => name.strip_prefix("trail_").map_or(&row[name], |name| &row["trail"][name]),
    };
    names.iter().map(|name| (name.clone(), text(value(name)))).collect()
}

/// The columns that a row of the screen needs. Values that were only looked at, and the team a second time, need none.
fn places(row: &Value) -> Vec<String> {
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let mut places = keys(row);
    places.retain(|name| !["utm", "trail", "amount"].contains(&name.as_str()));
    places.extend(keys(&row["amount"]));
    places.extend(keys(&row["utm"]));
    let trail = keys(&row["trail"]).into_iter().filter(|name| name != "seen" && name != "team");
    places.extend(trail.map(|name| format!("trail_{name}")));
    places
}

#[tokio::test]
async fn an_open_deal_is_no_row() {
    let stack = Stack::open().await;
    let day = days::fresh(&stack, 1).await;
    let open = Hook::won(Route::Sales, Deal::new(), day.noon()).stage(PAID).campaign("onai2_reels");
    assert_eq!(stack.hook(&open).await.outcome(), "ignored");
    assert!(figures::rows(&stack, &Caller::Admin, &format!("from={day}&to={day}"), 50).await.is_empty());
    assert_eq!(figures::of(&stack, day, day).await, figures([]));
    let total = stack
        .get(&Caller::Admin, &format!("/api/traffic-dashboard/sales/total?from={day}&to={day}"))
        .await
        .ok();
    assert_eq!(total["average"], Value::Null, "nothing has no average");
}
