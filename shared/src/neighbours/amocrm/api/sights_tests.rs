//! A deal that is read says of its UTM values what a hook about it would have said.

use form_urlencoded::Serializer;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::row::tree;
use crate::domain::utm::{UtmName, Way};
use crate::neighbours::amocrm::{body, fields};

/// A custom field as a person filled it.
#[derive(Debug, Clone)]
struct Filled {
    id: u64,
    name: String,
    code: Option<String>,
    values: Vec<Kind>,
}

/// A value of one of the kinds that hooks and answers write in ways of their own.
#[derive(Debug, Clone)]
enum Kind {
    Text(String),
    Number(u32),
    Ticked,
    Date(u32),
    Choice(String),
}

/// As hooks have it: all texts, a date without a level of its own, no values at all where there are none.
fn hook(filled: &[Filled]) -> String {
    let mut form = Serializer::new(String::new());
    for (place, field) in filled.iter().enumerate() {
        let key = |rest: &str| format!("custom_fields[{place}]{rest}");
        form.append_pair(&key("[id]"), &field.id.to_string()).append_pair(&key("[name]"), &field.name);
        for (index, value) in field.values.iter().enumerate() {
            let one = key(&format!("[values][{index}]"));
            match value {
                Kind::Text(text) => form.append_pair(&format!("{one}[value]"), text),
                Kind::Number(number) => form.append_pair(&format!("{one}[value]"), &number.to_string()),
                Kind::Ticked => form.append_pair(&format!("{one}[value]"), "1"),
                Kind::Date(at) => form.append_pair(&one, &at.to_string()),
                Kind::Choice(label) => form
                    .append_pair(&format!("{one}[value]"), label)
                    .append_pair(&format!("{one}[enum]"), "7"),
            };
        }
        if let Some(code) = &field.code {
            form.append_pair(&key("[code]"), code);
        }
    }
    form.finish()
}

/// As answers have it.
fn row(filled: &[Filled]) -> Value {
    let value = |value: &Kind| match value {
        Kind::Text(text) => json!({ "value": text }),
        Kind::Number(number) | Kind::Date(number) => json!({ "value": number }),
        Kind::Ticked => json!({ "value": true }),
        Kind::Choice(label) => json!({"value": label, "enum_id": 7, "enum_code": null}),
    };
    let field = |field: &Filled| {
        let values: Vec<Value> = field.values.iter().map(value).collect();
        json!({"field_id": field.id, "field_name": field.name, "field_code": field.code,
            "field_type": "text", "values": if values.is_empty() { Value::Null } else { values.into() }})
    };
    let fields: Vec<Value> = filled.iter().map(field).collect();
    json!({"custom_fields_values": if fields.is_empty() { Value::Null } else { fields.into() }})
}

fn text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        " ",
        " proftest_kenesary ",
        "https://x.kz/p?utm_source=cpa&amp;utm_medium=o1&utm_campaign=%D0%B7%D0%B0+1#f",
        "см. http://x?utm_term=1 и http://y?utm_term=2",
        "a&amp;b",
        "423432345654345423456743",
    ]);
    prop_oneof![3 => known.prop_map(str::to_owned), 1 => "\\PC{0,20}"]
}

fn value() -> impl Strategy<Value = Kind> {
    prop_oneof![
        4 => text().prop_map(Kind::Text),
        1 => any::<u32>().prop_map(Kind::Number),
        1 => Just(Kind::Ticked),
        1 => any::<u32>().prop_map(Kind::Date),
        1 => text().prop_map(Kind::Choice),
    ]
}

fn field() -> impl Strategy<Value = Filled> {
    let names = vec!["utm_source", "Источник трафика", "Campaign name", " Keyword ", "Site link", ""];
    let codes = vec![
        None,
        None,
        Some("UTM_SOURCE"),
        Some("utm_content"),
        Some("UTM_MEDIUM"),
        Some("ROISTAT"),
        Some(""),
    ];
    let parts = (
        1..6_u64,
        prop::sample::select(names),
        prop::sample::select(codes),
        prop::collection::vec(value(), 0..3),
    );
    parts.prop_map(|(id, name, code, values)| {
        let code = code.map(str::to_owned);
        Filled { id, name: name.to_owned(), code, values }
    })
}

proptest! {
    #[test]
    fn a_row_is_read_as_the_hook_with_the_same_fields(filled in prop::collection::vec(field(), 0..6)) {
        let by_id = [(2, UtmName::Campaign), (5, UtmName::Term)].into();
        let of_hook = fields::readings(&body::parse(hook(&filled).as_bytes()).root, &by_id);
        let of_row = fields::readings(&tree(row(&filled)), &by_id);
        prop_assert_eq!(of_row, of_hook);
    }
}

#[test]
fn all_four_ways_are_found_in_a_row() {
    let field = |id, name: &str, code: Option<&str>, value| Filled {
        id,
        name: name.to_owned(),
        code: code.map(str::to_owned),
        values: vec![value],
    };
    let text = |text: &str| Kind::Text(text.to_owned());
    let filled = [
        field(1, "Traffic type", Some("UTM_MEDIUM"), text("cpc")),
        field(2, "Which campaign", None, Kind::Number(120_210_000)),
        field(3, "Источник трафика", None, Kind::Choice("fb".to_owned())),
        field(4, "Site link", None, text("https://x.kz/?a=1&amp;utm_term=t&amp;utm_content=c")),
    ];
    let readings = fields::readings(&tree(row(&filled)), &[(2, UtmName::Campaign)].into());
    let read: Vec<_> = readings.iter().map(|one| (one.utm, one.way, one.value.as_str())).collect();
    let expected = [
        (UtmName::Campaign, Way::FieldId, "120210000"),
        (UtmName::Source, Way::FieldName, "fb"),
        (UtmName::Content, Way::Link, "c"),
        (UtmName::Term, Way::Link, "t"),
        (UtmName::Medium, Way::Code, "cpc"),
    ];
    assert_eq!(read, expected);
}
