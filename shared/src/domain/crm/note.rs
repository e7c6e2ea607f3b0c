//! The note that tells people in amoCRM what a form said.

use super::change::shortened;
use crate::domain::lead::{Form, Lead};
use crate::domain::utm;

/// Enough to call someone by.
const LONGEST_NAME: usize = 200;

/// Whatever else the page sends along is for the curious.
const LONGEST_METADATA: usize = 1_000;

/// UTM values as long as links allow would bury the rest.
const LONGEST_VALUE: usize = 500;

/// A person's name in one line, without what cannot be seen.
pub fn name(lead: &Lead) -> String {
    let plain: String =
        lead.name.0.chars().map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c }).collect();
    shortened(&plain.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST_NAME)
}

/// The name of a new deal.
pub fn title(lead: &Lead) -> String {
    format!("{}: {}", form(lead.form), name(lead))
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Proftest => "ProfTest",
        Form::Express => "Express Course",
    }
}

/// The line by which a lead's note is found again.
pub fn marker(lead_id: &str) -> String {
    format!("Заявка {lead_id}")
}

/// The whole note.
pub fn text(lead: &Lead) -> String {
    let mut lines = vec![
        format!("Форма: {}", form(lead.form)),
        format!("Имя: {}", name(lead)),
        format!("Телефон: {}", lead.phone.as_str()),
        format!("E-mail: {}", lead.email.as_str()),
    ];
    lines.extend(lead.payment_method.map(|method| format!("Способ оплаты: {}", method.as_str())));
    lines.push(format!("Кампания: {}", lead.source_campaign));
    let utm = utm::shown(&lead.readings);
    lines.extend(
        utm.iter().map(|(name, value)| format!("{}: {}", name.as_str(), shortened(value, LONGEST_VALUE))),
    );
    lines.extend(
        lead.metadata.as_ref().map(|json| format!("Дополнительно: {}", shortened(json, LONGEST_METADATA))),
    );
    lines.push(marker(&lead.id));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::crm::lead_of_a_person as lead;
    use crate::domain::lead::{PaymentMethod, PersonName};
    use crate::domain::utm::{Reading, UtmName, Way};

    #[test]
    fn a_note_says_what_the_form_said() {
        let reading = Reading {
            utm: UtmName::Campaign,
            way: Way::Link,
            field: "utm_campaign".to_owned(),
            value: "kz_ar_video".to_owned(),
            ad_account: None,
        };
        let lead = Lead {
            form: Form::Express,
            payment_method: Some(PaymentMethod::Kaspi),
            readings: vec![reading],
            metadata: Some("ж".repeat(1_001)),
            ..lead()
        };
        let text = text(&lead);
        let expected = "Форма: Express Course\nИмя: Айгуль\nТелефон: +77011234567\nE-mail: a@b.kz\n\
            Способ оплаты: kaspi\nКампания: proftest_arystan\nutm_campaign: kz_ar_video\nДополнительно: жжж";
        assert!(text.starts_with(expected), "{text}");
        assert!(text.ends_with("ж…\nЗаявка 018f"), "{text}");
    }

    #[test]
    fn a_name_is_one_line_of_bearable_length() {
        let named = |text: &str| title(&Lead { name: PersonName(text.to_owned()), ..lead() });
        assert_eq!(named(" Ай\r\nгуль\t\u{0}Б "), "ProfTest: Ай гуль Б");
        assert_eq!(named(&"ж".repeat(10_000)).chars().count(), "ProfTest: ".len() + 201);
    }
}
