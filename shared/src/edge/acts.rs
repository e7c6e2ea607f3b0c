//! What admins do, noted in the audit once it is done.

use aws_config::SdkConfig;
use chrono::{DateTime, Utc};
use lambda_http::Request;
use serde_json::Value;

use super::caller::Caller;
use super::config::Tables;
use super::http;
use super::sign_in::Account;
use crate::domain::audit::{Action, AuditRow, Who};
use crate::store::StoreError;
use crate::store::audit::Audit;

/// Notes what admins do.
#[derive(Debug, Clone)]
pub struct Acts {
    account: Account,
    audit: Audit,
}

/// What one of them did.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// What kind of thing.
    pub action: Action,
    /// To what.
    pub subject: String,
    /// What is so since.
    pub after: Value,
    /// What came of it, in words.
    pub effect: String,
}

impl Acts {
    /// Into the audit of these tables.
    pub fn new(sdk: &SdkConfig, tables: &Tables) -> Self {
        let audit = Audit::new(aws_sdk_dynamodb::Client::new(sdk), tables.counters.clone());
        Self { account: Account::new(sdk), audit }
    }

    /// Notes what the caller of a request did. A request is noted once, however often it is tried.
    pub async fn note(
        &self,
        request: &Request,
        caller: Caller,
        act: Act,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let who = Who { id: caller.id, email: self.account.email(request).await };
        let Act { action, subject, after, effect } = act;
        let id = http::request_id(request);
        let row =
            AuditRow { id, at: now, who, action, subject, before: Value::Null, after, effect: Some(effect) };
        self.audit.put(&row).await
    }
}
