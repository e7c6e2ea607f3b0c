//! Forms of the landing pages: from a request to a lead that is stored, whatever the neighbours do next.

mod fields;
mod form;
mod lead;
mod receive;
mod wiring;

pub use form::{Filled, filled};
pub use lead::LeadMaker;
pub use receive::Receiver;
pub use wiring::serve;
