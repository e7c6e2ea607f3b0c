//! The nightly reading of a month of many deals: as few calls as there are pages, within the limit, in little memory.
//! `E2E_MONTH=50000` makes so many deals.

use e2e::crm::PIPELINE;
use e2e::days::Day;
use e2e::dealing::NEW;
use e2e::figures::{self, Figures, Sum};
use e2e::sandbox::control;
use e2e::{Crm, poll, pulling};
use serde_json::{Value, json};

const DEALS: u64 = 5_000;
/// With these the memory is compared.
const FEW: u64 = 500;
const WON_EVERY: u64 = 10;
const PAGE: u64 = 250;
/// What amoCRM takes of one integration.
const PER_SECOND: u64 = 7;
const DAYS: u64 = 5;
const OWNERS: [&str; 4] = ["kenesary", "arystan", "muha", "traf4"];

/// Makes deals without a word, each tenth won at once, and returns what that adds to the figures.
async fn make(from: Day, count: u64) -> Figures {
    let many = json!({
        "count": count, "pipeline_id": PIPELINE, "status_id": NEW, "price": 5_000, "won_every": WON_EVERY,
        "from": from.at(0, 0, 0), "to": from.plus(DAYS - 1).at(16, 0, 0),
    });
    control("POST", "/control/amocrm/leads/many", Some(&many)).await;
    let mut figures = Figures::new();
    for n in (0..count).filter(|n| (n + 1).is_multiple_of(WON_EVERY)) {
        let owner = OWNERS[usize::try_from(n).unwrap() % OWNERS.len()];
        let sum: &mut Sum = figures.entry((owner.to_owned(), "express".to_owned())).or_default();
        *sum = sum.plus(Sum::active(1, 5_000));
    }
    figures
}

fn plus(mut figures: Figures, more: Figures) -> Figures {
    for (key, sum) in more {
        let known = figures.entry(key).or_default();
        *known = known.plus(sum);
    }
    figures
}

/// Reads the month in a new process: what it came to, and its memory at the most, in KiB.
async fn read_month(crm: &Crm) -> (Value, u64) {
    pulling::kill(poll::FUNCTION).await;
    crm.forget_asked().await;
    let polled = poll::good_month().await;
    (polled, poll::peak_memory().expect("the process that has polled"))
}

/// The pages of deals that were asked for by when they changed.
async fn pages(crm: &Crm) -> u64 {
    let asked = crm.asked().await;
    let by_change = |request: &&Value| {
        request["edge"] == "leads"
            && request["path"].as_str().is_some_and(|path| path.contains("updated_at%5D%5Bfrom"))
    };
    asked.all().iter().filter(by_change).count() as u64
}

#[tokio::test]
async fn a_month_of_deals_is_read_page_by_page_within_the_limit_and_in_the_same_memory() {
    let crm = Crm::open().await;
    let from = poll::begin(&crm, DAYS).await;
    let to = from.plus(DAYS - 1);
    let count = e2e::env::number("E2E_MONTH").map_or(DEALS, |count| count as u64);
    let before = figures::of(&crm.stack, from, to).await;
    let few = make(from, FEW).await;
    let (_, small) = read_month(&crm).await;
    assert_eq!(figures::of(&crm.stack, from, to).await, plus(before.clone(), few.clone()));
    let many = make(from, count).await;
    let (polled, large) = read_month(&crm).await;
    let all = plus(plus(before, few), many);
    assert_eq!(figures::of(&crm.stack, from, to).await, all);
    // And the one deal that the account has besides.
    let expected = (FEW + count + 1).div_ceil(PAGE);
    assert_eq!((pages(&crm).await, &polled["pages"]), (expected, &json!(expected)));
    let asked = crm.asked().await;
    assert!(asked.peak() <= PER_SECOND, "{} in one second", asked.peak());
    assert!(asked.all().iter().all(|request| request["status"] != 429), "never told to slow down");
    assert!(large * 10 <= small * 12, "{large} KiB for {count} deals, {small} KiB for {FEW}");
    // Once more: nothing is new, and nothing is counted twice.
    let (polled, _) = read_month(&crm).await;
    assert_eq!(
        (&polled["stored"], &polled["recorded"], pages(&crm).await),
        (&json!(0), &json!(0), expected),
        "{polled}"
    );
    assert_eq!(figures::of(&crm.stack, from, to).await, all);
    crm.end().await;
}
