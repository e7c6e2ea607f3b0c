//! What others send and expect, translated into our own words. One folder per neighbour.

pub mod amocrm;
pub mod facebook;
pub mod http;
pub mod nbk;
