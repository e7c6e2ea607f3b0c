//! The two documents of the bank, as XML.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::rates::Rate;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// The rates of one day: `get_rates.cfm`.
pub fn by_date(day: NaiveDate, rates: &[Rate]) -> String {
    let items = rates.iter().map(|rate| {
        let (index, change) = movement(rate.change);
        format!(
            "<item>\n<fullname>{}</fullname>\n<title>{}</title>\n<description>{}</description>\n\
             <quant>{}</quant>\n<index>{index}</index>\n<change>{change}</change>\n</item>\n",
            text(&rate.name),
            text(&rate.code),
            rate.rate,
            rate.quant,
        )
    });
    format!(
        "{HEAD}<rates>\n<generator>Alternate RSS Generator</generator>\n\
         <title>Official exchange rates of National Bank of Republic Kazakhstan</title>\n\
         <link>www.nationalbank.kz</link>\n\
         <description>Official exchange rates of National Bank of Republic Kazakhstan</description>\n\
         <copyright>www.nationalbank.kz</copyright>\n<date>{}</date>\n{}</rates>\n",
        dotted(day),
        items.collect::<String>(),
    )
}

/// The newest rates: `rates_all.xml`.
pub fn newest(day: NaiveDate, rates: &[Rate]) -> String {
    let items = rates.iter().map(|rate| {
        let (index, change) = movement(rate.change);
        format!(
            "<item>\n<title>{}</title>\n<pubDate>{}</pubDate>\n<description>{}</description>\n<quant>{}</quant>\n\
             <index>{index}</index>\n<change>{change}</change>\n<link></link>\n</item>\n",
            text(&rate.code),
            dotted(day),
            rate.rate,
            rate.quant,
        )
    });
    format!(
        "{HEAD}<rss version=\"2.0\">\n<channel>\n<title>Official exchange rates of National Bank of Republic \
         Kazakhstan</title>\n<link>www.nationalbank.kz</link>\n<language>ru</language>\n{}</channel>\n</rss>\n",
        items.collect::<String>(),
    )
}

fn dotted(day: NaiveDate) -> impl std::fmt::Display {
    day.format("%d.%m.%Y")
}

fn movement(change: Decimal) -> (&'static str, String) {
    if change.is_zero() {
        ("", "0.00".to_owned())
    } else if change.is_sign_negative() {
        ("DOWN", change.to_string())
    } else {
        ("UP", format!("+{change}"))
    }
}

fn text(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Rates {
        date: String,
        #[serde(default, rename = "item")]
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    struct Item {
        fullname: String,
        title: String,
        description: String,
        quant: u32,
        index: String,
        change: String,
    }

    fn rate(change: &str) -> Rate {
        Rate {
            code: "USD".into(),
            name: "ДОЛЛАР & США".into(),
            rate: "470.5".parse().unwrap(),
            quant: 1,
            change: change.parse().unwrap(),
        }
    }

    #[test]
    fn a_reader_gets_back_what_was_written() {
        let day = "2026-11-08".parse().unwrap();
        let document = by_date(day, &[rate("1.30"), rate("-0.52"), rate("0")]);
        let read: Rates = quick_xml::de::from_str(&document).unwrap();
        assert_eq!(read.date, "08.11.2026");
        let told = read.items.iter().map(|item| (item.index.as_str(), item.change.as_str()));
        assert_eq!(told.collect::<Vec<_>>(), [("UP", "+1.30"), ("DOWN", "-0.52"), ("", "0.00")]);
        let first = &read.items[0];
        assert_eq!((first.title.as_str(), first.fullname.as_str()), ("USD", "ДОЛЛАР & США"));
        assert_eq!((first.description.as_str(), first.quant), ("470.5", 1));
        let empty: Rates = quick_xml::de::from_str(&by_date(day, &[])).unwrap();
        assert!(empty.items.is_empty());
    }
}
