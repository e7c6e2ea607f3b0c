use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::attribution::{Reason, Source, Trail};
use crate::domain::day::Day;
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::rules::Rules;
use crate::domain::sale::{AmountSource, State};

fn sale() -> Sale {
    let sold_at = "2026-11-20T10:40:00Z".parse().unwrap();
    Sale {
        account: 29_600_001,
        lead_id: 35_160_001,
        product: Product::Flagship,
        team: None,
        state: State::Active,
        amount: Tenge(490_000),
        amount_source: AmountSource::Hook,
        sold_at,
        day: Day::of(sold_at),
        lead_day: None,
        received_at: sold_at,
        verified: false,
        utm: BTreeMap::from([(UtmName::Campaign, "kz_ar-video.1".to_owned())]),
        trail: Trail {
            source: Source::None,
            field: None,
            read_by: None,
            read_from: None,
            value: None,
            pattern: None,
            team: None,
            landing_lead: None,
            reason: Some(Reason::NoUtm),
            seen: BTreeMap::new(),
        },
        versions: 1,
    }
}

/// Reads MarkdownV2 as Telegram does, as far as bold goes, and tells what a reader sees.
fn read(markdown: &str) -> Result<String, String> {
    let (mut seen, mut is_bold, mut chars) = (String::new(), false, markdown.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => seen.push(chars.next().filter(char::is_ascii).ok_or("nothing is escaped")?),
            '*' => is_bold = !is_bold,
            '_' | '[' | ']' | '(' | ')' | '~' | '`' | '>' | '#' | '+' | '-' | '=' | '|' | '{' | '}' | '.'
            | '!' => {
                return Err(format!("{c} is not escaped"));
            }
            c => seen.push(c),
        }
    }
    if is_bold { Err("bold has no end".to_owned()) } else { Ok(seen) }
}

fn seen(texts: &Texts, deal_name: Option<&str>) -> String {
    read(&by_telegram(texts, &sale(), None, deal_name)).unwrap()
}

#[test]
fn a_sale_is_told_with_all_that_is_known() {
    let rules = Rules::default();
    let texts = Texts::default();
    insta::assert_snapshot!(by_telegram(&texts, &sale(), rules.team("muha"), Some("Flagship. Айгүл (2)")));
    insta::assert_snapshot!(seen(&texts, None));
}

#[test]
fn every_reserved_character_reaches_the_reader() {
    let name = r"_*[]()~`>#+-=|{}.!\ {team} *a*";
    assert!(seen(&Texts::default(), Some(name)).contains(&format!("Название: {name}\n")));
}

#[test]
fn a_text_that_is_longer_than_any_message_is_cut() {
    let texts = Texts { telegram_sale: "*жж*. ".repeat(2_000), ..Texts::default() };
    assert_eq!(seen(&texts, None).encode_utf16().count(), LONGEST_TELEGRAM);
    let empty = Texts { telegram_sale: "{lead_name}\n ".to_owned(), ..Texts::default() };
    assert_eq!(by_telegram(&empty, &sale(), None, None), "");
}

proptest! {
    #[test]
    fn any_name_reads_as_it_is(name in r#"[a-zа-яәіңғү🚀_*\[\]()~`>#+=|{}.!\\-]{1,80}"#) {
        let texts = Texts { telegram_sale: "*{lead_name}*\n{amount}: {utm_campaign}!".to_owned(), ..Texts::default() };
        prop_assert_eq!(seen(&texts, Some(&name)), format!("{name}\n490 000 ₸: kz_ar-video.1!"));
    }

    #[test]
    fn any_name_of_any_length_can_be_sent_with_all_the_rest(name in "\\PC{0,20}[\\s\\S]{1,40}", times in 1..300_usize) {
        let name = format!("x{}", name.repeat(times));
        let seen = seen(&Texts::default(), Some(&name));
        prop_assert!(seen.encode_utf16().count() <= LONGEST_TELEGRAM);
        prop_assert!(seen.contains("Название: x") && seen.ends_with("ID сделки: 35160001"));
    }
}

#[test]
fn ten_thousand_characters_are_shortened() {
    for name in ["ж".repeat(10_000), "🚀".repeat(10_000), ".".repeat(10_000), "א\u{202e}".repeat(5_000)] {
        let seen = seen(&Texts::default(), Some(&name));
        let length = seen.encode_utf16().count();
        assert!((LONGEST_TELEGRAM - 1..=LONGEST_TELEGRAM).contains(&length), "{length}");
        assert!(seen.contains("…\nКампания"));
    }
}
