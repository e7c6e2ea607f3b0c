//! `POST /api/admin/notifications/{id}/resend`

use std::time::Duration;

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::notification_row::NotificationRow;
use shared::store::outbox::{Due, Outbox, Resent};
use shared::store::queue::Queue;

/// Has messages sent again.
pub struct Resend {
    /// Where they are.
    pub outbox: Outbox,
    /// Where they are sent from.
    pub queue: Queue,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    notification: NotificationRow,
}

impl Resend {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        const UNKNOWN: ApiError = ApiError::NotFound("There is no such notification.");
        Caller::admin(&request)?;
        let path = request.path_parameters_ref();
        let id = path.and_then(|path| path.first("id")).filter(|id| !id.is_empty()).ok_or(UNKNOWN)?;
        match self.outbox.resend(id, now).await? {
            Resent::Again(notification) => {
                // It is stored as pending, so a queue that fails only makes it a minute later.
                if let Err(error) = self.queue.send(&Due::of(&notification), Duration::ZERO).await {
                    tracing::warn!(notification.id = %notification.id, error = %error, "a message waits for the sweeper");
                }
                let notification = NotificationRow::from(&*notification);
                http::json(StatusCode::OK, &Answer { success: true, notification })
            }
            Resent::Pending => Err(ApiError::Conflict("The notification still waits to be sent.")),
            Resent::Unknown => Err(UNKNOWN),
        }
    }
}
