//! `GET /api/traffic-dashboard/funnel`

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::counters::Basis;
use shared::domain::funnel::{Figures, Funnel};
use shared::domain::rules::Rules;
use shared::domain::team::{Owner, TeamId};
use shared::edge::errors::ApiError;
use shared::edge::freshness;
use shared::edge::http;
use shared::edge::query::{DashboardAnswer, Question};
use shared::store::counters::{Counters, Days};
use shared::store::events::Events;

/// Answers with funnels.
pub struct Funnels {
    /// The figures.
    pub counters: Counters,
    /// When they last moved.
    pub events: Events,
    /// The teams.
    pub rules: Rules,
}

#[derive(Serialize)]
struct Answer {
    basis: &'static str,
    #[serde(flatten)]
    all: Funnel,
    teams: Vec<TeamFunnel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unattributed: Option<Funnel>,
}

#[derive(Serialize)]
struct TeamFunnel {
    team: TeamId,
    title: String,
    color: String,
    emoji: String,
    #[serde(flatten)]
    funnel: Funnel,
}

impl Funnels {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let question = Question::of(&request, &self.rules, now)?;
        let basis =
            question.query.one_of("basis", &[("sale_date", Basis::SaleDate)])?.unwrap_or(Basis::SaleDate);
        let days = self.counters.days(basis, &question.scope, question.period).await?;
        let freshness = freshness::of_funnel(&self.events, now).await?;
        let figures = by_owner(&days);
        let of = |owner: &Owner| Funnel::from(&figures.get(owner).cloned().unwrap_or_default());
        let mut all = Figures::default();
        figures.values().for_each(|figures| all.add(figures));
        let teams = question.scope.teams().filter_map(|id| self.rules.team(id.as_str()));
        let teams = teams.map(|team| TeamFunnel {
            team: team.id.clone(),
            title: team.title.clone(),
            color: team.color.clone(),
            emoji: team.emoji.clone(),
            funnel: of(&Owner::Team(team.id.clone())),
        });
        let answer = Answer {
            basis: basis.as_str(),
            all: Funnel::from(&all),
            teams: teams.collect(),
            unattributed: question.scope.has_unattributed().then(|| of(&Owner::Unattributed)),
        };
        http::json(StatusCode::OK, &DashboardAnswer::new(Some(question.period), freshness, now, answer))
    }
}

fn by_owner(days: &Days) -> BTreeMap<Owner, Figures> {
    let mut figures: BTreeMap<Owner, Figures> = BTreeMap::new();
    for ((owner, _), tallies) in days {
        figures.entry(owner.clone()).or_default().add(&Figures::of_sales(tallies.clone()));
    }
    figures
}
