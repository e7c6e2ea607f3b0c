//! Who may send a message now, and what is noted afterwards. `outbox/mod.rs` has the protocol that these are steps of.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use chrono::{DateTime, TimeDelta, Utc};

use super::{Outbox, after_all_due, key, number, place, read};
use crate::domain::notification::{Notification, NotificationState};
use crate::store::StoreError;
use crate::store::document::{self, Item};

/// The right to send a message, for as long as it lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    id: String,
    ticket: String,
    until: DateTime<Utc>,
}

impl Claim {
    /// When it ends: from then on someone else may have it.
    pub fn until(&self) -> DateTime<Utc> {
        self.until
    }
}

/// Whether a message may be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// By who asked.
    Ours {
        /// The message, this attempt counted.
        notification: Box<Notification>,
        /// To note with what came of it.
        claim: Claim,
    },
    /// It was sent, or has failed.
    Over,
    /// Not yet.
    NotDue {
        /// From then on.
        due_at: DateTime<Utc>,
    },
    /// Someone else is about it.
    Leased,
    /// There is none with this id.
    Unknown,
}

/// A claim had ended, and what came of the try was not noted: someone else has the message now, or is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost;

impl Outbox {
    /// Claims a message for so long. `ticket` is this attempt's own.
    pub async fn claim(
        &self,
        id: &str,
        ticket: String,
        length: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Claimed, StoreError> {
        let doing = || format!("claiming notification {id}");
        let claim = Claim { id: id.to_owned(), ticket, until: now + length };
        let held = match self.claiming(&claim, now).send().await {
            Ok(output) => output.attributes,
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    return judged(failed.item(), claim, now);
                }
                _ => return Err(StoreError::call(doing(), &error)),
            },
        };
        let notification = Box::new(read(&held.unwrap_or_default())?);
        Ok(Claimed::Ours { notification, claim })
    }

    fn claiming(&self, claim: &Claim, now: DateTime<Utc>) -> UpdateItemFluentBuilder {
        let millis = |at: DateTime<Utc>| AttributeValue::N(at.timestamp_millis().to_string());
        let pending = AttributeValue::S(NotificationState::Pending.as_str().to_owned());
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&claim.id)))
            .update_expression("SET lease_until = :until, ticket = :ticket ADD attempts :one")
            .condition_expression(
                "#state = :pending AND due_key < :due AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
            )
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":pending", pending)
            .expression_attribute_values(":due", after_all_due(now))
            .expression_attribute_values(":now", millis(now))
            .expression_attribute_values(":until", millis(claim.until))
            .expression_attribute_values(":ticket", AttributeValue::S(claim.ticket.clone()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// Notes what a message has become, while the claim is still ours, and gives the claim back.
    pub async fn note(
        &self,
        notification: &Notification,
        claim: &Claim,
    ) -> Result<Result<(), Lost>, StoreError> {
        let doing = || format!("notification {}", claim.id);
        match self.noting(notification, claim)?.send().await {
            Ok(_) => Ok(Ok(())),
            Err(error) => match error.as_service_error() {
                // The answer to the same write may have been lost, and the SDK has made it again.
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let held = failed.item().map(read).transpose()?;
                    Ok(if held.as_ref() == Some(notification) { Ok(()) } else { Err(Lost) })
                }
                _ => Err(StoreError::call(doing(), &error)),
            },
        }
    }

    fn noting(
        &self,
        notification: &Notification,
        claim: &Claim,
    ) -> Result<UpdateItemFluentBuilder, StoreError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let document = document::item(notification, [])?.remove("document");
        let document = document.ok_or_else(|| StoreError::item(&claim.id, &"it has no document"))?;
        Ok(self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&claim.id)))
            .update_expression(
                "SET document = :document, #state = :state, due_key = :due REMOVE lease_until, ticket",
            )
            .condition_expression("ticket = :ticket")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":document", document)
            .expression_attribute_values(":state", text(notification.state.as_str()))
            .expression_attribute_values(":due", text(place(notification).as_str()))
            .expression_attribute_values(":ticket", text(&claim.ticket))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld))
    }
}

/// Why a claim was refused, by the item that refused it.
fn judged(item: Option<&Item>, claim: Claim, now: DateTime<Utc>) -> Result<Claimed, StoreError> {
    let Some(item) = item.filter(|item| !item.is_empty()) else { return Ok(Claimed::Unknown) };
    let notification = read(item)?;
    let ticket = item.get("ticket").and_then(|ticket| ticket.as_s().ok());
    Ok(if ticket == Some(&claim.ticket) {
        // The answer to our own claim was lost, and the SDK has made it again.
        let until = number(item, "lease_until").and_then(DateTime::from_timestamp_millis);
        let claim = Claim { until: until.unwrap_or(now), ..claim };
        Claimed::Ours { notification: Box::new(notification), claim }
    } else if notification.state != NotificationState::Pending {
        Claimed::Over
    } else if notification.due_at > now {
        Claimed::NotDue { due_at: notification.due_at }
    } else {
        Claimed::Leased
    })
}

#[cfg(test)]
#[path = "claim_tests.rs"]
mod tests;
