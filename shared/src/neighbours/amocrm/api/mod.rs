//! amoCRM's REST API, version 4: what we read and write of it.
//!
//! Every method of [`Amocrm`] makes one request and says what came of it. Waiting, trying again, paging and keeping within
//! the limits belong to the caller. Contacts are people: nothing of an answer is repeated in a failure but amoCRM's own
//! codes.

mod account;
mod answer;
mod check;
mod classify;
mod client;
mod contacts;
mod credentials;
mod failure;
mod fields;
mod filtered;
mod journal;
mod leads;
mod notes;
mod page;
mod pipelines;
mod row;
mod sights;
mod span;
mod token;
mod webhooks;

pub use check::{found, not_renewed};
pub use client::{Amocrm, Answer};
pub use contacts::NewContact;
pub use credentials::{Credentials, Tokens};
pub use failure::{Class, Failure, Problem, Said};
pub use filtered::Filtered;
pub use leads::{Created, NewDeal, Whose};
pub use page::Page;
pub use sights::{MOST_IDS, Sightings, Wanted};
pub use span::Span;

#[cfg(test)]
mod classify_tests;
#[cfg(test)]
mod sights_tests;
#[cfg(test)]
mod wire_journal_tests;
#[cfg(test)]
mod wire_read_tests;
#[cfg(test)]
mod wire_server;
#[cfg(test)]
mod wire_tests;
