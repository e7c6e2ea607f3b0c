//! `POST` and `GET /api/admin/integrations/diagnostics`, also under the old name `/api/admin/diagnostics`

use chrono::{DateTime, Utc};
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::diagnose::Diagnosis;
use shared::domain::day::almaty_time;
use shared::domain::diagnostics::Report;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;

/// The name by which the old system called itself here.
const SERVICE: &str = "integrations-diagnostics";

/// Answers admins.
pub struct Diagnostics {
    /// What runs the checks.
    pub diagnosis: Diagnosis,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    data: Report,
}

/// Says that the service itself answers.
#[derive(Serialize)]
struct Alive {
    success: bool,
    status: &'static str,
    service: &'static str,
    timestamp: String,
}

impl Diagnostics {
    /// Runs all checks, or says that it could.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        if request.method() == Method::POST {
            let data = self.diagnosis.run(now).await;
            return http::json(StatusCode::OK, &Answer { success: true, data });
        }
        http::json(StatusCode::OK, &alive(now))
    }
}

fn alive(now: DateTime<Utc>) -> Alive {
    Alive { success: true, status: "healthy", service: SERVICE, timestamp: almaty_time(now) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_service_says_that_it_is_there_in_the_old_words() {
        let told = serde_json::to_value(alive("2025-12-27T11:11:37.646Z".parse().unwrap())).unwrap();
        let expected = json!({
            "success": true, "status": "healthy", "service": "integrations-diagnostics",
            "timestamp": "2025-12-27T16:11:37.646+05:00",
        });
        assert_eq!(told, expected);
    }
}
