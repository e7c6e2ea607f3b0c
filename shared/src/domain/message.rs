//! What messages say: texts that people configure, filled with what a message tells of.
//!
//! A text stands for itself, but for variables: `{name}`. A variable that is not known stays as it stands, so that its
//! writer sees the slip; a line whose variable has no value is left out. In the Telegram text `*…*` within a line is bold.
//! Nothing here sends, and nothing can be said that a provider refuses for its form or its length.

use serde::Serialize;

mod fit;
mod incident;
mod lead;
mod markdown;
mod sale;
mod template;
mod texts;
mod values;

pub use incident::of_incident;
pub use lead::{by_email, by_sms};
pub use sale::by_telegram;
pub use texts::{Letter, SECTION, Texts};

/// Telegram takes no more, counted in UTF-16 after entities.
pub const LONGEST_TELEGRAM: usize = 4_096;

/// What fits ten parts of an SMS that is not Latin: no text of ours is meant to be longer, and each part costs.
pub const LONGEST_SMS: usize = 670;

/// Longer subjects are cut by whoever shows them.
const LONGEST_SUBJECT: usize = 200;

/// No letter of ours is longer.
const LONGEST_LETTER: usize = 20_000;

/// A letter as it goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Its subject, one line.
    pub subject: String,
    /// Its text.
    pub text: String,
}
