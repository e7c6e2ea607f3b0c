//! A message as admins see it. Whom it goes to is told by the lead or the sale, never here.

use serde::Serialize;

use crate::domain::day::almaty_time;
use crate::domain::notification::{Channel, Notification, NotificationState, Subject};

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct NotificationRow {
    id: String,
    channel: Channel,
    status: NotificationState,
    due_at: String,
    attempts: u32,
    last_error: Option<String>,
    source_campaign: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sale_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident_id: Option<String>,
    created_at: String,
    sent_at: Option<String>,
    provider_id: Option<String>,
    resent_at: Option<String>,
}

impl From<&Notification> for NotificationRow {
    fn from(notification: &Notification) -> Self {
        let (lead_id, sale_id, incident_id) = match &notification.subject {
            Subject::Lead(id) => (Some(id.clone()), None, None),
            Subject::Sale { sale_id, .. } => (None, Some(sale_id.clone()), None),
            Subject::Incident { id, .. } => (None, None, Some(id.clone())),
        };
        Self {
            id: notification.id.clone(),
            channel: notification.channel,
            status: notification.state,
            due_at: almaty_time(notification.due_at),
            attempts: notification.attempts,
            last_error: notification.last_error.clone(),
            source_campaign: notification.source_campaign.clone(),
            lead_id,
            sale_id,
            incident_id,
            created_at: almaty_time(notification.created_at),
            sent_at: notification.sent_at.map(almaty_time),
            provider_id: notification.provider_id.clone(),
            resent_at: notification.resent_at.map(almaty_time),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::domain::incident::News;
    use crate::domain::notification::Delivery;

    #[test]
    fn a_row_names_the_lead_or_the_sale_and_nobody() {
        let now: DateTime<Utc> = "2026-11-20T05:00:00Z".parse().unwrap();
        let lead = Subject::Lead("018f".to_owned());
        let sms =
            Notification::new(Channel::Sms, "018f", lead, "proftest_a", now, now + TimeDelta::minutes(10));
        let sale = Subject::Sale { sale_id: "1-2-express".to_owned(), raw_id: "ab".to_owned() };
        let sent = Notification::new(Channel::Telegram, "ev", sale, "sales", now, now).again(now);
        let sent = sent.after(&Delivery::Sent { id: Some("17".to_owned()) }, 0, now);
        insta::assert_json_snapshot!([&sms, &sent].map(NotificationRow::from));
        let opened = Subject::Incident { id: "proof:sales".to_owned(), opened_at: now, news: News::Ended };
        let alert = Notification::new(Channel::Telegram, "incident", opened, "alerts", now, now);
        let row = serde_json::to_value(NotificationRow::from(&alert)).unwrap();
        assert_eq!((&row["incident_id"], row.get("sale_id")), (&"proof:sales".into(), None));
    }
}
