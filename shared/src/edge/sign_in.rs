//! Sign-in with Cognito behind it: tokens for a password, new tokens for old, and the end of a session.
//!
//! A wrong password and an unknown user are answered alike, and tries are counted before Cognito is asked, so that
//! parallel tries do not get past the limit. A good try is taken back: only failures use the limit up.

use aws_config::SdkConfig;
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::http::HttpResponse;
use aws_sdk_cognitoidentityprovider::error::{DisplayErrorContext, SdkError};
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::builders::InitiateAuthFluentBuilder;
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::{InitiateAuthError, InitiateAuthOutput};
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType};
use chrono::{DateTime, TimeDelta, Utc};
use lambda_http::http::header::AUTHORIZATION;
use lambda_http::{Body, Request};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::caller::Caller;
use super::config::{self, BadConfig, Tables};
use super::errors::{ApiError, Detail};
use crate::store::tries::{Allowance, Limit, Tries};

const LIMIT: Limit = Limit { tries: 10, window: TimeDelta::minutes(15) };

const REFUSED: ApiError = ApiError::Unauthorized("The e-mail or the password is wrong.");
const NO_ACCESS_TOKEN: ApiError =
    ApiError::Unauthorized("This is not the access token that signing in gave.");
const ENDED: ApiError = ApiError::Unauthorized("The session has ended. Sign in again.");

/// Signs people in and out.
#[derive(Debug, Clone)]
pub struct SignIn {
    cognito: Client,
    client_id: String,
    tries: Tries,
}

/// What a signed-in caller holds.
#[derive(Debug, Clone, Serialize)]
pub struct Session {
    success: bool,
    access_token: String,
    refresh_token: String,
    expires_in: i32,
    token_type: &'static str,
}

/// An e-mail and a password.
#[derive(Clone, Deserialize)]
pub struct Credentials {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// A refresh token.
#[derive(Clone, Deserialize)]
pub struct Refresh {
    #[serde(default)]
    refresh_token: String,
}

/// Reads a JSON body.
pub fn body<T: DeserializeOwned>(body: &Body) -> Result<T, ApiError> {
    let bad = |_| ApiError::invalid("body", "must be a JSON object with text values");
    let object: Map<String, Value> = serde_json::from_slice(body).map_err(bad)?;
    serde_json::from_value(Value::Object(object)).map_err(bad)
}

impl SignIn {
    /// As the environment describes it: `USER_POOL_CLIENT_ID` and the tables.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, BadConfig> {
        let tries = Tries::new(aws_sdk_dynamodb::Client::new(sdk), Tables::from_env()?.settings);
        Ok(Self { cognito: Client::new(sdk), client_id: config::required("USER_POOL_CLIENT_ID")?, tries })
    }

    /// Tokens for a password.
    pub async fn login(
        &self,
        given: Credentials,
        peer: &str,
        now: DateTime<Utc>,
    ) -> Result<Session, ApiError> {
        let email = given.email.trim().to_lowercase();
        let missing = [("email", email.is_empty()), ("password", given.password.is_empty())];
        let missing: Vec<Detail> = missing
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(field, _)| Detail::new(field, "is missing"))
            .collect();
        if !missing.is_empty() {
            return Err(ApiError::Validation(missing));
        }
        let keys = [key("login-address", peer), key("login-email", &email)];
        let asked = self.cognito.initiate_auth().auth_flow(AuthFlowType::UserPasswordAuth);
        let asked = asked.auth_parameters("USERNAME", email).auth_parameters("PASSWORD", given.password);
        let session = async {
            let answer = self.ask(asked).await.map_err(|error| refusal(&error, REFUSED))?;
            // Without tokens Cognito asks for more, such as a first password; only an admin can help then.
            session(answer.authentication_result, None).ok_or(REFUSED)
        };
        self.limited(&keys, now, session).await
    }

    /// New tokens for a refresh token, which stays the same.
    pub async fn refresh(&self, given: Refresh, peer: &str, now: DateTime<Utc>) -> Result<Session, ApiError> {
        let token = given.refresh_token;
        if token.is_empty() {
            return Err(ApiError::invalid("refresh_token", "is missing"));
        }
        let keys = [key("refresh-address", peer)];
        let asked = self.cognito.initiate_auth().auth_flow(AuthFlowType::RefreshTokenAuth);
        let asked = asked.auth_parameters("REFRESH_TOKEN", &token);
        let session = async {
            let answer = self.ask(asked).await.map_err(|error| refusal(&error, ENDED))?;
            session(answer.authentication_result, Some(token)).ok_or(ENDED)
        };
        self.limited(&keys, now, session).await
    }

    async fn ask(
        &self,
        asked: InitiateAuthFluentBuilder,
    ) -> Result<InitiateAuthOutput, SdkError<InitiateAuthError, HttpResponse>> {
        asked.client_id(&self.client_id).send().await
    }

    /// Counts a try, makes it, and takes it back unless it was refused: neither a good try nor our own trouble with
    /// Cognito may lock anyone out.
    async fn limited(
        &self,
        keys: &[String],
        now: DateTime<Utc>,
        attempt: impl Future<Output = Result<Session, ApiError>>,
    ) -> Result<Session, ApiError> {
        self.count(keys, now).await?;
        let made = attempt.await;
        if !matches!(made, Err(ApiError::Unauthorized(_))) {
            self.forgive(keys, now).await;
        }
        made
    }

    async fn count(&self, keys: &[String], now: DateTime<Utc>) -> Result<(), ApiError> {
        for (place, key) in keys.iter().enumerate() {
            if let Allowance::Exceeded { retry_after_seconds } = self.tries.count(key, LIMIT, now).await? {
                // A try that is not made counts against nobody else: one blocked address must not block people.
                self.forgive(&keys[..place], now).await;
                return Err(ApiError::RateLimited { retry_after_seconds });
            }
        }
        Ok(())
    }

    /// A try that could not be taken back makes the limit a little stricter, which is no reason to refuse a sign-in.
    async fn forgive(&self, keys: &[String], now: DateTime<Utc>) {
        for key in keys {
            if let Err(error) = self.tries.forgive(key, now).await {
                tracing::warn!(error = %error, "a good try could not be taken back");
            }
        }
    }
}

/// Cognito for a caller who is signed in: what it does, it does by the caller's own token.
#[derive(Debug, Clone)]
pub struct Account {
    cognito: Client,
}

impl Account {
    /// Over this configuration.
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { cognito: Client::new(sdk) }
    }

    /// Ends every session of the caller: no refresh token given so far is good for anything any more.
    pub async fn sign_out(&self, request: &Request) -> Result<(), ApiError> {
        let token = bearer(request).ok_or(ENDED)?;
        match self.cognito.global_sign_out().access_token(token).send().await {
            Ok(_) => Ok(()),
            // The authorizer has vouched for the token, so it is either signed out already or no access token.
            Err(error)
                if error.as_service_error().is_some_and(|error| error.is_not_authorized_exception()) =>
            {
                if Caller::of(request)?.has_access_token {
                    Ok(())
                } else {
                    Err(NO_ACCESS_TOKEN)
                }
            }
            Err(error) => {
                tracing::error!(error = %DisplayErrorContext(&error), "Cognito did not end a session");
                Err(ApiError::Upstream("The sign-in service did not answer. Try again in a minute.".into()))
            }
        }
    }

    /// The caller's e-mail; nothing where Cognito does not say, since who asks is known without it.
    pub async fn email(&self, request: &Request) -> Option<String> {
        let user = self.cognito.get_user().access_token(bearer(request)?).send().await;
        let attributes = match user {
            Ok(user) => user.user_attributes,
            Err(error) => {
                tracing::warn!(error = %DisplayErrorContext(&error), "Cognito did not tell a caller's e-mail");
                return None;
            }
        };
        attributes.into_iter().find(|attribute| attribute.name == "email")?.value
    }
}

fn bearer(request: &Request) -> Option<&str> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?.trim();
    match header.split_once(' ') {
        Some((scheme, token)) => scheme.eq_ignore_ascii_case("bearer").then_some(token.trim()),
        // The authorizer takes a token without its scheme too.
        None => Some(header),
    }
}

/// Keys of limits hold no e-mail: a hash tells them apart as well.
fn key(kind: &str, value: &str) -> String {
    format!("sign-in#{kind}#{}", hex::encode(&Sha256::digest(value.as_bytes())[..16]))
}

fn session(result: Option<AuthenticationResultType>, refresh_token: Option<String>) -> Option<Session> {
    let result = result?;
    Some(Session {
        success: true,
        access_token: result.access_token?,
        refresh_token: result.refresh_token.or(refresh_token)?,
        expires_in: result.expires_in,
        token_type: "Bearer",
    })
}

fn refusal<R: std::fmt::Debug>(error: &SdkError<InitiateAuthError, R>, refused: ApiError) -> ApiError {
    use InitiateAuthError as E;
    match error.as_service_error() {
        Some(
            E::NotAuthorizedException(_)
            | E::UserNotFoundException(_)
            | E::UserNotConfirmedException(_)
            | E::PasswordResetRequiredException(_)
            | E::InvalidParameterException(_),
        ) => refused,
        Some(E::TooManyRequestsException(_)) => ApiError::RateLimited { retry_after_seconds: 60 },
        _ => {
            tracing::error!(error = %DisplayErrorContext(error), "Cognito did not answer a sign-in");
            ApiError::Upstream("The sign-in service did not answer. Try again in a minute.".into())
        }
    }
}

#[cfg(test)]
mod tests {
    use lambda_http::http::HeaderValue;

    use super::*;

    #[test]
    fn a_bearer_token_is_read_in_any_case_of_the_scheme() {
        let mut request = Request::default();
        assert_eq!(bearer(&request), None);
        for (header, expected) in [
            ("Bearer abc", Some("abc")),
            ("bearer abc", Some("abc")),
            ("abc", Some("abc")),
            ("Basic abc", None),
        ] {
            request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static(header));
            assert_eq!(bearer(&request), expected, "{header}");
        }
    }

    #[test]
    fn a_limit_is_kept_under_no_ones_name() {
        assert!(!key("login-email", "person@example.org").contains("person"));
        assert_ne!(key("login-email", "a"), key("login-address", "a"));
    }
}
