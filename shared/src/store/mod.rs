//! Our own store in DynamoDB and the queue behind it. One file per table or capability.
//!
//! Every access is a Get or a Query on a key, or a conditional write; `ledger_walk` alone scans.

pub mod ads;
pub mod amocrm_rate;
pub mod amocrm_state;
pub mod answers;
pub mod audit;
mod batch_get;
pub mod breaker;
pub mod by_month;
pub mod chat_moves;
mod conditional;
mod contention;
pub mod counters;
pub mod dead_letters;
pub mod dead_queue;
pub mod deal_counts;
pub mod deliveries;
pub mod diagnostics_runs;
mod document;
pub mod errors;
pub mod event_log;
pub mod events;
pub mod gate;
pub mod heard;
pub mod heard_on;
pub mod hook_queue;
pub mod incidents;
pub mod jobs;
pub mod lead_book;
pub mod lead_counts;
pub mod leads;
pub mod leads_by_team;
pub mod ledger;
pub mod ledger_walk;
pub mod locked_secret;
pub mod old_databases;
pub mod outbox;
pub mod person_leads;
pub mod person_lock;
pub mod place;
pub mod poll_marks;
pub mod queue;
pub mod queue_counts;
pub mod rates;
pub mod raw;
pub mod reconciliations;
pub mod rule_jobs;
pub mod rules;
pub mod sales;
pub mod saved_settings;
pub mod secrets;
pub mod settings;
pub mod token_healths;
pub mod tries;

pub use errors::StoreError;
