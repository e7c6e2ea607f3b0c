//! The client: how one question is sent and its answer taken in. What can be asked stands in a file per kind of thing.

use std::error::Error;
use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderMap};
use reqwest::{Client, Method};
use serde::de::DeserializeOwned;
use tracing::{instrument, warn};

use super::answer;
use super::classify::Asked;
use super::credentials::{Authority, Credentials};
use super::failure::{Class, Failure};
use super::page::{Cursor, Page};
use super::said::{Said, sayable};
use super::usage::Usage;

/// The version that we speak. A pin, because an unnamed version changes under us.
pub const VERSION: &str = "v26.0";

/// What came of a question.
pub type Answer<T> = Result<Good<T>, Failure>;

/// A good answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Good<T> {
    /// What was asked for.
    pub value: T,
    /// How much of the quota is used.
    pub usage: Usage,
}

/// The Graph API, spoken to with one token. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Graph(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    http: Client,
    base: String,
    credentials: Credentials,
    token: Authority,
    fingerprint: String,
}

/// One request.
pub(super) struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    pub asked: Asked,
}

impl Graph {
    /// `base` is the address without a version.
    pub fn new(http: Client, base: &str, credentials: Credentials) -> Self {
        Self(Arc::new(Inner {
            http,
            base: base.trim_end_matches('/').to_owned(),
            token: credentials.of_token(),
            fingerprint: credentials.fingerprint(),
            credentials,
        }))
    }

    /// Which token this is, without telling it.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    pub(super) fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// One page of a list.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        asked: Asked,
        path: &str,
        query: &[(&str, &str)],
        after: Option<&Cursor>,
    ) -> Answer<Page<T>> {
        let after = after.map(|after| ("after", after.as_str()));
        let query: Vec<_> = query.iter().copied().chain(after).collect();
        self.call(Call { method: Method::GET, path, query: &query, asked }).await
    }

    /// One request with the token.
    pub(super) async fn call<T: DeserializeOwned>(&self, call: Call<'_>) -> Answer<T> {
        self.call_as(&self.0.token, call).await
    }

    /// One request, and what came of it.
    #[instrument(skip_all, fields(graph.path = call.path))]
    pub(super) async fn call_as<T: DeserializeOwned>(
        &self,
        authority: &Authority,
        call: Call<'_>,
    ) -> Answer<T> {
        let Inner { http, base, credentials, .. } = &*self.0;
        let proof = authority.proof.as_deref().map(|proof| [("appsecret_proof", proof)]);
        let is_post = call.method == Method::POST;
        let mut request = http
            .request(call.method, format!("{base}/{VERSION}/{}", call.path))
            .header(AUTHORIZATION, authority.bearer.clone())
            .query(call.query)
            .query(proof.as_ref().map_or(&[][..], |proof| &proof[..]));
        if is_post {
            // Everything stands in the query, and a POST that does not say so is refused by some on the way.
            request = request.header(CONTENT_LENGTH, "0");
        }
        let response = request.send().await.map_err(|error| self.broken(None, Usage::default(), error))?;
        let status = response.status().as_u16();
        let usage = Usage::of(response.headers());
        let trace =
            header(response.headers(), "x-fb-trace-id").map(|trace| sayable(trace, credentials.secrets()));
        compare_version(response.headers());
        let body = match response.bytes().await {
            Ok(body) => body,
            Err(error) => return Err(self.broken(Some(status), usage, error)),
        };
        match answer::read(call.asked, status, &body, credentials) {
            Ok(value) => Ok(Good { value, usage }),
            Err((class, mut said)) => {
                said.trace = said.trace.or(trace);
                Err(Failure { class, usage, timed_out: false, said })
            }
        }
    }

    /// What is said of a call that we do not make, since its path would be another one.
    pub(super) fn no_path(&self) -> Failure {
        let said = Said::ourselves(None, "an id in the path is not an id", []);
        Failure { class: Class::Misconfigured, usage: Usage::default(), timed_out: false, said }
    }

    /// No answer, or half of one. The error knows the address, which holds the proof and may hold the token.
    fn broken(&self, status: Option<u16>, usage: Usage, error: reqwest::Error) -> Failure {
        let timed_out = error.is_timeout();
        let error = error.without_url();
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            message = format!("{message}: {deeper}");
            cause = deeper.source();
        }
        let said = Said::ourselves(status, &message, self.0.credentials.secrets());
        // What cannot even be sent will not be better next time.
        let class = if error.is_builder() { Class::Misconfigured } else { Class::Again };
        Failure { class, usage, timed_out, said }
    }
}

/// An expired version is answered by the next one without a word, but for this header.
fn compare_version(headers: &HeaderMap) {
    if let Some(answered) = other_version(headers) {
        warn!(
            graph.pinned = VERSION,
            graph.answered = answered,
            "Facebook answers in another version than asked"
        );
    }
}

fn other_version(headers: &HeaderMap) -> Option<&str> {
    header(headers, "facebook-api-version").filter(|answered| *answered != VERSION)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_another_version_is_noticed() {
        let answered = |version: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("facebook-api-version", version.parse().unwrap());
            other_version(&headers).map(str::to_owned)
        };
        assert_eq!(answered("v26.0"), None);
        assert_eq!(answered("v27.0").as_deref(), Some("v27.0"));
        assert_eq!(other_version(&HeaderMap::new()), None);
    }
}
