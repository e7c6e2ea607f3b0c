//! How we talk to AWS: one client configuration for every function.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use super::config::{self, BadConfig};

/// A person waits for the answer: a call that hangs is made once more before they give up.
pub const FOR_PEOPLE: Option<Duration> = Some(Duration::from_millis(2_500));

/// A hook's own deadline ends whatever hangs, and trying again belongs to the queue.
pub const FOR_HOOKS: Option<Duration> = None;

const MAX_ATTEMPTS: u32 = 2;
const FIRST_BACKOFF: Duration = Duration::from_millis(30);

/// Reads the environment's configuration; an attempt of a call may take so long. The function's name goes with every call, so that a log of calls tells who
/// made them.
pub async fn sdk_config(attempt_timeout: Option<Duration>) -> Result<SdkConfig, BadConfig> {
    const NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";
    let app_name = AppName::new(config::required(NAME)?)
        .map_err(|bad| BadConfig::Unreadable { name: NAME, problem: bad.to_string() })?;
    // ring in place of the default aws-lc: smaller, and it builds without a C toolchain of its own.
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut timeouts = TimeoutConfig::builder();
    timeouts.set_operation_attempt_timeout(attempt_timeout);
    Ok(aws_config::defaults(BehaviorVersion::latest())
        .app_name(app_name)
        .http_client(http)
        .retry_config(
            RetryConfig::standard().with_max_attempts(MAX_ATTEMPTS).with_initial_backoff(FIRST_BACKOFF),
        )
        .timeout_config(timeouts.build())
        .load()
        .await)
}
