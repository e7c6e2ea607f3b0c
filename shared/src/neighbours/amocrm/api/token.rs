//! A new access token for one that is no longer good.

use reqwest::Method;
use serde_json::json;

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::credentials::Tokens;
use super::failure::{Class, Failure, Said};

impl Amocrm {
    /// Asks for new tokens with the refresh token, which is worth nothing after that, whatever we hear of it.
    pub async fn new_tokens(&self) -> Answer<Tokens> {
        let failure = |class, message: &str| Failure { class, said: Said::ourselves(None, message) };
        let renewal = self.credentials().renewal();
        let renewal =
            renewal.ok_or_else(|| failure(Class::Unauthorized, "a long-lived token cannot be renewed"))?;
        let body = json!({
            "grant_type": "refresh_token",
            "refresh_token": renewal.refresh_token,
            "client_id": renewal.client_id,
            "client_secret": renewal.client_secret,
            "redirect_uri": renewal.redirect_uri,
        });
        let call = Call::write(Method::POST, Asked::Always, "oauth2/access_token", body);
        let tokens: Option<Tokens> = self.call_for_token(call).await.map_err(about_token)?;
        tokens.ok_or_else(|| failure(Class::Again, "amoCRM gave no tokens"))
    }
}

/// What amoCRM hints at is the token, whatever status it gives that.
fn about_token(failure: Failure) -> Failure {
    let is_hinted = failure.class == Class::Unclear && failure.said.hint.is_some();
    Failure { class: if is_hinted { Class::Invalid } else { failure.class }, ..failure }
}
