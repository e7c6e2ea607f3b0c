//! `POST /api/admin/attribution/preview`

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::domain::day::{Day, Period};
use shared::domain::reattribution::{Move, Preview, ProductChange};
use shared::domain::rules::{Rules, RulesVersion};
use shared::domain::settings::Section;
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::http;
use shared::edge::query::PeriodAnswer;
use shared::reattribute::Look;

/// Compares for admins.
pub struct PreviewRules {
    /// What there is.
    pub look: Look,
}

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    section: String,
    value: Value,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    period: PeriodAnswer,
    /// Whether all days were looked at.
    complete: bool,
    /// The last day that was, where not all were.
    #[serde(skip_serializing_if = "Option::is_none")]
    looked_at_until: Option<Day>,
    moves: Vec<Move>,
    products: Vec<ProductChange>,
    /// Sales of other days that would change with them, since a deal moves as a whole.
    sales_of_other_days: i64,
    /// Deals that were looked at.
    deals: usize,
    /// What the figures do not show.
    warnings: Vec<String>,
}

const STAGES_CHANGE: &str = "Stages change. Only deals with a sale are looked at here and by apply: deals that were never a sale, \
    and rest at a stage that counts from now on, become sales only when amoCRM tells something of them again.";

impl PreviewRules {
    /// Answers one request.
    pub async fn answer(
        &self,
        request: Request,
        now: DateTime<Utc>,
        is_time_up: impl Fn() -> bool,
    ) -> Result<Response<Body>, ApiError> {
        Caller::admin(&request)?;
        let wish: Wish = serde_json::from_slice(request.body())
            .map_err(|_| ApiError::invalid("body", "must be {section, value, from, to}"))?;
        let period = Period::parse(wish.from.as_deref(), wish.to.as_deref(), now)?;
        let book = self.look.rules.fresh().await?;
        let wanted = wanted(&wish, book.now())?;
        let (mut preview, mut seen) = (Preview::default(), BTreeSet::new());
        let mut until = None;
        let days = std::iter::successors(Some(period.from), |day| Some(day.plus(1)));
        let mut days = days.take_while(|day| *day <= period.to).peekable();
        while let Some(day) = days.next_if(|_| !is_time_up()) {
            let periods = (period, Period { from: day, to: day });
            self.look.preview(&mut preview, &mut seen, periods, (book.now(), &wanted)).await?;
            until = Some(day);
        }
        let complete = days.peek().is_none();
        let answer = Answer {
            success: true,
            period: period.into(),
            complete,
            looked_at_until: until.filter(|_| !complete),
            moves: preview.moves(),
            products: preview.products(),
            sales_of_other_days: preview.outside(),
            deals: seen.len(),
            warnings: warnings(book.now(), &wanted),
        };
        http::json(StatusCode::OK, &answer)
    }
}

/// The rules in force with the section as it is wished, under versions that nothing stands by.
fn wanted(wish: &Wish, now: &Rules) -> Result<Rules, ApiError> {
    const NOT_OF_RULES: &str = "must be one of: teams, products";
    let section = Section::parse(&wish.section).filter(|section| section.is_of_rules());
    let section = section.ok_or_else(|| ApiError::invalid("section", NOT_OF_RULES))?;
    let value = section.check(&wish.value, now)?;
    let unreadable = |error: serde_json::Error| ApiError::invalid("value", error.to_string());
    let mut rules = now.clone();
    match section {
        Section::Teams => rules.teams = serde_json::from_value(value).map_err(unreadable)?,
        _ => rules.products = serde_json::from_value(value).map_err(unreadable)?,
    }
    rules.version = RulesVersion { teams: u64::MAX, products: u64::MAX };
    Ok(rules)
}

/// What the preview of these rules does not show.
fn warnings(now: &Rules, wanted: &Rules) -> Vec<String> {
    let stages = |rules: &Rules| {
        let of_products = rules.products.list.0.iter().map(|rule| (rule.product, rule.stages.clone()));
        (rules.products.stages.clone(), of_products.collect::<BTreeMap<_, _>>())
    };
    let changes = (stages(now) != stages(wanted)).then_some(STAGES_CHANGE);
    changes.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::domain::product::PipelineStage;

    use super::*;

    fn wish(section: &str, value: Value) -> Wish {
        Wish { section: section.to_owned(), value, from: None, to: None }
    }

    #[test]
    fn only_what_decides_about_money_has_a_preview() {
        let now = Rules::default();
        let rules = wanted(&wish("teams", Section::Teams.defaults()), &now).unwrap();
        assert_eq!((&rules.teams, &rules.products), (&now.teams, &now.products));
        for (section, value, field) in [
            ("notifications", Section::Notifications.defaults(), "section"),
            ("nothing", json!({}), "section"),
            ("teams", json!({}), "value"),
            ("products", json!({"products": 1}), "products"),
        ] {
            let error = wanted(&wish(section, value), &now).unwrap_err();
            assert_eq!(error.details()[0].field, field, "{section}");
        }
    }
    #[test]
    fn deals_that_are_not_looked_at_are_warned_of_where_stages_change() {
        let now = Rules::default();
        assert_eq!(warnings(&now, &now), Vec::<String>::new());
        let mut dearer = now.clone();
        dearer.products.list.0[0].to_price.0 += 1;
        assert_eq!(warnings(&now, &dearer), Vec::<String>::new());
        let stage = PipelineStage { pipeline: 1, stage: 2 };
        let mut of_product = now.clone();
        of_product.products.list.0[0].stages.push(stage);
        let mut of_sales = now.clone();
        of_sales.products.stages.sale.push(stage);
        let mut excluded = now.clone();
        excluded.products.stages.excluded.push(stage);
        for wanted in [of_product, of_sales, excluded] {
            assert_eq!(warnings(&now, &wanted), [STAGES_CHANGE]);
            assert_eq!(warnings(&wanted, &now), [STAGES_CHANGE]);
        }
    }
}
