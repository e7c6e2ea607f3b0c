//! amoCRM's REST API, version 4: what we read and write of it.
//!
//! Every method of [`Amocrm`] makes one request and says what came of it. Waiting, trying again, paging and keeping within
//! the limits belong to the caller. Contacts are people: nothing of an answer is repeated in a failure but amoCRM's own
//! codes.

mod account;
mod answer;
mod classify;
mod client;
mod contacts;
mod credentials;
mod failure;
mod fields;
mod leads;
mod notes;
mod page;
mod pipelines;
mod token;

pub use client::{Amocrm, Answer};
pub use contacts::NewContact;
pub use credentials::{Credentials, Tokens};
pub use failure::{Class, Failure, Problem, Said};
pub use leads::{Created, NewDeal, Whose};
pub use page::Page;

#[cfg(test)]
mod classify_tests;
#[cfg(test)]
mod wire_server;
#[cfg(test)]
mod wire_tests;
