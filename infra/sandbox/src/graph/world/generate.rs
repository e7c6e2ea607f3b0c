//! A world of a wanted size, the same for the same order.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Account, Ad, AdSet, Business, Campaign, Plan, Span};
use crate::zone::Zone;

/// What to make. Every ad delivers on every one of the days, so that the number of rows is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generate {
    accounts: u64,
    #[serde(default = "ten")]
    ads: u64,
    #[serde(default = "month")]
    days: u64,
    #[serde(default = "dollars")]
    currency: String,
    #[serde(default = "almaty")]
    timezone: String,
    /// The last day.
    until: Option<NaiveDate>,
    #[serde(default = "one")]
    businesses: u64,
}

const ADS_IN_SET: usize = 5;
const SETS_IN_CAMPAIGN: usize = 2;
/// So that nobody asks for more than fits into memory.
const MOST: u64 = 1_000_000;

/// Businesses and accounts. Every tenth account is a client's, and every account is assigned to the token's user.
pub fn generate(order: &Generate) -> Result<(Vec<Business>, Vec<Account>), String> {
    if order.accounts.saturating_mul(order.ads) > MOST || order.accounts > MOST {
        return Err(format!("more than {MOST} ads"));
    }
    if order.days == 0 || order.businesses == 0 {
        return Err("days and businesses begin at 1".to_owned());
    }
    let zone =
        Zone::parse(&order.timezone).ok_or_else(|| format!("{} is not a time zone", order.timezone))?;
    let until = order.until.ok_or("generate wants until, the last day")?;
    let since = until.checked_sub_days(Days::new(order.days - 1)).ok_or("too many days")?;
    let accounts = (1..=order.accounts).map(|number| Account {
        id: id(1, number, 0),
        name: format!("Generated {number}"),
        currency: order.currency.clone(),
        zone: zone.clone(),
        account_status: 1,
        assigned: true,
        url_tags: Some("utm_campaign={{campaign.name}}&utm_content={{ad.name}}".to_owned()),
        link: None,
        // Ten a day for each ad.
        plan: Some(Plan { per_day: Decimal::from(order.ads * 10), bursts: false, spells: false }),
        delivers: Some(Span { since: Some(since), until: Some(until) }),
        campaigns: campaigns(number, order.ads),
        ad_count: order.ads,
    });
    let mut businesses = (1..=order.businesses)
        .map(|number| Business {
            id: id(2, number, 0),
            name: format!("Business {number}"),
            owned: Vec::new(),
            client: Vec::new(),
        })
        .collect::<Vec<_>>();
    let accounts = accounts.collect::<Vec<_>>();
    let count = businesses.len();
    for (number, account) in accounts.iter().enumerate() {
        let business = &mut businesses[number % count];
        let list = if number % 10 == 9 { &mut business.client } else { &mut business.owned };
        list.push(account.id.clone());
    }
    Ok((businesses, accounts))
}

fn campaigns(account: u64, ads: u64) -> Vec<Campaign> {
    let numbers = (1..=ads).collect::<Vec<_>>();
    let sets = numbers.chunks(ADS_IN_SET).enumerate().map(|(number, ads)| AdSet {
        id: id(4, account, number as u64 + 1),
        name: format!("set {}", number + 1),
        ads: ads.iter().map(|number| ad(account, *number)).collect(),
    });
    let sets = sets.collect::<Vec<_>>();
    let campaigns = sets.chunks(SETS_IN_CAMPAIGN).enumerate().map(|(number, sets)| Campaign {
        id: id(3, account, number as u64 + 1),
        name: format!("campaign {account}-{}", number + 1),
        status: "ACTIVE".to_owned(),
        effective_status: None,
        objective: "OUTCOME_SALES".to_owned(),
        daily_budget: Some("10000".to_owned()),
        adsets: sets.to_vec(),
    });
    campaigns.collect()
}

fn ad(account: u64, number: u64) -> Ad {
    Ad {
        id: id(5, account, number),
        name: format!("ad {number}"),
        status: "ACTIVE".to_owned(),
        effective_status: None,
        url_tags: None,
        link: None,
        links: Vec::new(),
        daily: None,
        rows: None,
    }
}

/// Sixteen digits: the kind of thing, then the account's or business's number, then its own.
fn id(kind: u64, account: u64, number: u64) -> String {
    format!("9{kind}{account:07}{number:07}")
}

fn one() -> u64 {
    1
}

fn ten() -> u64 {
    10
}

fn month() -> u64 {
    28
}

fn dollars() -> String {
    "USD".to_owned()
}

fn almaty() -> String {
    "Asia/Almaty".to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::read;

    #[test]
    fn the_order_is_filled_to_the_ad_and_every_ad_delivers_every_day() {
        let order = json!({"generate": {"accounts": 12, "ads": 23, "days": 3, "until": "2026-11-20", "businesses": 2}});
        let world = read(order).unwrap();
        assert_eq!((world.accounts.len(), world.businesses.len()), (12, 2));
        let listed = world.businesses.iter().map(|business| business.owned.len() + business.client.len());
        assert_eq!(listed.sum::<usize>(), 12);
        let account = &world.accounts[11];
        assert_eq!(account.ads().count(), 23);
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        for (day, delivers) in
            [("2026-11-17", false), ("2026-11-18", true), ("2026-11-20", true), ("2026-11-21", false)]
        {
            let day = day.parse().unwrap();
            let rows = account.ads().filter(|(_, _, ad)| world.delivered(account, ad, day, now).is_some());
            assert_eq!(rows.count(), if delivers { 23 } else { 0 }, "{day}");
        }
    }

    #[test]
    fn an_order_that_cannot_be_filled_is_refused() {
        for order in [
            json!({"accounts": 10_000_000, "until": "2026-11-20"}),
            json!({"accounts": 1, "days": 0, "until": "2026-11-20"}),
            json!({"accounts": 1}),
            json!({"accounts": 1, "until": "2026-11-20", "timezone": "Mars"}),
        ] {
            assert!(read(json!({ "generate": order })).is_err());
        }
    }
}
