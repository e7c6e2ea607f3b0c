//! What an answer that is none means. Its body is as often a page of HTML as a reason.

use super::failure::Class;

/// What a call is about: a missing thing is one matter, a missing API another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A list, or something that every account has.
    Always,
    /// One thing, which may not be there any more.
    OneThing,
    /// A list that takes more rights, or a dearer plan, than everything else. To be refused it says nothing about the rest.
    IfAllowed,
}

/// What a status that is no success means for the call that it answers. Only amoCRM itself knows what is wrong with what
/// was to be written, and says so by naming it: the same status without that may be anybody's between us and it.
pub fn classify(asked: Asked, status: u16, names_what_is_wrong: bool) -> Class {
    match status {
        401 => Class::Unauthorized,
        // Not every account knows the list, or the filters that it is asked with.
        400 | 402..=405 | 422 if asked == Asked::IfAllowed => Class::Missing,
        402 => Class::Unpaid,
        403 => Class::Forbidden,
        404 | 410 if asked == Asked::OneThing => Class::Missing,
        // Whoever is sent elsewhere asks at the wrong address: accounts can be renamed.
        300..=399 | 404 | 410 => Class::Misconfigured,
        408 | 425 => Class::Again,
        429 => Class::SlowDown,
        504 => Class::TooMuch,
        400..=499 if names_what_is_wrong => Class::Invalid,
        400..=499 => Class::Unclear,
        _ => Class::Again,
    }
}
