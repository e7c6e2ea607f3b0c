//! What SES's answers mean. Its own words are not repeated: they name addresses.

use std::fmt::Debug;

use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::send_email::{SendEmailError, SendEmailOutput};

use crate::domain::notification::Delivery;

/// Reads what came of a call.
pub fn read<R: Debug>(sent: Result<SendEmailOutput, SdkError<SendEmailError, R>>) -> Delivery {
    match sent {
        Ok(output) => Delivery::Sent { id: output.message_id },
        Err(SdkError::ServiceError(refused)) => refusal(refused.err().code()),
        Err(SdkError::TimeoutError(_)) => Delivery::later("Amazon SES does not answer in time"),
        Err(SdkError::DispatchFailure(_)) => Delivery::later("Amazon SES cannot be reached"),
        Err(_) => Delivery::later("Amazon SES broke off without an answer"),
    }
}

fn refusal(code: Option<&str>) -> Delivery {
    match code {
        Some("MessageRejected") => Delivery::never(
            "Amazon SES refuses the letter: the address, or in its sandbox one that is not verified",
        ),
        Some("BadRequestException") => Delivery::never("Amazon SES refuses the letter as it is"),
        Some("TooManyRequestsException" | "LimitExceededException" | "ThrottlingException") => {
            Delivery::later("Amazon SES takes no more letters for now")
        }
        Some("AccountSuspendedException") => {
            Delivery::waits_for_person("Amazon SES has suspended the account: ask AWS why")
        }
        Some("SendingPausedException") => {
            Delivery::waits_for_person("sending is paused in Amazon SES: turn it on there")
        }
        Some("MailFromDomainNotVerifiedException") => Delivery::waits_for_person(
            "the MAIL FROM domain is not verified in Amazon SES: set its DNS records",
        ),
        Some("NotFoundException") => Delivery::waits_for_person(
            "Amazon SES does not know the sender: verify the address of EmailFrom there",
        ),
        Some("AccessDeniedException" | "AccessDenied") => Delivery::waits_for_person(
            "the function may not send as EmailFrom: check its rights to Amazon SES",
        ),
        _ => Delivery::later("Amazon SES failed"),
    }
}
