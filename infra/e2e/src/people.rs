//! Who asks: the demo logins, and people made for one test.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::json;
use tokio::sync::Mutex;

use crate::env::env;
use crate::stack::Stack;
use crate::{Answer, aws};

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Someone without a token.
    Nobody,
    /// The demo's admin.
    Admin,
    /// The demo's buyer of a team.
    Buyer(&'static str),
    /// Whoever holds this token.
    Token(String),
}

/// A person of one test.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their e-mail.
    pub email: String,
    /// Their password.
    pub password: String,
}

impl Caller {
    /// Their access token. The demo logins sign in once for all tests.
    pub async fn token(&self, stack: &Stack) -> Option<String> {
        let (email, password) = match self {
            Self::Nobody => return None,
            Self::Token(token) => return Some(token.clone()),
            Self::Admin => ("ADMIN_EMAIL".to_owned(), "ADMIN_PASSWORD".to_owned()),
            Self::Buyer(team) => {
                let team = team.to_uppercase().replace('-', "_");
                (format!("BUYER_EMAIL_{team}"), format!("BUYER_PASSWORD_{team}"))
            }
        };
        static TOKENS: LazyLock<Mutex<HashMap<String, String>>> = LazyLock::new(Mutex::default);
        let mut tokens = TOKENS.lock().await;
        if let Some(token) = tokens.get(&email) {
            return Some(token.clone());
        }
        let person =
            Person { email: env().get(&email).to_owned(), password: env().get(&password).to_owned() };
        let session = person.log_in(stack).await.ok();
        let token = session["access_token"].as_str().expect("an access token").to_owned();
        tokens.insert(email, token.clone());
        Some(token)
    }
}

impl Person {
    /// Someone new in these groups, with a password of their own.
    pub async fn new(groups: &[&str]) -> Self {
        let person = Self { email: unknown_email(), password: password() };
        let pool = env().get("USER_POOL_ID");
        let of = |more: serde_json::Value| {
            let mut input = json!({"UserPoolId": pool, "Username": person.email});
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        let attributes =
            json!([{"Name": "email", "Value": person.email}, {"Name": "email_verified", "Value": "true"}]);
        aws::cognito(
            "AdminCreateUser",
            &of(json!({"MessageAction": "SUPPRESS", "UserAttributes": attributes})),
        )
        .await;
        let password = json!({"Password": person.password, "Permanent": true});
        aws::cognito("AdminSetUserPassword", &of(password)).await;
        for group in groups {
            aws::cognito("AdminAddUserToGroup", &of(json!({ "GroupName": group }))).await;
        }
        person
    }

    /// Tries the password.
    pub async fn log_in(&self, stack: &Stack) -> Answer {
        log_in(stack, &self.email, &self.password).await
    }
}

/// Tries an e-mail and a password.
pub async fn log_in(stack: &Stack, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    stack.post_json(&Caller::Nobody, "/api/auth/login", &body).await
}

/// An e-mail that nobody has yet.
pub fn unknown_email() -> String {
    format!("e2e-{:012x}@demo.local", fastrand::u64(..1 << 48))
}

/// A password within the pool's policy.
pub fn password() -> String {
    format!("Aa1{:032x}", fastrand::u128(..))
}
