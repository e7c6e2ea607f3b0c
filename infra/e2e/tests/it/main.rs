//! The whole system from outside: hooks in, figures out, and everything that may go wrong in between.
//!
//! Needs a running stack (`make test` starts one); see `e2e::env`.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod bad_input;
mod copies;
mod deals;
mod demo;
mod document;
mod golden;
mod history;
mod keys;
mod limits;
mod outage;
mod outage_of_reads;
mod periods;
mod rebuild;
mod rows;
mod sign_in;
