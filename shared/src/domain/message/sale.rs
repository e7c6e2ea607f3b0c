//! What the school's chat is told of a sale.

use super::fit::fit;
use super::template::{Markup, fill};
use super::values::{Values, amount, moment, title};
use super::{LONGEST_TELEGRAM, Texts, markdown};
use crate::domain::sale::Sale;
use crate::domain::team::Team;
use crate::domain::utm::UtmName;

/// Stands for the team of a sale that is nobody's.
const NO_TEAM: (&str, &str) = ("❔", "без баера");

/// A sale in MarkdownV2; empty where the text is. `deal_name` is the deal's own, while it is known.
pub fn by_telegram(texts: &Texts, sale: &Sale, team: Option<&Team>, deal_name: Option<&str>) -> String {
    let spans = fill(&texts.telegram_sale, &values(sale, team, deal_name), Markup::Bold);
    markdown::write(&fit(spans, LONGEST_TELEGRAM, LONGEST_TELEGRAM))
}

fn values(sale: &Sale, team: Option<&Team>, deal_name: Option<&str>) -> Values {
    let (emoji, team) = team.map_or(NO_TEAM, |team| (team.emoji.as_str(), team.title.as_str()));
    let of_utm = |name| sale.utm.get(&name).map(String::as_str);
    let values = Values::default()
        .with("emoji", Some(emoji))
        .with("team", Some(team))
        .with("product", Some(title(sale.product)))
        .with("amount", Some(&amount(sale.amount)))
        .with("name", deal_name)
        .with("lead_name", deal_name)
        .with("sold_at", Some(&moment(sale.sold_at)))
        .with("deal_id", Some(&sale.lead_id.to_string()))
        .with("sale_id", Some(&sale.id().to_string()));
    UtmName::ALL.into_iter().fold(values, |values, name| values.with(name.as_str(), of_utm(name)))
}

#[cfg(test)]
#[path = "sale_tests.rs"]
mod tests;
