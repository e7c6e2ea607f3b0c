//! Rows of sales go into the ledger as events of the past, each by its own transaction.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};

use super::leads::TakeLeads;
use crate::domain::event::{DealEvent, Route};
use crate::domain::ledger::{Ignored, Verdict};
use crate::domain::old::row::Row;
use crate::domain::old::sale;
use crate::domain::old::tally::Fate;
use crate::domain::old::walk::Place;
use crate::domain::rules::Rules;
use crate::neighbours::amocrm::identity::digest;
use crate::store::StoreError;
use crate::store::events::EventRecord;

const AT_ONCE: usize = 8;

impl TakeLeads {
    /// Takes rows of sales in, and tells what became of each. To be told twice changes nothing.
    pub(super) async fn take_sales(
        &self,
        table: &str,
        route: Route,
        rows: Vec<(Place, Row)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(Place, Fate)>, StoreError> {
        let taking = stream::iter(rows).map(|(place, row)| async move {
            let fate = match sale::read(&row, table, route, self.account, now, |said| digest(said)) {
                Ok(event) => {
                    // Rows have names of their own for UTM values, whatever the rules.
                    let read = |_: &Rules| Cow::Borrowed(&event);
                    self.ledger.record(read, &record(&event), None, None).await?;
                    Fate::Synced
                }
                Err(reason) => Fate::Unfit(reason),
            };
            Ok((place, fate))
        });
        taking.buffer_unordered(AT_ONCE).try_collect().await
    }
}

/// What is kept of it. Its id is what the row says, so that the same row is the same event for ever.
fn record(event: &DealEvent) -> EventRecord {
    EventRecord {
        id: digest(["history", &event.deal.to_string(), &event.facts]),
        route: event.route,
        origin: event.origin,
        action: event.action.as_str().to_owned(),
        account: Some(event.deal.account),
        lead_id: Some(event.deal.lead),
        happened_at: Some(event.at()),
        received_at: event.received_at,
        raw_id: String::new(),
        problems: vec![],
        healed: None,
        replayed_at: None,
        verdict: Verdict::ignored(Ignored::NoChange),
    }
}
