//! What one request to AWS does, in IAM's words: which function, which action, on which resource.

use hyper::Method;
use hyper::header::{AUTHORIZATION, HeaderMap, USER_AGENT};
use hyper::http::request::Parts;
use serde_json::Value;

/// One request of a function to AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub function: String,
    pub service: String,
    /// The operation as called, `TransactWriteItems`.
    pub operation: String,
    /// What a policy must allow for it.
    pub needs: Vec<Need>,
}

/// One action on one resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    pub action: String,
    pub resource: String,
}

impl Call {
    /// Reads the protocol's headers and, for the JSON protocols, the body. `prefix` is cut from the function's name.
    pub fn read(parts: &Parts, body: &[u8], prefix: &str) -> Self {
        let function = application(&parts.headers).unwrap_or("unknown");
        let function = function.strip_prefix(prefix).unwrap_or(function).to_owned();
        let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
        let (service, operation) = match target.and_then(|target| target.split_once('.')) {
            Some((service, operation)) => (service_of(service), operation.to_owned()),
            None => {
                let service = signed_service(&parts.headers);
                let operation = rest_operation(&service, &parts.method, parts.uri.path());
                (service, operation)
            }
        };
        let input = serde_json::from_slice(body).unwrap_or(Value::Null);
        let needs = needs(&service, &operation, &input);
        Self { function, service, operation, needs }
    }
}

/// The `app/<name>` part of either user agent header of an SDK.
fn application(headers: &HeaderMap) -> Option<&str> {
    let agents = [headers.get("x-amz-user-agent"), headers.get(USER_AGENT)];
    let parts = agents.into_iter().flatten().filter_map(|agent| agent.to_str().ok());
    parts.flat_map(str::split_whitespace).find_map(|part| part.strip_prefix("app/"))
}

fn service_of(target: &str) -> String {
    match target.split('_').next().unwrap_or(target) {
        "DynamoDB" => "dynamodb".to_owned(),
        "AmazonSQS" => "sqs".to_owned(),
        "AWSCognitoIdentityProviderService" => "cognito-idp".to_owned(),
        other => other.to_lowercase(),
    }
}

/// REST services name no target; the signature's scope does: `Credential=key/date/region/service/aws4_request`.
fn signed_service(headers: &HeaderMap) -> String {
    let signature = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let scope = signature.split_once("Credential=").map_or("", |(_, scope)| scope);
    scope.split('/').nth(3).unwrap_or("unknown").to_owned()
}

/// A REST service says what it is asked by method and path.
fn rest_operation(service: &str, method: &Method, path: &str) -> String {
    match (service, path.trim_end_matches('/')) {
        ("ses", "/v2/email/outbound-emails") if *method == Method::POST => "SendEmail".to_owned(),
        _ => format!("{method} {path}"),
    }
}

fn needs(service: &str, operation: &str, input: &Value) -> Vec<Need> {
    match (service, operation) {
        ("dynamodb", "TransactWriteItems" | "TransactGetItems") => transaction(input),
        ("dynamodb", "BatchGetItem" | "BatchWriteItem") => {
            let tables = input["RequestItems"].as_object().into_iter().flat_map(|tables| tables.keys());
            tables.map(|name| need(operation, table(name))).collect()
        }
        ("dynamodb", _) => {
            let name = table(text(&input["TableName"]));
            let resource = match input["IndexName"].as_str() {
                Some(index) => format!("{name}/index/{index}"),
                None => name.to_owned(),
            };
            vec![need(operation, &resource)]
        }
        ("sqs", _) => {
            // A batch needs the permission of its single form.
            let action = operation.strip_suffix("Batch").unwrap_or(operation);
            let queue = text(&input["QueueUrl"]);
            vec![need(action, queue.rsplit('/').next().unwrap_or(queue))]
        }
        ("ses", "SendEmail") => vec![need(operation, identity(input))],
        ("secretsmanager", _) => vec![need(operation, secret(input))],
        _ => vec![need(operation, input["UserPoolId"].as_str().unwrap_or("*"))],
    }
}

/// A transaction has no permission of its own: each of its items needs that of the single operation.
fn transaction(input: &Value) -> Vec<Need> {
    let items =
        input["TransactItems"].as_array().into_iter().flatten().filter_map(Value::as_object).flatten();
    items
        .map(|(kind, item)| {
            let action = match kind.as_str() {
                "ConditionCheck" => "ConditionCheckItem".to_owned(),
                kind => format!("{kind}Item"),
            };
            need(&action, table(text(&item["TableName"])))
        })
        .collect()
}

/// A table may be given by its ARN.
fn table(name: &str) -> &str {
    name.split_once(":table/").map_or(name, |(_, name)| name)
}

/// A secret may be given by its ARN, which ends in six characters that are not of its name.
fn secret(input: &Value) -> &str {
    let id = input["SecretId"].as_str().or_else(|| input["Name"].as_str()).unwrap_or("*");
    match id.split_once(":secret:") {
        Some((_, name)) => {
            name.rsplit_once('-').filter(|(_, end)| end.len() == 6).map_or(name, |(name, _)| name)
        }
        None => id,
    }
}

/// Whom a mail is from: the address in `School <school@example.com>`.
fn identity(input: &Value) -> &str {
    let from = text(&input["FromEmailAddress"]);
    from.rsplit_once('<').map_or(from, |(_, address)| address.trim_end_matches('>'))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("*")
}

fn need(action: &str, resource: &str) -> Need {
    Need { action: action.to_owned(), resource: resource.to_owned() }
}

#[cfg(test)]
mod tests {
    use hyper::Request;
    use serde_json::json;

    use super::*;

    fn read(target: &str, body: &Value) -> Call {
        let request = Request::post("/")
            .header("x-amz-target", target)
            .header("x-amz-user-agent", "aws-sdk-rust/1.3 ua/2.1 app/traffic-funnel lang/rust")
            .body(())
            .unwrap();
        Call::read(&request.into_parts().0, body.to_string().as_bytes(), "traffic-")
    }

    fn seen(call: &Call) -> Vec<(&str, &str)> {
        call.needs.iter().map(|need| (need.action.as_str(), need.resource.as_str())).collect()
    }

    #[test]
    fn a_query_on_an_index_names_the_index() {
        let call =
            read("DynamoDB_20120810.Query", &json!({"TableName": "traffic-sales", "IndexName": "by_team"}));
        assert_eq!((call.function.as_str(), call.service.as_str()), ("funnel", "dynamodb"));
        assert_eq!(seen(&call), [("Query", "traffic-sales/index/by_team")]);
    }

    #[test]
    fn a_transaction_is_broken_down_into_what_a_policy_names() {
        let call = read(
            "DynamoDB_20120810.TransactWriteItems",
            &json!({"TransactItems": [
                {"Put": {"TableName": "events"}},
                {"Update": {"TableName": "arn:aws:dynamodb:eu-central-1:000000000000:table/counters"}},
                {"Delete": {"TableName": "sales"}},
                {"ConditionCheck": {"TableName": "sales"}},
            ]}),
        );
        assert_eq!(call.operation, "TransactWriteItems");
        let expected = [
            ("PutItem", "events"),
            ("UpdateItem", "counters"),
            ("DeleteItem", "sales"),
            ("ConditionCheckItem", "sales"),
        ];
        assert_eq!(seen(&call), expected);
    }

    #[test]
    fn a_batch_is_listed_per_table_and_a_queue_batch_as_its_single_form() {
        let call =
            read("DynamoDB_20120810.BatchGetItem", &json!({"RequestItems": {"sales": {}, "events": {}}}));
        assert_eq!(seen(&call), [("BatchGetItem", "events"), ("BatchGetItem", "sales")]);
        let call =
            read("AmazonSQS.SendMessageBatch", &json!({"QueueUrl": "http://localhost:1/000000000000/retry"}));
        assert_eq!(call.service, "sqs");
        assert_eq!(seen(&call), [("SendMessage", "retry")]);
    }

    #[test]
    fn a_secret_is_known_by_its_name_however_it_is_given() {
        for id in [
            "traffic-facebook",
            "arn:aws:secretsmanager:eu-central-1:000000000000:secret:traffic-facebook-AbCdEf",
            "arn:aws:secretsmanager:eu-central-1:000000000000:secret:traffic-facebook",
        ] {
            let call = read("secretsmanager.GetSecretValue", &json!({ "SecretId": id }));
            assert_eq!(
                (call.service.as_str(), call.operation.as_str()),
                ("secretsmanager", "GetSecretValue")
            );
            assert_eq!(seen(&call), [("GetSecretValue", "traffic-facebook")], "{id}");
        }
        let call = read("secretsmanager.CreateSecret", &json!({"Name": "other"}));
        assert_eq!(seen(&call), [("CreateSecret", "other")]);
    }

    #[test]
    fn a_secret_is_written_and_a_message_hidden_as_their_permissions_are_named() {
        let call = read("secretsmanager.PutSecretValue", &json!({"SecretId": "traffic-amocrm"}));
        assert_eq!(seen(&call), [("PutSecretValue", "traffic-amocrm")]);
        for operation in ["ChangeMessageVisibility", "ChangeMessageVisibilityBatch"] {
            let body = json!({"QueueUrl": "http://localhost:1/000000000000/traffic-amocrm-writer"});
            let call = read(&format!("AmazonSQS.{operation}"), &body);
            assert_eq!(seen(&call), [("ChangeMessageVisibility", "traffic-amocrm-writer")]);
        }
    }

    fn rest(method: &str, path: &str, body: &str) -> Call {
        let scope = "AWS4-HMAC-SHA256 Credential=K/20261120/eu-central-1/ses/aws4_request, x";
        let request = Request::builder().method(method).uri(path).header("authorization", scope);
        Call::read(&request.body(()).unwrap().into_parts().0, body.as_bytes(), "traffic-")
    }

    #[test]
    fn a_mail_needs_the_right_to_send_as_its_sender() {
        for from in ["school@example.com", "School <school@example.com>"] {
            let body = json!({ "FromEmailAddress": from }).to_string();
            let call = rest("POST", "/v2/email/outbound-emails", &body);
            assert_eq!((call.service.as_str(), call.operation.as_str()), ("ses", "SendEmail"));
            assert_eq!(seen(&call), [("SendEmail", "school@example.com")]);
        }
    }

    #[test]
    fn another_rest_call_is_known_by_its_signature() {
        let call = rest("GET", "/v2/email/account", "");
        assert_eq!((call.function.as_str(), call.service.as_str()), ("unknown", "ses"));
        assert_eq!(seen(&call), [("GET /v2/email/account", "*")]);
    }
}
