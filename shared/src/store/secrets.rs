//! Secrets, from Secrets Manager.

use aws_sdk_secretsmanager::Client;

use super::StoreError;

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
        match self.client.get_secret_value().secret_id(&self.id).send().await {
            Ok(secret) => Ok(secret.secret_string),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_not_found_exception()) => {
                Ok(None)
            }
            Err(error) => Err(StoreError::call("reading a secret", &error)),
        }
    }
}
