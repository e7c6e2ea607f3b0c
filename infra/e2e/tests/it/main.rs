//! The whole system from outside: hooks in, figures out, and everything that may go wrong in between.
//!
//! Needs a running stack (`make test` starts one); see `e2e::env`.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod attribution_rules;
mod bad_input;
mod copies;
mod crm_burst;
mod crm_crash;
mod crm_deals;
mod crm_outage;
mod crm_people;
mod crm_sales;
mod crm_token;
mod deals;
mod demo;
mod document;
mod golden;
mod history;
mod keys;
mod landing_bodies;
mod landing_forms;
mod landing_keys;
mod landing_limits;
mod landing_outage;
mod lead_import;
mod limits;
mod old_databases;
mod outage;
mod outage_of_reads;
mod outbox_admin;
mod outbox_crash;
mod outbox_people;
mod outbox_refusals;
mod outbox_sales;
mod periods;
mod poll_backfill;
mod poll_crash;
mod poll_hooks;
mod poll_lossy;
mod poll_month;
mod poll_outage;
mod poll_people;
mod poll_token;
mod proof_bases;
mod proof_differences;
mod rebuild;
mod rebuild_sales;
mod rows;
mod settings;
mod sign_in;
mod spend_access;
mod spend_blocks;
mod spend_breaker;
mod spend_changes;
mod spend_currencies;
mod spend_dead_letters;
mod spend_discovery;
mod spend_hooks;
mod spend_reads;
mod spend_refresh;
mod spend_shrink;
mod spend_token;
mod spend_totals;
