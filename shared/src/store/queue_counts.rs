//! How many messages queues hold, by SQS's own approximate counts. No message is handed out for it.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use super::StoreError;

/// What one queue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Messages that may be taken now.
    pub waiting: u64,
    /// Those that somebody has taken.
    pub in_flight: u64,
    /// Those whose time has not come.
    pub delayed: u64,
}

/// What the queue with this address holds.
pub async fn counts(client: &Client, url: &str) -> Result<Counts, StoreError> {
    use QueueAttributeName::{
        ApproximateNumberOfMessages as Waiting, ApproximateNumberOfMessagesDelayed as Delayed,
        ApproximateNumberOfMessagesNotVisible as InFlight,
    };
    const DOING: &str = "counting messages";
    let asked = client.get_queue_attributes().queue_url(url);
    let told = asked.set_attribute_names(Some(vec![Waiting, InFlight, Delayed])).send().await;
    let told = told.map_err(|error| StoreError::call(DOING, &error))?.attributes.unwrap_or_default();
    let count = |name: &QueueAttributeName| -> Result<u64, StoreError> {
        let count = told.get(name).and_then(|text| text.parse().ok());
        count.ok_or_else(|| StoreError::item(DOING, &format!("it lacks {}", name.as_str())))
    };
    Ok(Counts { waiting: count(&Waiting)?, in_flight: count(&InFlight)?, delayed: count(&Delayed)? })
}
