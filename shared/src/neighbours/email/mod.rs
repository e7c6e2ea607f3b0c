//! E-mail through Amazon SES: one letter to one address, plain text.
//!
//! SES has no key against sending the same letter twice, so a call is made once: waiting and trying again belong to the
//! caller.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sesv2::config::Builder;
use aws_sdk_sesv2::error::BuildError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};

mod answer;

use crate::domain::email::Email;
use crate::domain::message::Mail;
use crate::domain::notification::Delivery;

/// Amazon SES with our sender.
#[derive(Debug, Clone)]
pub struct Ses {
    client: aws_sdk_sesv2::Client,
    from: String,
}

impl Ses {
    /// Sends as `from`; where that is empty nothing is sent. A call may take so long.
    pub fn new(sdk: &SdkConfig, from: String, timeout: Duration) -> Self {
        let timeouts =
            TimeoutConfig::builder().operation_timeout(timeout).operation_attempt_timeout(timeout).build();
        let config = Builder::from(sdk).retry_config(RetryConfig::disabled()).timeout_config(timeouts);
        Self { client: aws_sdk_sesv2::Client::from_conf(config.build()), from: from.trim().to_owned() }
    }

    /// Sends a letter, in one request.
    pub async fn send(&self, to: &Email, mail: &Mail) -> Delivery {
        if self.from.is_empty() {
            return Delivery::fails_without_person(
                "no sender address is configured: deploy with EmailFrom set",
            );
        }
        let Ok(content) = content(mail) else {
            return Delivery::never("the letter cannot be written");
        };
        let to = Destination::builder().to_addresses(to.as_str()).build();
        let request = self.client.send_email().from_email_address(&self.from).destination(to);
        answer::read(request.content(content).send().await)
    }
}

fn content(mail: &Mail) -> Result<EmailContent, BuildError> {
    let text = |data: &str| Content::builder().data(data).charset("UTF-8").build();
    let body = Body::builder().text(text(&mail.text)?).build();
    let message = Message::builder().subject(text(&mail.subject)?).body(body).build();
    Ok(EmailContent::builder().simple(message).build())
}

#[cfg(test)]
mod wire_tests;
