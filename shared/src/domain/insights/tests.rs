use chrono::DateTime;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::ad_spend::NoTenge;
use crate::domain::counters::{LeadTally, ProductTally, Tally};
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::rates::Rate;
use crate::domain::spend::Delivery;
use crate::domain::team::TeamId;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn november() -> Period {
    Period { from: day("2026-11-17"), to: day("2026-11-20") }
}

fn account_id(digits: &str) -> AdAccountId {
    AdAccountId::parse(digits).unwrap()
}

fn account(digits: &str, team: Option<&str>) -> AccountFacts {
    AccountFacts {
        id: account_id(digits),
        name: Some(format!("account {digits}")),
        timezone: Some("Asia/Almaty".to_owned()),
        currency: Currency::parse("USD"),
        owner: Owner::from(team.map(TeamId::new)),
        today: day("2026-11-20"),
    }
}

fn account_day(account: &str, on: &str, currency: &str, rate: Option<&str>) -> AccountDay {
    AccountDay {
        account_id: account_id(account),
        day: day(on),
        generation: "g".to_owned(),
        parts: 1,
        rows: 0,
        currency: Currency::parse(currency).unwrap(),
        rate: rate.map(|value| Rate { value: value.parse().unwrap(), date: day(on) }),
        total: Delivery::default(),
        pulled_at: DateTime::UNIX_EPOCH,
    }
}

/// Ad `nms` is ad s of ad set `nm` of campaign `n`.
fn ad_day(id: &str, spend: i64) -> AdDay {
    AdDay {
        ad_id: id.to_owned(),
        ad_name: Some(format!("ad {id}")),
        adset_id: Some(id[..2].to_owned()),
        adset_name: None,
        campaign_id: Some(id[..1].to_owned()),
        campaign_name: Some(format!("campaign {}", &id[..1])),
        spend,
        impressions: 1_000,
        reach: Some(800),
        clicks: 20,
        link_clicks: 10,
    }
}

fn objects(account: &str, ads: &[&str]) -> Vec<AdObject> {
    let named = |kind, id: &str, name: String| AdObject::named(kind, &account_id(account), id, Some(&name));
    let of_ad = |id: &&str| {
        let (campaign, adset) = (id[..1].to_owned(), id[..2].to_owned());
        [
            named(ObjectKind::Campaign, &campaign, format!("campaign {campaign}")),
            AdObject {
                campaign_id: Some(campaign.clone()),
                ..named(ObjectKind::Adset, &adset, format!("set {adset}"))
            },
            AdObject {
                campaign_id: Some(campaign),
                adset_id: Some(adset),
                ..named(ObjectKind::Ad, id, format!("ad {id}"))
            },
        ]
    };
    let mut known: Vec<AdObject> = vec![];
    for object in ads.iter().flat_map(of_ad) {
        if !known.contains(&object) {
            known.push(object);
        }
    }
    known
}

fn gain(team: Option<&str>, on: &str, values: &[(UtmName, &str)], express: i64, main: i64) -> Gain {
    let tally = |count, price| ProductTally {
        active: Tally { count, sum: Tenge(count * price) },
        cancelled: Tally { count: 7, sum: Tenge(7) },
    };
    let sales = [
        (Product::Express, tally(express, 5_000)),
        (Product::Flagship, tally(main, 490_000)),
        (Product::Other, tally(9, 9)),
    ];
    Gain {
        owner: Owner::from(team.map(TeamId::new)),
        day: day(on),
        values: values.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
        counted: Tallies { leads: LeadTally { proftest: 0, express: 8 }, ..sales.into() },
    }
}

/// The same gain with career tests.
fn with_leads(gain: Gain, proftest: i64) -> Gain {
    let leads = LeadTally { proftest, ..gain.counted.leads };
    Gain { counted: Tallies { leads, ..gain.counted }, ..gain }
}

fn ask(level: Level, granularity: Granularity) -> Ask {
    Ask { period: november(), level, granularity, account: None, with_idle: false }
}

/// Account 91 is Muha's, in dollars; 92 is nobody's, in lari without a rate on one of its two days.
#[derive(Debug)]
struct World {
    accounts: Vec<AccountFacts>,
    objects: Vec<AdObject>,
    days: Vec<(AccountDay, Vec<AdDay>)>,
    gains: Vec<Gain>,
}

impl World {
    fn table(&self, ask: &Ask) -> Table {
        let is_asked = |day: &AccountDay| ask.account.as_ref().is_none_or(|asked| *asked == day.account_id);
        let days: Vec<(&AccountDay, &[AdDay])> = self
            .days
            .iter()
            .filter(|(day, _)| is_asked(day))
            .map(|(day, ads)| (day, ads.as_slice()))
            .collect();
        let facts =
            Facts { accounts: &self.accounts, objects: &self.objects, days: &days, gains: &self.gains };
        table(ask, &facts)
    }
}

fn world() -> World {
    use UtmName::{Campaign, Content, Source};
    World {
        accounts: vec![account("91", Some("muha")), account("92", None)],
        objects: [objects("91", &["111", "112", "121", "211"]), objects("92", &["311"])].concat(),
        days: vec![
            (
                account_day("91", "2026-11-18", "USD", Some("500.5")),
                vec![ad_day("111", 1_000), ad_day("112", 333)],
            ),
            (account_day("91", "2026-11-19", "USD", Some("501")), vec![ad_day("111", 2_000)]),
            (account_day("91", "2026-11-20", "USD", None), vec![]),
            (account_day("92", "2026-11-17", "GEL", None), vec![ad_day("311", 700)]),
            (account_day("92", "2026-11-18", "GEL", Some("180")), vec![ad_day("311", 100)]),
        ],
        gains: vec![
            with_leads(gain(Some("muha"), "2026-11-18", &[(Content, "111")], 2, 0), 25),
            gain(Some("muha"), "2026-11-19", &[(Campaign, "campaign 1"), (Content, "unknown")], 0, 1),
            gain(Some("muha"), "2026-11-20", &[(Content, "ad 211")], 1, 0),
            gain(Some("muha"), "2026-11-20", &[(Source, "act_91")], 3, 0),
            gain(Some("muha"), "2026-11-20", &[(Content, "311")], 4, 0),
            gain(None, "2026-11-17", &[(Content, "311")], 5, 0),
            with_leads(gain(None, "2026-11-17", &[], 6, 0), 11),
        ],
    }
}

fn rows(table: &Table) -> Vec<Value> {
    table.rows.iter().map(|row| serde_json::to_value(row).unwrap()).collect()
}

/// These fields of each row.
fn fields(table: &Table, names: &[&str]) -> Vec<Value> {
    rows(table).iter().map(|row| names.iter().map(|name| row[*name].clone()).collect()).collect()
}

#[test]
fn a_period_by_campaigns() {
    let table = world().table(&ask(Level::Campaign, Granularity::Period));
    insta::assert_json_snapshot!(json!({
        "rows": table.rows,
        "totals": table.totals,
        "unmatched": table.unmatched,
        "unconverted": table.unconverted,
        "rates": table.rates,
        "missing_days": table.missing_days,
    }));
}

#[test]
fn a_row_names_its_level_and_those_above() {
    let table = world().table(&ask(Level::Ad, Granularity::Period));
    let names = ["campaign_id", "campaign_name", "adset_id", "adset_name", "ad_id", "ad_name"];
    let row = json!(["1", "campaign 1", "11", "set 11", "111", "ad 111"]);
    assert_eq!(fields(&table, &names)[0], row);
    let sold_only = json!(["2", "campaign 2", "21", "set 21", "211", "ad 211"]);
    assert!(fields(&table, &names).contains(&sold_only), "an ad that only sold");
    let by_account = rows(&world().table(&ask(Level::Account, Granularity::Period)));
    assert!(by_account.iter().all(|row| row.get("campaign_id").is_none() && row.get("ad_id").is_none()));
    let by_adset = rows(&world().table(&ask(Level::Adset, Granularity::Period)));
    assert!(by_adset.iter().all(|row| row.get("adset_name").is_some() && row.get("ad_id").is_none()));
}

#[test]
fn days_stand_apart_where_they_are_asked_for() {
    let table = world().table(&ask(Level::Ad, Granularity::Day));
    let read = fields(&table, &["ad_id", "day", "spend_kzt", "express_purchases", "reach"]);
    let expected = json!([
        ["111", "2026-11-19", 10_020, 0, 800],
        ["111", "2026-11-18", 5_005, 2, 800],
        ["112", "2026-11-18", 1_667, 0, 800],
        ["311", "2026-11-18", 180, 0, 800],
        ["211", "2026-11-20", 0, 1, null],
        ["311", "2026-11-17", null, 5, 800],
    ]);
    assert_eq!(Value::from(read), expected);
}

#[test]
fn what_points_at_nothing_of_the_level_is_unmatched() {
    for (level, express, main) in
        [(Level::Account, 10, 0), (Level::Campaign, 13, 0), (Level::Adset, 13, 1), (Level::Ad, 13, 1)]
    {
        let unmatched = world().table(&ask(level, Granularity::Period)).unmatched;
        let expected =
            Unmatched { leads: 11, sales: express + main, revenue_kzt: express * 5_000 + main * 490_000 };
        assert_eq!(unmatched, expected, "{level:?}");
    }
}

#[test]
fn of_one_account_only_what_points_at_it_is_counted() {
    let asked = Ask { account: Some(account_id("91")), ..ask(Level::Campaign, Granularity::Period) };
    let table = world().table(&asked);
    let of_all = world().table(&ask(Level::Campaign, Granularity::Period));
    let own: Vec<Row> = of_all.rows.into_iter().filter(|row| row.account_id == account_id("91")).collect();
    assert_eq!(table.rows, own);
    assert_eq!(table.unmatched.sales, 3);
    assert!(table.missing_days.iter().all(|missing| missing.account_id == account_id("91")));
}

#[test]
fn a_reach_is_of_one_ad_and_day() {
    let table = world().table(&ask(Level::Ad, Granularity::Period));
    let reach = fields(&table, &["ad_id", "reach"]);
    assert!(reach.contains(&json!(["112", 800])) && reach.contains(&json!(["111", null])));
    assert_eq!(table.totals.figures.reach, None);
}

#[test]
fn spend_that_lacks_a_rate_is_named_and_the_total_goes_on() {
    let table = world().table(&ask(Level::Account, Granularity::Period));
    let read = fields(&table, &["account_id", "spend", "spend_kzt", "spend_kzt_reason", "roas"]);
    let lari = json!(["92", {"amount": 800, "currency": "GEL"}, null, "no_rate", null]);
    assert_eq!(read[1], lari, "last, since it is unknown");
    let totals = &table.totals.figures;
    assert_eq!(
        (totals.spend_kzt, totals.spend_kzt_reason),
        (Some(5_005 + 1_667 + 10_020 + 180), Some(NoTenge::NoRate))
    );
    let mut without_rates = world();
    without_rates.days.iter_mut().for_each(|(day, _)| day.rate = None);
    let totals = without_rates.table(&ask(Level::Account, Granularity::Period)).totals.figures;
    assert_eq!((totals.spend_kzt, totals.cpa, totals.roi, totals.cpm), (None, None, None, None));
}

#[test]
fn a_row_is_settled_with_the_last_of_its_days() {
    let settled = |today: &str, granularity| {
        let mut world = world();
        world.accounts.iter_mut().for_each(|account| account.today = day(today));
        let table = world.table(&ask(Level::Account, granularity));
        let of_first = table.rows.into_iter().filter(|row| row.account_id == account_id("91"));
        of_first.map(|row| (row.day.map(|day| day.to_string()), row.settled)).collect::<Vec<_>>()
    };
    assert_eq!(settled("2026-12-17", Granularity::Period), [(None, false)]);
    assert_eq!(settled("2026-12-18", Granularity::Period), [(None, true)]);
    let by_day = settled("2026-12-17", Granularity::Day);
    assert!(by_day.contains(&(Some("2026-11-19".to_owned()), true)));
    assert!(by_day.contains(&(Some("2026-11-20".to_owned()), false)));
}

#[test]
fn days_to_come_are_not_missing() {
    let mut world = world();
    world.accounts[0].today = day("2026-11-16");
    let missing = world.table(&ask(Level::Account, Granularity::Period)).missing_days;
    let span = MissingDays { account_id: account_id("92"), from: day("2026-11-19"), to: day("2026-11-20") };
    assert_eq!(missing, [span]);
}

#[test]
fn an_object_with_which_nothing_happened_has_a_row_where_it_is_asked_for() {
    let mut world = world();
    world.objects.extend(objects("91", &["411"]));
    let asked =
        Ask { account: Some(account_id("91")), with_idle: true, ..ask(Level::Campaign, Granularity::Period) };
    let read = fields(&world.table(&asked), &["campaign_id", "spend"]);
    let nothing = json!({"amount": 0, "currency": "USD"});
    assert_eq!(read[1..], [json!(["2", nothing]), json!(["4", nothing])]);
}

#[path = "properties.rs"]
mod properties;
