//! `GET /api/admin/attribution/explain`

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use shared::domain::ad_lookup;
use shared::domain::attribution::{self, Source, Trail};
use shared::domain::deal::Deal;
use shared::domain::ledger;
use shared::domain::rules::{Rules, RulesVersion};
use shared::domain::sale::SaleId;
use shared::domain::team::TeamId;
use shared::domain::utm::{Reading, UtmName, Way};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::query::Query;
use shared::store::StoreError;
use shared::store::ads::Ads;
use shared::store::rules::RuleBooks;
use shared::store::sales::Sales;

/// Explains to admins.
pub struct Explain {
    /// The rules in force.
    pub rules: RuleBooks,
    /// Whose an ad is.
    pub ads: Ads,
    /// The sales that there are.
    pub sales: Sales,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    /// Whose it is by the rules in force.
    team: Option<TeamId>,
    /// By which of them, in words.
    rule: String,
    trail: Trail,
    rules: RulesVersion,
    /// How the sale that was asked for stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    stands: Option<Stands>,
}

#[derive(Serialize)]
struct Stands {
    sale_id: String,
    team: Option<TeamId>,
    rule: String,
    trail: Trail,
    rules: RulesVersion,
}

impl Explain {
    /// Answers one request.
    pub async fn answer(&self, request: Request) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let query = Query::of(&request);
        let book = self.rules.fresh().await?;
        let (trail, stands) = match query.get("sale_id") {
            Some(id) => self.of_sale(id, book.now()).await?,
            None => (self.of_values(&query, book.now()).await?, None),
        };
        let (team, rule) = (trail.team.clone(), rule(&trail));
        let answer = Answer { success: true, team, rule, trail, rules: book.now().version, stands };
        http::json(StatusCode::OK, &answer)
    }

    async fn of_values(&self, query: &Query, rules: &Rules) -> Result<Trail, StoreError> {
        let mut readings: Vec<Reading> =
            UtmName::ALL.into_iter().filter_map(|name| reading(query, name)).collect();
        for (place, account) in self.ads.named_in(&readings, &rules.teams).await? {
            if let Some(reading) = readings.get_mut(place) {
                reading.ad_account = Some(account);
            }
        }
        Ok(attribution::decide(&readings, &[], &rules.teams))
    }

    async fn of_sale(&self, id: &str, rules: &Rules) -> Result<(Trail, Option<Stands>), ApiError> {
        const UNKNOWN: ApiError = ApiError::NotFound("There is no such sale.");
        let id = SaleId::parse(id).ok_or(UNKNOWN)?;
        let deal = self.sales.deal(id.deal).await?.ok_or(UNKNOWN)?;
        let stands = stands(&deal, id).ok_or(UNKNOWN)?;
        let accounts = self.ads.accounts_of(ad_lookup::ids_of_deal(&deal, &rules.teams)).await?;
        let (deal, _) = ad_lookup::deal_with(&deal, &accounts, &rules.teams);
        Ok((ledger::trail(&deal, &deal.values(), rules), Some(stands)))
    }
}

fn stands(deal: &Deal, id: SaleId) -> Option<Stands> {
    let sale = deal.sale_once_of(id.product)?;
    Some(Stands {
        sale_id: sale.id().to_string(),
        team: sale.team.clone(),
        rule: rule(&sale.trail),
        trail: sale.trail.clone(),
        rules: deal.rules,
    })
}

/// A value as somebody typed it; a blank one is none.
fn reading(query: &Query, utm: UtmName) -> Option<Reading> {
    let value = query.get(utm.as_str())?.trim();
    let field = utm.as_str().to_owned();
    (!value.is_empty()).then(|| Reading {
        utm,
        way: Way::Code,
        field,
        value: value.to_owned(),
        ad_account: None,
    })
}

/// What decided, in words.
fn rule(trail: &Trail) -> String {
    let value = trail.value.as_deref().unwrap_or_default();
    let pattern = trail.pattern.as_deref().unwrap_or_default();
    let name = trail.field.map_or("slug", UtmName::as_str);
    match trail.source {
        Source::Utm => format!("{name} “{value}” has the pattern “{pattern}”"),
        Source::Ad => format!("{name} “{value}” names something of the ad account {pattern}"),
        Source::LandingLead => format!("the form behind it: {name} “{value}” has “{pattern}”"),
        Source::None if value.is_empty() => "nothing was seen that could name a team".to_owned(),
        Source::None => format!("no team has a pattern or an ad account for {name} “{value}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(values: &[(UtmName, &str)]) -> (Option<String>, String) {
        let reading = |(utm, value): &(UtmName, &str)| Reading {
            utm: *utm,
            way: Way::Code,
            field: utm.as_str().to_owned(),
            value: (*value).to_owned(),
            ad_account: None,
        };
        let readings: Vec<Reading> = values.iter().map(reading).collect();
        let trail = attribution::decide(&readings, &[], &Rules::default().teams);
        (trail.team.as_ref().map(ToString::to_string), rule(&trail))
    }

    #[test]
    fn what_decided_is_said_in_words() {
        for (values, team, rule) in [
            (
                vec![(UtmName::Campaign, "proftest_kenesary")],
                Some("kenesary"),
                "utm_campaign “proftest_kenesary” has the pattern “kenesary”",
            ),
            (
                vec![(UtmName::Content, "839340528712304")],
                Some("muha"),
                "utm_content “839340528712304” names something of the ad account act_839340528712304",
            ),
            (
                vec![(UtmName::Source, "fast_start")],
                None,
                "no team has a pattern or an ad account for utm_source “fast_start”",
            ),
            (vec![], None, "nothing was seen that could name a team"),
        ] {
            assert_eq!(explained(&values), (team.map(str::to_owned), rule.to_owned()));
        }
    }
}
