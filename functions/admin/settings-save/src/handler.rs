//! `PUT /api/admin/settings/{section}`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use serde_json::Value;
use shared::domain::audit::{Action, AuditRow, Who};
use shared::domain::settings::Section;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::sign_in::Account;
use shared::store::rules::RuleBooks;
use shared::store::saved_settings::{Saved, SavedSettings, Versioned};

/// Changes sections for admins.
pub struct Save {
    /// Who they are.
    pub account: Account,
    /// The teams that may not vanish.
    pub rules: RuleBooks,
    /// Where it is kept.
    pub settings: SavedSettings,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    section: &'static str,
    #[serde(flatten)]
    held: Versioned,
}

impl Save {
    /// Answers one request. `id` is a new one, for the audit.
    pub async fn answer(
        &self,
        request: Request,
        id: String,
        now: DateTime<Utc>,
    ) -> Result<Response<Body>, ApiError> {
        const UNKNOWN: ApiError = ApiError::NotFound("There is no such section.");
        let caller = Caller::admin(&request)?;
        let path = request.path_parameters_ref();
        let section = path.and_then(|path| path.first("section")).and_then(Section::parse).ok_or(UNKNOWN)?;
        let Versioned { version, value } = wish(request.body())?;
        let value = section.check(&value, self.rules.fresh().await?.now())?;
        let who = Who { id: caller.id, email: self.account.email(&request).await };
        let row = |before: &Versioned, after: &Versioned| AuditRow {
            id: id.clone(),
            at: now,
            who: who.clone(),
            action: Action::SettingsChanged,
            subject: section.name().to_owned(),
            before: before.value.clone(),
            after: after.value.clone(),
            effect: Some(format!("version {}", after.version)),
        };
        match self.settings.save(section, version, &value, row).await? {
            Saved::Now(version) => {
                let held = Versioned { version, value };
                http::json(StatusCode::OK, &Answer { success: true, section: section.name(), held })
            }
            Saved::Stale(current_version) => Err(ApiError::Stale { current_version }),
        }
    }
}

/// The version that was read and the value that is to be.
fn wish(body: &[u8]) -> Result<Versioned, ApiError> {
    let body: Value =
        serde_json::from_slice(body).map_err(|_| ApiError::invalid("body", "must be a JSON object"))?;
    let version = body.get("version").and_then(Value::as_u64);
    let version = version.ok_or_else(|| ApiError::invalid("version", "must be the version that was read"))?;
    let value = body.get("value").filter(|value| !value.is_null());
    let value = value.ok_or_else(|| ApiError::invalid("value", "must be there"))?;
    Ok(Versioned { version, value: value.clone() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_names_the_version_that_it_is_of() {
        assert_eq!(wish(br#"{"version": 3, "value": []}"#), Ok(Versioned { version: 3, value: json!([]) }));
        for (body, field) in [
            ("", "body"),
            ("[", "body"),
            ("{}", "version"),
            (r#"{"version": -1, "value": []}"#, "version"),
            (r#"{"version": "1", "value": []}"#, "version"),
            (r#"{"version": 1}"#, "value"),
            (r#"{"version": 1, "value": null}"#, "value"),
        ] {
            let error = wish(body.as_bytes()).unwrap_err();
            assert_eq!(error.details()[0].field, field, "{body}");
        }
    }
}
