//! Whether the neighbours' tokens and keys are good, asked of the neighbours themselves; and the keeping of other ones, which
//! are tried before they are kept.
//!
//! A check asks past the breakers and tells them nothing: whether a token is good says little of how a neighbour bears its
//! work. It does keep to what a neighbour has asked of us: Facebook's pauses, amoCRM's limit.

mod amocrm;
mod checks;
mod doors;
mod replace;
mod wiring;

pub(crate) use amocrm::AmocrmDoor;
pub use checks::TokenChecks;
pub use doors::Doors;
pub use replace::{Replaced, Secrets};
pub use wiring::secret;
