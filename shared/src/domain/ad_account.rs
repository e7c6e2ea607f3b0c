//! An ad account's identity.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ad account by its digits. Facebook writes `act_` before them in some places and not in others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AdAccountId(String);

impl AdAccountId {
    /// Longer than any id that Facebook gives, and short enough for a key.
    const LONGEST: usize = 20;

    /// Reads the digits, with or without `act_`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("act_").unwrap_or(text);
        let is_id = (1..=Self::LONGEST).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        is_id.then(|| Self(digits.to_owned()))
    }

    /// The digits alone.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The node that Graph paths name.
    pub fn node(&self) -> String {
        format!("act_{}", self.0)
    }
}

/// What is no id is no id either where it stands in a message: it would become a part of an address.
impl TryFrom<String> for AdAccountId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no id of an ad account")
    }
}

impl From<AdAccountId> for String {
    fn from(id: AdAccountId) -> Self {
        id.0
    }
}

impl fmt::Display for AdAccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_with_and_without_its_prefix_and_nothing_else_is() {
        let id = AdAccountId::parse("act_964264512447589").unwrap();
        assert_eq!(AdAccountId::parse("964264512447589"), Some(id.clone()));
        assert_eq!((id.digits(), id.node()), ("964264512447589", "act_964264512447589".to_owned()));
        for text in ["", "act_", "act_12a", "ACT_1", "act_act_1", "12/insights", "123456789012345678901"] {
            assert_eq!(AdAccountId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_is_written_as_text_and_read_back_only_if_it_is_one() {
        let id = AdAccountId::parse("964264512447589").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), r#""964264512447589""#);
        assert_eq!(serde_json::from_str::<AdAccountId>(r#""act_964264512447589""#).unwrap(), id);
        for text in [r#""me""#, r#""1/insights""#, r#""""#, "1"] {
            assert!(serde_json::from_str::<AdAccountId>(text).is_err(), "{text}");
        }
    }
}
