//! Our own store in DynamoDB and the queue behind it. One file per table or capability.
//!
//! Every access is a Get or a Query on a key, or a conditional write.

pub mod breaker;
pub mod counters;
mod document;
pub mod errors;
pub mod events;
pub mod hook_queue;
pub mod ledger;
pub mod rates;
pub mod raw;
pub mod sales;
pub mod tries;

pub use errors::StoreError;
