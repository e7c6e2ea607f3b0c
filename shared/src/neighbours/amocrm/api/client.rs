//! The client: how one question is sent and its answer taken in. What can be asked stands in a file per kind of thing.

use std::error::Error;
use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing::instrument;

use super::answer;
use super::classify::Asked;
use super::credentials::Credentials;
use super::failure::{Class, Failure, Said};

/// What came of a question.
pub type Answer<T> = Result<T, Failure>;

/// amoCRM's API, spoken to with one token. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Amocrm(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    http: Client,
    base: String,
    credentials: Credentials,
    bearer: HeaderValue,
}

/// One request.
pub(super) struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    pub body: Option<Value>,
    pub asked: Asked,
}

impl<'a> Call<'a> {
    pub fn get(asked: Asked, path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { method: Method::GET, path, query, body: None, asked }
    }

    pub fn write(method: Method, asked: Asked, path: &'a str, body: Value) -> Self {
        Self { method, path, query: &[], body: Some(body), asked }
    }
}

impl Amocrm {
    /// `base` is the account's own address.
    pub fn new(http: Client, base: &str, credentials: Credentials) -> Self {
        let (base, bearer) = (base.trim_end_matches('/').to_owned(), credentials.bearer());
        Self(Arc::new(Inner { http, base, bearer, credentials }))
    }

    /// What it is spoken to with.
    pub fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// One request of the API.
    #[instrument(skip_all, fields(amocrm.path = call.path))]
    pub(super) async fn call<T: DeserializeOwned>(&self, call: Call<'_>) -> Answer<Option<T>> {
        let url = format!("{}/api/v4/{}", self.0.base, call.path);
        self.send(url, Some(self.0.bearer.clone()), call).await
    }

    /// One request of what gives tokens, which knows us by what stands in the body.
    pub(super) async fn call_for_token<T: DeserializeOwned>(&self, call: Call<'_>) -> Answer<Option<T>> {
        let url = format!("{}/{}", self.0.base, call.path);
        self.send(url, None, call).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        url: String,
        bearer: Option<HeaderValue>,
        call: Call<'_>,
    ) -> Answer<Option<T>> {
        let is_write = call.body.is_some();
        let mut request = self.0.http.request(call.method, url).query(call.query);
        if let Some(bearer) = bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await.map_err(|error| broken(None, error))?;
        let status = response.status().as_u16();
        let request_id =
            response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        let body = response.bytes().await.map_err(|error| broken(Some(status), error))?;
        answer::read(call.asked, is_write, status, &body).map_err(|mut failure| {
            failure.said.request_id = request_id.filter(|id| id.len() <= 64);
            failure
        })
    }
}

/// No answer, or half of one. The error knows the address, whose query may hold a person's phone.
fn broken(status: Option<u16>, error: reqwest::Error) -> Failure {
    let error = error.without_url();
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        message = format!("{message}: {deeper}");
        cause = deeper.source();
    }
    // What cannot even be sent will not be better next time.
    let class = if error.is_builder() { Class::Misconfigured } else { Class::Again };
    Failure { class, said: Said::ourselves(status, message) }
}
