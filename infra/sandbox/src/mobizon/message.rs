//! What is known of an SMS: how many segments it takes, whom it can reach, and what becomes of it.

use serde_json::{Value, json};

/// Beside these, `EXTENDED` and nothing else fit into seven bits.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Each takes two places.
const EXTENDED: &str = "\u{c}^{}\\[~]|€";

/// The encoding that the text needs, and the number of segments in it.
pub fn segments(text: &str) -> (&'static str, usize) {
    let septets = text
        .chars()
        .map(|character| match character {
            _ if BASIC.contains(character) => Some(1),
            _ if EXTENDED.contains(character) => Some(2),
            _ => None,
        })
        .sum::<Option<usize>>();
    // A part of several gives some room to its number.
    let (encoding, length, alone, part) = match septets {
        Some(septets) => ("GSM-7", septets, 160, 153),
        None => ("UCS-2", text.encode_utf16().count(), 70, 67),
    };
    (encoding, if length <= alone { 1 } else { length.div_ceil(part) })
}

/// What is wrong with a number, if anything is: international digits without a plus.
pub fn wrong_number(recipient: &str) -> Option<&'static str> {
    let digits = recipient.len();
    if !recipient.bytes().all(|byte| byte.is_ascii_digit()) || !(10..=15).contains(&digits) {
        return Some("Recipient must have from 10 to 15 digits");
    }
    // Kazakhstan and Russia have ten digits behind the 7; their trunk prefix 8 and a leading 0 are no country's.
    let known = match recipient.as_bytes() {
        [b'0', ..] => false,
        [b'7', next, ..] => digits == 11 && *next != b'0',
        [b'8', b'7' | b'9', ..] => false,
        _ => true,
    };
    (!known).then_some("Recipient is not a valid phone number")
}

/// How far a message has come. It goes on by a step each time someone asks.
pub struct Fate {
    pub segments: usize,
    pub undeliverable: bool,
    /// When it went out, in Mobizon's format.
    pub sent: String,
    pub polls: usize,
}

impl Fate {
    /// Its row in a report, which moves it on.
    pub fn report(&mut self, id: u64) -> Value {
        let last = if self.undeliverable { "UNDELIV" } else { "DELIVRD" };
        let status = *["NEW", "ENQUEUD", "ACCEPTD"].get(self.polls).unwrap_or(&last);
        let sent = (self.polls > 1).then_some(&self.sent);
        self.polls += 1;
        json!({ "id": id.to_string(), "status": status, "segNum": self.segments, "startSendTs": sent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_follow_the_alphabet() {
        for (text, expected) in [
            ("a".repeat(160), ("GSM-7", 1)),
            ("a".repeat(161), ("GSM-7", 2)),
            ("a".repeat(307), ("GSM-7", 3)),
            ("€".repeat(80), ("GSM-7", 1)),
            ("€".repeat(81), ("GSM-7", 2)),
            ("я".repeat(70), ("UCS-2", 1)),
            ("я".repeat(71), ("UCS-2", 2)),
            ("😀".repeat(35), ("UCS-2", 1)),
            ("😀".repeat(36), ("UCS-2", 2)),
        ] {
            assert_eq!(segments(&text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_international_digits() {
        for good in ["77773886880", "79161234567", "998901234567", "4915112345678", "821012345678"] {
            assert_eq!(wrong_number(good), None, "{good}");
        }
        for bad in [
            "+77773886880",
            "87773886880",
            "7777388688",
            "777738868800",
            "70001234567",
            "0777388688",
            "123",
            "",
            "7777388688o",
        ] {
            assert!(wrong_number(bad).is_some(), "{bad}");
        }
    }
}
