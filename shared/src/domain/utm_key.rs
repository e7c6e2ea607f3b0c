//! The set of UTM values by which sales are counted apart, so that they can be joined to ads without reading sales.
//!
//! It deliberately does not say whose sale it is or which ad it came from: attribution decides the one, and whoever
//! joins compares the values.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::pattern::normalize;
use super::utm::UtmName;

/// So many characters of a value are told apart. Names of ads are shorter; a whole letter pasted into a field would
/// make a counter as dear as the sale itself.
const LONGEST: usize = 200;

/// So many bytes of the hash stand in a key: enough that the few sets of one owner and day do not meet by chance.
const HASH_BYTES: usize = 8;

/// A sale's UTM values in the form in which they are compared. Clones share one copy: each sale is counted under it
/// more than once, and its hash is worked out once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtmKey(Arc<Parts>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Parts {
    values: BTreeMap<UtmName, String>,
    json: String,
    hash: String,
}

impl UtmKey {
    /// The key of these values; nothing where none of them says anything.
    pub fn of(values: &BTreeMap<UtmName, String>) -> Option<Self> {
        let values: BTreeMap<UtmName, String> =
            values.iter().filter_map(|(name, value)| Some((*name, compared(value)?))).collect();
        if values.is_empty() {
            return None;
        }
        let json = canonical(&values);
        let hash = hex::encode(&Sha256::digest(&json)[..HASH_BYTES]);
        Some(Self(Arc::new(Parts { values, json, hash })))
    }

    /// The values, trimmed, in lower case and NFC, none of them empty.
    pub fn values(&self) -> &BTreeMap<UtmName, String> {
        &self.0.values
    }

    /// The values as canonical JSON, which is what is hashed and what the store keeps beside the figures.
    pub fn json(&self) -> &str {
        &self.0.json
    }

    /// What stands for the values in a key: 16 hex digits.
    pub fn hash(&self) -> &str {
        &self.0.hash
    }
}

/// The value as attribution compares it, no longer than is told apart.
fn compared(value: &str) -> Option<String> {
    let mut value = normalize(value);
    if let Some((end, _)) = value.char_indices().nth(LONGEST) {
        // A cut may lay a space bare at the end, and the key of a key's own values has to be the same key.
        value.truncate(value[..end].trim_end().len());
    }
    (!value.is_empty()).then_some(value)
}

/// Sorted by the names as texts: the order in which the names decide may change, stored hashes may not.
fn canonical(values: &BTreeMap<UtmName, String>) -> String {
    let by_name: BTreeMap<&str, &str> =
        values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Value::from_iter(by_name).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values<const N: usize>(pairs: [(UtmName, &str); N]) -> BTreeMap<UtmName, String> {
        pairs.map(|(name, value)| (name, value.to_owned())).into()
    }

    fn campaign(value: &str) -> Option<UtmKey> {
        UtmKey::of(&values([(UtmName::Campaign, value)]))
    }

    #[test]
    fn case_spaces_composition_and_empty_values_make_no_other_key() {
        let key = campaign("июй_1");
        for same in [" ИЮЙ_1\t", "июи\u{306}_1"] {
            assert_eq!(campaign(same), key, "{same}");
        }
        let with_empty = values([(UtmName::Campaign, "июй_1"), (UtmName::Term, " "), (UtmName::Medium, "")]);
        assert_eq!(UtmKey::of(&with_empty), key);
        assert_ne!(campaign("июй_2"), key);
        assert_ne!(UtmKey::of(&values([(UtmName::Source, "июй_1")])), key);
    }

    #[test]
    fn no_value_that_says_anything_is_no_key() {
        assert_eq!(UtmKey::of(&BTreeMap::new()), None);
        assert_eq!(UtmKey::of(&values([(UtmName::Campaign, " \n"), (UtmName::Source, "")])), None);
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let long = campaign(&"Ұ".repeat(201)).unwrap();
        assert_eq!(long.values()[&UtmName::Campaign], "ұ".repeat(200));
        assert_eq!(campaign(&"ұ".repeat(200)), Some(long.clone()));
        assert_ne!(campaign(&"ұ".repeat(199)), Some(long));
        let bare = campaign(&format!("{} {}", "a".repeat(199), "b")).unwrap();
        assert_eq!(bare.values()[&UtmName::Campaign], "a".repeat(199));
    }

    #[test]
    fn the_hash_of_stored_counters_stays_what_it_is() {
        let key = UtmKey::of(&values([
            (UtmName::Campaign, "Onai2 \"reels\""),
            (UtmName::Source, "fb"),
            (UtmName::Content, "видео_1"),
        ]))
        .unwrap();
        let json = r#"{"utm_campaign":"onai2 \"reels\"","utm_content":"видео_1","utm_source":"fb"}"#;
        assert_eq!(key.json(), json);
        assert_eq!(key.hash(), "97c56941f10cc45e");
    }

    proptest! {
        #[test]
        fn the_key_of_a_keys_own_values_is_the_same(
            written in prop::collection::btree_map(
                prop::sample::select(&UtmName::ALL), "\\PC{0,12}|[ aЙΣİ\u{306}\u{212a}\u{2000}]{0,6}|[ a]{195,210}", 0..5
            )
        ) {
            if let Some(key) = UtmKey::of(&written) {
                let stored: BTreeMap<UtmName, String> = serde_json::from_str(key.json()).unwrap();
                prop_assert_eq!(&stored, key.values());
                prop_assert_eq!(UtmKey::of(&stored), Some(key));
            } else {
                prop_assert!(written.values().all(|value| value.trim().is_empty()));
            }
        }
    }
}
