//! Every account is billed in its own currency and has its own days: tenge are of each day's rate, and where there is no
//! rate there are none.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, Weekday};
use e2e::graph::units;
use e2e::nbk::{self, DayRates};
use e2e::world::{AdAccount, Span};
use e2e::zone::Zone;
use e2e::{Caller, Spend, aws, graph, pulling};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

/// A day's rate stands in for so many days after it.
const STEPS_BACK: u64 = 14;

/// Rates of every day of work but one, each day's its own; the yen's are of a hundred.
fn published(days: Span) -> BTreeMap<NaiveDate, DayRates> {
    let skipped = days.from + Days::new(9);
    let is_work = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && *day != skipped;
    let rates = |day: NaiveDate| -> DayRates {
        let n = day.ordinal() % 17;
        BTreeMap::from([
            ("USD", (format!("{}.{:02}", 460 + n, 3 * n), 1)),
            ("EUR", (format!("{}.5", 530 + n), 1)),
            ("JPY", (format!("{}.{:02}", 310 + n, 7 * n % 100), 100)),
        ])
    };
    with_steps_back(days).days().filter(is_work).map(|day| (day, rates(day))).collect()
}

fn with_steps_back(days: Span) -> Span {
    Span { from: days.from - Days::new(STEPS_BACK), ..days }
}

/// The rate in force on a day, for one unit, and the day it is of.
fn rate(
    rates: &BTreeMap<NaiveDate, DayRates>,
    currency: &str,
    day: NaiveDate,
) -> Option<(Decimal, NaiveDate)> {
    if currency == "KZT" {
        return Some((Decimal::ONE, day));
    }
    let from = day - Days::new(STEPS_BACK);
    rates.range(from..=day).rev().find_map(|(date, rates)| {
        let (rate, quant) = rates.get(currency)?;
        Some((rate.parse::<Decimal>().unwrap() / Decimal::from(*quant), *date))
    })
}

/// What an account's ads spent on a day in tenge, each rounded half up for itself.
fn kzt(account: &AdAccount, day: NaiveDate, rate: Decimal) -> i64 {
    let places = if ["KZT", "JPY"].contains(&account.currency) { 0 } else { 2 };
    let of_ad = |spend: &str| {
        let amount = Decimal::new(units(spend, account.currency), places) * rate;
        let whole = amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        i64::try_from(whole).expect("tenge")
    };
    account.ads().map(|ad| of_ad(ad.spend_on(day))).sum()
}

fn spent(account: &AdAccount, day: NaiveDate) -> i64 {
    account.ads().map(|ad| units(ad.spend_on(day), account.currency)).sum()
}

fn in_currency(currency: &'static str, amounts: [&str; 3]) -> AdAccount {
    let mut account = AdAccount::new(amounts.len()).in_currency(currency);
    for (ad, amount) in account.ads_mut().zip(amounts) {
        amount.clone_into(&mut ad.spend);
    }
    account
}

/// The day that it was in a zone when an answer was made.
fn today(answer: &Value, account: &AdAccount) -> NaiveDate {
    let at = DateTime::parse_from_rfc3339(answer["generated_at"].as_str().expect("a time")).unwrap();
    account.zone.date(at.to_utc())
}

fn number(value: &Value) -> Decimal {
    value.as_number().expect("a number").to_string().parse().expect("a decimal number")
}

#[tokio::test]
async fn tenge_are_of_each_days_rate_and_days_of_each_accounts_calendar() {
    let days = Span::last(30);
    let rates = published(days);
    let accounts = [
        in_currency("USD", ["0.01", "12.34", "1.00"]),
        in_currency("EUR", ["0.01", "0.03", "7.77"]),
        in_currency("JPY", ["1", "25", "1234"]),
        in_currency("KZT", ["999", "1500", "7"]),
        in_currency("ZZZ", ["5.00", "0.50", "0.05"]),
        in_currency("USD", ["3.33", "0.10", "0.01"]).in_zone(Zone::LosAngeles),
    ];
    let [dollars, .., unknown, angeles] = &accounts;
    let spend = Spend::of(&accounts).await;
    pulling::forget_rates(with_steps_back(days)).await;
    nbk::publish(&rates, &[days.from + Days::new(9)]).await;
    spend.refresh_all(&days.order()).await;
    graph::faults(&[]).await;

    let shown = spend.insights(&format!("{}&level=account&granularity=day", days.query())).await;
    let mut seen = 0;
    for account in &accounts {
        let today = today(&shown.page, account);
        let mut sum = 0;
        for day in days.days().filter(|day| *day <= today) {
            let row =
                shown.rows.iter().find(|row| row["account_id"] == account.id && row["day"] == json!(day));
            let row = row.unwrap_or_else(|| panic!("no row of {} on {day}", account.currency));
            let spend = json!({"amount": spent(account, day), "currency": account.currency});
            assert_eq!(row["spend"], spend, "{row}");
            assert_eq!(row["account_timezone"], account.zone.name(), "{row}");
            assert_eq!(row["settled"], (today - day).num_days() >= 28, "{row}");
            if let Some((rate, date)) = rate(&rates, account.currency, day) {
                assert_eq!(
                    (number(&row["rate"]["value"]), &row["rate"]["date"]),
                    (rate, &json!(date)),
                    "{row}"
                );
                assert_eq!(row["spend_kzt"], kzt(account, day, rate), "{row}");
                sum += kzt(account, day, rate);
            } else {
                assert_eq!((&row["spend_kzt"], &row["rate"]), (&Value::Null, &Value::Null), "{row}");
                assert_eq!(row["spend_kzt_reason"], "no_rate", "{row}");
                assert_eq!(account.currency, "ZZZ", "{row}");
            }
            seen += 1;
        }
        let question = format!("{}&level=account&account_id={}", days.query(), account.id);
        let whole = spend.insights(&question).await;
        let expected = if account.currency == "ZZZ" { Value::Null } else { sum.into() };
        assert_eq!(whole.rows[0]["spend_kzt"], expected, "{}", whole.rows[0]);
        assert_eq!(whole.rows[0]["settled"], false, "a period that ends today is not settled");
    }
    assert_eq!(seen, shown.rows.len(), "rows of days that have not come yet");

    // What has no rate is named, in insights and in the funnel, and in no sum of tenge.
    let left: i64 = days.days().map(|day| spent(unknown, day)).sum();
    let named = json!([{"account_id": unknown.id, "currency": "ZZZ", "amount": left, "reason": "no_rate"}]);
    assert_eq!(shown.page["unconverted"], named);
    let metrics = &spend.funnel(&Caller::Admin, &days.query()).await["stages"][0]["metrics"];
    assert_eq!(metrics["unconverted"], named);
    let tenge: i64 = shown.rows.iter().filter_map(|row| row["spend_kzt"].as_i64()).sum();
    assert_eq!((&metrics["spend_kzt"], &shown.page["totals"]["spend_kzt"]), (&tenge.into(), &tenge.into()));
    let mut by_currency: BTreeMap<&str, i64> = BTreeMap::new();
    for row in &shown.rows {
        let amount = row["spend"]["amount"].as_i64().unwrap();
        *by_currency.entry(row["spend"]["currency"].as_str().unwrap()).or_default() += amount;
    }
    let by_currency: Vec<Value> = by_currency
        .into_iter()
        .map(|(currency, amount)| json!({"amount": amount, "currency": currency}))
        .collect();
    assert_eq!(
        (&metrics["spend"], &shown.page["totals"]["spend"]),
        (&json!(by_currency), &json!(by_currency))
    );

    // Where nobody names days, each account is asked for the last 28 of its own.
    graph::forget_asked().await;
    let job = spend.refresh_all(&json!({})).await;
    assert_eq!((&job.0["from"], &job.0["to"]), (&Value::Null, &Value::Null));
    let asked = graph::asked().await;
    for account in [dollars, angeles] {
        let request = asked.of(&account.id)[0].clone();
        let own = Span { to: today(&job.0, account), from: today(&job.0, account) - Days::new(27) };
        assert_eq!((&request["since"], &request["until"]), (&json!(own.from), &json!(own.to)), "{request}");
    }
    pulling::forget_rates(with_steps_back(days)).await;
}

#[tokio::test]
async fn a_bank_that_is_down_fails_no_pull_and_its_rates_come_later() {
    let days = Span::last(3);
    let account = in_currency("USD", ["1.00", "2.00", "3.00"]);
    let spend = Spend::of(std::slice::from_ref(&account)).await;
    pulling::forget_rates(with_steps_back(days)).await;
    nbk::down().await;
    let report = aws::invoke("exchange-rates", &json!({})).await.expect("a report");
    assert_eq!(report["days"], 0, "{report}");
    assert!(!report["problems"].as_array().expect("problems").is_empty(), "{report}");
    let job = spend.refresh_all(&days.order()).await;
    assert!(job.notes().iter().any(|note| note.contains("rates of")), "{:?}", job.notes());
    let question = format!("{}&level=account&granularity=day", days.query());
    let without = spend.insights(&question).await;
    assert_eq!(without.rows.len(), 3);
    for row in &without.rows {
        assert_eq!((&row["spend"]["amount"], &row["spend_kzt"]), (&600.into(), &Value::Null), "{row}");
    }
    assert_eq!(without.page["unconverted"][0]["amount"], 3 * 600);

    // Until the bank answers, an earlier day's rate stands in, and says so.
    let rates = published(days);
    let (before, of_before) = rates.range(..days.from).next_back().unwrap();
    let missing: Vec<NaiveDate> = days.days().collect();
    nbk::publish(&BTreeMap::from([(*before, of_before.clone())]), &missing).await;
    spend.refresh_all(&days.order()).await;
    for row in spend.insights(&question).await.rows {
        let (rate, date) = rate(&rates, "USD", *before).unwrap();
        assert_eq!((number(&row["rate"]["value"]), &row["rate"]["date"]), (rate, &json!(date)), "{row}");
        assert_eq!(row["spend_kzt"], kzt(&account, days.from, rate), "{row}");
    }

    // And when it does, the next pull is all that is needed, whether the schedule has asked before or the refresh does.
    for by_schedule in [true, false] {
        pulling::forget_rates(with_steps_back(days)).await;
        nbk::publish(&rates, &[]).await;
        if by_schedule {
            let report = aws::invoke("exchange-rates", &json!({})).await.expect("a report");
            assert!(report["days"].as_u64() > Some(0) && report["problems"] == json!([]), "{report}");
            assert_eq!(spend.pull(3).await, 0);
        } else {
            assert_eq!(spend.refresh_all(&days.order()).await.notes(), [""; 0]);
        }
        assert_converted(&spend, &account, days, &rates).await;
    }
    // What is known is not asked for again.
    nbk::forget_asked().await;
    spend.refresh_all(&days.order()).await;
    // But for the last Saturday and Sunday, for which the bank may still publish something.
    assert_eq!(nbk::asked().await, 2);
    pulling::forget_rates(with_steps_back(days)).await;
}

/// Fails where a day of dollars is not in tenge at its own rate.
async fn assert_converted(
    spend: &Spend,
    account: &AdAccount,
    days: Span,
    rates: &BTreeMap<NaiveDate, DayRates>,
) {
    let question = format!("{}&level=account&granularity=day", days.query());
    for (row, day) in spend.insights(&question).await.rows.iter().map(|row| (row, &row["day"])) {
        let day: NaiveDate = day.as_str().unwrap().parse().unwrap();
        let (rate, date) = rate(rates, "USD", day).unwrap();
        assert_eq!(
            (&row["spend_kzt"], &row["rate"]["date"]),
            (&kzt(account, day, rate).into(), &json!(date))
        );
    }
}
