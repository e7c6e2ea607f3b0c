//! Asks the bank. What it says of a day is public, but a base address may not be: no failure names the address.

use std::error::Error as StdError;

use thiserror::Error;

use super::document::{self, NoRates, Published};
use crate::domain::day::Day;

/// Why there is no answer about a day.
#[derive(Debug, Error)]
pub enum Failure {
    /// The bank could not be reached, or did not answer in time.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// It answered with a status that is no success.
    #[error("status {status}")]
    Refused {
        /// The status.
        status: u16,
    },
    /// It answered with a body that says nothing about rates.
    #[error("status {status}, but {problem}")]
    Unreadable {
        /// The status.
        status: u16,
        /// What is wrong with the body.
        problem: NoRates,
    },
}

impl Failure {
    /// The status, where there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Unreachable(_) => None,
            Self::Refused { status } | Self::Unreadable { status, .. } => Some(*status),
        }
    }

    fn unreachable(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let causes = std::iter::successors(Some(&error as &dyn StdError), |error| (*error).source());
        Self::Unreachable(causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
    }
}

/// The bank's public service.
#[derive(Debug, Clone)]
pub struct Nbk {
    http: reqwest::Client,
    address: String,
}

impl Nbk {
    /// At this address; `http` decides how long an answer may take.
    pub fn new(http: reqwest::Client, base: &str) -> Self {
        Self { http, address: format!("{}/rss/get_rates.cfm", base.trim_end_matches('/')) }
    }

    /// What the bank published for a day, in one request.
    pub async fn rates_of(&self, day: Day) -> Result<Published, Failure> {
        let request = self.http.get(&self.address).query(&[("fdate", dotted(day))]);
        let answer = request.send().await.map_err(Failure::unreachable)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(Failure::Refused { status: status.as_u16() });
        }
        let body = answer.bytes().await.map_err(Failure::unreachable)?;
        document::read(&body).map_err(|problem| Failure::Unreadable { status: status.as_u16(), problem })
    }
}

/// A day as `DD.MM.YYYY`.
fn dotted(day: Day) -> String {
    let text = day.to_string();
    text.rsplit('-').collect::<Vec<_>>().join(".")
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
