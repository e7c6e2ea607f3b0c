use serde_json::Value;
use shared::domain::event::{Origin, Route};
use shared::domain::ledger::{Outcome, Verdict};
use shared::domain::money::Tenge;
use shared::domain::observe::Found;
use shared::domain::reconciliation::{
    CounterGap, CountersCheck, CrmSide, Days, HookHealth, LedgerSide, Pair, Total, Why,
};
use shared::domain::sale::State;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-20T{text}Z").parse().unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Sides of an Express sale on the 19th.
fn pair(lead: u64, crm: Option<i64>, ledger: Option<i64>) -> Pair {
    let product = Product::Express;
    let why = match (crm, ledger) {
        (Some(_), None) => Some(Why::UnknownDeal),
        (None, Some(_)) => Some(Why::Lost),
        (crm, ledger) => (crm != ledger).then_some(Why::Amount),
    };
    Pair {
        lead,
        day: day("2026-11-19"),
        owner: Owner::Team(TeamId::new("muha")),
        crm: crm.map(|amount| CrmSide { product, amount: Tenge(amount), pipeline: 10_350_882, stage: 142 }),
        ledger: ledger.map(|amount| LedgerSide { product, amount: Tenge(amount), sold_at: at("05:00:00") }),
        why,
    }
}

fn healed(lead: u64, sale_id: Option<&str>) -> EventRecord {
    EventRecord {
        id: format!("read-{lead}"),
        route: Route::Sales,
        origin: Origin::Read,
        action: "status".to_owned(),
        account: Some(29_600_001),
        lead_id: Some(lead),
        happened_at: Some(at("04:30:00")),
        received_at: at("05:00:01"),
        raw_id: String::new(),
        problems: vec![],
        healed: Some(Found::Stage),
        replayed_at: None,
        verdict: Verdict {
            outcome: if sale_id.is_some() { Outcome::Recorded } else { Outcome::Ignored },
            sale_id: sale_id.map(str::to_owned),
            team: sale_id.map(|_| TeamId::new("muha")),
            reason: None,
        },
    }
}

/// Two days that were compared at ten in the morning in Almaty.
fn read(pairs: &[Pair]) -> Read {
    let period = Period { from: day("2026-11-19"), to: day("2026-11-20") };
    let mut days = Days::new(period);
    pairs.iter().for_each(|pair| days.count(pair));
    let hooks = HookHealth { findings: Some(vec![]), checked_at: at("05:00:00") };
    Read {
        period,
        days: days.checked(at("05:00:00")),
        state: RunState {
            last_good_at: Some(at("05:00:00")),
            tried_at: Some(at("05:00:00")),
            counters: Some(CountersCheck::new(vec![], at("05:00:02"))),
            hooks: Some(hooks),
            ..RunState::default()
        },
        deliveries: [(day("2026-11-19"), Delivery { changes: 4, hooks_seen: 3 })].into(),
        healed: Healed { records: vec![healed(7, Some("29600001-7-express")), healed(8, None)], more: false },
        amocrm: CrmState::default(),
    }
}

fn answer(read: &Read, product: Option<Product>) -> Value {
    let rules = Rules::default();
    let scope = Scope::everything(&rules);
    serde_json::to_value(Answer::new(&rules, &Filter { scope: &scope, product }, read, at("05:04:00")))
        .unwrap()
}

#[test]
fn green_is_both_sides_of_every_day_team_and_product() {
    insta::assert_json_snapshot!(answer(&read(&[pair(7, Some(5_000), Some(5_000))]), None));
}

#[test]
fn red_names_each_deal_with_both_sides() {
    let mut read =
        read(&[pair(1, Some(5_000), None), pair(2, None, Some(5_000)), pair(3, Some(7_000), Some(5_000))]);
    read.days[0].missing.deals[0].healed_at = Some(at("05:00:01"));
    read.days[0].rows[0].sides.missing = 0;
    read.state.counters = Some(CountersCheck::new(
        vec![CounterGap {
            basis: "sale_date".to_owned(),
            team: Some(TeamId::new("muha")),
            day: day("2026-11-19"),
            product: Product::Express,
            state: State::Active,
            counted: Total { count: 3, sum: Tenge(15_000) },
            ledger: Total { count: 2, sum: Tenge(10_000) },
        }],
        at("05:00:02"),
    ));
    let mut answer = answer(&read, None);
    for left_out in ["by_day", "by_team", "by_product", "healed"] {
        answer.as_object_mut().unwrap().remove(left_out);
    }
    insta::assert_json_snapshot!(answer);
}

#[test]
fn another_product_sees_nothing_of_it() {
    let answer = answer(&read(&[pair(3, Some(7_000), Some(5_000))]), Some(Product::Flagship));
    assert_eq!((&answer["state"], &answer["crm"]["count"]), (&"green".into(), &0.into()));
    assert_eq!(
        (answer["different"].as_array().unwrap().len(), answer["healed"].as_array().unwrap().len()),
        (0, 0)
    );
    assert_eq!(answer["by_product"].as_array().unwrap().len(), 1);
}

#[test]
fn what_keeps_amocrm_from_being_read_is_said_and_the_figures_stay() {
    let mut down = read(&[pair(7, Some(5_000), Some(5_000))]);
    down.state.tried_at = Some(at("05:02:00"));
    down.state.problem = Some("HTTP 402, Payment Required".to_owned());
    let told = answer(&down, None);
    insta::assert_json_snapshot!([
        &told["state"],
        &told["reason"],
        &told["crm"],
        &told["checked_at"],
        &told["tried_at"]
    ]);

    let mut refused = read(&[]);
    let found_at = |time| CrmState {
        problem: Some("blocked".to_owned()),
        checked_at: Some(at(time)),
        ..CrmState::default()
    };
    refused.amocrm = found_at("05:03:00");
    assert_eq!(answer(&refused, None)["reason"], "amoCRM cannot be read: blocked.");
    refused.amocrm = found_at("04:59:00");
    assert_eq!(answer(&refused, None)["state"], "green", "it has been read since");
}

#[test]
fn before_the_first_reading_nothing_is_known() {
    let mut never = read(&[]);
    (never.days, never.state) = (vec![], RunState::default());
    never.healed.more = true;
    let mut told = answer(&never, None);
    assert_eq!(told["healed_more"], true);
    for left_out in ["by_team", "by_product", "healed"] {
        told.as_object_mut().unwrap().remove(left_out);
    }
    insta::assert_json_snapshot!(told);
}
