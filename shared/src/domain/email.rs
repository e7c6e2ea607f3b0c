//! E-mail addresses, in the one form in which they are compared and kept.

use std::fmt;
use std::str::FromStr;

use email_address::EmailAddress;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An address in lower case: no provider that people use tells `A@` from `a@`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("is no e-mail address")]
pub struct BadEmail;

impl Email {
    /// Reads an address that mail can be sent to over the internet.
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        let text = text.trim();
        let address = EmailAddress::from_str(text).map_err(|_| BadEmail)?;
        // Quoted names and literal addresses are allowed by the standard and used by nobody but machines.
        let is_plain = address.domain().contains('.') && !text.contains(['"', '[', '<', ' ']);
        if is_plain { Ok(Self(text.to_lowercase())) } else { Err(BadEmail) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    /// Without the address: what is debugged is logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case() {
        for (text, expected) in [
            ("a@b.kz", "a@b.kz"),
            (" Elmira.K+test@Mail.RU ", "elmira.k+test@mail.ru"),
            ("иван@почта.рф", "иван@почта.рф"),
        ] {
            assert_eq!(Email::parse(text).map(|email| email.0).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_mail_cannot_reach_is_refused() {
        for text in [
            "",
            "a",
            "a@",
            "@b.kz",
            "a@b",
            "a@localhost",
            "a b@c.kz",
            "a@b..kz",
            "\"a b\"@c.kz",
            "a@[127.0.0.1]",
            "A <a@b.kz>",
            "a@b.kz, c@d.kz",
        ] {
            assert_eq!(Email::parse(text), Err(BadEmail), "{text}");
        }
    }
}
