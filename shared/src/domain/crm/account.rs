//! What amoCRM holds, as far as it decides anything here.

use std::collections::BTreeSet;
use std::fmt;

use crate::domain::email::Email;
use crate::domain::phone::Phone;
use crate::domain::stage::{LOST, WON};

/// The kind of the stage in which amoCRM keeps what nobody has accepted yet. Nothing can be moved into it.
const INCOMING: i64 = 1;

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its id: 142 and 143 in every pipeline, others in one alone.
    pub id: u64,
    /// Its name, which people change as they like.
    pub name: String,
    /// Where it stands: deals go from low to high.
    pub sort: i64,
    /// amoCRM's number for what kind of stage it is.
    pub kind: i64,
}

impl Stage {
    /// Whether it is the stage of what nobody has accepted yet.
    pub fn is_incoming(&self) -> bool {
        self.kind == INCOMING
    }
}

/// A pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Whether new deals go there where nobody says otherwise.
    pub is_main: bool,
    /// Its stages.
    pub stages: Vec<Stage>,
}

impl Pipeline {
    /// The stage with this id.
    pub fn stage(&self, id: u64) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }
}

/// A deal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrmDeal {
    /// Its id.
    pub id: u64,
    /// Its pipeline.
    pub pipeline: u64,
    /// Its stage.
    pub stage: u64,
    /// Whether it is in the bin.
    pub is_deleted: bool,
    /// Whether it has a price.
    pub has_price: bool,
    /// The codes of its fields that are filled, in capitals.
    pub filled: BTreeSet<String>,
    /// Whose it is.
    pub contacts: Vec<u64>,
}

impl CrmDeal {
    /// Whether it is won or lost.
    pub fn is_closed(&self) -> bool {
        matches!(self.stage, WON | LOST)
    }
}

/// A contact. It is a person's, so printing one shows nothing but its id.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CrmContact {
    /// Its id.
    pub id: u64,
    /// Its phones, as people have written them.
    pub phones: Vec<String>,
    /// Its e-mail addresses, likewise.
    pub emails: Vec<String>,
    /// Its deals.
    pub deals: Vec<u64>,
}

impl CrmContact {
    /// Whether this very number is one of its phones, however it is written.
    pub fn has_phone(&self, phone: &Phone) -> bool {
        self.phones.iter().any(|text| Phone::parse(text).is_ok_and(|theirs| theirs == *phone))
    }

    /// Whether this very address is one of its own.
    pub fn has_email(&self, email: &Email) -> bool {
        self.emails.iter().any(|text| text.trim().to_lowercase() == email.as_str())
    }
}

impl fmt::Debug for CrmContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CrmContact({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_known_by_the_whole_number_and_the_whole_address_alone() {
        let phone = Phone::parse("+77011234567").unwrap();
        let contact = |text: &str| CrmContact { phones: vec![text.to_owned()], ..CrmContact::default() };
        for (text, expected) in [
            ("8 (701) 123-45-67", true),
            ("7011234567", true),
            ("+77011234567", true),
            ("+17011234567", false),
            ("770112345678", false),
            ("+77011234568", false),
            ("тел. 77011234567", false),
            ("", false),
        ] {
            assert_eq!(contact(text).has_phone(&phone), expected, "{text}");
        }
        let email = Email::parse("a@b.kz").unwrap();
        for (text, expected) in [(" A@B.kz ", true), ("aa@b.kz", false), ("a@b.kz, c@d.kz", false)] {
            let contact = CrmContact { emails: vec![text.to_owned()], ..CrmContact::default() };
            assert_eq!(contact.has_email(&email), expected, "{text}");
        }
    }
}
