//! The yardstick of the budgets: the least a Rust function can do that stores something and sends something.
//! One `PutItem` and one `SendMessage` per event, with the SDKs, features and HTTP client of our functions,
//! and nothing else: no parsing, no checks, no logs.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_http_client::{Builder, tls};
use lambda_http::{Body, Error, Request, RequestExt, Response, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let http = Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https();
    let config = aws_config::from_env().http_client(http).load().await;
    let bare = Bare {
        dynamodb: aws_sdk_dynamodb::Client::new(&config),
        sqs: aws_sdk_sqs::Client::new(&config),
        table: variable("TABLE_EVENTS")?,
        queue: variable("QUEUE_HOOK_RETRY")?,
    };
    lambda_http::run(service_fn(|request| bare.answer(request))).await
}

struct Bare {
    dynamodb: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
    table: String,
    queue: String,
}

impl Bare {
    async fn answer(&self, request: Request) -> Result<Response<Body>, Error> {
        let key = request.lambda_context().request_id;
        let body = std::str::from_utf8(request.body().as_ref())?;
        self.dynamodb
            .put_item()
            .table_name(&self.table)
            .item("pk", AttributeValue::S(key))
            .item("raw", AttributeValue::S(body.to_owned()))
            .send()
            .await?;
        self.sqs.send_message().queue_url(&self.queue).message_body(body).send().await?;
        Ok(Response::new(Body::from(r#"{"success":true}"#)))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the yardstick depends on nothing of ours, so it reads its own names"
)]
fn variable(name: &str) -> Result<String, Error> {
    std::env::var(name).map_err(|cause| format!("{name}: {cause}").into())
}
