//! The common crate: everything that more than one function needs.
//!
//! `domain` decides, `neighbours` translate what others send, `store` keeps, `edge` is what a handler needs.
//! Dependencies point that way only: `domain` knows none of the others.

pub mod domain;
pub mod edge;
pub mod neighbours;
pub mod store;
