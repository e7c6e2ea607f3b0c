//! The hand that mends deals: it has what comparing does not need, the ledger's pen and the raw hooks.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::report::{Mended, NotMended};
use super::sales::SaleDifference;
use crate::domain::rules::Rules;
use crate::neighbours::amocrm::account::KnownAccounts;
use crate::neighbours::amocrm::hook::{Content, Context, items};
use crate::neighbours::amocrm::{body, identity};
use crate::store::events::EventRecord;
use crate::store::ledger::Ledger;
use crate::store::raw::RawHooks;

/// Mends deals and sales.
#[derive(Debug, Clone)]
pub struct Hand {
    ledger: Ledger,
    raw: RawHooks,
    accounts: KnownAccounts,
}

impl Hand {
    /// On this ledger, from these hooks of these accounts.
    pub fn new(ledger: Ledger, raw: RawHooks, accounts: KnownAccounts) -> Self {
        Self { ledger, raw, accounts }
    }

    /// Has a deal's sales follow from it anew.
    pub async fn mend(&self, difference: &SaleDifference, now: DateTime<Utc>) -> Mended {
        if !difference.is_mendable() {
            return Err(NotMended::Impossible(
                "the deal has to be found first, by its events or by the poll",
            ));
        }
        self.ledger.mend(difference.id(), now).await?;
        Ok(())
    }

    /// Has a deal learn an event again from the hook that it came in.
    pub async fn relearn(&self, record: &EventRecord) -> Mended {
        let bytes = self.raw.body(&record.raw_id).await?;
        let bytes = bytes.ok_or(NotMended::Impossible("its hook is no longer kept"))?;
        let (route, received_at) = (record.route, record.received_at);
        let body = body::parse(&bytes);
        let read = |rules: &Rules| {
            let context = Context { route, received_at, accounts: &self.accounts, rules };
            items(&body, context).into_iter().find_map(|item| match item.content {
                Content::Deal(event) if identity::of_event(&event).id == record.id => Some(*event),
                _ => None,
            })
        };
        let event = read(self.ledger.rules().await?.now());
        let event = event.ok_or(NotMended::Impossible("its hook is read in another way today"))?;
        let by = |rules: &Rules| read(rules).map_or(Cow::Borrowed(&event), Cow::Owned);
        self.ledger.relearn(event.deal, by, &record.id).await?;
        Ok(())
    }
}
