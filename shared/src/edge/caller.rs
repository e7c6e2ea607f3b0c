//! Who asks, and whose figures they may see.
//!
//! A [`Scope`] can only be made here, from a verified token and the team that was asked for, and the store gives a
//! team's rows for nothing else: a handler that forgets the check does not compile.

use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};

use super::errors::ApiError;
use crate::domain::rules::Rules;
use crate::domain::team::{Owner, TeamId};

/// What the authorizer vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The user's id.
    pub id: String,
    /// Whether every team is theirs to see.
    pub is_admin: bool,
    /// The teams whose groups they are in.
    pub teams: Vec<TeamId>,
    /// Whether the token is an access token, as signing in gives, and no id token.
    pub has_access_token: bool,
}

/// Whose figures are asked for, by someone who may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    owners: Vec<Owner>,
}

impl Scope {
    /// Whose figures these are.
    pub fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// The teams among them.
    pub fn teams(&self) -> impl Iterator<Item = &TeamId> {
        self.owners.iter().filter_map(Owner::team)
    }

    /// Whether it reaches figures that belong to nobody.
    pub fn has_unattributed(&self) -> bool {
        self.owners.contains(&Owner::Unattributed)
    }

    /// Whether these figures may be shown.
    pub fn allows(&self, owner: &Owner) -> bool {
        self.owners.contains(owner)
    }

    /// Everyone's figures, for a function that no user calls.
    pub fn everything(rules: &Rules) -> Self {
        let teams = rules.teams.iter().map(|team| Owner::Team(team.id.clone()));
        Self { owners: teams.chain([Owner::Unattributed]).collect() }
    }
}

impl Caller {
    /// The caller of a request that the authorizer let through.
    pub fn of(request: &Request) -> Result<Self, ApiError> {
        let Some(RequestContext::ApiGatewayV2(context)) = request.request_context_ref() else {
            return Err(ApiError::Unauthorized("Sign in first."));
        };
        let claims =
            context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref()).map(|jwt| &jwt.claims);
        let claim = |name: &str| claims.and_then(|claims| claims.get(name)).map(String::as_str);
        let id = claim("sub").ok_or(ApiError::Unauthorized("Sign in first."))?;
        let has_access_token = match claim("token_use") {
            Some("access") => true,
            Some("refresh") => {
                return Err(ApiError::Unauthorized("A refresh token opens nothing by itself."));
            }
            _ => false,
        };
        Ok(Self { has_access_token, ..Self::in_groups(id, claim("cognito:groups").unwrap_or_default()) })
    }

    /// The caller of a request that only admins may make.
    pub fn admin(request: &Request) -> Result<Self, ApiError> {
        let caller = Self::of(request)?;
        if caller.is_admin { Ok(caller) } else { Err(ApiError::Forbidden) }
    }

    /// API Gateway hands a list on as `[a b]`.
    fn in_groups(id: &str, groups: &str) -> Self {
        let groups: Vec<&str> = groups
            .trim_matches(['[', ']'])
            .split([' ', ','])
            .map(|group| group.trim_matches('"'))
            .filter(|group| !group.is_empty())
            .collect();
        Self {
            id: id.to_owned(),
            is_admin: groups.contains(&"admin"),
            teams: groups.iter().filter_map(|group| group.strip_prefix("team-")).map(TeamId::new).collect(),
            has_access_token: false,
        }
    }

    /// Whose figures the caller gets who asks for this team, or for no team in particular.
    ///
    /// An admin who asks for all gets what belongs to nobody too. A buyer is told the same of another team and of one
    /// that does not exist.
    pub fn scope(&self, team: Option<&str>, rules: &Rules) -> Result<Scope, ApiError> {
        let known = |id: &str| rules.team(id).map(|team| Owner::Team(team.id.clone()));
        let own = |owner: &Owner| owner.team().is_some_and(|team| self.teams.contains(team));
        let owners = match (self.is_admin, team) {
            (true, None) => return Ok(Scope::everything(rules)),
            (true, Some(id)) => vec![known(id).ok_or(ApiError::NotFound("There is no such team."))?],
            (false, Some(id)) => known(id).filter(own).into_iter().collect(),
            (false, None) => Scope::everything(rules).owners.into_iter().filter(own).collect(),
        };
        if owners.is_empty() { Err(ApiError::Forbidden) } else { Ok(Scope { owners }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn teams(groups: &str, asked: Option<&str>) -> Result<Vec<String>, ApiError> {
        let scope = Caller::in_groups("u", groups).scope(asked, &Rules::default())?;
        Ok(scope.owners().iter().map(|owner| owner.key().to_owned()).collect())
    }

    #[test]
    fn an_admin_sees_all_teams_and_what_belongs_to_nobody() {
        let all = ["kenesary", "arystan", "muha", "traf4", "unattributed"].map(str::to_owned);
        assert_eq!(teams("[admin]", None), Ok(all.to_vec()));
        assert_eq!(teams("[team-muha admin]", Some("muha")), Ok(vec!["muha".to_owned()]));
        assert_eq!(teams("[admin]", Some("nobody")), Err(ApiError::NotFound("There is no such team.")));
    }

    #[test]
    fn a_buyer_sees_the_own_team_and_nothing_else() {
        assert_eq!(teams("[team-muha]", None), Ok(vec!["muha".to_owned()]));
        assert_eq!(teams("team-muha", Some("muha")), Ok(vec!["muha".to_owned()]));
        for asked in ["arystan", "nobody", "unattributed", ""] {
            assert_eq!(teams("[team-muha]", Some(asked)), Err(ApiError::Forbidden), "{asked}");
        }
    }

    #[test]
    fn nobody_sees_anything_without_a_group() {
        for groups in ["", "[]", "[administrators]", "[team-]", "[team-unknown]"] {
            assert_eq!(teams(groups, None), Err(ApiError::Forbidden), "{groups}");
        }
    }
}
