//! Taking in amoCRM's hooks: over HTTP as they come, from the retry queue where the store refused them, and again from what is
//! kept of them where a person asks for it.

mod as_read;
mod came;
mod intake;
mod receive;
mod replay;
mod results;
mod wiring;

pub use came::{Came, event_id, ids_in, leads_in};
pub use intake::{Intake, Taken};
pub use receive::Receiver;
pub use replay::Replayer;
pub use results::{HookAnswer, HookResult};
pub use wiring::{intake_from_env, replayer_from_env, serve};
