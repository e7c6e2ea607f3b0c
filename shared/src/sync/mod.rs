//! What several syncs do: the calls to Facebook with all that has to be known before one and noted after one,
//! discovery, pulls, the check of UTM tags, exchange rates; what amoCRM is told; what the old databases still receive.

pub mod about;
pub mod crm;
pub mod discover;
pub mod facebook;
pub mod objects;
pub mod old;
pub mod order;
pub mod plan;
pub mod pull;
pub mod rates;
pub mod refresh;
#[cfg(test)]
mod stand_in;
pub mod stop;
pub mod utm_check;
mod windows;
pub mod wiring;
