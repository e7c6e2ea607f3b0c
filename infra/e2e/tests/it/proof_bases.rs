//! Sales by the day of the sale and by the day of the lead: the same sums over all days.

use e2e::books::{self, Books};
use e2e::dealing::Dealing;
use e2e::figures::{self, Figures, Sum};
use e2e::hook::{LOST, WON};
use e2e::poll::days_ago;
use e2e::{Crm, poll};

const DAYS: u64 = 4;
const DEALS: u64 = 40;
/// The longest period that may be asked for.
const LONGEST: u64 = 400;

/// The figures of a period by the day of the sale, and by the day of the lead.
async fn both(crm: &Crm, period: &str) -> [Figures; 2] {
    let by = async |basis: &str| figures::of_funnel(&crm.stack, &format!("{period}&basis={basis}")).await;
    [by("sale_date").await, by("lead_date").await]
}

fn plus(mut figures: Figures, dealings: &[Dealing]) -> Figures {
    for (key, sum) in dealings.iter().filter_map(Dealing::sold).map(|sold| sold.counted()) {
        // The funnel shows how many were cancelled, not what they had cost.
        let sum = Sum { cancelled_revenue: 0, ..sum };
        let known = figures.entry(key).or_default();
        *known = known.plus(sum);
    }
    figures
}

#[tokio::test]
async fn by_the_day_of_the_sale_and_of_the_lead_the_same_is_added_up() {
    // Nobody else sells meanwhile.
    let crm = Crm::alone().await;
    let from = poll::begin(&crm, DAYS).await;
    let books = Books::open(&crm.stack, from, DAYS).await;
    let first_day = format!("from={from}&to={from}");
    let long = format!("from={}&to={}", days_ago(LONGEST - 1), days_ago(0));
    let [before_first, before_own, before_long] =
        [both(&crm, &first_day).await, both(&crm, &books.period()).await, both(&crm, &long).await];
    let first = crm.id(0) + 2_000;
    // All are leads of the first day, and are won on another.
    let mut dealings: Vec<Dealing> = (0..DEALS)
        .map(|n| Dealing::new(first + n, from.at(3, 0, 0) + i64::try_from(n).unwrap(), 5_000))
        .collect();
    books::make(&crm, &dealings).await;
    for (n, dealing) in (0..).zip(dealings.iter_mut()) {
        let day = from.plus(n % DAYS);
        dealing.moves(day.at(6, 0, 0), WON).await;
        if n % 7 == 3 {
            dealing.moves(day.at(7, 0, 0), LOST).await;
        }
    }
    poll::look_back_to(from.at(0, 0, 0)).await;
    poll::good().await;
    books.assert_equal(&dealings).await;
    let [_, by_lead] = before_first;
    assert_eq!(both(&crm, &first_day).await[1], plus(by_lead, &dealings), "all are leads of the first day");
    for (period, before) in [(books.period(), before_own), (long, before_long)] {
        let after = before.map(|figures| plus(figures, &dealings));
        assert_eq!(both(&crm, &period).await, after, "{period}");
    }
    crm.end().await;
}
