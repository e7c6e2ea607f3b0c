//! Whether what the puller stored is what Facebook, as the sandbox plays it, would say: by account and day, to the cent,
//! once by the days' totals and once by the rows that the days name.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Size;
use crate::aws::Aws;

const TABLE: &str = "bench-ads";

/// Account and day.
type Place = (String, String);

/// What an account spent on a day, in cents, and in how many rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spent {
    cents: i64,
    rows: u64,
}

/// Says what is wrong with what is stored, held against the sandbox's own sums.
pub fn compare(told: &[Value], aws: &Aws, size: Size) -> Option<String> {
    let expected: BTreeMap<Place, Spent> = told.iter().filter_map(|day| told_day(day, size.ads)).collect();
    let days = size.accounts * size.days;
    if expected.len() as u64 != days {
        return Some(format!("the sandbox told {} days of accounts instead of {days}", expected.len()));
    }
    let (totals, rows) = stored(aws);
    difference(&expected, &totals, "days").or_else(|| difference(&expected, &rows, "rows"))
}

fn told_day(day: &Value, ads: u64) -> Option<(Place, Spent)> {
    let place = (day["account_id"].as_str()?.to_owned(), day["day"].as_str()?.to_owned());
    Some((place, Spent { cents: cents(day["spend"].as_str()?)?, rows: ads }))
}

/// An amount with two decimals, as a whole number of cents.
fn cents(amount: &str) -> Option<i64> {
    let (whole, part) = amount.split_once('.')?;
    (part.len() == 2).then(|| format!("{whole}{part}").parse().ok())?
}

/// By the days' totals, and by all rows there are: such as no day names would be too many.
fn stored(aws: &Aws) -> (BTreeMap<Place, Spent>, BTreeMap<Place, Spent>) {
    let (mut totals, mut all_rows) = (BTreeMap::<_, Spent>::new(), BTreeMap::<_, Spent>::new());
    for item in aws.items(TABLE, "spend#") {
        let text = |name: &str| item.get(name).and_then(|value| value["S"].as_str()).unwrap_or_default();
        let account = text("pk").trim_start_matches("spend#").to_owned();
        let mut words = text("sk").split('#');
        let (kind, day) = (words.next(), words.next().unwrap_or_default().to_owned());
        let document: Value = serde_json::from_str(text("document")).unwrap_or_default();
        let (kept, rows) = match kind {
            Some("day") => (&mut totals, vec![(&document["total"]["spend"], document["rows"].as_u64())]),
            _ => {
                let rows = document.as_array().into_iter().flatten();
                (&mut all_rows, rows.map(|row| (&row["spend"], Some(1))).collect())
            }
        };
        let spent = kept.entry((account, day)).or_default();
        for (cents, rows) in rows {
            spent.cents += cents.as_i64().unwrap_or_default();
            spent.rows += rows.unwrap_or_default();
        }
    }
    (totals, all_rows)
}

fn difference(
    expected: &BTreeMap<Place, Spent>,
    stored: &BTreeMap<Place, Spent>,
    what: &str,
) -> Option<String> {
    let places = expected.keys().chain(stored.keys());
    let wrong = places.into_iter().find(|place| expected.get(*place) != stored.get(*place))?;
    let told = |spent: Option<&Spent>| match spent {
        Some(Spent { cents, rows }) => format!("{cents} cents in {rows} rows"),
        None => "nothing".to_owned(),
    };
    let (account, day) = wrong;
    Some(format!(
        "the {what} of {account} on {day} hold {} instead of {}",
        told(stored.get(wrong)),
        told(expected.get(wrong))
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_cent() {
        for (amount, expected) in
            [("0.07", Some(7)), ("1234567.80", Some(123_456_780)), ("1.2", None), ("12", None)]
        {
            assert_eq!(cents(amount), expected, "{amount}");
        }
    }

    #[test]
    fn a_cent_or_a_row_too_much_is_found_on_either_side() {
        let place = |day: &str| ("11".to_owned(), day.to_owned());
        let right = BTreeMap::from([(place("2026-11-20"), Spent { cents: 1_234, rows: 2 })]);
        assert_eq!(difference(&right, &right, "days"), None);
        for wrong in [
            BTreeMap::from([(place("2026-11-20"), Spent { cents: 1_235, rows: 2 })]),
            BTreeMap::from([(place("2026-11-20"), Spent { cents: 1_234, rows: 3 })]),
            right.clone().into_iter().chain([(place("2026-11-21"), Spent::default())]).collect(),
            BTreeMap::new(),
        ] {
            assert!(difference(&right, &wrong, "days").is_some(), "{wrong:?}");
        }
        let problem = difference(&right, &BTreeMap::new(), "rows").unwrap();
        assert_eq!(problem, "the rows of 11 on 2026-11-20 hold nothing instead of 1234 cents in 2 rows");
    }
}
