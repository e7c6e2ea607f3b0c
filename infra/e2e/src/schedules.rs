//! The schedules of the stack. Tests of spend count calls, so nothing may be pulled that no test has ordered.

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::aws;

/// Stops all schedules, once for a run. They stay so: a stack that is tested is nobody's to work with.
pub async fn stop() {
    static STOPPED: OnceCell<()> = OnceCell::const_new();
    STOPPED
        .get_or_init(async || {
            let listed = call("GET", "/schedules", &json!({})).await;
            for schedule in listed["Schedules"].as_array().expect("schedules") {
                let path = format!("/schedules/{}", schedule["Name"].as_str().expect("a name"));
                let mut wanted = call("GET", &path, &json!({})).await;
                wanted["State"] = "DISABLED".into();
                call("PUT", &path, &wanted).await;
            }
        })
        .await;
}

async fn call(method: &str, path: &str, input: &Value) -> Value {
    let answer = aws::scheduler(method, path, input).await;
    answer.unwrap_or_else(|(status, body)| panic!("{method} {path} answered {status}: {body}"))
}
