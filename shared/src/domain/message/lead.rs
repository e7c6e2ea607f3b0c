//! What a person is told who has sent a form.

use super::fit::fit;
use super::template::{Markup, Span, fill};
use super::values::{Values, amount, moment, title};
use super::{LONGEST_LETTER, LONGEST_SMS, LONGEST_SUBJECT, Letter, Mail, Texts};
use crate::domain::lead::{Form, Lead, PaymentMethod};
use crate::domain::product::{Product, ProductRules};
use crate::domain::utm::UtmName;

/// Nobody needs more of a name to know that they are meant.
const LONGEST_VALUE: usize = 60;

/// More digits make a phone number, and no name has any.
const MOST_DIGITS: usize = 4;

/// The SMS to a lead's phone; empty where the text is.
pub fn by_sms(texts: &Texts, lead: &Lead, products: &ProductRules) -> String {
    let text = match lead.form {
        Form::Proftest => &texts.sms_proftest,
        Form::Express => &texts.sms_express,
    };
    filled(text, &values(lead, products), LONGEST_SMS)
}

/// The letter to a lead's address; its text is empty where the text is.
pub fn by_email(texts: &Texts, lead: &Lead, products: &ProductRules) -> Mail {
    let Letter { subject, body } = match lead.form {
        Form::Proftest => &texts.email_proftest,
        Form::Express => &texts.email_express,
    };
    let values = values(lead, products);
    let subject = filled(subject, &values, LONGEST_SUBJECT);
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    Mail { subject, text: filled(body, &values, LONGEST_LETTER) }
}

fn filled(text: &str, values: &Values, longest: usize) -> String {
    let spans: Vec<Span> = fit(fill(text, values, Markup::None), longest, LONGEST_VALUE);
    spans.into_iter().map(|span| span.text).collect()
}

fn values(lead: &Lead, products: &ProductRules) -> Values {
    let order = (lead.form == Form::Express).then_some(Product::Express);
    let of_utm = |name| lead.readings.iter().find(|reading| reading.utm == name).map(|r| r.value.as_str());
    let values = Values::default()
        .with("name", Some(lead.name.0.as_str()).filter(|name| is_name(name)))
        .with("product", Some(order.map_or("Профтест", title)))
        .with("amount", order.map(|product| amount(products.list_price(product))).as_deref())
        .with("payment_method", lead.payment_method.map(of_payment))
        .with("source_campaign", Some(&lead.source_campaign))
        .with("received_at", Some(&moment(lead.received_at)));
    UtmName::ALL.into_iter().fold(values, |values, name| values.with(name.as_str(), of_utm(name)))
}

/// Anybody can fill in a form for a stranger's phone. What looks like an address or a phone in the name is not passed on
/// in our name.
fn is_name(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let dotted = chars.windows(3).any(|c| c[0].is_alphanumeric() && c[1] == '.' && c[2].is_alphanumeric());
    let digits = chars.iter().filter(|c| c.is_numeric()).count();
    !dotted && digits <= MOST_DIGITS && !text.contains(['@', '/'])
}

fn of_payment(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Kaspi => "Kaspi",
        PaymentMethod::Halyk => "Halyk",
        PaymentMethod::Robokassa => "Robokassa",
    }
}

#[cfg(test)]
#[path = "lead_tests.rs"]
mod tests;
