//! A form over HTTP: checked, stored with all that follows from it, and answered. What follows is done later, by others.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::form::filled;
use super::lead::LeadMaker;
use crate::domain::lead::{Form, Lead, LeadStatus};
use crate::domain::notification::{Channel, Notification, Subject};
use crate::edge::errors::ApiError;
use crate::edge::http;
use crate::edge::metrics::FormRecord;
use crate::store::StoreError;
use crate::store::lead_book::{FormKey, Kept, LeadBook};
use crate::store::leads::JobMessage;
use crate::store::outbox::Due;
use crate::store::queue::Queue;
use crate::store::tries::{Allowance, Limit, Tries};

/// A form has some kilobytes; a lead is one item of the store.
const MAX_BODY: usize = 128 * 1024;

/// A key is a number or a UUID.
const LONGEST_KEY: usize = 255;

/// People have left the page by then, and have their result.
const MESSAGES_AFTER: TimeDelta = TimeDelta::minutes(10);

/// The sweeper leaves a fresh lead to the queue for so long.
const SWEPT_AFTER: TimeDelta = TimeDelta::seconds(60);

/// Leads of an address that sends too many go to amoCRM after everybody else's.
const STEPS_BACK: TimeDelta = TimeDelta::minutes(15);

/// The answer waits for the queues no longer than this; what they do not take, the sweeper finds.
const QUEUE_TIME: Duration = Duration::from_millis(1_500);

/// How many forms are taken at face value.
#[derive(Debug, Clone, Copy)]
pub struct FormLimits {
    /// Of one phone, and of one e-mail address.
    pub of_person: Limit,
    /// From one address of the network.
    pub of_address: Limit,
}

/// Receives one form.
#[derive(Debug, Clone)]
pub struct Receiver {
    /// Which.
    pub form: Form,
    /// Where leads are kept.
    pub book: LeadBook,
    /// Where forms are counted.
    pub tries: Tries,
    /// How many are taken.
    pub limits: FormLimits,
    /// What makes a lead of a form.
    pub maker: LeadMaker,
    /// Who tells amoCRM.
    pub writer: Queue,
    /// Who sends messages.
    pub messages: Queue,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    lead_id: String,
}

/// Whether more forms than allowed came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    Within,
    /// From this address: it may be a bot, and it may be a school class behind one router.
    AddressOver(u64),
    /// Of this person, whose other forms were taken.
    PersonOver(u64),
}

impl Receiver {
    /// Answers one request. What became of the form goes with the answer, for the metrics.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Response<Body> {
        let mut record = FormRecord::default();
        let answer = self.receive(&request, now, &mut record).await;
        let mut response = answer.unwrap_or_else(|error| http::failure(&error, &http::request_id(&request)));
        response.extensions_mut().insert(record);
        response
    }

    async fn receive(
        &self,
        request: &Request,
        now: DateTime<Utc>,
        record: &mut FormRecord,
    ) -> Result<Response<Body>, ApiError> {
        let body: &[u8] = request.body().as_ref();
        record.forms_rejected = 1;
        if body.len() > MAX_BODY {
            return Err(ApiError::PayloadTooLarge("128 KiB"));
        }
        let lead = self.maker.lead(self.form, filled(self.form, body)?, now).await?;
        record.forms_rejected = 0;
        let key = idempotency_key(request);
        let form_key = key.map(|key| FormKey::of(self.form, key, &lead));
        // A repeat is answered before it is counted: a page that tries again on a bad line must not use the limit up.
        if let Some(lead_id) = self.known(form_key.as_ref(), now).await? {
            record.forms_repeated = 1;
            return answer(lead_id);
        }
        let admission = self.admission(&lead, &http::peer(request), now).await;
        // It may be copies of this very form, come all at once, that are too many.
        if let (Some(key), true) = (&form_key, admission != Admission::Within)
            && let Some(lead_id) = self.book.known_soon(key, now).await?
        {
            record.forms_repeated = 1;
            return answer(lead_id);
        }
        let over_key = key.map(|key| FormKey::of_refused(self.form, key, &lead));
        match admission {
            Admission::Within => match self.store(&lead, form_key.as_ref(), now).await? {
                Kept::Stored => {
                    record.forms_stored = 1;
                    answer(lead.id)
                }
                Kept::Repeat(lead_id) => {
                    record.forms_repeated = 1;
                    answer(lead_id)
                }
            },
            Admission::AddressOver(retry_after_seconds) => {
                self.book.keep(&lead, over_key.as_ref(), &[], Some(now + STEPS_BACK)).await?;
                record.forms_over_limit = 1;
                Err(ApiError::RateLimited { retry_after_seconds })
            }
            Admission::PersonOver(retry_after_seconds) => {
                let lead = Lead { status: LeadStatus::OverLimit, ..lead };
                self.book.keep(&lead, over_key.as_ref(), &[], None).await?;
                record.forms_over_limit = 1;
                Err(ApiError::RateLimited { retry_after_seconds })
            }
        }
    }

    async fn known(&self, key: Option<&FormKey>, now: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        match key {
            Some(key) => self.book.known(key, now).await,
            None => Ok(None),
        }
    }

    /// Counts the form. Where it cannot be counted it is taken: nobody's form is lost for the sake of a limit.
    async fn admission(&self, lead: &Lead, peer: &str, now: DateTime<Utc>) -> Admission {
        let count = async |kind: &str, value: &str, limit: Limit| {
            let key = format!("form-{kind}#{}", hex::encode(Sha256::digest(value)));
            match self.tries.count(&key, limit, now).await {
                Ok(Allowance::Allowed) => None,
                Ok(Allowance::Exceeded { retry_after_seconds }) => Some(retry_after_seconds),
                Err(error) => {
                    tracing::warn!(error = %error, "a form could not be counted, and is taken");
                    None
                }
            }
        };
        let (phone, email, address) = tokio::join!(
            count("phone", lead.phone.as_str(), self.limits.of_person),
            count("email", lead.email.as_str(), self.limits.of_person),
            count("address", peer, self.limits.of_address),
        );
        match (phone.max(email), address) {
            (Some(person), address) => Admission::PersonOver(person.max(address.unwrap_or_default())),
            (None, Some(address)) => Admission::AddressOver(address),
            (None, None) => Admission::Within,
        }
    }

    /// Keeps a lead with its messages, and has amoCRM and the messages seen to.
    async fn store(
        &self,
        lead: &Lead,
        key: Option<&FormKey>,
        now: DateTime<Utc>,
    ) -> Result<Kept, StoreError> {
        let message = |channel| {
            let subject = Subject::Lead(lead.id.clone());
            Notification::new(channel, &lead.id, subject, &lead.source_campaign, now, now + MESSAGES_AFTER)
        };
        let messages = [message(Channel::Sms), message(Channel::Email)];
        let kept = self.book.keep(lead, key, &messages, Some(now + SWEPT_AFTER)).await?;
        if kept == Kept::Stored {
            let delay = MESSAGES_AFTER.to_std().unwrap_or_default();
            let [sms, email] = messages.each_ref().map(Due::of);
            let job = JobMessage::of(&lead.id);
            let sending = async {
                tokio::try_join!(
                    self.writer.send(&job, Duration::ZERO),
                    self.messages.send(&sms, delay),
                    self.messages.send(&email, delay),
                )
            };
            match tokio::time::timeout(QUEUE_TIME, sending).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    tracing::warn!(error = %error, lead.id = lead.id, "the sweeper has to find what follows from a lead");
                }
                Err(_) => {
                    tracing::warn!(
                        lead.id = lead.id,
                        "queues were slow, the sweeper finds what follows from a lead"
                    );
                }
            }
        }
        Ok(kept)
    }
}

fn answer(lead_id: String) -> Result<Response<Body>, ApiError> {
    http::json(StatusCode::OK, &Answer { success: true, lead_id })
}

fn idempotency_key(request: &Request) -> Option<&str> {
    let key = request.headers().get("idempotency-key")?.to_str().ok()?.trim();
    (!key.is_empty() && key.len() <= LONGEST_KEY).then_some(key)
}
