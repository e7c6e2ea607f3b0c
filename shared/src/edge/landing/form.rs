//! What a form must say, and what it says about where the person came from.

use serde_json::Value;

use super::fields::Fields;
use crate::domain::email::{BadEmail, Email};
use crate::domain::lead::{Form, PaymentMethod, PersonName};
use crate::domain::phone::{BadPhone, Phone};
use crate::domain::utm::{Reading, UtmName, Way};
use crate::domain::utm_link;
use crate::edge::errors::{ApiError, Detail};

/// Nobody's name is longer; what is sent as one then is cut.
const LONGEST_NAME: usize = 10_000;

/// A slug is a part of an address.
const LONGEST_SLUG: usize = 100;

/// What slugs of the career test begin with in the names of campaigns.
const PROFTEST: &str = "proftest_";

/// Links are looked for so deep in what a page sends along, and no deeper.
const DEEPEST: usize = 4;

/// A form that was filled in rightly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The person's name.
    pub name: PersonName,
    /// The phone.
    pub phone: Phone,
    /// The e-mail address.
    pub email: Email,
    /// The campaign's part of the page's address.
    pub slug: Option<String>,
    /// How the person wants to pay.
    pub payment_method: Option<PaymentMethod>,
    /// The UTM values, wherever they stood.
    pub readings: Vec<Reading>,
    /// Whatever else was sent along, as JSON.
    pub metadata: Option<String>,
}

impl Filled {
    /// The campaign that the form counts for.
    pub fn source_campaign(&self, form: Form) -> String {
        match (form, &self.slug) {
            (Form::Express, _) => "express".to_owned(),
            (Form::Proftest, Some(slug)) => format!("{PROFTEST}{slug}"),
            (Form::Proftest, None) => "proftest".to_owned(),
        }
    }
}

/// Reads a body as this form; every field that has to change is named at once.
pub fn filled(form: Form, body: &[u8]) -> Result<Filled, ApiError> {
    let fields = Fields::parse(body)?;
    let mut problems = vec![];
    let name: String = fields.text("name").chars().take(LONGEST_NAME).collect();
    if name.is_empty() {
        problems.push(Detail::new("name", "must not be empty"));
    }
    let email = noted(&mut problems, "email", Email::parse(&fields.text("email")));
    let phone = noted(&mut problems, "phone", Phone::parse(&fields.text("phone")));
    let payment_method = match form {
        Form::Proftest => None,
        Form::Express => {
            let method = PaymentMethod::parse(&fields.text("paymentMethod"));
            noted(&mut problems, "paymentMethod", method.ok_or(NoSuchMethod))
        }
    };
    let (Some(email), Some(phone), []) = (email, phone, problems.as_slice()) else {
        return Err(ApiError::Validation(problems));
    };
    let metadata = fields.metadata();
    Ok(Filled {
        name: PersonName(name),
        phone,
        email,
        slug: slug(&fields.text("slug")),
        payment_method,
        readings: readings(&fields, metadata.as_ref()),
        metadata: metadata.map(|metadata| metadata.to_string()),
    })
}

struct NoSuchMethod;

/// What may be said about a field: never what stood in it.
trait Problem {
    fn text(&self) -> String;
}

impl Problem for BadEmail {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Problem for BadPhone {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Problem for NoSuchMethod {
    fn text(&self) -> String {
        let known = PaymentMethod::ALL.map(PaymentMethod::as_str).join(", ");
        format!("must be one of {known}")
    }
}

fn noted<T>(problems: &mut Vec<Detail>, field: &str, read: Result<T, impl Problem>) -> Option<T> {
    read.map_err(|problem| problems.push(Detail::new(field, problem.text()))).ok()
}

fn slug(text: &str) -> Option<String> {
    let slug: String = text.strip_prefix(PROFTEST).unwrap_or(text).chars().take(LONGEST_SLUG).collect();
    (!slug.is_empty()).then_some(slug)
}

/// The form's own UTM fields, then those that the page sent along, then those of links in there.
fn readings(fields: &Fields, metadata: Option<&Value>) -> Vec<Reading> {
    let own = UtmName::ALL
        .into_iter()
        .filter_map(|utm| utm_link::reading(utm, Way::Code, utm.as_str(), &fields.text(utm.as_str())));
    let mut readings: Vec<Reading> = own.collect();
    if let Some(metadata) = metadata {
        sent_along(metadata, "metadata", 0, &mut readings);
    }
    readings.sort();
    readings.dedup();
    readings
}

fn sent_along(value: &Value, field: &str, depth: usize, readings: &mut Vec<Reading>) {
    match value {
        Value::String(text) => readings.extend(utm_link::readings(text, field)),
        Value::Object(inner) if depth < DEEPEST => {
            for (name, value) in inner {
                if let (Some(utm), Value::String(text)) = (UtmName::from_code(name), value) {
                    readings.extend(utm_link::reading(utm, Way::FieldName, field, text));
                } else {
                    sent_along(value, field, depth + 1, readings);
                }
            }
        }
        Value::Array(inner) if depth < DEEPEST => {
            inner.iter().for_each(|value| sent_along(value, field, depth + 1, readings));
        }
        _ => {}
    }
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
