//! Deals, sales and leads for tests.

use serde_json::json;

use crate::domain::attribution;
use crate::domain::day::Day;
use crate::domain::deal::Deal;
use crate::domain::event::{Action, DealEvent, DealId, Happened, Origin, Route};
use crate::domain::lead::Lead;
use crate::domain::ledger;
use crate::domain::money::Tenge;
use crate::domain::product::Product;
use crate::domain::rules::Rules;
use crate::domain::sale::{AmountSource, Sale, State};
use crate::domain::utm::UtmName;

/// An active Express sale of nobody's on 20 November, with this campaign.
pub fn sale(lead_id: u64, campaign: Option<&str>) -> Sale {
    let sold_at = "2026-11-20T06:00:00Z".parse().unwrap();
    Sale {
        account: 29_600_001,
        lead_id,
        product: Product::Express,
        team: None,
        state: State::Active,
        amount: Tenge(5_000),
        amount_source: AmountSource::Hook,
        sold_at,
        day: Day::of(sold_at),
        lead_day: None,
        received_at: sold_at,
        verified: false,
        utm: campaign.map(|value| (UtmName::Campaign, value.to_owned())).into_iter().collect(),
        trail: attribution::decide(&[], &[], &[]),
        versions: 1,
    }
}

/// A career test of nobody's on 20 November, with or without a campaign among its UTM values.
pub fn lead(id: &str, status: &str, utm_campaign: Option<&str>) -> Lead {
    let reading =
        |value| json!({"utm": "utm_campaign", "way": "link", "field": "utm_campaign", "value": value});
    let lead = json!({
        "id": id, "form": "proftest", "name": "Айгерим", "phone": "+77773886880", "email": "a@example.kz",
        "source_campaign": "proftest_onai2", "readings": utm_campaign.map(reading).into_iter().collect::<Vec<_>>(),
        "team": null, "received_at": "2026-11-20T06:00:00Z", "day": "2026-11-20", "status": status, "version": 1,
    });
    serde_json::from_value(lead).unwrap()
}

/// A deal that was made on the 18th and bought the Express Course on the 20th, by the event `1`.
pub fn sold(lead: u64) -> Deal {
    let received_at = "2026-11-20T06:00:00Z".parse().unwrap();
    let event = DealEvent {
        deal: DealId { account: 29_600_001, lead },
        route: Route::Funnel,
        origin: Origin::Hook,
        action: Action::Status,
        stage: Some(142),
        old_stage: None,
        pipeline: None,
        price: Some(Tenge(5_000)),
        happened: Happened::At(received_at),
        created_at: Some("2026-11-18T06:00:00Z".parse().unwrap()),
        received_at,
        readings: vec![],
        facts: String::new(),
    };
    ledger::apply(None, &event, "1", &Rules::default()).deal
}
