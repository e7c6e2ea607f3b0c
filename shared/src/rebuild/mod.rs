//! Works a period out anew and tells of every difference: events that their deals do not know of, sales that do not follow
//! from their deals, counters that are not the sum of what they count. Asked to, it mends them.
//!
//! It goes from place to place (a day, a page), holds what belongs to one place at a time, and stops between two of them when
//! its time is over; where it stopped is a part of the answer, and of the next order. To stop at any other moment is harmless:
//! whatever is mended is mended by one conditional write, and what is right already is left alone.
//!
//! Events that come meanwhile look like differences. What is read at once is therefore looked at twice, and what takes a walk
//! through the ledger is walked twice: only the same gap, both times, is one.

mod counters;
mod deal_counts;
mod events;
mod hand;
mod lead_counts;
mod lead_days;
mod order;
mod pairs;
mod report;
mod run;
mod sales;
#[cfg(test)]
mod sample;
mod steps;
mod words;

pub use hand::Hand;
pub use order::{Order, Place, Step};
pub use report::Report;
pub use run::{Reads, Rebuild, RebuildError};
