//! `GET /api/facebook-ads/insights`

use chrono::{DateTime, Utc};
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::ad_account::AdAccountId;
use shared::domain::ad_spend::Unconverted;
use shared::domain::day::Period;
use shared::domain::insights::{
    Ask, Granularity, Level, MissingDays, RateUsed, Row, Table, Totals, Unmatched,
};
use shared::edge::ad_figures::AdFigures;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::query::{Query, Question};
use shared::edge::row_page::RowPage;

/// Answers with rows of insights.
pub struct Insights {
    /// What they are made from.
    pub figures: AdFigures,
}

#[derive(Serialize)]
struct Answer {
    level: Level,
    granularity: Granularity,
    rows: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    totals: Totals,
    unmatched: Unmatched,
    unconverted: Vec<Unconverted>,
    rates: Vec<RateUsed>,
    missing_days: Vec<MissingDays>,
}

impl Answer {
    fn new(ask: &Ask, page: &RowPage, table: Table) -> Self {
        let (rows, next_cursor) = page.cut(table.rows);
        Self {
            level: ask.level,
            granularity: ask.granularity,
            rows,
            next_cursor,
            totals: table.totals,
            unmatched: table.unmatched,
            unconverted: table.unconverted,
            rates: table.rates,
            missing_days: table.missing_days,
        }
    }
}

impl Insights {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        let book = self.figures.rules().await?;
        let question = Question::of(&request, book.now(), now)?;
        let (ask, page) = read(&question.query, question.period)?;
        let sight = self.figures.look(&question, book.now()).await?;
        if let Some(account) = &ask.account {
            sight.account(account, &Caller::of(&request)?)?;
        }
        let parameters = ["level", "granularity", "account_id", "limit", "cursor"];
        let parameters = parameters.map(|name| (name, question.query.get(name).unwrap_or_default()));
        let key = sight.key("facebook-insights", &parameters);
        let make = async {
            let (table, _) = self.figures.table(&sight, &ask, now).await?;
            Ok(Answer::new(&ask, &page, table))
        };
        self.figures.answer(&key, &sight, now, make).await
    }
}

fn read(query: &Query, period: Period) -> Result<(Ask, RowPage), ApiError> {
    let level = query.one_of("level", &Level::WORDS)?.unwrap_or(Level::Campaign);
    let granularity = query.one_of("granularity", &Granularity::WORDS)?.unwrap_or(Granularity::Period);
    let account = query.get("account_id").map(|text| {
        AdAccountId::parse(text)
            .ok_or_else(|| ApiError::invalid("account_id", "must be digits, with or without act_"))
    });
    let ask = Ask { period, level, granularity, account: account.transpose()?, with_idle: false };
    Ok((ask, RowPage::of(query, level, granularity)?))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chrono::DateTime;
    use lambda_http::RequestExt;
    use shared::domain::ad::{AdObject, ObjectKind};
    use shared::domain::counters::{LeadTally, ProductTally, Tallies, Tally};
    use shared::domain::day::Day;
    use shared::domain::insights::{AccountFacts, Facts, Gain, table};
    use shared::domain::money::{Currency, Tenge};
    use shared::domain::product::Product;
    use shared::domain::rates::Rate;
    use shared::domain::spend::{AccountDay, AdDay, Delivery};
    use shared::domain::team::{Owner, TeamId};
    use shared::domain::utm::UtmName;

    use super::*;

    fn asked(parameters: &[(&str, &str)]) -> Result<(Ask, RowPage), ApiError> {
        let owned = parameters.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
        let map: HashMap<String, Vec<String>> = owned.collect();
        let request = Request::default().with_query_string_parameters(map);
        let period = Period { from: day("2026-11-19"), to: day("2026-11-20") };
        read(&Query::of(&request), period)
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn campaigns_over_the_period_are_the_default() {
        let (ask, _) = asked(&[]).unwrap();
        assert_eq!((ask.level, ask.granularity, ask.account), (Level::Campaign, Granularity::Period, None));
        let (ask, _) = asked(&[("level", "ad"), ("granularity", "day"), ("account_id", "act_91")]).unwrap();
        assert_eq!((ask.level, ask.granularity), (Level::Ad, Granularity::Day));
        assert_eq!(ask.account, AdAccountId::parse("91"));
    }

    #[test]
    fn a_bad_parameter_is_named() {
        for (name, value) in [
            ("level", "ads"),
            ("level", "Ad"),
            ("granularity", "week"),
            ("account_id", "act_"),
            ("account_id", "muha"),
            ("cursor", "x"),
            ("limit", "0"),
        ] {
            let refused = asked(&[(name, value)]).unwrap_err();
            assert_eq!(refused.details()[0].field, name, "{value}");
        }
    }

    #[test]
    fn an_answer_is_rows_and_what_is_to_be_said_about_them() {
        let id = AdAccountId::parse("91").unwrap();
        let muha = Owner::Team(TeamId::new("muha"));
        let account = AccountFacts {
            id: id.clone(),
            name: Some("muha_acc3".to_owned()),
            timezone: Some("Asia/Almaty".to_owned()),
            currency: Currency::parse("USD"),
            owner: muha.clone(),
            today: day("2026-11-20"),
        };
        let spent = AccountDay {
            account_id: id.clone(),
            day: day("2026-11-19"),
            generation: "g".to_owned(),
            parts: 1,
            rows: 1,
            currency: Currency::parse("USD").unwrap(),
            rate: Some(Rate { value: "469.31".parse().unwrap(), date: day("2026-11-19") }),
            total: Delivery::default(),
            pulled_at: DateTime::UNIX_EPOCH,
        };
        let ad = AdDay {
            ad_id: "3001".to_owned(),
            ad_name: Some("video".to_owned()),
            adset_id: Some("2001".to_owned()),
            adset_name: Some("almaty".to_owned()),
            campaign_id: Some("1001".to_owned()),
            campaign_name: Some("onai".to_owned()),
            spend: 4_137,
            impressions: 1_000,
            reach: Some(900),
            clicks: 25,
            link_clicks: 20,
        };
        let active = Tally { count: 1, sum: Tenge(490_000) };
        let sales = [(Product::Flagship, ProductTally { active, ..ProductTally::default() })];
        let counted = Tallies { leads: LeadTally { proftest: 8, express: 1 }, ..sales.into() };
        let values = [(UtmName::Content, "3001".to_owned())].into();
        let gain = Gain { owner: muha, day: day("2026-11-20"), values, counted };
        let object = AdObject {
            campaign_id: Some("1001".to_owned()),
            adset_id: Some("2001".to_owned()),
            ..AdObject::named(ObjectKind::Ad, &id, "3001", Some("video"))
        };
        let facts =
            Facts { accounts: &[account], objects: &[object], days: &[(&spent, &[ad])], gains: &[gain] };
        let (ask, page) = asked(&[("level", "ad"), ("granularity", "day"), ("limit", "1")]).unwrap();
        insta::assert_json_snapshot!(Answer::new(&ask, &page, table(&ask, &facts)));
    }
}
