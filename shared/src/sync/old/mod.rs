//! What the databases of the old system still receive, while both run: their forms become leads, each once.

mod leads;
mod person;
mod read;
pub mod run;
mod sales;
mod tables;
pub mod wiring;

pub use read::{Ended, Report};
pub use tables::Table;
pub(crate) use wiring::Database;
