//! What the functions have logged.

use serde_json::json;

use crate::aws;
use crate::env::env;

/// Every line of a function's log.
pub async fn of(function: &str) -> Vec<String> {
    let group = format!("/aws/lambda/{}", env().function(function));
    let mut input = json!({"logGroupName": group});
    let mut lines = vec![];
    loop {
        let Some(mut page) = aws::try_logs("FilterLogEvents", &input).await else { return lines };
        let events = page["events"].as_array().expect("events");
        lines.extend(events.iter().map(|event| event["message"].as_str().expect("a line").to_owned()));
        match page.get_mut("nextToken") {
            Some(token) if !token.is_null() => input["nextToken"] = token.take(),
            _ => return lines,
        }
    }
}
