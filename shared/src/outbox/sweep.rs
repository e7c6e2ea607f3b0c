//! Finds what the queues have lost: messages and leads whose time has come and that nobody is about.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::domain::breaker::BreakerState;
use crate::store::StoreError;
use crate::store::breaker::Breakers;
use crate::store::leads::{JobMessage, Leads};
use crate::store::outbox::{Due, Outbox};
use crate::store::queue::Queue;
use crate::sync::crm::amocrm::BREAKER;

/// A message that is only just due is on its way.
const GRACE: TimeDelta = TimeDelta::seconds(3);

/// More are left to the next sweep.
const MOST: usize = 500;

/// Sweeps.
pub struct Sweeper {
    /// Messages.
    pub outbox: Outbox,
    /// Leads.
    pub leads: Leads,
    /// Whether amoCRM may be told of leads.
    pub breakers: Breakers,
    /// Where messages are sent from.
    pub notifications: Queue,
    /// Where leads are written from.
    pub amocrm_writer: Queue,
}

/// What a sweep came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Messages that were queued again.
    pub notifications: usize,
    /// Leads that were queued again.
    pub leads: usize,
    /// Whether amoCRM is asked how it is, instead.
    pub probes: bool,
    /// For how long the message has been due that has been due for longest.
    pub notification_age_seconds: i64,
    /// How long ago the lead came that still waits and came first.
    pub lead_age_seconds: i64,
}

impl Sweeper {
    /// Sweeps once. Each half is done whatever becomes of the other.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<Swept, StoreError> {
        let mut swept = Swept::default();
        let notifications = self.notifications(&mut swept, now).await;
        let leads = self.leads(&mut swept, now).await;
        notifications.and(leads).map(|()| swept)
    }

    async fn notifications(&self, swept: &mut Swept, now: DateTime<Utc>) -> Result<(), StoreError> {
        let due = self.outbox.longest_due().await?;
        swept.notification_age_seconds = due.map_or(0, |due| (now - due).num_seconds().max(0));
        let overdue = self.outbox.overdue(now - GRACE, now, MOST).await?;
        let messages: Vec<Due> = overdue.iter().map(Due::of).collect();
        self.notifications.send_all(&messages).await?;
        swept.notifications = messages.len();
        Ok(())
    }

    /// While amoCRM is not known to be well no lead is tried, and one question tells whether it is.
    async fn leads(&self, swept: &mut Swept, now: DateTime<Utc>) -> Result<(), StoreError> {
        let most = i32::try_from(MOST).unwrap_or(i32::MAX);
        let (waiting, due, state) = tokio::try_join!(
            self.leads.due(DateTime::<Utc>::MAX_UTC, most),
            self.leads.due(now, most),
            self.breakers.state(BREAKER)
        )?;
        swept.lead_age_seconds = oldest(&waiting, now);
        if state != BreakerState::Closed {
            swept.probes = true;
            return self.amocrm_writer.send(&JobMessage::PROBE, Duration::ZERO).await;
        }
        let orders: Vec<JobMessage> = due.iter().map(|id| JobMessage::of(id)).collect();
        self.amocrm_writer.send_all(&orders).await?;
        swept.leads = orders.len();
        Ok(())
    }
}

/// How long ago the first of these leads came. A lead's id begins with the time at which it came.
fn oldest(ids: &[String], now: DateTime<Utc>) -> i64 {
    let came = ids.iter().filter_map(|id| Uuid::parse_str(id).ok()?.get_timestamp());
    let came = came.filter_map(|timestamp| i64::try_from(timestamp.to_unix().0).ok());
    came.min().map_or(0, |came| (now.timestamp() - came).max(0))
}

#[cfg(test)]
#[path = "sweep_tests.rs"]
mod tests;
