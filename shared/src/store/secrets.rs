//! Secrets, from Secrets Manager.

use aws_sdk_secretsmanager::Client;
use chrono::{DateTime, Utc};

use super::StoreError;

/// What a secret holds.
#[derive(Clone)]
pub struct Current {
    /// The value.
    pub value: String,
    /// Since when it is this one.
    pub since: Option<DateTime<Utc>>,
}

/// Reads one secret.
#[derive(Debug, Clone)]
pub struct Secret {
    client: Client,
    id: String,
}

impl Secret {
    /// The secret with this name or address.
    pub fn new(client: Client, id: String) -> Self {
        Self { client, id }
    }

    /// Its present value; nothing where none was ever stored.
    pub async fn value(&self) -> Result<Option<String>, StoreError> {
        Ok(self.current().await?.map(|current| current.value))
    }

    /// The same, and since when that is so.
    pub async fn current(&self) -> Result<Option<Current>, StoreError> {
        match self.client.get_secret_value().secret_id(&self.id).send().await {
            Ok(secret) => {
                let since = secret.created_date.and_then(|at| at.to_millis().ok());
                let since = since.and_then(DateTime::from_timestamp_millis);
                Ok(secret.secret_string.map(|value| Current { value, since }))
            }
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => {
                Ok(None)
            }
            Err(error) => Err(StoreError::call("reading a secret", &error)),
        }
    }
}
