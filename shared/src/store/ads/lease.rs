//! One account is pulled by one function at a time.
//!
//! A lease ends by itself, so a function that died holds nobody up for long. Two that pull the same account after all
//! still leave the right days: see [`super::replace`].

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use chrono::{DateTime, TimeDelta, Utc};

use super::sync::{json, number, sync_key, written};
use super::{Ads, text};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Period;
use crate::store::StoreError;

/// Who pulls an account, until when.
#[derive(Debug, Clone)]
pub struct Lease {
    account: AdAccountId,
    ticket: String,
}

impl Lease {
    /// The account.
    pub fn account(&self) -> &AdAccountId {
        &self.account
    }
}

/// Whether the account may be pulled now.
#[derive(Debug, Clone)]
pub enum Leased {
    /// It may; `unfinished` is what the last holder wrote and did not end.
    Ours {
        /// To hand back.
        lease: Lease,
        /// A generation and its window.
        unfinished: Option<(String, Period)>,
    },
    /// Someone else pulls it.
    Busy {
        /// When the other's lease ends at the latest.
        until: DateTime<Utc>,
    },
}

impl Ads {
    /// Takes the account's lease if nobody holds it.
    pub async fn lease(
        &self,
        account: &AdAccountId,
        ticket: &str,
        length: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Leased, StoreError> {
        let millis = |at: DateTime<Utc>| AttributeValue::N(at.timestamp_millis().to_string());
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(sync_key(account)))
            .update_expression("SET lease = :ticket, lease_until = :until")
            .condition_expression("attribute_not_exists(lease_until) OR lease_until < :now")
            .expression_attribute_values(":ticket", text(ticket))
            .expression_attribute_values(":until", millis(now + length))
            .expression_attribute_values(":now", millis(now))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(output) => Ok(Leased::Ours {
                lease: Lease { account: account.clone(), ticket: ticket.to_owned() },
                unfinished: json(&output.attributes.unwrap_or_default(), "unfinished")?,
            }),
            Err(error) => {
                use aws_sdk_dynamodb::operation::update_item::UpdateItemError as E;
                let Some(E::ConditionalCheckFailedException(held)) = error.as_service_error() else {
                    return Err(StoreError::call(format!("the lease of ad account {account}"), &error));
                };
                let until = held.item().and_then(|item| number(item, "lease_until"));
                let until = until.and_then(DateTime::from_timestamp_millis).unwrap_or(now + length);
                Ok(Leased::Busy { until })
            }
        }
    }

    /// Notes what the lease's holder is about to write.
    pub async fn begin(&self, lease: &Lease, generation: &str, period: Period) -> Result<(), StoreError> {
        self.while_held(lease, "SET unfinished = :it", Some(written(&(generation, period))?)).await
    }

    /// All that was begun is ended or cleaned up, and the account's days may be others than before.
    pub async fn ended(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), StoreError> {
        let now = AttributeValue::N(now.timestamp_millis().to_string());
        self.while_held(lease, "SET changed_at = :it REMOVE unfinished", Some(now)).await
    }

    /// Hands the lease back.
    pub async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        self.while_held(lease, "REMOVE lease, lease_until", None).await
    }

    /// A lease that has gone to someone else is not theirs to lose: then nothing is written.
    async fn while_held(
        &self,
        lease: &Lease,
        update: &str,
        value: Option<AttributeValue>,
    ) -> Result<(), StoreError> {
        let doing = || format!("the lease of ad account {}", lease.account);
        let ticket = (":ticket".to_owned(), text(&lease.ticket));
        let values = [ticket].into_iter().chain(value.map(|value| (":it".to_owned(), value))).collect();
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(sync_key(&lease.account)))
            .update_expression(update)
            .condition_expression("lease = :ticket")
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Err(StoreError::Unreadable {
                    doing: doing(),
                    problem: "it has gone to someone else".to_owned(),
                })
            }
            Err(error) => Err(StoreError::call(doing(), &error)),
        }
    }
}
