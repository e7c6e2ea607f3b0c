//! What a call to Facebook is about: which pauses hold it up, and whom a refusal concerns, follows from that.

use crate::domain::ad_account::AdAccountId;
use crate::domain::sync_state::Calls;

/// What a call is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The account, where it is about one.
    pub account: Option<&'a AdAccountId>,
    /// Whether it reads insights, which can be paused apart from the rest.
    pub insights: bool,
    /// Whether it only looks at the token: then a refusal concerns the application that looks, not the token.
    pub inspects_token: bool,
}

impl<'a> About<'a> {
    /// The kind of calls that it is blocked with.
    pub(super) fn calls(&self) -> Calls {
        match self {
            Self { insights: true, .. } => Calls::Insights,
            Self { account: Some(_), .. } => Calls::Objects,
            Self { account: None, .. } => Calls::Discovery,
        }
    }

    /// The insights of an account.
    pub fn insights_of(account: &'a AdAccountId) -> Self {
        Self { account: Some(account), insights: true, ..Self::APP }
    }

    /// Anything else of an account.
    pub fn account(account: &'a AdAccountId) -> Self {
        Self { account: Some(account), ..Self::APP }
    }

    /// The token and what it sees.
    pub const APP: About<'static> = About { account: None, insights: false, inspects_token: false };

    /// The token itself.
    pub const TOKEN: About<'static> = About { inspects_token: true, ..About::APP };
}
