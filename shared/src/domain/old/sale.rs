//! From a row of an old table of sales to an event of its deal, which the ledger hears only where nobody else speaks of the
//! sale.

use chrono::{DateTime, Utc};

use super::lead::Unfit;
use super::row::Row;
use crate::domain::event::{Action, DealEvent, DealId, Happened, Origin, Route};
use crate::domain::money::{Currency, Tenge};
use crate::domain::utm::{Reading, UtmName, Way};
use crate::domain::utm_link;

/// Reads a row of the table that this route kept. `table` is its name; `facts` hashes all that the row says.
pub fn read(
    row: &Row,
    table: &str,
    route: Route,
    account: Option<u64>,
    now: DateTime<Utc>,
    facts: impl Fn(&[String]) -> String,
) -> Result<DealEvent, Unfit> {
    let lead = row.id_of("deal_id").ok_or(Unfit::NoDeal)?;
    let account = account.ok_or(Unfit::NoAccount)?;
    let at = row.time("sale_date").or_else(|| row.created_at()).ok_or(Unfit::NoTime)?;
    let (stage, pipeline, price) = (row.id_of("status_id"), row.id_of("pipeline_id"), price(row)?);
    let readings = readings(row, table);
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut said = vec![
        table.to_owned(),
        lead.to_string(),
        at.timestamp_micros().to_string(),
        number(stage),
        number(pipeline),
        price.map(|price| price.0.to_string()).unwrap_or_default(),
    ];
    said.extend(readings.iter().flat_map(|reading| [reading.utm.as_str().to_owned(), reading.value.clone()]));
    Ok(DealEvent {
        deal: DealId { account, lead },
        route,
        origin: Origin::History,
        action: Action::Update,
        stage,
        old_stage: None,
        pipeline,
        price,
        happened: Happened::At(at),
        created_at: None,
        received_at: now,
        readings,
        facts: facts(&said),
    })
}

/// A real price; none and 0 are unset, as in a hook.
fn price(row: &Row) -> Result<Option<Tenge>, Unfit> {
    let currency = row.text("currency").map_or(Some(Currency::KZT), |code| Currency::parse(&code));
    let units =
        row.decimal("amount").and_then(|amount| Currency::KZT.units(amount)).filter(|units| *units > 0);
    match (units, currency) {
        (None, _) => Ok(None),
        (Some(units), Some(Currency::KZT)) => Ok(Some(Tenge(units))),
        (Some(_), _) => Err(Unfit::OtherCurrency),
    }
}

fn readings(row: &Row, table: &str) -> Vec<Reading> {
    UtmName::ALL
        .into_iter()
        .filter_map(|utm| utm_link::reading(utm, Way::History, table, &row.text(utm.as_str())?))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn event(row: Value) -> Result<DealEvent, Unfit> {
        let mut whole = json!({
            "deal_id": 77, "pipeline_id": "10", "status_id": 142, "amount": 5000.00, "currency": "KZT",
            "sale_date": "2025-03-15T05:00:00", "created_at": "2025-03-16T05:00:00",
        });
        whole.as_object_mut().unwrap().extend(row.as_object().unwrap().clone());
        let now = "2026-11-20T10:00:00Z".parse().unwrap();
        read(&Row::from(whole), "express_course_sales", Route::Funnel, Some(1), now, |said| said.join("|"))
    }

    #[test]
    fn a_row_is_an_event_of_the_past_at_the_time_of_its_sale() {
        let event = event(json!({"utm_campaign": "onai2", "utm_source": ""})).unwrap();
        assert_eq!(event.deal, DealId { account: 1, lead: 77 });
        assert_eq!((event.origin, event.stage, event.pipeline), (Origin::History, Some(142), Some(10)));
        assert_eq!((event.price, event.at()), (Some(Tenge(5_000)), "2025-03-15T05:00:00Z".parse().unwrap()));
        let read: Vec<_> = event.readings.iter().map(|reading| (reading.utm, reading.way)).collect();
        assert_eq!(read, [(UtmName::Campaign, Way::History)]);
        let without = event_at(json!({"sale_date": null}));
        assert_eq!(without, "2025-03-16T05:00:00Z".parse::<DateTime<Utc>>().unwrap());
    }

    fn event_at(row: Value) -> DateTime<Utc> {
        event(row).unwrap().at()
    }

    #[test]
    fn an_unset_amount_is_none_and_one_in_another_currency_is_not_guessed() {
        for unset in [json!(0), json!(null), json!(""), json!("0.00"), json!("-5")] {
            assert_eq!(event(json!({"amount": unset})).unwrap().price, None, "{unset}");
        }
        assert_eq!(
            event(json!({"amount": "490000.00", "currency": null})).unwrap().price,
            Some(Tenge(490_000))
        );
        assert_eq!(event(json!({"currency": "USD"})).unwrap_err(), Unfit::OtherCurrency);
    }

    #[test]
    fn what_is_no_sale_says_why_and_the_same_row_says_the_same() {
        assert_eq!(event(json!({"deal_id": null})).unwrap_err(), Unfit::NoDeal);
        assert_eq!(event(json!({"sale_date": null, "created_at": null})).unwrap_err(), Unfit::NoTime);
        let facts = |row: Value| event(row).unwrap().facts;
        assert_eq!(facts(json!({"id": "a", "updated_at": "x"})), facts(json!({"id": "b", "raw_data": {}})));
        assert_ne!(facts(json!({})), facts(json!({"amount": 4_000})));
    }
}
