//! One look: what it finds is written down, and what is to be told is handed to the outbox. What lasts and could not be told
//! is told anew once Telegram is known to take messages again.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::domain::incident::{Held, Incident, Next, decide};
use shared::domain::notification::Notification;
use shared::domain::settings::AlertSettings;
use shared::edge::clock;
use shared::edge::metrics::{self, AlertRecord, Record};
use shared::store::StoreError;
use shared::store::incidents::{self, Incidents, Written};
use shared::store::outbox::{Due, Outbox, Resent};
use shared::store::queue::Queue;
use shared::store::settings::Settings;

use crate::look::Look;

/// Looks for what fell off.
pub struct Check {
    /// The function's name, for metrics.
    pub function: String,
    /// When who is told.
    pub settings: Settings,
    /// What fell off before.
    pub incidents: Incidents,
    /// The messages that tell of it, and their table.
    pub outbox: Outbox,
    /// That table.
    pub messages: String,
    /// Where messages go that are to be sent.
    pub queue: Queue,
    /// What is looked at.
    pub look: Look,
}

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The incidents that last.
    pub open: BTreeSet<String>,
    /// Those that began with this look.
    pub opened: Vec<String>,
    /// Those that ended with it.
    pub ended: Vec<String>,
    /// The messages that were stored, or are to be sent again.
    pub told: Vec<String>,
    /// What could not be looked at: kinds, or single topics, or topics of which it cannot be read what is held.
    pub unread: BTreeSet<String>,
}

impl Check {
    /// Looks. What cannot be looked at is told in the report and changes nothing; an error is only that our own store takes
    /// nothing, and the next look begins where this one did.
    pub async fn run(&self, now: DateTime<Utc>) -> Result<Report, StoreError> {
        let settings: AlertSettings = self.settings.section(AlertSettings::SECTION).await?;
        // Before looking around: whoever writes meanwhile knows better than what is seen here, and this look loses.
        let book = self.incidents.book().await?;
        let seen = self.look.around(&settings, now).await;
        let is_open = |held: &Held| matches!(held, Held::Incident(incident) if incident.is_open());
        let open = |held: &Held| is_open(held).then(|| held.topic().id());
        let kinds = seen.unread.iter().map(|kind| kind.as_str().to_owned());
        let topics = seen.unread_topics.union(&book.unreadable).cloned();
        let mut report = Report {
            open: book.held.iter().filter_map(open).collect(),
            unread: kinds.chain(topics).collect(),
            ..Report::default()
        };
        let mut failed = None;
        for step in decide(&book.held, &seen, &settings, now) {
            match self.incidents.write(&step, &book, &self.messages, now).await {
                Ok(Written::Done(message)) => {
                    if let Next::Incident { incident, .. } = &step.next {
                        report.count(incident, now);
                    }
                    if let Some(message) = message {
                        self.hand_on(&message).await;
                        report.told.push(message.id);
                    }
                }
                Ok(Written::Lost) => tracing::info!(incident.id = step.id, "another look was first"),
                Err(error) => {
                    tracing::error!(incident.id = step.id, error = %error, "an incident could not be written");
                    failed = Some(error);
                }
            }
        }
        if let Err(error) = self.tell_anew(&book.held, &mut report, now).await {
            tracing::error!(error = %error, "what could not be told could not be told anew");
            failed = failed.or(Some(error));
        }
        metrics::write(
            &self.function,
            &Record { alerts: Some(report.record()), ..Record::default() },
            clock::now(),
        );
        failed.map_or(Ok(report), Err)
    }

    /// Has those messages sent again that have failed before Telegram last said that it takes them, so at most once for each
    /// check of it.
    async fn tell_anew(
        &self,
        held: &[Held],
        report: &mut Report,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let lasts = |held: &&Held| report.open.contains(&held.topic().id());
        let lasting: Vec<&Held> = held.iter().filter(lasts).collect();
        if lasting.is_empty() {
            return Ok(());
        }
        let Some(good_at) = self.look.telegram_good_at().await? else { return Ok(()) };
        for held in lasting {
            let Held::Incident(incident) = held else { continue };
            let Some(news) = incident.told_last() else { continue };
            let id = incidents::message_id(incident, news);
            let message = self.outbox.get(&id).await?;
            if message.is_some_and(|message| message.has_failed_before(good_at))
                && let Resent::Again(message) = self.outbox.resend(&id, now).await?
            {
                self.hand_on(&message).await;
                report.told.push(id);
            }
        }
        Ok(())
    }

    /// The message is stored, so what is lost here is found by the sweeper within a minute.
    async fn hand_on(&self, message: &Notification) {
        if let Err(error) = self.queue.send(&Due::of(message), Duration::ZERO).await {
            tracing::warn!(notification.id = %message.id, error = %error, "an alert waits for the sweeper");
        }
    }
}

impl Report {
    fn count(&mut self, incident: &Incident, now: DateTime<Utc>) {
        let id = incident.topic.id();
        if incident.is_open() {
            if self.open.insert(id.clone()) && incident.opened_at == now {
                self.opened.push(id);
            }
        } else if self.open.remove(&id) {
            self.ended.push(id);
        }
    }

    fn record(&self) -> AlertRecord {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        AlertRecord {
            incidents_open: count(self.open.len()),
            incidents_opened: count(self.opened.len()),
            incidents_ended: count(self.ended.len()),
            alerts_told: count(self.told.len()),
            alerts_unread: count(self.unread.len()),
        }
    }
}
