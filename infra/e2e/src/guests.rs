//! People who fill in the forms of the landing pages. Whatever a log repeats of them is found there: `rights` looks for
//! the name and the domain of everybody, and for the phones of all leads.

use crate::hook::PERSON;
use crate::people;

/// Somebody whom nobody has heard of yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// What they write as their name.
    pub name: String,
    /// Their e-mail.
    pub email: String,
    /// Their number in Kazakhstan, without any prefix.
    number: String,
}

impl Guest {
    /// Somebody new.
    pub fn new() -> Self {
        let (name, _) = PERSON.split_once(" +").expect("a name before a phone");
        Self {
            name: format!("{name} {}", letters()),
            email: people::unknown_email(),
            number: format!("777{:07}", fastrand::u32(..10_000_000)),
        }
    }

    /// Somebody else with the same phone.
    #[must_use]
    pub fn sharing_phone(&self) -> Self {
        Self { number: self.number.clone(), ..Self::new() }
    }

    /// Somebody else with the same e-mail.
    #[must_use]
    pub fn sharing_email(&self) -> Self {
        Self { email: self.email.clone(), ..Self::new() }
    }

    /// The phone in E.164.
    pub fn phone(&self) -> String {
        format!("+7{}", self.number)
    }

    /// The phone's last ten digits, by which amoCRM is searched.
    pub fn last_ten(&self) -> &str {
        &self.number
    }

    /// The phone in ways in which people write theirs; as many as one person may send forms in an hour.
    pub fn spellings(&self) -> [String; 5] {
        let (operator, rest) = self.number.split_at(3);
        let (first, rest) = rest.split_at(3);
        let (second, third) = rest.split_at(2);
        [
            self.phone(),
            format!("8{operator}{first}{second}{third}"),
            format!("8 ({operator}) {first}-{second}-{third}"),
            format!(" 7 {operator} {first} {second} {third} "),
            format!("{operator}.{first}.{second}{third}"),
        ]
    }
}

impl Default for Guest {
    fn default() -> Self {
        Self::new()
    }
}

/// A word that nobody has as a name. Digits in a name would look like a phone, and those are passed on to nobody.
fn letters() -> String {
    std::iter::repeat_with(fastrand::lowercase).take(12).collect()
}
