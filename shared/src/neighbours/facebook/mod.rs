//! Facebook: the Graph API, read only.
//!
//! Every method of [`Graph`] makes one request and says what came of it: the value, or why there is none and what that
//! means, and in both cases how much of the quota is used. Waiting, trying again, paging and asking for less belong to
//! the caller, who knows what else is going on.

mod accounts;
mod ads;
mod answer;
mod campaigns;
mod check;
mod classify;
mod creatives;
mod credentials;
mod failure;
mod graph;
mod insights;
mod page;
mod pairs;
mod report;
mod said;
mod scalar;
mod token;
mod usage;

pub use accounts::{AccountFacts, AccountsOf, Business};
pub use ads::AdFacts;
pub use campaigns::CampaignFacts;
pub use credentials::Credentials;
pub use failure::{Class, Failure, ThrottleScope};
pub use graph::{Answer, Good, Graph};
pub use insights::{InsightRow, InsightsAsk};
pub use page::{Cursor, Page};
pub use report::{ReportId, ReportState};
pub use said::Said;
pub use token::TokenFacts;
pub use usage::{Entry, Meter, Usage};

#[cfg(test)]
mod wire_tests;
