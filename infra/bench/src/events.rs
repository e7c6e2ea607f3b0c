//! The events: what API Gateway (HTTP API, payload 2.0) hands to a hook, and to the funnel; what SQS and a schedule hand
//! to the functions that pull spend.

use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::programs::KEY;

const MESSAGE: &str = "00000000-0000-4000-8000-000000000000";

/// The facts of one measured sale; all else in the hook is the same each time.
#[derive(Clone, Copy, Debug)]
pub struct Sale {
    /// The amoCRM lead.
    pub lead: u64,
    /// `utm_campaign` of the deal, which decides the team.
    pub campaign: &'static str,
    /// The budget field.
    pub price: u64,
    /// When the deal was won, in Unix seconds.
    pub won_at: u64,
}

impl Sale {
    /// An Express Course sale of noon (Almaty) on 15 October 2026.
    pub const fn of_lead(lead: u64) -> Self {
        Self { lead, campaign: "nutrients_kz_autumn", price: 5_000, won_at: 1_792_047_600 }
    }
}

/// `POST /api/amocrm/sales-webhook` with a lead that was moved to "won".
pub fn sales_hook(sale: Sale) -> Bytes {
    let mut event = http_event("POST", "/api/amocrm/sales-webhook", &format!("key={KEY}"));
    event["queryStringParameters"] = json!({ "key": KEY });
    event["headers"]["content-type"] = json!("application/x-www-form-urlencoded");
    // HTTP APIs hand over every body in base64 whose content type they do not know to be text.
    event["body"] = json!(STANDARD.encode(form(sale)));
    event["isBase64Encoded"] = json!(true);
    bytes(&event)
}

/// `GET /api/traffic-dashboard/funnel` over `from`..`to`, asked by an admin whose token the gateway has checked.
pub fn funnel(from: &str, to: &str) -> Bytes {
    let path = "/api/traffic-dashboard/funnel";
    let mut event = http_event("GET", path, &format!("from={from}&to={to}"));
    event["queryStringParameters"] = json!({ "from": from, "to": to });
    event["requestContext"]["authorizer"] = json!({ "jwt": { "scopes": null, "claims": {
        "sub": "11111111-2222-3333-4444-555555555555",
        "cognito:username": "11111111-2222-3333-4444-555555555555",
        "cognito:groups": "[admin]",
        "email": "owner@example.org",
        "token_use": "id",
    } } });
    bytes(&event)
}

/// One message of a queue, as Lambda hands it over.
pub fn message(body: &str) -> Bytes {
    bytes(&json!({ "Records": [{
        "messageId": MESSAGE,
        "receiptHandle": "bench",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1792047601000",
            "SenderId": "AROAEXAMPLE:bench",
            "ApproximateFirstReceiveTimestamp": "1792047601001",
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:bench-facebook-pull",
        "awsRegion": "eu-central-1",
    }] }))
}

/// The nightly schedule's input, by which so many days of each account are pulled.
pub fn schedule(days: u64) -> Bytes {
    bytes(&json!({ "days": days }))
}

fn bytes(event: &Value) -> Bytes {
    Bytes::from(event.to_string())
}

fn http_event(method: &str, path: &str, query: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": format!("{method} {path}"),
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "accept": "*/*",
            "host": "abcdefghij.execute-api.eu-central-1.amazonaws.com",
            "user-agent": "amoCRM-WebHook-client/2.0",
            "x-amzn-trace-id": "Root=1-65f0a1b2-0123456789abcdef01234567",
            "x-forwarded-for": "192.0.2.10",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abcdefghij",
            "domainName": "abcdefghij.execute-api.eu-central-1.amazonaws.com",
            "domainPrefix": "abcdefghij",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.10",
                "userAgent": "amoCRM-WebHook-client/2.0",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": format!("{method} {path}"),
            "stage": "$default",
            "time": "15/Oct/2026:07:00:01 +0000",
            "timeEpoch": 1_792_047_601_000_u64,
        },
        "isBase64Encoded": false,
    })
}

/// An amoCRM body of some two kilobytes: the fields, order and encoding of a real "status" hook.
fn form(sale: Sale) -> String {
    let Sale { lead, campaign, price, won_at } = sale;
    let made_at = won_at - 86_400;
    let lead_fields = [
        ("[id]", lead.to_string()),
        ("[name]", format!("Заявка {lead}")),
        ("[status_id]", "142".to_owned()),
        ("[old_status_id]", "41890001".to_owned()),
        ("[price]", price.to_string()),
        ("[responsible_user_id]", "8740001".to_owned()),
        ("[last_modified]", won_at.to_string()),
        ("[modified_user_id]", "8420001".to_owned()),
        ("[created_user_id]", "0".to_owned()),
        ("[date_create]", made_at.to_string()),
        ("[pipeline_id]", "10350882".to_owned()),
        ("[tags][0][id]", "55001".to_owned()),
        ("[tags][0][name]", "newrequest".to_owned()),
        ("[account_id]", "29600001".to_owned()),
        ("[custom_fields][0][id]", "432001".to_owned()),
        ("[custom_fields][0][name]", "roistat".to_owned()),
        ("[custom_fields][0][values][0][value]", "139001".to_owned()),
        ("[custom_fields][0][code]", "ROISTAT".to_owned()),
        ("[custom_fields][1][id]", "436001".to_owned()),
        ("[custom_fields][1][name]", "Название кампании".to_owned()),
        ("[custom_fields][1][values][0][value]", campaign.to_owned()),
        ("[custom_fields][1][code]", "UTM_CAMPAIGN".to_owned()),
        ("[custom_fields][2][id]", "644001".to_owned()),
        ("[custom_fields][2][name]", "Тип продукта".to_owned()),
        ("[custom_fields][2][values][0][value]", "Курс".to_owned()),
        ("[custom_fields][2][values][0][enum]", "853001".to_owned()),
        ("[created_at]", made_at.to_string()),
        ("[updated_at]", won_at.to_string()),
    ];
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("account[subdomain]", "example");
    form.append_pair("account[id]", "29600001");
    form.append_pair("account[_links][self]", "https://example.amocrm.ru");
    for (name, value) in lead_fields {
        form.append_pair(&format!("leads[status][0]{name}"), &value);
    }
    form.finish()
}
