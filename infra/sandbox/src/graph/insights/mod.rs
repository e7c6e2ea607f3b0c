//! Insights: what ads delivered, by level and by day.

mod columns;
mod query;
mod rows;

pub use self::query::{Query, window};
pub use self::rows::rows;
