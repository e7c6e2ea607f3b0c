//! What Mobizon's answers mean. They are told by their code: the HTTP status is 200 for most refusals too. Its own words
//! are not repeated, since they may quote what was sent.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::notification::Delivery;

/// Taken.
pub(super) const DONE: i64 = 0;
/// A field is not valid; the data names it.
const INVALID: i64 = 1;
/// No such thing, module, method, format: our request is wrong.
const WRONG_REQUEST: std::ops::RangeInclusive<i64> = 2..=6;
/// The key is not known.
pub(super) const LOGIN: i64 = 8;
/// The key may not do this.
pub(super) const FORBIDDEN: i64 = 9;
/// A parameter is missing.
const MISSING: i64 = 11;
/// A parameter is out of its bounds.
const BOUNDS: i64 = 12;
/// The address that we call from may not.
pub(super) const ADDRESS: i64 = 13;
/// Not done for a reason that does not lie in the request: mostly money.
const NOT_DONE: i64 = 15;

#[derive(Debug, Deserialize)]
struct Answer {
    code: Value,
    #[serde(default)]
    data: Value,
}

/// Reads an answer.
pub fn read(status: u16, body: &[u8]) -> Delivery {
    let answer: Option<Answer> = serde_json::from_slice(body).ok();
    let code = answer.as_ref().and_then(|answer| number(&answer.code));
    let (Some(answer), Some(code)) = (answer, code) else {
        return Delivery::later(format!("Mobizon answered {status} with no code"));
    };
    let concerns = |field: &str| answer.data.get(field).is_some_and(|problem| !problem.is_null());
    match code {
        DONE => Delivery::Sent { id: number(&answer.data["messageId"]).map(|id| id.to_string()) },
        INVALID if concerns("recipient") => Delivery::never("Mobizon takes the number for none"),
        INVALID if concerns("from") => Delivery::waits_for_person(
            "Mobizon does not know the sender's name: register it there or take \"from\" out of the secret sms",
        ),
        INVALID if concerns("text") => Delivery::never("Mobizon refuses the text"),
        INVALID | MISSING | BOUNDS => Delivery::never(format!("Mobizon refuses the message (code {code})")),
        code if WRONG_REQUEST.contains(&code) => {
            Delivery::never(format!("Mobizon does not know the request (code {code})"))
        }
        LOGIN | FORBIDDEN | ADDRESS => Delivery::waits_for_person(format!(
            "Mobizon does not accept the key (code {code}): store a valid api_key in the secret sms, allow our address"
        )),
        NOT_DONE => Delivery::waits_for_person(format!(
            "Mobizon did not send (code {code}): check the account's balance"
        )),
        code => Delivery::later(format!("Mobizon answered code {code}")),
    }
}

/// Ids and codes come as numbers or as texts.
pub(super) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
