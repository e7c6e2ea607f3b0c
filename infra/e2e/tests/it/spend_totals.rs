//! What a hundred accounts spent is stored to the cent, by no more calls than there are pages.

use std::collections::BTreeMap;

use chrono::Days;
use e2e::graph::{self, Delivered};
use e2e::world::{AdAccount, Span, world};
use e2e::{Caller, Spend, pulling};
use serde_json::{Value, json};

const TEAMS: [&str; 4] = ["kenesary", "arystan", "muha", "traf4"];
const ADS: usize = 50;
const PAGE: usize = 500;

/// What the funnel shows as spent, where all of it is in dollars.
fn of_stage(funnel: &Value) -> (Delivered, i64) {
    let metrics = &funnel["stages"][0]["metrics"];
    let spend = metrics["spend"].as_array().expect("amounts");
    let currencies: Vec<&Value> = spend.iter().map(|money| &money["currency"]).collect();
    assert_eq!(currencies, ["USD"], "{metrics}");
    assert_eq!(metrics["unconverted"], json!([]), "{metrics}");
    let number = |value: &Value| value.as_i64().expect("a whole number");
    let delivered = Delivered {
        spend: number(&spend[0]["amount"]),
        impressions: number(&metrics["impressions"]),
        clicks: number(&metrics["clicks"]),
        link_clicks: 0,
    };
    (delivered, number(&metrics["spend_kzt"]))
}

/// The funnel does not show clicks on links apart.
fn without_links(delivered: Delivered) -> Delivered {
    Delivered { link_clicks: 0, ..delivered }
}

/// What rows say was delivered, by one of their values; what only sold delivered nothing.
fn delivered(rows: &[Value], by: &str) -> BTreeMap<String, Delivered> {
    let mut sums: BTreeMap<String, Delivered> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(row[by].as_str().expect("a text").to_owned()).or_default();
        *sum = sum.plus(Delivered::shown(row));
    }
    sums.retain(|_, sum| *sum != Delivered::default());
    sums
}

fn kzt(rows: &[Value]) -> i64 {
    rows.iter().map(|row| row["spend_kzt"].as_i64().expect("tenge")).sum()
}

#[tokio::test]
async fn a_hundred_accounts_are_stored_to_the_cent_by_the_pages_that_must_exist() {
    let days = Span::last(28);
    let teams = TEAMS.map(|team| AdAccount::of_team(team, ADS));
    let others = (TEAMS.len()..100).map(|_| AdAccount::new(ADS));
    let accounts: Vec<AdAccount> =
        teams.into_iter().chain(others).map(|account| account.by_plan().delivering(days)).collect();
    let spend = Spend::of(&accounts).await;

    let job = spend.refresh_all(&days.order()).await;
    let rows = ADS * days.days().count();
    for account in &accounts {
        assert_eq!(job.account(&account.id)["rows"], rows, "{}", account.id);
    }
    let asked = graph::asked().await;
    let pages = u64::try_from(accounts.len() * rows.div_ceil(PAGE)).unwrap();
    assert!(asked.count_at("insights") * 100 <= pages * 105, "{} calls", asked.count_at("insights"));
    assert_eq!(asked.refused(), [&Value::Null; 0]);

    let told = graph::sums(days).await;
    let question = days.query();
    let shown = spend.insights(&format!("{question}&level=account")).await;
    assert_eq!(delivered(&shown.rows, "account_id"), told.accounts().into_iter().collect());
    let totals = &shown.page["totals"];
    assert_eq!(totals["spend"], json!([{"amount": told.whole().spend, "currency": "USD"}]));
    let tenge = kzt(&shown.rows);
    let by_campaign = spend.insights(&format!("{question}&level=campaign")).await.rows;
    assert_eq!(delivered(&by_campaign, "campaign_id"), told.campaigns().into_iter().collect());
    assert_eq!((&totals["spend_kzt"], kzt(&by_campaign)), (&tenge.into(), tenge), "the same at every level");

    // Some days by themselves, and the rest of the period.
    let parts = [(0, 1), (1, 1), (2, 12), (14, 13), (27, 1)];
    let mut tenge_by_part = 0;
    for (back, length) in parts {
        let to = days.to - Days::new(back);
        let part = Span { from: to - Days::new(length - 1), to };
        let funnel = spend.funnel(&Caller::Admin, &part.query()).await;
        let (sum, of_part) = of_stage(&funnel);
        assert_eq!(sum, without_links(graph::sums(part).await.whole()), "{part:?}");
        tenge_by_part += of_part;
    }
    assert_eq!(tenge_by_part, tenge);

    // Every cell of the accounts of teams: by account and day, and by campaign and day.
    for account in &accounts[..TEAMS.len()] {
        let question = format!("{question}&granularity=day&account_id=act_{}", account.id);
        let own = |of: &str| *of == account.id;
        let told_of_days: BTreeMap<String, Delivered> = told
            .days()
            .into_iter()
            .filter(|((id, _), _)| own(id))
            .map(|((_, day), sum)| (day, sum))
            .collect();
        for level in ["account", "campaign"] {
            let shown = spend.insights(&format!("{question}&level={level}")).await.rows;
            assert_eq!(delivered(&shown, "day"), told_of_days, "{level}");
            if level == "campaign" {
                let campaigns = delivered(&shown, "campaign_id");
                for campaign in &account.campaigns {
                    let (_, told) = told.campaigns().into_iter().find(|(id, _)| *id == campaign.id).unwrap();
                    assert_eq!(campaigns[&campaign.id], told, "{}", campaign.name);
                }
            }
        }
    }

    let funnel = spend.funnel(&Caller::Admin, &question).await;
    let (whole, whole_kzt) = of_stage(&funnel);
    assert_eq!((whole, whole_kzt), (without_links(told.whole()), tenge));
    let (mut rest, mut rest_kzt) = (whole, whole_kzt);
    for (team, account) in TEAMS.iter().zip(&accounts) {
        let teams = funnel["teams"].as_array().expect("teams");
        let (own, own_kzt) = of_stage(teams.iter().find(|shown| shown["team"] == *team).unwrap());
        assert_eq!(own, without_links(told.account(&account.id)), "{team}");
        let buyers = spend.funnel(&Caller::Buyer(team), &question).await;
        assert_eq!(of_stage(&buyers), (own, own_kzt), "the whole of a buyer is the own team");
        rest = Delivered {
            spend: rest.spend - own.spend,
            impressions: rest.impressions - own.impressions,
            clicks: rest.clicks - own.clicks,
            link_clicks: 0,
        };
        rest_kzt -= own_kzt;
    }
    assert_eq!(of_stage(&funnel["unattributed"]), (rest, rest_kzt));
    pulling::forget_spend(accounts.iter().map(|account| account.id.as_str())).await;
}

#[tokio::test]
async fn pages_that_come_short_or_empty_are_not_the_end() {
    let days = Span::last(4);
    let accounts = [AdAccount::new(30).delivering(days), AdAccount::new(3).delivering(days)];
    let spend = Spend::of(&accounts).await;
    let mut world = world(&accounts);
    world["short_pages"] = 2.into();
    world["page_cap"] = 20.into();
    graph::enter(&world).await;
    let job = spend.refresh_all(&days.order()).await;
    assert_eq!(job.account(&accounts[0].id)["rows"], 30 * 4);
    // More than the rows need, since some came half full and some empty.
    assert!(graph::asked().await.of(&accounts[0].id).len() > 30 * 4 / 20);
    spend.assert_as_facebook(days).await;
}
