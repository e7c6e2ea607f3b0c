//! The bank's public addresses.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{NaiveDate, SecondsFormat};
use chrono_tz::Asia::Almaty;
use serde::Deserialize;

use super::rates::rates;
use super::{Nbk, Seen, documents};

/// Everything below `/nbk`.
pub fn router(nbk: Arc<Nbk>) -> Router {
    Router::new()
        .route("/nbk/rss/get_rates.cfm", get(by_date))
        .route("/nbk/rss/rates_all.xml", get(newest))
        .with_state(nbk)
}

#[derive(Deserialize)]
struct Asked {
    fdate: Option<String>,
}

async fn by_date(Shared(nbk): Shared<Arc<Nbk>>, Query(asked): Query<Asked>) -> Response {
    nbk.answer("get_rates", asked.fdate, |nbk, fdate| {
        let today = nbk.today();
        let day = match fdate {
            None => Some(today),
            Some(text) => NaiveDate::parse_from_str(text, "%d.%m.%Y").ok(),
        };
        let told = day.map(|day| rates(&nbk.state().settings, day, today)).unwrap_or_default();
        documents::by_date(day.unwrap_or(today), &told)
    })
}

async fn newest(Shared(nbk): Shared<Arc<Nbk>>) -> Response {
    nbk.answer("rates_all", None, |nbk, _| {
        let today = nbk.today();
        let settings = nbk.state().settings.clone();
        // The last day that has rates, a long holiday back at most.
        let days = std::iter::successors(Some(today), NaiveDate::pred_opt).take(15);
        let found = days.map(|day| (day, rates(&settings, day, today))).find(|(_, rates)| !rates.is_empty());
        let (day, told) = found.unwrap_or((today, Vec::new()));
        documents::newest(day, &told)
    })
}

impl Nbk {
    fn today(&self) -> NaiveDate {
        (self.clock)().with_timezone(&Almaty).date_naive()
    }

    fn answer(
        &self,
        feed: &'static str,
        fdate: Option<String>,
        document: impl Fn(&Self, Option<&str>) -> String,
    ) -> Response {
        let (down, malformed) = {
            let state = self.state();
            (state.settings.down, state.settings.malformed)
        };
        let status = if down { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        let body = if down { None } else { Some(document(self, fdate.as_deref())) };
        let at = (self.clock)().to_rfc3339_opts(SecondsFormat::Millis, true);
        self.state().note(Seen { n: 0, at, feed, fdate, status: status.as_u16() });
        let Some(mut body) = body else {
            let page = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
            return (status, [(header::CONTENT_TYPE, "text/html")], page).into_response();
        };
        if malformed {
            let half = body.floor_char_boundary(body.len() / 2);
            body.truncate(half);
        }
        (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response()
    }
}
