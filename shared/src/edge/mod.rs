//! What a handler needs around its decision: configuration, the caller, errors as answers, logs and metrics.

pub mod ad_figures;
pub mod aws;
pub mod caller;
pub mod clock;
pub mod config;
pub mod cursor;
pub mod dead_letters;
pub mod errors;
pub mod event_row;
pub mod freshness;
pub mod hook;
pub mod http;
pub mod key;
pub mod landing;
pub mod logs;
pub mod metrics;
pub mod notification_row;
pub mod proof;
pub mod pulling;
pub mod query;
pub mod recent;
pub mod row_page;
pub mod rows;
pub mod secret_row;
pub mod sign_in;
pub mod utm_accounts;
