//! The National Bank of Kazakhstan: its official exchange rates by day.
//!
//! One request for one day, and what it says. Stepping back over days without rates is not done here
//! (`domain/rates.rs`), nor is asking again.

pub mod client;
pub mod document;

pub use client::{Failure, Nbk};
pub use document::Published;
