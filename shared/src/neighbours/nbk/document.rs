//! The bank's document: a list `rates` with its date and an item for each currency.
//!
//! An item tells the price of `quant` units (100 yen, 1000 rials). One that cannot be read is left out and reported, and
//! its neighbours stand. A document without a list is none, whatever the status it came with: an error page is no
//! holiday.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rust_decimal::Decimal;
use serde::Deserialize;
use thiserror::Error;

use crate::domain::day::Day;
use crate::domain::money::Currency;

/// What the bank published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// The day it says the rates are for.
    pub date: Option<Day>,
    /// Tenge for one unit of each currency; empty where it has none for the day.
    pub rates: BTreeMap<Currency, Decimal>,
    /// What could not be read, for the log.
    pub problems: Vec<String>,
}

/// Why a body is no list of rates.
#[derive(Debug, Error)]
pub enum NoRates {
    /// It is no text.
    #[error("it is not in UTF-8")]
    NoText,
    /// It is no XML, or its root is another.
    #[error("it is no list of rates: {0}")]
    NoList(#[from] quick_xml::DeError),
}

/// The root by its name: without the choice any root would do.
#[derive(Debug, Deserialize)]
enum Root {
    #[serde(rename = "rates")]
    Rates(List),
}

#[derive(Debug, Deserialize)]
struct List {
    /// In any order: items may have other elements between them.
    #[serde(rename = "$value", default)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    Date(String),
    Item(Item),
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Item {
    title: Option<String>,
    description: Option<String>,
    quant: Option<String>,
}

impl Item {
    fn currency(&self) -> Result<Currency, String> {
        let title = self.title.as_deref().unwrap_or_default().trim();
        Currency::parse(title).ok_or_else(|| "an item has no code of a currency".to_owned())
    }

    fn rate(&self) -> Result<Decimal, &'static str> {
        let price = positive(self.description.as_deref()).ok_or("its price is no number above zero")?;
        let quant = positive(self.quant.as_deref()).ok_or("its quantity is no number above zero")?;
        let rate = price.checked_div(quant).map(|rate| rate.normalize());
        rate.filter(|rate| !rate.is_zero()).ok_or("its rate is beyond all numbers")
    }
}

/// A number above zero, with a point or a comma.
fn positive(text: Option<&str>) -> Option<Decimal> {
    let digits: String = text?.chars().filter(|letter| !letter.is_whitespace()).collect();
    let digits = digits.replace(',', ".");
    let is_plain = digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    let number = is_plain.then(|| Decimal::from_str_exact(&digits).ok()).flatten()?;
    (number > Decimal::ZERO).then_some(number)
}

/// Reads a body.
pub fn read(body: &[u8]) -> Result<Published, NoRates> {
    let text = std::str::from_utf8(body).map_err(|_| NoRates::NoText)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let Root::Rates(list) = quick_xml::de::from_str(text)?;
    let mut published = Published::default();
    for part in list.parts {
        match part {
            Part::Date(text) => published.dated(&text),
            Part::Item(item) => published.take(&item),
            Part::Other => {}
        }
    }
    Ok(published)
}

impl Published {
    fn dated(&mut self, text: &str) {
        self.date = day(text.trim());
        if self.date.is_none() {
            self.problems.push("the date is none".to_owned());
        }
    }

    fn take(&mut self, item: &Item) {
        let currency = match item.currency() {
            Ok(currency) => currency,
            Err(problem) => return self.problems.push(problem),
        };
        match (item.rate(), self.rates.entry(currency)) {
            (Err(problem), _) => self.problems.push(format!("{currency}: {problem}")),
            (Ok(rate), Entry::Vacant(free)) => {
                free.insert(rate);
            }
            (Ok(rate), Entry::Occupied(first)) if *first.get() != rate => {
                self.problems.push(format!("{currency}: a second rate, unlike the first"));
            }
            (Ok(_), Entry::Occupied(_)) => {}
        }
    }
}

/// Reads `DD.MM.YYYY`.
fn day(text: &str) -> Option<Day> {
    let mut parts = text.splitn(3, '.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    Day::parse(&format!("{year}-{month}-{day}"))
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
