//! The HTTP client of every neighbour that is not AWS.
//!
//! It makes one attempt and follows nothing: when to try again and where to go belongs to whoever asks.

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use thiserror::Error;

/// A neighbour that cannot be reached is told apart from one that thinks for long.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

const USER_AGENT: &str = concat!("traffic-dashboard/", env!("CARGO_PKG_VERSION"));

/// The machine's certificates or its resolver cannot be used.
#[derive(Debug, Error)]
#[error("the HTTP client cannot be built")]
pub struct BadClient(#[from] reqwest::Error);

/// A client whose calls end after `timeout`, connecting and the whole body included. To be built once and cloned: the
/// clones share its connections.
pub fn client(timeout: Duration) -> Result<Client, BadClient> {
    // An error means that the process has chosen already, and there is only ring to choose.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy();
    Ok(client.build()?)
}

/// Why there is no answer, in words that are the same for the same cause and name no address.
pub fn unanswered(error: &reqwest::Error) -> &'static str {
    match error {
        error if error.is_builder() => "cannot be asked: the address is none",
        error if error.is_connect() => "cannot be reached",
        error if error.is_timeout() => "does not answer in time",
        _ => "broke off without an answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_built_more_than_once() {
        for _ in 0..2 {
            client(Duration::from_secs(25)).unwrap();
        }
    }
}
