//! amoCRM: the bodies of its webhooks, and in `api` its REST API.
//!
//! A hook is a hint: everything in it is an optional text, in any order, and nothing in it may stop its neighbours.

pub mod account;
pub mod api;
pub mod body;
pub mod deal_name;
pub mod fields;
pub mod hook;
pub mod identity;
pub mod scalar;
