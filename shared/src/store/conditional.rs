//! Conditional writes whose condition may not hold: that is an outcome and no failure.

use std::error::Error as StdError;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use super::StoreError;

/// What a write has returned; nothing where its condition did not hold.
pub(super) fn held<T, E, R>(
    sent: Result<T, SdkError<E, R>>,
    doing: impl FnOnce() -> String,
) -> Result<Option<T>, StoreError>
where
    E: StdError + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug,
{
    match sent {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
        Err(error) => Err(StoreError::call(doing(), &error)),
    }
}
