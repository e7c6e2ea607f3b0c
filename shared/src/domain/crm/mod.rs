//! What is to be done in amoCRM for a lead: whose it is, which deal it joins, what changes there, what the note says, how
//! fast and how often.

pub mod account;
pub mod backoff;
pub mod change;
pub mod check;
pub mod choice;
pub mod note;
pub mod payment;
pub mod pipelines;
pub mod repeat;
pub mod sight;
pub mod slots;
pub mod state;
pub mod subscriptions;

#[cfg(test)]
pub(crate) use tests::lead_of_a_person;

#[cfg(test)]
mod tests {
    use crate::domain::email::Email;
    use crate::domain::lead::{Lead, PersonName};
    use crate::domain::phone::Phone;
    use crate::domain::sample_leads::lead;

    /// A lead that waits.
    pub(crate) fn lead_of_a_person() -> Lead {
        Lead {
            name: PersonName("Айгуль".to_owned()),
            phone: Phone::parse("87011234567").unwrap(),
            email: Email::parse("a@b.kz").unwrap(),
            slug: Some("arystan".to_owned()),
            received_at: "2026-11-20T05:00:00Z".parse().unwrap(),
            ..lead("018f", "proftest_arystan")
        }
    }
}
