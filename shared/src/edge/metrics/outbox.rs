//! What is counted of messages.

use serde::Serialize;

use crate::domain::notification::{Channel, NotificationState, Tried};

/// The names of [`OutboxRecord`]'s metrics.
pub(super) const OF_OUTBOX: [&str; 10] = [
    "telegram_sent",
    "telegram_failed",
    "telegram_later",
    "sms_sent",
    "sms_failed",
    "sms_later",
    "email_sent",
    "email_failed",
    "email_later",
    "messages_need_person",
];

/// The names of [`SweepRecord`]'s metrics.
pub(super) const OF_SWEEP: [&str; 4] =
    ["notifications_swept", "leads_swept", "notification_age_seconds", "lead_age_seconds"];

/// What trying to send a message comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OutboxRecord {
    /// Telegram took it.
    pub telegram_sent: u32,
    /// Telegram never will.
    pub telegram_failed: u32,
    /// Telegram may later.
    pub telegram_later: u32,
    /// Mobizon took it.
    pub sms_sent: u32,
    /// Mobizon never will.
    pub sms_failed: u32,
    /// Mobizon may later.
    pub sms_later: u32,
    /// Amazon SES took it.
    pub email_sent: u32,
    /// Amazon SES never will.
    pub email_failed: u32,
    /// Amazon SES may later.
    pub email_later: u32,
    /// Whichever of them failed, or wait, until a person does something: no money, a wrong key, a dead bot.
    pub messages_need_person: u32,
}

impl OutboxRecord {
    /// One more try by this channel.
    pub fn count(&mut self, channel: Channel, tried: Tried) {
        use NotificationState::{Failed, Pending, Sent};
        self.messages_need_person += u32::from(tried.needs_person);
        *match (channel, tried.state) {
            (Channel::Telegram, Sent) => &mut self.telegram_sent,
            (Channel::Telegram, Failed) => &mut self.telegram_failed,
            (Channel::Telegram, Pending) => &mut self.telegram_later,
            (Channel::Sms, Sent) => &mut self.sms_sent,
            (Channel::Sms, Failed) => &mut self.sms_failed,
            (Channel::Sms, Pending) => &mut self.sms_later,
            (Channel::Email, Sent) => &mut self.email_sent,
            (Channel::Email, Failed) => &mut self.email_failed,
            (Channel::Email, Pending) => &mut self.email_later,
        } += 1;
    }
}

/// What one sweep comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SweepRecord {
    /// Messages that were queued again.
    pub notifications_swept: usize,
    /// Leads that were queued again.
    pub leads_swept: usize,
    /// For how long the message has been due that has been due for longest.
    pub notification_age_seconds: i64,
    /// How long ago the lead came that still waits for amoCRM and came first.
    pub lead_age_seconds: i64,
}
