//! `GET /api/traffic-facebook/campaigns/{account_id}`

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use shared::domain::ad::{AdAccount, AdObject, ObjectKind};
use shared::domain::ad_account::AdAccountId;
use shared::domain::ad_spend::Unconverted;
use shared::domain::insights::{
    Ask, Granularity, Level, MissingDays, RateUsed, Row, Table, Totals, Unmatched,
};
use shared::domain::money::Currency;
use shared::domain::team::{Owner, TeamId};
use shared::edge::ad_figures::AdFigures;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::query::Question;
use shared::edge::row_page::RowPage;

/// Answers with the campaigns of an account.
pub struct Campaigns {
    /// What they are made from.
    pub figures: AdFigures,
}

#[derive(Serialize)]
struct Answer {
    account: Account,
    items: Vec<Campaign>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    totals: Totals,
    unmatched: Unmatched,
    unconverted: Vec<Unconverted>,
    rates: Vec<RateUsed>,
    missing_days: Vec<MissingDays>,
}

#[derive(Serialize)]
struct Account {
    account_id: AdAccountId,
    name: Option<String>,
    currency: Option<Currency>,
    timezone: Option<String>,
    team: Option<TeamId>,
}

/// A campaign's figures, and how it stands now.
#[derive(Serialize)]
struct Campaign {
    #[serde(flatten)]
    row: Row,
    status: Option<String>,
    objective: Option<String>,
}

impl Account {
    fn new(account: &AdAccount, owner: &Owner) -> Self {
        Self {
            account_id: account.account_id.clone(),
            name: account.name.clone(),
            currency: account.currency,
            timezone: account.timezone.clone(),
            team: owner.team().cloned(),
        }
    }
}

impl Answer {
    fn new(account: Account, page: &RowPage, table: Table, objects: &[AdObject]) -> Self {
        let campaigns = objects.iter().filter(|object| object.kind == ObjectKind::Campaign);
        let campaigns: HashMap<&str, &AdObject> =
            campaigns.map(|object| (object.id.as_str(), object)).collect();
        let (rows, next_cursor) = page.cut(table.rows);
        let items = rows.into_iter().map(|row| {
            let id = row.campaign.as_ref().and_then(|campaign| campaign.campaign_id.as_deref());
            let known = id.and_then(|id| campaigns.get(id));
            let status = known.and_then(|campaign| campaign.status.clone());
            let objective = known.and_then(|campaign| campaign.objective.clone());
            Campaign { row, status, objective }
        });
        Self {
            account,
            items: items.collect(),
            next_cursor,
            totals: table.totals,
            unmatched: table.unmatched,
            unconverted: table.unconverted,
            rates: table.rates,
            missing_days: table.missing_days,
        }
    }
}

impl Campaigns {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let book = self.figures.rules().await?;
        let question = Question::of(&request, book.now(), now)?;
        let path = request.path_parameters_ref().and_then(|path| path.first("account_id"));
        let id = path
            .and_then(AdAccountId::parse)
            .ok_or_else(|| ApiError::invalid("account_id", "must be digits, with or without act_"))?;
        let page = RowPage::of(&question.query, Level::Campaign, Granularity::Period)?;
        let sight = self.figures.look(&question, book.now()).await?;
        let visible = sight.account(&id, &Caller::of(&request)?)?;
        let parameters = ["limit", "cursor"];
        let parameters = parameters.map(|name| (name, question.query.get(name).unwrap_or_default()));
        let account = [("account_id", id.digits())];
        let key = sight.key("facebook-campaigns", &[account.as_slice(), &parameters].concat());
        let ask = Ask {
            period: question.period,
            level: Level::Campaign,
            granularity: Granularity::Period,
            account: Some(id.clone()),
            with_idle: true,
        };
        let make = async {
            let (table, objects) = self.figures.table(&sight, &ask, now).await?;
            let account = Account::new(visible.account(), visible.owner());
            Ok(Answer::new(account, &page, table, &objects))
        };
        self.figures.answer(&key, &sight, now, make).await
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::ad::Access;
    use shared::domain::day::{Day, Period};
    use shared::domain::insights::{AccountFacts, Facts, table};
    use shared::edge::query::Query;

    use super::*;

    #[test]
    fn every_known_campaign_is_listed_with_how_it_stands() {
        let day = Day::parse("2026-11-20").unwrap();
        let account = AdAccount {
            account_id: AdAccountId::parse("91").unwrap(),
            name: Some("muha_acc3".to_owned()),
            business: None,
            access: Access::Owned,
            currency: Currency::parse("USD"),
            timezone: Some("Asia/Almaty".to_owned()),
            utc_offset_minutes: Some(300),
            status: Some(1),
            disable_reason: None,
            discovered_at: DateTime::UNIX_EPOCH,
        };
        let owner = Owner::Team(TeamId::new("muha"));
        let named =
            |id: &str, name: &str| AdObject::named(ObjectKind::Campaign, &account.account_id, id, Some(name));
        let objects = [
            AdObject {
                status: Some("PAUSED".to_owned()),
                objective: Some("OUTCOME_SALES".to_owned()),
                ..named("1001", "onai")
            },
            named("1002", "autumn"),
        ];
        let facts = AccountFacts {
            id: account.account_id.clone(),
            name: account.name.clone(),
            timezone: account.timezone.clone(),
            currency: account.currency,
            owner: owner.clone(),
            today: day,
        };
        let ask = Ask {
            period: Period { from: day, to: day },
            level: Level::Campaign,
            granularity: Granularity::Period,
            account: Some(account.account_id.clone()),
            with_idle: true,
        };
        let page = RowPage::of(&Query::default(), ask.level, ask.granularity).unwrap();
        let table = table(&ask, &Facts { accounts: &[facts], objects: &objects, days: &[], gains: &[] });
        insta::assert_json_snapshot!(Answer::new(Account::new(&account, &owner), &page, table, &objects));
    }
}
