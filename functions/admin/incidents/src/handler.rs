//! `GET /api/admin/incidents`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::day::{Day, Period, almaty_time};
use shared::domain::incident::{Incident, Kind, Told};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::query::{DEFAULT_LIMIT, PeriodAnswer, Query};
use shared::store::incidents::{Asked, Incidents, place};
use shared::store::place::Place;

use shared::edge::cursor;

/// Answers admins.
pub struct List {
    /// Where they are.
    pub incidents: Incidents,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    /// Open ones are of any time, unless a period is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<PeriodAnswer>,
    items: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    kind: Kind,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<Day>,
    state: &'static str,
    level: String,
    message: String,
    what_to_do: String,
    since: String,
    opened_at: String,
    last_seen_at: String,
    ended_at: Option<String>,
    told: Vec<ToldRow>,
}

#[derive(Serialize)]
struct ToldRow {
    news: String,
    at: String,
}

impl List {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let query = Query::of(&request);
        let asked = query.one_of("state", &[("open", Asked::Open), ("ended", Asked::Ended)])?;
        let is_any_time =
            asked == Some(Asked::Open) && query.get("from").is_none() && query.get("to").is_none();
        let period = Period::parse(query.get("from"), query.get("to"), now)?;
        let before = query.get("cursor").map(cursor::read).transpose()?;
        let limit = query.limit()?.unwrap_or(DEFAULT_LIMIT);
        // One more than is shown tells whether there is another page.
        let mut found = if is_any_time {
            open(self.incidents.open().await?, before.as_ref())
        } else {
            self.incidents.page(period, asked, before.as_ref(), limit + 1).await?
        };
        let has_more = found.len() > limit;
        found.truncate(limit);
        let next_cursor = found.last().filter(|_| has_more).and_then(|last| cursor::write(&place(last)));
        let period = (!is_any_time).then(|| period.into());
        let items = found.into_iter().map(Row::from).collect();
        http::json(StatusCode::OK, &Answer { success: true, period, items, next_cursor })
    }
}

/// All of them before a place: there are never more than things that may fall off.
fn open(mut incidents: Vec<Incident>, before: Option<&Place>) -> Vec<Incident> {
    incidents.retain(|incident| before.is_none_or(|before| place(incident) < *before));
    incidents
}

impl From<Incident> for Row {
    fn from(incident: Incident) -> Self {
        let told = |told: &Told| ToldRow { news: told.news.name(), at: almaty_time(told.at) };
        Self {
            id: incident.topic.id(),
            state: if incident.is_open() { "open" } else { "ended" },
            level: incident.level.name(),
            since: almaty_time(incident.since),
            opened_at: almaty_time(incident.opened_at),
            last_seen_at: almaty_time(incident.last_seen_at),
            ended_at: incident.ended_at.map(almaty_time),
            told: incident.told.iter().map(told).collect(),
            kind: incident.topic.kind,
            subject: incident.topic.subject,
            day: incident.topic.day,
            message: incident.message,
            what_to_do: incident.what_to_do,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::incident::{Level, News, Topic};

    use super::*;

    fn incident(minute: u32) -> Incident {
        let at: DateTime<Utc> = format!("2026-11-20T05:{minute:02}:00Z").parse().unwrap();
        Incident {
            topic: Topic::new(Kind::Token, "sms"),
            since: at,
            opened_at: at,
            last_seen_at: at,
            ended_at: None,
            level: Level::ends_in(7),
            message: "It ends.".to_owned(),
            what_to_do: "Renew it.".to_owned(),
            told: vec![Told { news: News::Is(Level::ends_in(7)), at }],
        }
    }

    #[test]
    fn a_page_of_open_ones_begins_after_the_one_before() {
        let all = vec![incident(20), incident(10), incident(0)];
        assert_eq!(open(all.clone(), None).len(), 3);
        assert_eq!(open(all.clone(), Some(&place(&all[0]))), all[1..]);
    }

    #[test]
    fn a_row_says_what_lasts_and_what_was_told() {
        let row = serde_json::to_value(Row::from(incident(0))).unwrap();
        let expected = serde_json::json!({
            "id": "token:sms", "kind": "token", "subject": "sms", "state": "open", "level": "ends_in_7_days",
            "message": "It ends.", "what_to_do": "Renew it.", "since": "2026-11-20T10:00:00+05:00",
            "opened_at": "2026-11-20T10:00:00+05:00", "last_seen_at": "2026-11-20T10:00:00+05:00", "ended_at": null,
            "told": [{"news": "ends_in_7_days", "at": "2026-11-20T10:00:00+05:00"}],
        });
        assert_eq!(row, expected);
        let ended = Incident { ended_at: Some(incident(5).opened_at), ..incident(0) };
        assert_eq!(Row::from(ended).state, "ended");
    }
}
