//! The answer, from what was counted. Reads nothing itself.

use serde::Serialize;
use shared::domain::counters::{Basis, ProductTally, Tallies};
use shared::domain::day::{Day, Period};
use shared::domain::money::{Money, Tenge, average};
use shared::domain::product::Product;
use shared::domain::team::{Owner, TeamId};
use shared::edge::caller::Scope;
use shared::store::counters::Days;

/// The same sales four times. `by_day` goes by the days of `basis`.
#[derive(Serialize)]
pub struct Answer {
    basis: &'static str,
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
            average: average(active.sum, active.count).map(Tenge::money),
            cancelled: Cancelled { count: cancelled.count, revenue: cancelled.sum.money() },
        }
    }
}

impl Answer {
    /// The totals of all products or of one, of a scope over a period.
    pub fn new(
        basis: Basis,
        product: Option<Product>,
        scope: &Scope,
        period: Period,
        mut days: Days,
    ) -> Self {
        if let Some(product) = product {
            days.values_mut().for_each(|tallies| tallies.products.retain(|sold, _| *sold == product));
        }
        let total = |tallies: &Tallies| Total::from(tallies.total());
        let funnels = Product::ALL.into_iter().filter(|sold| product.is_none_or(|product| product == *sold));
        let all = sum(&days, |_, _| true);
        let by_day = period
            .days()
            .map(|day| OfDay { day, total: total(&sum(&days, |_, counted_on| counted_on == day)) });
        let by_team = scope.owners().iter().map(|owner| OfTeam {
            team: owner.team().cloned(),
            total: total(&sum(&days, |sold_by, _| sold_by == owner)),
        });
        Self {
            basis: basis.as_str(),
            by_day: by_day.collect(),
            by_team: by_team.collect(),
            by_funnel: funnels.map(|funnel| OfFunnel { funnel, total: all.of(funnel).into() }).collect(),
            total: total(&all),
        }
    }
}

fn sum(days: &Days, belongs: impl Fn(&Owner, Day) -> bool) -> Tallies {
    let mut sum = Tallies::default();
    for ((owner, day), tallies) in days {
        if belongs(owner, *day) {
            sum.add(tallies);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use shared::domain::counters::Tally;
    use shared::domain::rules::Rules;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn sold(product: Product, count: i64, cancelled: i64) -> Tallies {
        let tally = |count| Tally { count, sum: Tenge(count * 5_000) };
        Tallies::from([(product, ProductTally { active: tally(count), cancelled: tally(cancelled) })])
    }

    #[test]
    fn the_same_sales_stand_by_day_by_team_and_by_product() {
        let rules = Rules::default();
        let muha = Owner::Team(rules.team("muha").unwrap().id.clone());
        let mut both = sold(Product::Express, 3, 1);
        both.add(&sold(Product::Flagship, 1, 0));
        let days = Days::from([
            ((muha, day("2026-11-19")), both),
            ((Owner::Unattributed, day("2026-11-20")), sold(Product::Express, 2, 0)),
        ]);
        let period = Period { from: day("2026-11-19"), to: day("2026-11-20") };
        let scope = Scope::everything(&rules);
        let of = |product| {
            let answer = Answer::new(Basis::LeadDate, product, &scope, period, days.clone());
            serde_json::to_value(answer).unwrap()
        };
        insta::assert_json_snapshot!(of(None));
        let express = of(Some(Product::Express));
        assert_eq!((&express["count"], express["by_funnel"].as_array().unwrap().len()), (&5.into(), 1));
    }
}
