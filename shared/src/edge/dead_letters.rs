//! The queues of dead letters there are, and what their messages are about: ids, never what people wrote.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lambda_http::{Request, RequestExt};
use serde::Serialize;
use serde_json::{Value, json};

use super::config::{BadConfig, required};
use super::errors::ApiError;
use super::hook::leads_in;
use crate::domain::day::almaty_time;
use crate::domain::pull::{PullOrder, Work};
use crate::domain::refresh::RefreshOrder;
use crate::reattribute::JobMessage;
use crate::store::dead_queue::{DeadLetter, DeadQueue};
use crate::store::hook_queue::QueuedHook;
use crate::store::leads::JobMessage as CrmMessage;
use crate::store::outbox::Due;
use crate::store::queue;

/// A queue that has dead letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Hooks that the store refused.
    HookRetry,
    /// Pulls of what ad accounts spent.
    FacebookPull,
    /// Refreshes of spend that a person asked for.
    FacebookRefresh,
    /// Leads that amoCRM is to be told of.
    AmocrmWriter,
    /// Messages that are to be sent.
    Notifications,
    /// Jobs that move what stands to changed rules.
    Attribution,
}

impl Source {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::HookRetry,
        Self::FacebookPull,
        Self::FacebookRefresh,
        Self::AmocrmWriter,
        Self::Notifications,
        Self::Attribution,
    ];

    /// Its name without the stack's.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HookRetry => "hook-retry",
            Self::FacebookPull => "facebook-pull",
            Self::FacebookRefresh => "facebook-refresh",
            Self::AmocrmWriter => "amocrm-writer",
            Self::Notifications => "notifications",
            Self::Attribution => "attribution",
        }
    }

    /// The one that the path of a request names.
    pub fn of(request: &Request) -> Result<Self, ApiError> {
        let path = request.path_parameters_ref();
        let name = path.and_then(|path| path.first("queue")).unwrap_or_default();
        let found = Self::ALL.into_iter().find(|source| source.as_str() == name);
        found.ok_or(ApiError::NotFound("There is no such queue."))
    }

    /// The variables that hold the addresses of its dead letters and of the queue itself.
    fn variables(self) -> (&'static str, &'static str) {
        match self {
            Self::HookRetry => ("QUEUE_HOOK_RETRY_DLQ", "QUEUE_HOOK_RETRY"),
            Self::FacebookPull => ("QUEUE_FACEBOOK_PULL_DLQ", "QUEUE_FACEBOOK_PULL"),
            Self::FacebookRefresh => ("QUEUE_FACEBOOK_REFRESH_DLQ", "QUEUE_FACEBOOK_REFRESH"),
            Self::AmocrmWriter => ("QUEUE_AMOCRM_WRITER_DLQ", "QUEUE_AMOCRM_WRITER"),
            Self::Notifications => ("QUEUE_NOTIFICATIONS_DLQ", "QUEUE_NOTIFICATIONS"),
            Self::Attribution => ("QUEUE_ATTRIBUTION_DLQ", "QUEUE_ATTRIBUTION"),
        }
    }

    /// Its dead letters, by their variable.
    pub fn dead_letters(self, client: &aws_sdk_sqs::Client) -> Result<DeadQueue, BadConfig> {
        Ok(DeadQueue::new(client.clone(), required(self.variables().0)?))
    }

    /// Its own address, by its variable.
    pub fn address(self) -> Result<String, BadConfig> {
        required(self.variables().1)
    }

    /// What a message of this queue is about; nothing where it cannot be read.
    fn about(self, body: &str) -> BTreeMap<&'static str, Value> {
        let about = match self {
            Self::HookRetry => queue::read(body).ok().map(|hook: QueuedHook| {
                let leads = hook.bytes().map(|bytes| leads_in(&bytes)).unwrap_or_default();
                let received_at = almaty_time(hook.received_at);
                [
                    ("route", json!(hook.route)),
                    ("received_at", json!(received_at)),
                    ("lead_ids", json!(leads)),
                ]
                .into()
            }),
            Self::FacebookPull => queue::read(body).ok().map(|order: PullOrder| {
                let work = match order.work {
                    Work::Insights(_) => "insights",
                    Work::Objects => "objects",
                };
                let job = order.job_id.map(|job| ("job_id", json!(job)));
                let of = [("account_id", json!(order.account_id)), ("work", json!(work))];
                of.into_iter().chain(job).collect()
            }),
            Self::FacebookRefresh => {
                queue::read(body).ok().map(|order: RefreshOrder| [("job_id", json!(order.job_id))].into())
            }
            Self::AmocrmWriter => queue::read(body).ok().map(|job: CrmMessage| match job {
                CrmMessage::Lead { lead_id, .. } => [("lead_id", json!(lead_id))].into(),
                CrmMessage::Probe { probe } => [("probe", json!(probe))].into(),
            }),
            Self::Notifications => {
                queue::read(body).ok().map(|due: Due| [("notification_id", json!(due.id))].into())
            }
            Self::Attribution => {
                queue::read(body).ok().map(|job: JobMessage| [("job_id", json!(job.job_id))].into())
            }
        };
        about.unwrap_or_default()
    }
}

/// One message, as admins see it.
#[derive(Debug, Clone, Serialize)]
pub struct LetterRow {
    id: String,
    reason: Option<String>,
    receive_count: Option<u32>,
    sent_at: Option<String>,
    about: BTreeMap<&'static str, Value>,
}

impl LetterRow {
    /// A message of this queue.
    pub fn of(source: Source, letter: &DeadLetter) -> Self {
        Self {
            id: letter.id.clone(),
            reason: letter.reason.clone(),
            receive_count: letter.receives,
            sent_at: letter.sent_at.map(almaty_time),
            about: source.about(&letter.body),
        }
    }
}

/// How many messages of a queue wait, as admins see it.
#[derive(Debug, Clone, Serialize)]
pub struct QueueRow {
    queue: &'static str,
    waiting: u64,
    oldest_sent_at: Option<String>,
    oldest_age_seconds: Option<i64>,
}

impl QueueRow {
    /// A queue of which so many wait, and of which these were seen.
    pub fn of(source: Source, waiting: u64, seen: &[DeadLetter], now: DateTime<Utc>) -> Self {
        let oldest = seen.iter().filter_map(|letter| letter.sent_at).min();
        Self {
            queue: source.as_str(),
            waiting,
            oldest_sent_at: oldest.map(almaty_time),
            oldest_age_seconds: oldest.map(|oldest| (now - oldest).num_seconds().max(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_told_of_by_its_ids_and_by_nothing_that_a_person_wrote() {
        let form =
            "leads[status][0][id]=7&leads[status][0][name]=Aigul&leads[add][0][id]=8&leads[add][1][id]=x";
        let hook = QueuedHook::new(
            crate::domain::event::Route::Funnel,
            "2026-11-20T05:00:00Z".parse().unwrap(),
            form.as_bytes(),
        );
        let hook = serde_json::to_string(&hook).unwrap();
        let told = [
            Source::HookRetry.about(&hook),
            Source::FacebookPull.about(r#"{"account_id":"123","work":"objects","job_id":"j"}"#),
            Source::FacebookRefresh.about(
                r#"{"job_id":"j","period":null,"accounts":null,"requested_at":"2026-11-20T05:00:00Z"}"#,
            ),
            Source::AmocrmWriter.about(r#"{"lead_id":"018f"}"#),
            Source::AmocrmWriter.about(r#"{"probe":true}"#),
            Source::Notifications.about(r#"{"id":"018f-sms"}"#),
            Source::Attribution.about(r#"{"job_id":"j"}"#),
        ];
        insta::assert_json_snapshot!(told);
    }

    #[test]
    fn a_message_that_cannot_be_read_is_about_nothing() {
        for source in Source::ALL {
            for body in ["", "not JSON", "[1]", "{}"] {
                assert!(source.about(body).is_empty(), "{source:?} {body}");
            }
        }
    }
}
