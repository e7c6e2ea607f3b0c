//! What amoCRM is told, and how: calls within its limits, a lead's way into it, and the check of its pipeline.

pub mod amocrm;
mod attempt;
mod catalogue;
pub mod check;
mod locate;
pub mod stop;
pub mod token;
pub mod wiring;
pub mod writer;
