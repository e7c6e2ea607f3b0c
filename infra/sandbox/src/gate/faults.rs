//! Faults that a test switches on, and how AWS words them.

use hyper::StatusCode;
use hyper::header::HeaderValue;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::Call;
use crate::forward::{Answer, json as answer};

/// How a call goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Too many requests.
    Throttle,
    /// The service is broken.
    Unavailable,
    /// The connection closes, nothing was done.
    Refuse,
    /// The connection closes after the call was carried out.
    LostAnswer,
    /// Another transaction holds the item.
    Conflict,
}

/// Which calls go wrong. What is left out fits every call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    service: Option<String>,
    action: Option<String>,
    resource: Option<String>,
    function: Option<String>,
    kind: Kind,
    /// How many calls are still to go wrong; without it, all.
    count: Option<u64>,
    #[serde(default, skip_deserializing)]
    hits: u64,
}

impl Fault {
    fn fits(&self, call: &Call) -> bool {
        let same =
            |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
        let part = |wanted: &str| call.needs.iter().any(|need| need.resource.contains(wanted));
        self.count != Some(0)
            && same(&self.service, &call.service)
            && same(&self.action, &call.operation)
            && same(&self.function, &call.function)
            && self.resource.as_deref().is_none_or(part)
    }
}

/// The faults switched on, in order.
#[derive(Debug, Default, Serialize)]
pub struct Faults {
    faults: Vec<Fault>,
}

impl Faults {
    /// These and no others.
    pub fn replace(&mut self, faults: Vec<Fault>) {
        self.faults = faults;
    }

    /// The kind of the first fault that fits, which is thereby used once.
    pub fn take(&mut self, call: &Call) -> Option<Kind> {
        let fault = self.faults.iter_mut().find(|fault| fault.fits(call))?;
        fault.hits += 1;
        fault.count = fault.count.map(|left| left.saturating_sub(1));
        Some(fault.kind)
    }
}

/// Too many requests, in the service's words.
pub fn throttled(call: &Call) -> Answer {
    let (status, kind) = match call.service.as_str() {
        "dynamodb" => (
            StatusCode::BAD_REQUEST,
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        ),
        "cognito-idp" => (StatusCode::BAD_REQUEST, "TooManyRequestsException"),
        "ses" => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"),
        _ => (StatusCode::BAD_REQUEST, "ThrottlingException"),
    };
    failed(call, status, kind, "Rate exceeded")
}

/// The service is broken, in its words.
pub fn unavailable(call: &Call) -> Answer {
    let (status, kind) = match call.service.as_str() {
        "dynamodb" => {
            (StatusCode::INTERNAL_SERVER_ERROR, "com.amazonaws.dynamodb.v20120810#InternalServerError")
        }
        "ses" => (StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceErrorException"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable"),
    };
    failed(call, status, kind, "The service is unavailable")
}

/// A JSON protocol names the error in the body, a REST protocol in a header.
fn failed(call: &Call, status: StatusCode, kind: &'static str, message: &str) -> Answer {
    if call.service != "ses" {
        return answer(status, &json!({ "__type": kind, "message": message }));
    }
    let mut answer = answer(status, &json!({ "message": message }));
    answer.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(kind));
    answer
}

/// Another transaction holds the first item.
pub fn conflict(call: &Call) -> Answer {
    let body = if call.operation.starts_with("Transact") {
        let mut reasons = vec![json!({ "Code": "None" }); call.needs.len().max(1)];
        reasons[0] =
            json!({ "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" });
        let codes =
            reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect::<Vec<_>>().join(", ");
        json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": format!(
                "Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
            ),
            "CancellationReasons": reasons,
        })
    } else {
        json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionConflictException",
            "message": "Transaction is ongoing for the item",
        })
    };
    answer(StatusCode::BAD_REQUEST, &body)
}

#[cfg(test)]
mod tests {
    use super::super::call::Need;
    use super::*;

    fn call(function: &str) -> Call {
        Call {
            function: function.into(),
            service: "dynamodb".into(),
            operation: "Query".into(),
            needs: vec![Need { action: "Query".into(), resource: "traffic-sales/index/by_team".into() }],
        }
    }

    fn faults(text: &str) -> Faults {
        Faults { faults: serde_json::from_str(text).unwrap() }
    }

    #[test]
    fn a_counted_fault_ends_by_itself() {
        let mut faults =
            faults(r#"[{"kind": "throttle", "count": 2}, {"kind": "refuse", "function": "sales"}]"#);
        assert_eq!(faults.take(&call("sales")), Some(Kind::Throttle));
        assert_eq!(faults.take(&call("funnel")), Some(Kind::Throttle));
        assert_eq!(faults.take(&call("funnel")), None);
        assert_eq!(faults.take(&call("sales")), Some(Kind::Refuse));
        assert_eq!(faults.faults[0].hits, 2);
    }

    #[test]
    fn mail_fails_as_a_rest_service_does() {
        let mail = Call { service: "ses".into(), operation: "SendEmail".into(), ..call("sender") };
        let answers = [
            (throttled(&mail), 429, "TooManyRequestsException"),
            (unavailable(&mail), 500, "InternalServiceErrorException"),
        ];
        for (answer, status, kind) in answers {
            assert_eq!(
                (answer.status().as_u16(), answer.headers()["x-amzn-errortype"].to_str().unwrap()),
                (status, kind)
            );
        }
        assert!(!throttled(&call("sender")).headers().contains_key("x-amzn-errortype"));
    }

    #[test]
    fn every_field_narrows() {
        for (fault, fits) in [
            (r#"[{"kind": "refuse", "service": "dynamodb", "action": "Query", "resource": "-sales"}]"#, true),
            (r#"[{"kind": "refuse", "service": "sqs"}]"#, false),
            (r#"[{"kind": "refuse", "action": "PutItem"}]"#, false),
            (r#"[{"kind": "refuse", "resource": "-events"}]"#, false),
            (r#"[{"kind": "refuse", "function": "sale"}]"#, false),
        ] {
            assert_eq!(faults(fault).take(&call("sales")).is_some(), fits, "{fault}");
        }
    }

    #[test]
    fn a_misspelt_fault_is_refused() {
        assert!(serde_json::from_str::<Fault>(r#"{"kind": "throttle", "fucntion": "sales"}"#).is_err());
        assert!(serde_json::from_str::<Fault>(r#"{"kind": "explode"}"#).is_err());
    }
}
