//! What others send and expect, translated into our own words. One folder per neighbour.

pub mod amocrm;
pub mod email;
pub mod facebook;
pub mod http;
pub mod nbk;
pub mod openai;
mod plain;
pub mod sms;
#[cfg(test)]
pub mod stand_in;
pub mod supabase;
pub mod telegram;
