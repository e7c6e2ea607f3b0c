//! `GET /api/auth/me`

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::team::TeamId;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::sign_in::Account;
use shared::store::rules::RuleBooks;

/// Answers who the caller is.
pub struct Me {
    /// Knows their e-mail.
    pub account: Account,
    /// The teams.
    pub rules: RuleBooks,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    user: User,
}

#[derive(Serialize)]
struct User {
    id: String,
    email: Option<String>,
    role: Role,
    teams: Vec<TeamEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    Admin,
    Buyer,
}

#[derive(Serialize)]
struct TeamEntry {
    id: TeamId,
    title: String,
    color: String,
    emoji: String,
}

impl Me {
    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Result<Response<Body>, ApiError> {
        let caller = Caller::of(&request)?;
        let book = self.rules.fresh().await?;
        let rules = book.now();
        let scope = caller.scope(None, rules)?;
        let teams = scope.teams().filter_map(|id| rules.team(id.as_str()));
        let user = User {
            email: self.account.email(&request).await,
            role: if caller.is_admin { Role::Admin } else { Role::Buyer },
            teams: teams
                .map(|team| TeamEntry {
                    id: team.id.clone(),
                    title: team.title.clone(),
                    color: team.color.clone(),
                    emoji: team.emoji.clone(),
                })
                .collect(),
            id: caller.id,
        };
        http::json(StatusCode::OK, &Answer { success: true, user })
    }
}
