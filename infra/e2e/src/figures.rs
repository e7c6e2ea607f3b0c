//! Counts and sums of a period by team and product, from the three places that show them, which have to agree.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::people::Caller;
use crate::stack::Stack;

/// The products in the order of the funnel.
pub const PRODUCTS: [&str; 3] = ["express", "flagship", "other"];

/// The key of what belongs to nobody.
pub const NOBODY: &str = "unattributed";

/// The sales of one team and product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many count.
    pub count: i64,
    /// What those cost.
    pub revenue: i64,
    /// How many were cancelled.
    pub cancelled: i64,
    /// What those had cost.
    pub cancelled_revenue: i64,
}

impl Sum {
    /// Only sales that count.
    pub fn active(count: i64, revenue: i64) -> Self {
        Self { count, revenue, ..Self::default() }
    }

    /// Only cancelled sales.
    pub fn cancelled(count: i64, revenue: i64) -> Self {
        Self { cancelled: count, cancelled_revenue: revenue, ..Self::default() }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            revenue: self.revenue + other.revenue,
            cancelled: self.cancelled + other.cancelled,
            cancelled_revenue: self.cancelled_revenue + other.cancelled_revenue,
        }
    }

    /// As `sales/total` and its lists show it.
    pub fn shown(total: &Value) -> Self {
        for money in [&total["revenue"], &total["cancelled"]["revenue"]] {
            assert_eq!(money["currency"], "KZT", "{total}");
        }
        let number = |pointer: &str| total.pointer(pointer).and_then(Value::as_i64).expect("a whole number");
        Self {
            count: number("/count"),
            revenue: number("/revenue/amount"),
            cancelled: number("/cancelled/count"),
            cancelled_revenue: number("/cancelled/revenue/amount"),
        }
    }
}

/// Figures by team (or [`NOBODY`]) and product; what is zero is not there.
pub type Figures = BTreeMap<(String, String), Sum>;

/// Figures from their rows, for what a test expects.
pub fn figures<const N: usize>(rows: [(&str, &str, Sum); N]) -> Figures {
    rows.map(|(team, product, sum)| ((team.to_owned(), product.to_owned()), sum)).into()
}

/// The figures of a period as the admin sees them. Fails where the funnel, the totals and the rows do not agree.
pub async fn of(stack: &Stack, from: impl std::fmt::Display, to: impl std::fmt::Display) -> Figures {
    let period = format!("from={from}&to={to}");
    let (totals, rows, funnel) = tokio::join!(
        of_totals(stack, &Caller::Admin, &period),
        of_rows(stack, &Caller::Admin, &period),
        of_funnel(stack, &period),
    );
    assert_eq!(totals, rows, "sales/total and the rows of sales differ in {period}");
    let without_cancelled_sums: Figures =
        totals.iter().map(|(key, sum)| (key.clone(), Sum { cancelled_revenue: 0, ..*sum })).collect();
    let seen_by_funnel: Figures = without_cancelled_sums
        .into_iter()
        .map(|((team, product), sum)| {
            // The funnel names no cancelled deals of other products.
            let sum = if product == "other" { Sum { cancelled: 0, ..sum } } else { sum };
            ((team, product), sum)
        })
        .filter(|(_, sum)| *sum != Sum::default())
        .collect();
    assert_eq!(seen_by_funnel, funnel, "sales/total and the funnel differ in {period}");
    totals
}

/// From `sales/total`, product by product.
pub async fn of_totals(stack: &Stack, caller: &Caller, period: &str) -> Figures {
    let mut figures = Figures::new();
    let answers = PRODUCTS.map(async |product| {
        let path = format!("/api/traffic-dashboard/sales/total?{period}&funnel={product}");
        (product, stack.get(caller, &path).await.ok())
    });
    for (product, answer) in futures::future::join_all(answers).await {
        for row in answer["by_team"].as_array().expect("by_team") {
            let team = row["team"].as_str().unwrap_or(NOBODY);
            figures.insert((team.to_owned(), product.to_owned()), Sum::shown(row));
        }
    }
    figures.retain(|_, sum| *sum != Sum::default());
    figures
}

/// From the rows of `sales`, added up here.
pub async fn of_rows(stack: &Stack, caller: &Caller, period: &str) -> Figures {
    let mut figures = Figures::new();
    for row in rows(stack, caller, period, 500).await {
        let amount = row["amount"]["amount"].as_i64().expect("an amount");
        let sum = match row["state"].as_str() {
            Some("active") => Sum::active(1, amount),
            Some("cancelled") => Sum::cancelled(1, amount),
            other => panic!("a sale is {other:?}"),
        };
        let key = (
            row["team"].as_str().unwrap_or(NOBODY).to_owned(),
            row["product"].as_str().expect("a product").to_owned(),
        );
        let known = figures.entry(key).or_default();
        *known = known.plus(sum);
    }
    figures
}

/// Every row of a question, page by page.
pub async fn rows(stack: &Stack, caller: &Caller, question: &str, limit: usize) -> Vec<Value> {
    let (mut rows, mut cursor) = (vec![], String::new());
    loop {
        let path = format!("/api/traffic-dashboard/sales?{question}&limit={limit}{cursor}");
        let page = stack.get(caller, &path).await.ok();
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= limit, "more rows than the limit of {limit}");
        rows.extend(items.iter().cloned());
        match page.get("next_cursor") {
            Some(next) => cursor = format!("&cursor={}", next.as_str().expect("a cursor")),
            None => return rows,
        }
        assert!(!items.is_empty(), "a page without rows leads to another page");
    }
}

/// From the funnel, team by team. Fails where the teams and what is unattributed do not add up to the whole.
pub async fn of_funnel(stack: &Stack, period: &str) -> Figures {
    let answer = stack.get(&Caller::Admin, &format!("/api/traffic-dashboard/funnel?{period}")).await.ok();
    let (mut figures, mut whole) = (Figures::new(), BTreeMap::<&str, Sum>::new());
    let teams = answer["teams"].as_array().expect("teams").iter();
    let owned = teams.map(|team| (team["team"].as_str().expect("a team"), team));
    for (team, funnel) in owned.chain([(NOBODY, &answer["unattributed"])]) {
        for (product, sum) in of_stages(funnel) {
            let total = whole.entry(product).or_default();
            *total = total.plus(sum);
            figures.insert((team.to_owned(), product.to_owned()), sum);
        }
    }
    assert_eq!(whole, of_stages(&answer), "teams and unattributed are not the total: {answer}");
    figures.retain(|_, sum| *sum != Sum::default());
    figures
}

fn of_stages(funnel: &Value) -> BTreeMap<&'static str, Sum> {
    let stages = funnel["stages"].as_array().expect("stages");
    let ids: Vec<&str> = stages.iter().map(|stage| stage["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, ["spend", "proftest", "express", "flagship"]);
    let number = |value: &Value| value.as_i64().unwrap_or_else(|| panic!("no whole number in {funnel}"));
    let (express, flagship) = (&stages[2]["metrics"], &stages[3]["metrics"]);
    let express = Sum {
        cancelled: number(&express["express_cancelled"]),
        ..Sum::active(number(&express["express_purchases"]), number(&express["express_revenue"]))
    };
    let flagship = Sum {
        cancelled: number(&flagship["main_cancelled"]),
        ..Sum::active(number(&flagship["main_purchases"]), number(&flagship["main_revenue"]))
    };
    let totals = &funnel["totals"];
    assert_eq!(number(&totals["revenue_kzt"]), express.revenue + flagship.revenue);
    let other = Sum::active(number(&totals["other_purchases"]), number(&totals["other_revenue_kzt"]));
    BTreeMap::from([("express", express), ("flagship", flagship), ("other", other)])
}
