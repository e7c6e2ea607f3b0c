//! Sets right what somebody changed by hand: the sales of a deal, and events that a deal no longer knows of.
//!
//! Each is one transaction, guarded by the deal's version as everywhere. Claims stand and are not made again; messages are not
//! sent, since nothing of it is news.

use std::borrow::Cow;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};

use super::Ledger;
use super::conflict::Conflict;
use crate::domain::deal::Deal;
use crate::domain::event::{DealEvent, DealId};
use crate::domain::rules::{Rules, RulesFor};
use crate::domain::sale::Sale;
use crate::domain::{ledger, mend};
use crate::store::contention::{MAX_ATTEMPTS, pause, pauses};
use crate::store::document::Item;
use crate::store::{StoreError, document};

impl Ledger {
    /// Follows a deal anew; whether anything had to be written. A deal that is not there has no sales to follow.
    pub async fn mend(&self, id: DealId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let doing = || format!("mending deal {id}");
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            let (Some(prior), held) = self.standing(id).await? else { return Ok(false) };
            let work = |rules: RulesFor<'_>| mend::mend(&prior, &held, now, rules.standing);
            let book = self.rules.known().await?;
            let Some((deal, writes)) = self.by_rules(book, Some(&prior), work).await?.1 else {
                return Ok(false);
            };
            match self.write(&doing(), self.writes(&deal, Some(&prior), &writes)?, 0).await? {
                Ok(()) => return Ok(true),
                // Whoever wrote the deal may have written its sales: both are read again.
                Err(_) => pause(&mut pauses).await,
            }
        }
        Err(StoreError::Contended { doing: doing(), attempts: MAX_ATTEMPTS })
    }

    /// Takes in an event of this deal once more whose record stands while the deal does not know of it; whether that was so.
    /// `read` tells it as it is read by given rules. The counters move by what follows: where they still hold the sale, it
    /// is counted twice until they are mended.
    pub async fn relearn<'a>(
        &self,
        id: DealId,
        read: impl Fn(&Rules) -> Cow<'a, DealEvent>,
        event_id: &str,
    ) -> Result<bool, StoreError> {
        let doing = || format!("event {event_id} once more");
        let (mut prior, _) = self.standing(id).await?;
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            if prior.as_ref().is_some_and(|deal| deal.history.iter().any(|entry| entry.id == event_id)) {
                return Ok(false);
            }
            let book = self.rules.known().await?;
            let event = self.with_ad_accounts(read(book.now()), &book.now().teams).await?;
            let work = |rules: RulesFor<'_>| ledger::apply(prior.as_ref(), &event, event_id, rules);
            let (rules, change) = self.by_rules(book, prior.as_ref(), work).await?;
            let mut writes = self.writes(&change.deal, prior.as_ref(), &change.writes)?;
            writes.push(self.rules.check(rules, id.lead)?);
            match self.write(&doing(), writes, 0).await? {
                Ok(()) => return Ok(true),
                Err(Conflict::Changed(deal)) => prior = Some(*deal),
                Err(Conflict::Rules) => self.rules.fresh().await.map(drop)?,
                Err(Conflict::Seen(_) | Conflict::Busy) => {
                    pause(&mut pauses).await;
                    (prior, _) = self.standing(id).await?;
                }
            }
        }
        Err(StoreError::Contended { doing: doing(), attempts: MAX_ATTEMPTS })
    }

    /// A deal and its sales as they stand in the table.
    async fn standing(&self, id: DealId) -> Result<(Option<Deal>, Vec<Sale>), StoreError> {
        let page = self
            .client
            .query()
            .table_name(&self.tables.sales)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(format!("{}#{}", id.account, id.lead)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreError::call(format!("deal {id} with its sales"), &error))?;
        let is_deal =
            |item: &&Item| item.get("sk").and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk == "deal");
        let (deal, sales): (Vec<&Item>, Vec<&Item>) = page.items().iter().partition(is_deal);
        let deal = deal.first().map(|item| document::read(item)).transpose()?;
        Ok((deal, sales.into_iter().map(document::read).collect::<Result<_, _>>()?))
    }
}
