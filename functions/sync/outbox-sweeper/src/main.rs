//! Finds the messages and leads whose time has come and that nobody is about, and queues them again.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::edge::metrics::{self, Record, SweepRecord};
use shared::edge::{aws, clock, config, logs};
use shared::outbox::{Sweeper, Swept};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let sdk = aws::sdk_config(aws::FOR_PEOPLE).await?;
    let function = &config::required("AWS_LAMBDA_FUNCTION_NAME")?;
    let sweeper = &Sweeper::from_env(&sdk)?;
    lambda_runtime::run(service_fn(|_: LambdaEvent<Value>| async move {
        let now = clock::now();
        let swept = sweeper.sweep(now).await?;
        let record = Record { sweep: Some(record(&swept)), ..Record::default() };
        metrics::write(function, &record, now);
        Ok::<_, Error>(swept)
    }))
    .await
}

fn record(swept: &Swept) -> SweepRecord {
    SweepRecord {
        notifications_swept: swept.notifications,
        leads_swept: swept.leads,
        notification_age_seconds: swept.notification_age_seconds,
        lead_age_seconds: swept.lead_age_seconds,
    }
}
