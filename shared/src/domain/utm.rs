//! The UTM values of a deal and every way in which they can be read from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;

/// The five UTM values, in the order in which they decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UtmName {
    /// The campaign: the value that buyers name after themselves.
    #[serde(rename = "utm_campaign")]
    Campaign,
    /// The source.
    #[serde(rename = "utm_source")]
    Source,
    /// The content: often the ad.
    #[serde(rename = "utm_content")]
    Content,
    /// The term: often the ad set.
    #[serde(rename = "utm_term")]
    Term,
    /// The medium.
    #[serde(rename = "utm_medium")]
    Medium,
}

impl UtmName {
    /// All of them, in the order in which they decide.
    pub const ALL: [Self; 5] = [Self::Campaign, Self::Source, Self::Content, Self::Term, Self::Medium];

    /// The name as it stands in links.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "utm_campaign",
            Self::Source => "utm_source",
            Self::Content => "utm_content",
            Self::Term => "utm_term",
            Self::Medium => "utm_medium",
        }
    }

    /// The UTM value that a field with amoCRM's code `UTM_…`, or a link's parameter, carries.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_lowercase();
        Self::ALL.into_iter().find(|name| name.as_str() == code)
    }

    /// The UTM value that accounts keep in a field of this name.
    pub fn from_field_name(name: &str) -> Option<Self> {
        match name.trim().to_lowercase().as_str() {
            "campaign name" | "название кампании" => Some(Self::Campaign),
            "source" | "traffic source" | "источник трафика" => Some(Self::Source),
            "тип трафика" => Some(Self::Medium),
            "keyword" | "ключевое слово" => Some(Self::Term),
            other => Self::from_code(other),
        }
    }
}

/// How a value was found, in the order in which ways are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// In a field with the code `UTM_…`.
    Code,
    /// In a field whose id is configured.
    FieldId,
    /// In a field with a known name.
    FieldName,
    /// As a parameter of a link in any field.
    Link,
    /// In a database of the system before this one.
    History,
}

/// One value and where it stood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reading {
    /// Which of the five.
    pub utm: UtmName,
    /// How it was found.
    pub way: Way,
    /// The field's name or id, for people.
    pub field: String,
    /// The value, trimmed, never empty.
    pub value: String,
    /// The ad account that an id in the value belongs to, as it was known when the value came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ad_account: Option<AdAccountId>,
}

impl Reading {
    /// What was read, and where. What has been found out about an id in it is no part of that.
    pub fn said(&self) -> (UtmName, Way, &str, &str) {
        (self.utm, self.way, &self.field, &self.value)
    }
}

/// The values as a row shows them: of each name the first that was read.
pub fn shown(readings: &[Reading]) -> BTreeMap<UtmName, String> {
    let mut sorted: Vec<&Reading> = readings.iter().collect();
    sorted.sort();
    let mut shown = BTreeMap::new();
    for reading in sorted {
        shown.entry(reading.utm).or_insert_with(|| reading.value.clone());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_names_are_read_in_both_languages_and_any_case() {
        for (name, expected) in [
            ("UTM_Campaign", Some(UtmName::Campaign)),
            (" Campaign name ", Some(UtmName::Campaign)),
            ("НАЗВАНИЕ КАМПАНИИ", Some(UtmName::Campaign)),
            ("Source", Some(UtmName::Source)),
            ("Источник трафика", Some(UtmName::Source)),
            ("Тип трафика", Some(UtmName::Medium)),
            ("Ключевое слово", Some(UtmName::Term)),
            ("utm_content", Some(UtmName::Content)),
            ("Product type", None),
        ] {
            assert_eq!(UtmName::from_field_name(name), expected, "{name}");
        }
    }

    #[test]
    fn the_first_way_of_reading_is_the_one_shown() {
        let reading = |way, value: &str| Reading {
            utm: UtmName::Source,
            way,
            field: String::new(),
            value: value.to_owned(),
            ad_account: None,
        };
        let shown = shown(&[reading(Way::Link, "late"), reading(Way::Code, "first")]);
        assert_eq!(shown[&UtmName::Source], "first");
    }
}
