//! Errors as answers.
//!
//! `ApiError` is what a handler returns and the caller sees: a stable code, a message for a person, no internal text.
//! `StoreError` (in `store`) is what our machinery returns; it becomes an answer here and its text goes to the log.

use std::borrow::Cow;

use lambda_http::http::StatusCode;
use serde::Serialize;
use thiserror::Error;

use crate::domain::day::BadPeriod;
use crate::domain::settings::Problem;
use crate::store::StoreError;

/// A field that has to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// Its name.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Detail {
    /// A field and its problem.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

/// Why a request is not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ApiError {
    /// The request has to change.
    #[error("The request is not valid.")]
    Validation(Vec<Detail>),
    /// It does not say who asks, or not convincingly.
    #[error("{0}")]
    Unauthorized(&'static str),
    /// The caller may not have this.
    #[error("You may not see this.")]
    Forbidden,
    /// There is no such thing.
    #[error("{0}")]
    NotFound(&'static str),
    /// The path is right, the method is not.
    #[error("This address does not answer to this method.")]
    MethodNotAllowed {
        /// What it answers to.
        allow: String,
    },
    /// Something stands in the way that may pass.
    #[error("{0}")]
    Conflict(&'static str),
    /// The same, where what stands in the way has a name.
    #[error("{0}")]
    InTheWay(String),
    /// Somebody else has changed it since it was read.
    #[error("Somebody has changed it since you read it.")]
    Stale {
        /// What it is now.
        current_version: u64,
    },
    /// More than is taken.
    #[error("The body is larger than {0}.")]
    PayloadTooLarge(&'static str),
    /// Too often.
    #[error("Too many tries. Try again later.")]
    RateLimited {
        /// When to come back.
        retry_after_seconds: u64,
    },
    /// A neighbour failed us: which, and what it said.
    #[error("{0}")]
    Upstream(Cow<'static, str>),
    /// We failed.
    #[error("The service cannot answer now. Try again in a minute.")]
    Unavailable,
}

impl ApiError {
    /// One field and its problem.
    pub fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Validation(vec![Detail::new(field, problem)])
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Validation(_) => "validation_error",
            Self::Unauthorized(_) => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::Conflict(_) | Self::InTheWay(_) | Self::Stale { .. } => "conflict",
            Self::PayloadTooLarge(_) => "payload_too_large",
            Self::RateLimited { .. } => "rate_limited",
            Self::Upstream(_) => "upstream_error",
            Self::Unavailable => "service_unavailable",
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Validation(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) | Self::InTheWay(_) | Self::Stale { .. } => StatusCode::CONFLICT,
            Self::PayloadTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Upstream(_) => StatusCode::BAD_GATEWAY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The fields that have to change.
    pub fn details(&self) -> &[Detail] {
        match self {
            Self::Validation(details) => details,
            _ => &[],
        }
    }
}

impl From<Vec<Problem>> for ApiError {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Validation(problems.into_iter().map(|wrong| Detail::new(wrong.field, wrong.problem)).collect())
    }
}

impl From<BadPeriod> for ApiError {
    fn from(bad: BadPeriod) -> Self {
        Self::invalid(bad.field(), bad.to_string())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "the store failed");
        Self::Unavailable
    }
}
