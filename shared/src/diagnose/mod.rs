//! Diagnostics: all checks side by side, by what our own store holds and, where only a neighbour itself can say it, by asking
//! that. What the figures mean is decided in `domain::diagnostics`; nothing is mended here.

mod ads;
mod checks;
mod limit;
mod live;
mod queues;
mod run;
mod wiring;

pub use run::Diagnosis;
