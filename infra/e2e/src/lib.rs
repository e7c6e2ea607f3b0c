//! What the black-box tests of a running stack are written with.
//!
//! The tests know the system by its front door, the OpenAPI document and `template.yaml`. Where they look further, into
//! a table, a queue or a log, they do so with the tools' own credentials and say so. Nothing here waits for a fixed time
//! and nothing is tried again: a condition is waited for, with a deadline.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what tests are written with fails the test by panicking"
)]

pub mod alerts;
pub mod answer;
pub mod aws;
pub mod books;
pub mod client;
pub mod clock;
pub mod crm;
pub mod days;
pub mod dealing;
pub mod document;
pub mod env;
pub mod events;
pub mod faults;
pub mod figures;
pub mod form;
pub mod golden;
pub mod graph;
pub mod guests;
pub mod hook;
pub mod landing;
pub mod leads;
pub mod logs;
pub mod messengers;
pub mod nbk;
pub mod neighbours;
pub mod outbox;
pub mod people;
pub mod poll;
pub mod proof;
pub mod pulling;
pub mod quarantine;
pub mod rebuild;
pub mod record;
pub mod sandbox;
pub mod schedules;
pub mod settings;
pub mod spend;
pub mod stack;
pub mod subscription;
pub mod template;
pub mod tokens;
pub mod wait;
pub mod world;
pub mod zone;

pub use answer::Answer;
pub use crm::Crm;
pub use guests::Guest;
pub use hook::{Deal, Hook, Route};
pub use landing::Form;
pub use people::Caller;
pub use spend::Spend;
pub use stack::Stack;
