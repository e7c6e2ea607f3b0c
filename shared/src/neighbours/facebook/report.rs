//! The same rows by way of a report that Facebook prepares: for what is too much to be answered at once.

use std::fmt;

use reqwest::Method;
use serde::Deserialize;

use super::classify::{Asked, classify};
use super::failure::{Class, ErrorBody};
use super::graph::{Answer, Call, Good, Graph};
use super::insights::{InsightRow, InsightsAsk};
use super::page::{Cursor, Page};
use super::said::Said;
use super::scalar;

/// A report's run. It can be asked about for 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReportId(String);

impl ReportId {
    /// Reads an id that was kept.
    pub fn parse(text: &str) -> Option<Self> {
        scalar::is_id(text).then(|| Self(text.to_owned()))
    }

    /// To be kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a report is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "AsSent")]
pub enum ReportState {
    /// Not ready.
    Running {
        /// How much of it is done.
        percent: u32,
    },
    /// Its rows can be read.
    Done,
    /// There will be no rows.
    Failed {
        /// Why.
        said: Said,
    },
    /// It has expired.
    Skipped,
}

impl ReportState {
    /// What a report that ended without rows means to the caller. Nothing while it may still have some.
    pub fn class(&self) -> Option<Class> {
        let said = match self {
            Self::Running { .. } | Self::Done => return None,
            Self::Skipped => return Some(Class::ReportAgain),
            Self::Failed { said } => said,
        };
        let error = ErrorBody {
            code: said.code,
            subcode: said.subcode,
            message: Some(said.message.clone()),
            ..ErrorBody::default()
        };
        // The run itself is lost, so what could be tried again is a new one. So is a run whose code nobody knows.
        Some(match classify(Asked::Report, 500, &error) {
            Class::Again => Class::ReportAgain,
            class => class,
        })
    }
}

#[derive(Deserialize)]
struct Started {
    #[serde(deserialize_with = "scalar::id")]
    report_run_id: String,
}

#[derive(Deserialize)]
struct AsSent {
    async_status: String,
    #[serde(default, deserialize_with = "scalar::count")]
    async_percent_completion: i64,
    #[serde(default, deserialize_with = "scalar::maybe_whole")]
    error_code: Option<i64>,
    #[serde(default, deserialize_with = "scalar::maybe_whole")]
    error_subcode: Option<i64>,
    #[serde(default, deserialize_with = "scalar::text")]
    error_message: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    error_user_msg: Option<String>,
}

impl TryFrom<AsSent> for ReportState {
    type Error = &'static str;

    fn try_from(sent: AsSent) -> Result<Self, &'static str> {
        let percent = u32::try_from(sent.async_percent_completion).unwrap_or(100);
        Ok(match sent.async_status.as_str() {
            // Until it is at 100 % there are rows missing.
            "Job Completed" if percent >= 100 => Self::Done,
            "Job Not Started" | "Job Started" | "Job Running" | "Job Completed" => Self::Running { percent },
            "Job Failed" => {
                let code = |code: Option<i64>| code.and_then(|code| i32::try_from(code).ok());
                let error = ErrorBody {
                    code: code(sent.error_code),
                    subcode: code(sent.error_subcode),
                    message: sent.error_message,
                    user_message: sent.error_user_msg,
                    ..ErrorBody::default()
                };
                Self::Failed { said: Said::of(None, &error, []) }
            }
            "Job Skipped" => Self::Skipped,
            _ => return Err("a report in a state that is not known"),
        })
    }
}

impl Graph {
    /// Asks for a report to be prepared.
    pub async fn start_report(&self, ask: &InsightsAsk) -> Answer<ReportId> {
        let range = ask.time_range();
        let query = InsightsAsk::query(&range);
        let call = Call { method: Method::POST, path: &ask.path(), query: &query, asked: Asked::Object };
        let Good { value, usage } = self.call::<Started>(call).await?;
        Ok(Good { value: ReportId(value.report_run_id), usage })
    }

    /// How far a report is.
    pub async fn report(&self, id: &ReportId) -> Answer<ReportState> {
        let call = Call { method: Method::GET, path: id.as_str(), query: &[], asked: Asked::Report };
        self.call(call).await
    }

    /// One page of a report's rows.
    pub async fn report_rows(
        &self,
        id: &ReportId,
        limit: u32,
        after: Option<&Cursor>,
    ) -> Answer<Page<InsightRow>> {
        let limit = limit.to_string();
        self.page(Asked::Report, &format!("{id}/insights"), &[("limit", limit.as_str())], after).await
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
