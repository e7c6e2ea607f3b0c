//! UTM values in links, wherever a link stands.

use super::utm::{Reading, UtmName, Way};

/// Longer values are cut: they are matched and shown, not kept for their own sake.
const LONGEST_VALUE: usize = 500;

/// What was read under a name; nothing where the value is empty.
pub fn reading(utm: UtmName, way: Way, field: &str, value: &str) -> Option<Reading> {
    let value: String = value.trim().chars().take(LONGEST_VALUE).collect();
    let field = field.chars().take(LONGEST_VALUE).collect();
    (!value.is_empty()).then_some(Reading { utm, way, field, value, ad_account: None })
}

/// The UTM parameters of every link in a text. Links in fields arrive with `&amp;` between their parameters.
pub fn readings(text: &str, field: &str) -> Vec<Reading> {
    if !text.contains('?') {
        return vec![];
    }
    let text = html_escape::decode_html_entities(text);
    let queries = text
        .split_whitespace()
        .filter_map(|link| link.split_once('?'))
        .map(|(_, query)| query.split('#').next().unwrap_or_default());
    queries
        .flat_map(|query| form_urlencoded::parse(query.as_bytes()))
        .filter_map(|(key, value)| reading(UtmName::from_code(&key)?, Way::Link, field, &value))
        .collect()
}
