//! `GET /api/admin/events/{id}`
//!
//! The only route that shows a raw body, and with it what people wrote: for admins, and never in a log.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::day::almaty_time;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::event_row::{self, EventRow};
use shared::edge::hook::{self, Came};
use shared::edge::http;
use shared::neighbours::amocrm::account::KnownAccounts;
use shared::store::StoreError;
use shared::store::event_log::{EventLog, Logged, Replay, ReplayedItem};
use shared::store::raw::{KeptHook, RawHooks};
use shared::store::rules::RuleBooks;

/// A body may hold thousands of events; of the others so many are shown.
const MOST_OTHERS: usize = 100;

/// Answers with one event.
pub struct OneEvent {
    /// Where events are.
    pub log: EventLog,
    /// What is kept of hooks.
    pub raws: RawHooks,
    /// The accounts that are configured.
    pub accounts: KnownAccounts,
    /// The rules in force.
    pub rules: RuleBooks,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    event: EventRow,
    raw: Option<Raw>,
    others: Vec<EventRow>,
    replay: Option<ReplayRow>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Raw {
    body: String,
    content: Content,
    expires_at: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Content {
    Text,
    Base64,
}

#[derive(Serialize)]
struct ReplayRow {
    replayed_at: String,
    results: Vec<ReplayedItem>,
}

impl OneEvent {
    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let id = event_row::id_of(&request)?;
        let logged = self.log.get(&id).await?.ok_or(event_row::UNKNOWN)?;
        let came = Came::with(&logged.record);
        let kept = match &came {
            Some(came) => self.raws.hook(came.raw_id).await?,
            None => None,
        };
        let others = match (&came, &kept) {
            (Some(came), Some(kept)) => self.others(came, &id, &kept.bytes).await?,
            _ => vec![],
        };
        let answer = Answer {
            success: true,
            event: EventRow::from(&logged),
            raw: kept.map(Raw::from),
            others: others.iter().map(EventRow::from).collect(),
            replay: logged.replay.map(ReplayRow::from),
        };
        http::json(StatusCode::OK, &answer)
    }

    /// The other events that the body makes by today's code, in its order. That one stands in no index by its body, so the
    /// body is asked.
    async fn others(&self, came: &Came<'_>, id: &str, bytes: &[u8]) -> Result<Vec<Logged>, StoreError> {
        let mut ids = hook::ids_in(came, bytes, &self.accounts, self.rules.fresh().await?.now());
        ids.retain(|other| other != id);
        ids.truncate(MOST_OTHERS);
        let mut known = self.log.by_ids(&ids).await?;
        Ok(ids.iter().filter_map(|id| known.remove(id)).collect())
    }
}

impl From<KeptHook> for Raw {
    /// Text where a person can read it. What holds control characters is shown as bytes: JSON would make six of each.
    fn from(kept: KeptHook) -> Self {
        let expires_at = kept.expires_at.map(almaty_time);
        let is_strange = |text: &String| text.chars().any(|c| c.is_control() && !"\t\r\n".contains(c));
        match String::from_utf8(kept.bytes) {
            Ok(body) if !is_strange(&body) => Self { body, content: Content::Text, expires_at },
            Ok(body) => Self { body: STANDARD.encode(body), content: Content::Base64, expires_at },
            Err(bytes) => {
                let body = STANDARD.encode(bytes.as_bytes());
                Self { body, content: Content::Base64, expires_at }
            }
        }
    }
}

impl From<Replay> for ReplayRow {
    fn from(replay: Replay) -> Self {
        Self { replayed_at: almaty_time(replay.at), results: replay.results }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_shown_as_text_where_a_person_can_read_it() {
        let expires_at = "2027-02-18T05:00:00Z".parse().ok();
        let shown = |bytes: &[u8]| {
            let raw = Raw::from(KeptHook { bytes: bytes.to_vec(), expires_at });
            assert_eq!(raw.expires_at.as_deref(), Some("2027-02-18T10:00:00+05:00"));
            (raw.body, raw.content)
        };
        assert_eq!(shown(b"leads[add]=1\r\n"), ("leads[add]=1\r\n".to_owned(), Content::Text));
        assert_eq!(shown("имя".as_bytes()), ("имя".to_owned(), Content::Text));
        assert_eq!(shown(b"\xff\x00"), ("/wA=".to_owned(), Content::Base64));
        assert_eq!(shown(b"a\x00"), ("YQA=".to_owned(), Content::Base64));
        assert_eq!(shown(b""), (String::new(), Content::Text));
    }
}
