//! What the business means: sales, attribution, money, days, funnel arithmetic.
//!
//! Pure: no AWS, no HTTP, no clock, no environment. Time and ids come in as arguments.

pub mod ad;
pub mod ad_account;
pub mod ad_join;
pub mod ad_spend;
pub mod attribution;
pub mod audit;
pub mod breaker;
pub mod counters;
pub mod crm;
pub mod day;
pub mod deal;
pub mod deal_counts;
pub mod delivery;
pub mod diagnostics;
pub mod email;
pub mod event;
pub mod funnel;
pub mod insights;
pub mod landing_lead;
pub mod lead;
pub mod lead_counts;
pub mod ledger;
pub mod mend;
pub mod message;
pub mod money;
pub mod notification;
pub mod observe;
pub mod old;
pub mod order;
pub mod pattern;
pub mod phone;
pub mod product;
pub mod pull;
pub mod rates;
pub mod reattribution;
pub mod reconciliation;
pub mod refresh;
pub mod rule_job;
pub mod rulebook;
pub mod rules;
pub mod sale;
#[cfg(test)]
pub(crate) mod sample_leads;
pub mod settings;
pub mod spend;
pub mod stage;
pub mod standing;
pub mod sync_state;
pub mod team;
pub mod timeline;
pub mod utm;
pub mod utm_key;
pub mod utm_link;
