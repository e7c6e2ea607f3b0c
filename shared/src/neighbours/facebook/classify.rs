//! What an error means. Meta says to act on codes only, so texts count in the few places where a code does not tell.

use super::failure::{Class, ErrorBody, ThrottleScope};

/// What kind of thing a call asked for: the same code can mean another thing for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// An object or an edge of one.
    Object,
    /// The run of a report, or its rows.
    Report,
}

/// What an error means for the call that it answers.
pub fn classify(asked: Asked, status: u16, error: &ErrorBody) -> Class {
    if is_block(error.code) || is_block(error.subcode) {
        return Class::Blocked;
    }
    let says = |words: &str| error.message.as_ref().is_some_and(|text| text.to_lowercase().contains(words));
    match (error.code, error.subcode) {
        // Negative codes are Meta's own affair; only the subcode means something.
        (Some(..=-1), subcode) => of_subcode(subcode),
        (Some(1), _) if says("reduce the amount of data") => Class::Shrink,
        (Some(2), Some(1_504_041 | 1_504_042)) => Class::Misconfigured,
        (Some(2), Some(1_504_038)) => Class::Shrink,
        (Some(1 | 2 | 960), _) => Class::Again,

        (Some(4), Some(1_504_022 | 1_504_039)) => Class::Throttled(ThrottleScope::Insights),
        (Some(4 | 341), _) => Class::Throttled(ThrottleScope::App),
        (Some(613), None) => Class::Throttled(ThrottleScope::Abuse),
        // The volume that looks unusual is the app's.
        (Some(613), Some(1_996)) => Class::Throttled(ThrottleScope::App),
        // Among these are limits of things that we never call for; were one to come, the account's calls brought it.
        (Some(17 | 32 | 613 | 80_000..=80_014), _) => Class::Throttled(ThrottleScope::Account),

        (Some(102 | 190), _) => Class::TokenDead,
        (Some(3 | 10 | 200..=299), _) => Class::PermissionMissing,
        (Some(100), Some(1_487_534 | 1_504_018)) => Class::Shrink,
        (Some(100), Some(3_191_001)) => Class::PermissionMissing,
        (Some(100), Some(33)) => match asked {
            Asked::Object => Class::PermissionMissing,
            Asked::Report => Class::ReportAgain,
        },
        (Some(100), _) if says("missing permission") => Class::PermissionMissing,
        // "Cannot include … in summary param" comes now and then for a run that was asked for no summary.
        (Some(100), _) if asked == Asked::Report && says("summary param") => Class::ReportAgain,
        (Some(100 | 104 | 105 | 2_500 | 2_642 | 3_001 | 3_018), _) => Class::Misconfigured,
        (Some(2_601), Some(1_815_107)) => Class::ReportAgain,
        (Some(2_635), _) => Class::VersionGone,

        (_, _) if status == 429 => Class::Throttled(ThrottleScope::Account),
        // An unknown code is worth a second try where the server is at fault or says so.
        (Some(_), _) if status >= 500 || error.is_transient == Some(true) => Class::Again,
        (Some(_), _) => Class::Misconfigured,
        (None, _) => Class::Again,
    }
}

fn is_block(code: Option<i32>) -> bool {
    matches!(code, Some(368 | 1_404_078 | 1_404_163))
}

fn of_subcode(subcode: Option<i32>) -> Class {
    match subcode {
        Some(1_504_045 | 1_504_018 | 1_504_038 | 1_487_534) => Class::Shrink,
        Some(2_490_547 | 1_815_107) => Class::ReportAgain,
        Some(1_504_022 | 1_504_039) => Class::Throttled(ThrottleScope::Insights),
        Some(2_446_079 | 1_487_742) => Class::Throttled(ThrottleScope::Account),
        _ => Class::Again,
    }
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
