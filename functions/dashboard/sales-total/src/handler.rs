//! `GET /api/traffic-dashboard/sales/total`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::counters::{Basis, ProductTally, Tallies};
use shared::domain::day::Day;
use shared::domain::money::{Money, average};
use shared::domain::product::Product;
use shared::domain::rules::Rules;
use shared::domain::team::TeamId;
use shared::edge::errors::ApiError;
use shared::edge::freshness;
use shared::edge::http;
use shared::edge::query::{DashboardAnswer, Question};
use shared::store::counters::{Counters, Days};
use shared::store::events::Events;
use shared::store::reconciliations::Reconciliations;

/// Answers with totals.
pub struct Totals {
    /// The figures.
    pub counters: Counters,
    /// When they last moved.
    pub events: Events,
    /// How reading amoCRM stands.
    pub reconciliations: Reconciliations,
    /// The teams.
    pub rules: Rules,
}

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    total: Total,
    by_day: Vec<OfDay>,
    by_team: Vec<OfTeam>,
    by_funnel: Vec<OfFunnel>,
}

#[derive(Serialize)]
struct Total {
    count: i64,
    revenue: Money,
    average: Option<Money>,
    cancelled: Cancelled,
}

#[derive(Serialize)]
struct Cancelled {
    count: i64,
    revenue: Money,
}

#[derive(Serialize)]
struct OfDay {
    day: Day,
    #[serde(flatten)]
    total: Total,
}

/// `team` is null for what belongs to nobody.
#[derive(Serialize)]
struct OfTeam {
    team: Option<TeamId>,
    #[serde(flatten)]
    total: Total,
}

#[derive(Serialize)]
struct OfFunnel {
    funnel: Product,
    #[serde(flatten)]
    total: Total,
}

impl From<ProductTally> for Total {
    fn from(tally: ProductTally) -> Self {
        let ProductTally { active, cancelled } = tally;
        Self {
            count: active.count,
            revenue: active.sum.money(),
            average: average(active.sum, active.count).map(shared::domain::money::Tenge::money),
            cancelled: Cancelled { count: cancelled.count, revenue: cancelled.sum.money() },
        }
    }
}

impl Totals {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let question = Question::of(&request, &self.rules, now)?;
        let product = question.query.product()?;
        let mut days = self.counters.days(Basis::SaleDate, &question.scope, question.period).await?;
        if let Some(product) = product {
            days.values_mut().for_each(|tallies| tallies.products.retain(|sold, _| *sold == product));
        }
        let total = |tallies: &Tallies| Total::from(tallies.total());
        let of_days = question.period.days();
        let funnels = Product::ALL.into_iter().filter(|sold| product.is_none_or(|product| product == *sold));
        let all = sum(&days, |_, _| true);
        let by_day = of_days.map(|day| OfDay { day, total: total(&sum(&days, |_, sold_on| sold_on == day)) });
        let by_team = question.scope.owners().iter().map(|owner| OfTeam {
            team: owner.team().cloned(),
            total: total(&sum(&days, |sold_by, _| sold_by == owner)),
        });
        let answer = Answer {
            by_day: by_day.collect(),
            by_team: by_team.collect(),
            by_funnel: funnels.map(|funnel| OfFunnel { funnel, total: all.of(funnel).into() }).collect(),
            total: total(&all),
        };
        let freshness = freshness::of_sales(&self.events, &self.reconciliations, now).await?;
        http::json(StatusCode::OK, &DashboardAnswer::new(Some(question.period), freshness, now, answer))
    }
}

fn sum(days: &Days, belongs: impl Fn(&shared::domain::team::Owner, Day) -> bool) -> Tallies {
    let mut sum = Tallies::default();
    for ((owner, day), tallies) in days {
        if belongs(owner, *day) {
            sum.add(tallies);
        }
    }
    sum
}
