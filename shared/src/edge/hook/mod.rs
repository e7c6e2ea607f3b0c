//! Taking in amoCRM's hooks: over HTTP as they come, and from the retry queue where the store refused them.

mod intake;
mod receive;
mod wiring;

pub use intake::{Intake, Taken};
pub use receive::Receiver;
pub use wiring::{intake_from_env, serve};
