//! A queue of dead letters, where a person finds what can never succeed.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::MessageAttributeValue;

use super::StoreError;

/// Sends to one queue of dead letters.
#[derive(Debug, Clone)]
pub struct DeadLetters {
    client: Client,
    url: String,
}

impl DeadLetters {
    /// Over the queue with this address.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Parks a message with the reason.
    pub async fn park(&self, message: &str, reason: &str) -> Result<(), StoreError> {
        let doing = "parking a message";
        let reason = MessageAttributeValue::builder().data_type("String").string_value(reason).build();
        let reason = reason.map_err(|error| StoreError::item(doing, &error))?;
        let parked = self.client.send_message().queue_url(&self.url).message_body(message);
        let parked = parked.message_attributes("reason", reason).send().await;
        parked.map(drop).map_err(|error| StoreError::call(doing, &error))
    }
}
