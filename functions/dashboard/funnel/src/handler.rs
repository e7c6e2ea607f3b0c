//! `GET /api/traffic-dashboard/funnel`

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::domain::counters::Basis;
use shared::domain::rules::Rules;
use shared::domain::spend::AccountDay;
use shared::edge::errors::ApiError;
use shared::edge::freshness;
use shared::edge::http;
use shared::edge::proof::Proof;
use shared::edge::query::{DashboardAnswer, Question};
use shared::store::StoreError;
use shared::store::ads::{Ads, Visible};
use shared::store::counters::{Counters, Days};
use shared::store::events::Events;
use shared::store::gate::Gate;
use shared::store::leads_by_team::LeadsByTeam;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;

mod answer;
mod cohort;

use answer::{Account, Answer, Read};
use cohort::cohort;

/// Answers with funnels.
pub struct Funnels {
    /// What was sold, and the leads.
    pub counters: Counters,
    /// What was spent.
    pub ads: Ads,
    /// What keeps spend from being newer.
    pub gate: Gate,
    /// When sales last moved.
    pub events: Events,
    /// When the newest lead came.
    pub leads: LeadsByTeam,
    /// Whether amoCRM has the same sales.
    pub reconciliations: Reconciliations,
    /// The teams.
    pub rules: RuleBooks,
}

impl Funnels {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let book = self.rules.fresh().await?;
        let rules = book.now();
        let question = Question::of(&request, rules, now)?;
        let bases = Basis::ALL.map(|basis| (basis.as_str(), basis));
        let basis = question.query.one_of("basis", &bases)?.unwrap_or(Basis::SaleDate);
        let (counted, (accounts, spent), standing, newest_hook, newest_lead, compared, reading) = tokio::try_join!(
            self.counted(basis, &question),
            self.spent(&question, rules),
            self.gate.standing(None),
            self.events.newest(),
            self.leads.newest(&question.scope),
            self.reconciliations.days(question.period),
            self.reconciliations.state(),
        )?;
        let seen = accounts.iter().map(|account| Account {
            account: account.account(),
            owner: account.owner(),
            sync: account.sync(),
        });
        let proof = Proof::of(&question.scope, question.period, &compared, &reading, now);
        let read = Read { basis, counted, spent, accounts: seen.collect(), proof };
        let answer = Answer::new(rules, &question.scope, &read);
        let freshness = freshness::of_funnel(newest_hook, &reading, newest_lead, &standing, &accounts, now);
        http::json(StatusCode::OK, &DashboardAnswer::new(Some(question.period), freshness, now, answer))
    }

    /// Sales by this day and leads by their own: one query per owner, and where sales stand elsewhere than leads a second.
    async fn counted(&self, basis: Basis, question: &Question) -> Result<Days, StoreError> {
        let days = |basis| self.counters.days(basis, &question.scope, question.period);
        match basis {
            Basis::SaleDate => days(basis).await,
            Basis::LeadDate => {
                let (by_lead_day, by_sale_day) = tokio::try_join!(days(basis), days(Basis::SaleDate))?;
                Ok(cohort(by_lead_day, by_sale_day))
            }
        }
    }

    /// The accounts and their days: one query per account, whatever the number of ads.
    async fn spent(
        &self,
        question: &Question,
        rules: &Rules,
    ) -> Result<(Vec<Visible>, Vec<AccountDay>), StoreError> {
        let accounts = self.ads.visible(&question.scope, rules).await?;
        let days = self.ads.visible_days(&accounts, question.period).await?;
        Ok((accounts, days))
    }
}
