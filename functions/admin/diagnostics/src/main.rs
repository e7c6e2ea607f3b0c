//! Whether each part of the system works, for whoever asks now.

mod handler;

use lambda_http::Error;
use shared::diagnose::Diagnosis;
use shared::edge::{aws, clock, http, logs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let diagnosis = Diagnosis::from_env(&aws::sdk_config(aws::FOR_PEOPLE).await?)?;
    let handler = handler::Diagnostics { diagnosis };
    http::run(|request| handler.answer(request, clock::now())).await
}
