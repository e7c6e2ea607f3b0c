//! What messages may say.

use super::Problem;
use crate::domain::message::Texts;

/// Telegram takes 4,096 characters, values included.
const LONGEST_TELEGRAM: usize = 3_500;

/// Ten parts of an SMS in Cyrillic.
const LONGEST_SMS: usize = 670;
const LONGEST_SUBJECT: usize = 200;
const LONGEST_BODY: usize = 20_000;

pub(super) fn check(texts: &mut Texts) -> Vec<Problem> {
    let of = [
        ("telegram_sale", &texts.telegram_sale, LONGEST_TELEGRAM),
        ("sms_proftest", &texts.sms_proftest, LONGEST_SMS),
        ("sms_express", &texts.sms_express, LONGEST_SMS),
        ("email_proftest.subject", &texts.email_proftest.subject, LONGEST_SUBJECT),
        ("email_proftest.body", &texts.email_proftest.body, LONGEST_BODY),
        ("email_express.subject", &texts.email_express.subject, LONGEST_SUBJECT),
        ("email_express.body", &texts.email_express.body, LONGEST_BODY),
    ];
    of.into_iter()
        .filter_map(|(field, text, longest)| Some(Problem::new(field, wrong(field, text, longest)?)))
        .collect()
}

fn wrong(field: &str, text: &str, longest: usize) -> Option<String> {
    if text.trim().is_empty() {
        return Some("must not be empty".to_owned());
    }
    if text.chars().count() > longest {
        return Some(format!("must not be longer than {longest} characters"));
    }
    (field.ends_with("subject") && text.contains(['\n', '\r'])).then(|| "must be one line".to_owned())
}
