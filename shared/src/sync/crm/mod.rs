//! What amoCRM is told, and how: calls within its limits, a lead's way into it, and the check of its pipeline.

pub mod amocrm;
mod attempt;
pub mod backfill;
mod catalogue;
pub mod check;
mod hooks;
mod locate;
mod people;
pub mod poll;
pub mod reconcile;
pub mod stop;
pub mod sweep;
pub mod token;
pub mod wiring;
pub mod writer;
