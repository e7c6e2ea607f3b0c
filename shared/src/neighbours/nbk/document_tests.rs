use proptest::prelude::*;

use super::*;

fn file(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/exchange-rates");
    std::fs::read(folder.join(name)).unwrap()
}

fn rates(published: &Published) -> Vec<(String, String)> {
    published.rates.iter().map(|(currency, rate)| (currency.to_string(), rate.to_string())).collect()
}

fn texts(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(currency, rate)| ((*currency).to_owned(), (*rate).to_owned())).collect()
}

const ONE_DOLLAR: &str = "<item><title>USD</title><description>469.31</description><quant>1</quant></item>";

fn of(inside: &str) -> Published {
    read(format!("<rates>{inside}</rates>").as_bytes()).unwrap()
}

#[test]
fn a_weekday_has_the_rate_of_one_unit() {
    let published = read(&file("weekday.xml")).unwrap();
    assert_eq!(published.date, Day::parse("2026-11-20"));
    let expected = [
        ("EUR", "541.07"),
        ("IRR", "0.01117"),
        ("JPY", "3.0235"),
        ("KGS", "5.367"),
        ("RUB", "5.43"),
        ("USD", "469.31"),
    ];
    assert_eq!(rates(&published), texts(&expected));
    assert_eq!(published.problems, Vec::<String>::new());
}

#[test]
fn a_weekend_has_none() {
    let published = read(&file("weekend.xml")).unwrap();
    assert_eq!(published, Published { date: Day::parse("2026-11-22"), ..Published::default() });
    assert_eq!(of(""), Published::default());
    assert_eq!(read(b"<rates/>").unwrap(), Published::default());
}

#[test]
fn a_bad_item_is_left_out_and_its_neighbours_stand() {
    let published = read(&file("bad-items.xml")).unwrap();
    assert_eq!(rates(&published), texts(&[("EUR", "541.07"), ("USD", "469.31")]));
    assert_eq!(
        published.problems,
        [
            "RUB: its price is no number above zero",
            "KGS: its quantity is no number above zero",
            "JPY: its quantity is no number above zero",
            "an item has no code of a currency",
            "GBP: its price is no number above zero",
            "CHF: its price is no number above zero",
            "USD: a second rate, unlike the first",
        ]
    );
}

#[test]
fn what_is_no_list_of_rates_is_an_error() {
    for name in ["cut-off.xml", "error-page.xml"] {
        assert!(matches!(read(&file(name)), Err(NoRates::NoList(_))), "{name}");
    }
    for body in ["", "   ", "rates", "{\"rates\":[]}", "<rss><channel/></rss>", "<html><rates/></html>"] {
        assert!(matches!(read(body.as_bytes()), Err(NoRates::NoList(_))), "{body}");
    }
    assert!(matches!(read(b"<rates><title>\xca\xd3\xd0\xd1</title></rates>"), Err(NoRates::NoText)));
}

#[test]
fn a_byte_order_mark_and_blanks_around_do_no_harm() {
    let text = String::from_utf8(file("weekday.xml")).unwrap();
    let plain = read(text.as_bytes()).unwrap();
    assert_eq!(read(format!("\u{feff}{text}").as_bytes()).unwrap(), plain);
    assert_eq!(read(format!("\n  {text}\n\n").as_bytes()).unwrap(), plain);
    assert_eq!(read(text.replace('\n', "\r\n").as_bytes()).unwrap(), plain);
    assert_eq!(read(text.replace('\n', "").replace("    ", "").as_bytes()).unwrap(), plain);
}

#[test]
fn order_and_unknown_elements_do_not_matter() {
    let published =
        of(&format!("{ONE_DOLLAR}<info lang=\"ru\"><b>1</b></info><date>20.11.2026</date>{ONE_DOLLAR}"));
    assert_eq!(rates(&published), texts(&[("USD", "469.31")]));
    assert_eq!(published.date, Day::parse("2026-11-20"));
    assert_eq!(published.problems, Vec::<String>::new(), "the same rate twice is no problem");
}

#[test]
fn numbers_are_read_with_a_point_or_a_comma_and_nothing_else() {
    for (text, number) in [
        ("469.31", Some("469.31")),
        (" 469,31 ", Some("469.31")),
        ("1 580,12", Some("1580.12")),
        ("1\u{a0}580.12", Some("1580.12")),
        ("100", Some("100")),
        ("1,580.12", None),
        ("0", None),
        ("0.00", None),
        ("-1", None),
        ("+1", None),
        ("1e3", None),
        ("1_000", None),
        ("", None),
        (".", None),
        ("NaN", None),
        ("0.00000000000000000000000000000000001", None),
    ] {
        assert_eq!(positive(Some(text)).map(|number| number.to_string()).as_deref(), number, "{text}");
    }
    assert_eq!(positive(None), None);
}

#[test]
fn a_date_that_is_none_is_reported_and_the_rates_stand() {
    for text in ["2026-11-20", "31.02.2026", "20.11", "20.11.26", ""] {
        let published = of(&format!("<date>{text}</date>{ONE_DOLLAR}"));
        assert_eq!((published.date, rates(&published)), (None, texts(&[("USD", "469.31")])), "{text}");
        assert_eq!(published.problems, ["the date is none"], "{text}");
    }
}

/// A list, damaged at some places: what a proxy, a bad line or a careless release would make of it.
fn damaged(mut bytes: Vec<u8>, places: &[(usize, u8)]) -> Vec<u8> {
    for (place, byte) in places {
        let place = place % bytes.len();
        bytes[place] = *byte;
    }
    bytes
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(published) = read(&bytes) {
            prop_assert!(published.rates.values().all(|rate| *rate > Decimal::ZERO));
        }
    }

    #[test]
    fn a_damaged_list_gives_no_rate_that_is_none(
        places in proptest::collection::vec((any::<usize>(), any::<u8>()), 1..8),
    ) {
        if let Ok(published) = read(&damaged(file("weekday.xml"), &places)) {
            prop_assert!(published.rates.values().all(|rate| *rate > Decimal::ZERO));
        }
    }
}
