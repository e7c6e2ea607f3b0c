//! The databases of the system before this one: what their rows say, in which order they are read, which form of ours a
//! row is, and what has been counted of them.

pub mod lead;
mod metadata;
pub mod pairing;
pub mod progress;
pub mod row;
pub mod sale;
pub mod tally;
pub mod walk;
