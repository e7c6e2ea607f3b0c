//! The measurements. Each runs its programs in turns, so that the machine's noise hits all of them alike.

mod cold;
mod funnel;
mod size;
mod spend;
mod warm;

pub use self::{
    cold::{Cold, cold},
    funnel::{Funnel, funnel},
    size::zipped,
    spend::{Pull, Pullers, Size},
    warm::{Warm, WarmFigures, warm},
};
