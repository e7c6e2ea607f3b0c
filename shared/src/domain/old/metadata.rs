//! The UTM values among what a page sent along and the old system kept as JSON: under their names, and in links.

use serde_json::Value;

use crate::domain::utm::{Reading, UtmName, Way};
use crate::domain::utm_link;

/// Values are looked for so deep, and no deeper.
const DEEPEST: usize = 4;

/// Where they stood, for people.
const FIELD: &str = "metadata";

/// All of them, the same value twice too.
pub fn readings(metadata: &Value) -> Vec<Reading> {
    let mut readings = vec![];
    collect(metadata, 0, &mut readings);
    readings
}

fn collect(value: &Value, depth: usize, readings: &mut Vec<Reading>) {
    match value {
        Value::String(text) => readings.extend(utm_link::readings(text, FIELD)),
        Value::Object(inner) if depth < DEEPEST => {
            for (name, value) in inner {
                match (UtmName::from_code(name), value) {
                    (Some(utm), Value::String(text)) => {
                        readings.extend(utm_link::reading(utm, Way::FieldName, FIELD, text));
                    }
                    _ => collect(value, depth + 1, readings),
                }
            }
        }
        Value::Array(inner) if depth < DEEPEST => {
            inner.iter().for_each(|value| collect(value, depth + 1, readings));
        }
        _ => {}
    }
}
