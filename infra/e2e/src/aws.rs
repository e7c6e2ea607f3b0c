//! The local AWS as the tools see it: signed calls with the root key, past the gate, so that they are nobody's calls.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::{Value, json};

use crate::env::env;

/// What AWS answered that is no success: the status and the body.
pub type Refusal = (u16, String);

/// Calls a DynamoDB operation.
pub async fn dynamodb(operation: &str, input: &Value) -> Value {
    json_call("dynamodb", "1.0", &format!("DynamoDB_20120810.{operation}"), input).await
}

/// Makes a conditional write, and says whether the condition held.
pub async fn dynamodb_if(operation: &str, input: &Value) -> bool {
    let target = format!("DynamoDB_20120810.{operation}");
    match try_json_call("dynamodb", "1.0", &target, input).await {
        Ok(_) => true,
        Err((_, body)) if body.contains("ConditionalCheckFailedException") => false,
        Err((status, body)) => panic!("{target} answered {status}: {body}"),
    }
}

/// Calls an SQS operation.
pub async fn sqs(operation: &str, input: &Value) -> Value {
    json_call("sqs", "1.0", &format!("AmazonSQS.{operation}"), input).await
}

/// Calls a CloudWatch Logs operation.
pub async fn logs(operation: &str, input: &Value) -> Value {
    json_call("logs", "1.1", &format!("Logs_20140328.{operation}"), input).await
}

/// The same; nothing where there is no such log, since a function that was never called has none.
pub async fn try_logs(operation: &str, input: &Value) -> Option<Value> {
    let target = format!("Logs_20140328.{operation}");
    match try_json_call("logs", "1.1", &target, input).await {
        Ok(answer) => Some(answer),
        Err((_, body)) if body.contains("ResourceNotFoundException") => None,
        Err((status, body)) => panic!("{target} answered {status}: {body}"),
    }
}

/// Calls a Cognito user pools operation.
pub async fn cognito(operation: &str, input: &Value) -> Value {
    json_call("cognito-idp", "1.1", &format!("AWSCognitoIdentityProviderService.{operation}"), input).await
}

/// The value of a secret.
pub async fn secret(name: &str) -> Value {
    let input = json!({ "SecretId": name });
    let found = json_call("secretsmanager", "1.1", "secretsmanager.GetSecretValue", &input).await;
    serde_json::from_str(found["SecretString"].as_str().expect("a text")).expect("a secret in JSON")
}

/// Gives a secret another value.
pub async fn put_secret(name: &str, value: &Value) {
    let input = json!({"SecretId": name, "SecretString": value.to_string()});
    json_call("secretsmanager", "1.1", "secretsmanager.PutSecretValue", &input).await;
}

/// Has a queue's messages delivered to a function of this stack, or left where they are.
pub async fn deliver(function: &str, enabled: bool) {
    const MAPPINGS: &str = "/2015-03-31/event-source-mappings/";
    let name = env().function(function);
    let listed = lambda("GET", MAPPINGS, &json!({})).await.expect("the event source mappings");
    let mappings = listed["EventSourceMappings"].as_array().expect("a list of mappings");
    let is_of = |mapping: &&Value| mapping["FunctionArn"].as_str().is_some_and(|arn| arn.ends_with(&name));
    let mapping = mappings.iter().find(is_of).unwrap_or_else(|| panic!("no queue leads to {name}"));
    let path = format!("{MAPPINGS}{}", mapping["UUID"].as_str().expect("an id"));
    lambda("PUT", &path, &json!({ "Enabled": enabled })).await.expect("the mapping");
}

/// Calls an operation of Lambda's REST API.
pub async fn lambda(method: &str, path: &str, input: &Value) -> Result<Value, Refusal> {
    send("lambda", method, path, &[("content-type", "application/json".to_owned())], input).await
}

/// Calls an operation of EventBridge Scheduler's REST API.
pub async fn scheduler(method: &str, path: &str, input: &Value) -> Result<Value, Refusal> {
    send("scheduler", method, path, &[("content-type", "application/json".to_owned())], input).await
}

/// Invokes a function as its schedule or a person does. What it answers, or what it failed with.
pub async fn invoke(function: &str, input: &Value) -> Result<Value, Value> {
    let path = format!("/2015-03-31/functions/{}/invocations", env().function(function));
    let answer = lambda("POST", &path, input).await;
    let answer =
        answer.unwrap_or_else(|(status, body)| panic!("{function} was not invoked: {status} {body}"));
    if answer.get("errorMessage").is_some() { Err(answer) } else { Ok(answer) }
}

/// Invokes a function as its queue does with one message. Whether the message has to come again, or what it failed with.
pub async fn invoke_with_message(function: &str, message: &Value) -> Result<bool, Value> {
    let record = json!({
        "messageId": "e2e", "receiptHandle": "e2e", "body": message.to_string(), "eventSource": "aws:sqs",
        "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {},
    });
    let answer = invoke(function, &json!({ "Records": [record] })).await?;
    Ok(!answer["batchItemFailures"].as_array().expect("a batch's answer").is_empty())
}

async fn json_call(service: &str, version: &str, target: &str, input: &Value) -> Value {
    let answer = try_json_call(service, version, target, input).await;
    answer.unwrap_or_else(|(status, body)| panic!("{target} answered {status}: {body}"))
}

async fn try_json_call(service: &str, version: &str, target: &str, input: &Value) -> Result<Value, Refusal> {
    let headers =
        [("content-type", format!("application/x-amz-json-{version}")), ("x-amz-target", target.to_owned())];
    send(service, "POST", "/", &headers, input).await
}

async fn send(
    service: &str,
    method: &str,
    path: &str,
    headers: &[(&'static str, String)],
    input: &Value,
) -> Result<Value, Refusal> {
    let env = env();
    let url = format!("{}{path}", env.get("AWS_ENDPOINT_URL"));
    let body = input.to_string();
    let identity = Credentials::new(
        env.get("AWS_ACCESS_KEY_ID"),
        env.get("AWS_SECRET_ACCESS_KEY"),
        None,
        None,
        "the stack's environment",
    )
    .into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(env.get("AWS_REGION"))
        .name(service)
        .time(crate::clock::now().into())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let signable = SignableRequest::new(
        method,
        &url,
        headers.iter().map(|(name, value)| (*name, value.as_str())),
        SignableBody::Bytes(body.as_bytes()),
    )
    .unwrap();
    let (signed, _) = sign(signable, &parameters).unwrap().into_parts();
    let mut request = crate::client::plain().request(method.parse().unwrap(), &url).body(body);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    for (name, value) in signed.headers() {
        request = request.header(name, value);
    }
    let answer = request.send().await.unwrap_or_else(|error| panic!("the local AWS at {url}: {error}"));
    let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
    if status >= 300 {
        return Err((status, text));
    }
    Ok(if text.is_empty() { json!({}) } else { serde_json::from_str(&text).unwrap() })
}
