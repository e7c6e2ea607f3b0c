//! What can go wrong between us and the store. The text is for the log; callers never see it.

use std::error::Error as StdError;

use aws_sdk_dynamodb::error::{DisplayErrorContext, SdkError};
use thiserror::Error;

/// Our machinery failed. What a caller can do is the same for every cause: try later.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A call failed.
    #[error("{doing}: {said}")]
    Call {
        /// What it was for, and on which key.
        doing: String,
        /// What AWS or the network said.
        said: String,
    },
    /// Others wrote the same keys at the same time for longer than we tried.
    #[error("{doing}: still in conflict after {attempts} attempts")]
    Contended {
        /// What it was for.
        doing: String,
        /// How often it was tried.
        attempts: usize,
    },
    /// It took longer than the caller has.
    #[error("{doing}: out of time")]
    OutOfTime {
        /// What it was for.
        doing: String,
    },
    /// An item or a message is not what we write.
    #[error("{doing}: {problem}")]
    Unreadable {
        /// What it was for, and on which key.
        doing: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl StoreError {
    /// A call that failed.
    pub fn call<E, R>(doing: impl Into<String>, error: &SdkError<E, R>) -> Self
    where
        E: StdError + 'static,
        R: std::fmt::Debug,
    {
        Self::Call { doing: doing.into(), said: DisplayErrorContext(error).to_string() }
    }

    /// An item that cannot be read or written.
    pub fn item(doing: impl Into<String>, error: &impl std::fmt::Display) -> Self {
        Self::Unreadable { doing: doing.into(), problem: error.to_string() }
    }
}
