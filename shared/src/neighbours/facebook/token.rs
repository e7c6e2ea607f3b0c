//! Whether the token is good, and until when.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde::Deserialize;

use super::classify::Asked;
use super::failure::{Class, ErrorBody};
use super::graph::{Answer, Call, Good, Graph};
use super::said::{Said, sayable};
use super::scalar;

/// What Facebook knows of the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFacts {
    /// Whether it works.
    pub is_valid: bool,
    /// When it stops to work or to show anything, whichever comes first. Nothing for never.
    pub expires_at: Option<DateTime<Utc>>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Why it does not work.
    pub problem: Option<String>,
}

#[derive(Deserialize)]
#[serde(try_from = "Wrapped")]
struct Read(TokenFacts);

#[derive(Deserialize)]
struct Wrapped {
    data: AsSent,
}

#[derive(Deserialize)]
struct AsSent {
    is_valid: bool,
    #[serde(default, deserialize_with = "scalar::count")]
    expires_at: i64,
    #[serde(default, deserialize_with = "scalar::count")]
    data_access_expires_at: i64,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    error: Option<ErrorBody>,
}

impl TryFrom<Wrapped> for Read {
    type Error = &'static str;

    fn try_from(Wrapped { data }: Wrapped) -> Result<Self, &'static str> {
        let time = |seconds| DateTime::from_timestamp(seconds, 0).ok_or("a token that expires at no time");
        let ends = [data.expires_at, data.data_access_expires_at];
        let expires_at = ends.into_iter().filter(|seconds| *seconds != 0).min().map(time).transpose()?;
        let problem = data.error.map(|error| Said::of(None, &error, []).to_string());
        Ok(Self(TokenFacts { is_valid: data.is_valid, expires_at, scopes: data.scopes, problem }))
    }
}

impl Graph {
    /// What Facebook knows of our token. The app asks, where we know it: a dead token cannot ask about itself.
    ///
    /// The one call whose query holds the token, since the question is about it.
    pub async fn debug_token(&self) -> Answer<TokenFacts> {
        let query = [("input_token", self.credentials().token())];
        let call = Call { method: Method::GET, path: "debug_token", query: &query, asked: Asked::Object };
        let app = self.credentials().of_app();
        let answer = match &app {
            Some(app) => self.call_as(app, call).await,
            None => self.call(call).await,
        };
        match answer {
            Ok(Good { value: Read(mut facts), usage }) => {
                let secrets = || self.credentials().secrets();
                facts.problem = facts.problem.map(|problem| sayable(&problem, secrets()));
                Ok(Good { value: facts, usage })
            }
            // A bad token of ours is a good answer, so what is refused here is the app's id or secret.
            Err(mut failure) => {
                if app.is_some() && failure.class == Class::TokenDead {
                    failure.class = Class::Misconfigured;
                }
                Err(failure)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(json: &str) -> TokenFacts {
        serde_json::from_str::<Read>(json).unwrap().0
    }

    #[test]
    fn a_token_is_read_as_recorded() {
        let facts = facts(
            r#"{"data":{"app_id":"2200000000000001","type":"USER","application":"Spend sync","is_valid":true,
                "issued_at":1763000000,"expires_at":0,"data_access_expires_at":1770776000,
                "scopes":["ads_read","business_management","public_profile"],
                "granular_scopes":[{"scope":"ads_read","target_ids":["1017000000000001"]}],
                "user_id":"122100000000001"}}"#,
        );
        assert!(facts.is_valid);
        assert_eq!(facts.expires_at, Some("2026-02-11T02:13:20Z".parse().unwrap()));
        assert_eq!(facts.scopes, ["ads_read", "business_management", "public_profile"]);
        assert_eq!(facts.problem, None);
    }

    #[test]
    fn the_earlier_end_counts_and_zero_is_no_end() {
        for (ends, expected) in [
            (r#""expires_at":1770776000,"data_access_expires_at":1770776001"#, Some(1_770_776_000)),
            (r#""expires_at":1770776002,"data_access_expires_at":"1770776001""#, Some(1_770_776_001)),
            (r#""expires_at":1770776002,"data_access_expires_at":0"#, Some(1_770_776_002)),
            (r#""expires_at":0,"data_access_expires_at":0"#, None),
            (r#""scopes":[]"#, None),
        ] {
            let facts = facts(&format!(r#"{{"data":{{"is_valid":true,{ends}}}}}"#));
            assert_eq!(facts.expires_at.map(|end| end.timestamp()), expected, "{ends}");
        }
    }

    #[test]
    fn a_dead_token_says_why() {
        let facts = facts(
            r#"{"data":{"is_valid":false,"expires_at":1763000000,"scopes":[],
                "error":{"code":190,"subcode":463,"message":"Session has expired"}}}"#,
        );
        assert!(!facts.is_valid);
        assert_eq!(facts.problem.as_deref(), Some("code 190/463: Session has expired"));
    }
}
