//! Deals that a job moves to the rules in force, or back to those that they stood by before.

use chrono::{DateTime, Utc};

use super::Ledger;
use super::conflict::Conflict;
use crate::domain::ad_lookup::{Accounts, ids_of_deal};
use crate::domain::deal::Deal;
use crate::domain::ledger::Writes;
use crate::domain::reattribution::{move_deal, move_deal_back};
use crate::domain::rules::{Rules, RulesFor, RulesVersion};
use crate::store::StoreError;
use crate::store::contention::{MAX_ATTEMPTS, pause, pauses};

impl Ledger {
    /// Moves a deal to the rules in force; whether that changed any of its sales. Nothing is told of it.
    pub async fn move_to_rules(
        &self,
        deal: Deal,
        job_id: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let work =
            |deal: &Deal, accounts: &Accounts, rules: &Rules| move_deal(deal, accounts, job_id, now, rules);
        self.shift(deal, job_id, |_| None, work).await
    }

    /// Moves a deal back to where it stood before a job; whether that one had moved it.
    pub async fn move_back(&self, deal: Deal, job_id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let work = |deal: &Deal, _: &Accounts, rules: &Rules| move_deal_back(deal, job_id, now, rules);
        self.shift(deal, job_id, |deal| Some(deal.moved.as_ref()?.from), work).await
    }

    /// Writes what is worked out by the rules of a version, or by those in force.
    async fn shift(
        &self,
        mut deal: Deal,
        job_id: &str,
        version: impl Fn(&Deal) -> Option<RulesVersion>,
        work: impl Fn(&Deal, &Accounts, &Rules) -> Option<(Deal, Writes)>,
    ) -> Result<bool, StoreError> {
        let id = deal.id();
        let doing = || format!("deal {id} in job {job_id}");
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            let wanted = version(&deal);
            let book = self.rules.with(self.rules.known().await?, wanted).await?;
            // Rules that it goes back to decided it with what was known then.
            let accounts = match wanted {
                Some(_) => Accounts::new(),
                None => self.ads.accounts_of(ids_of_deal(&deal, &book.now().teams)).await?,
            };
            let by = |rules: RulesFor<'_>| {
                work(&deal, &accounts, if wanted.is_some() { rules.standing } else { rules.now })
            };
            let Some((next, writes)) = book.work(wanted, by).flatten() else { return Ok(false) };
            let mut all = self.writes(&next, Some(&deal), &writes)?;
            all.push(self.rules.check(book.now().version, deal.lead)?);
            match self.write(&doing(), all, 0).await? {
                Ok(()) => return Ok(true),
                Err(Conflict::Changed(changed)) => deal = *changed,
                Err(Conflict::Rules) => self.rules.fresh().await.map(drop)?,
                Err(Conflict::Seen(_) | Conflict::Busy) => pause(&mut pauses).await,
            }
        }
        Err(StoreError::Contended { doing: doing(), attempts: MAX_ATTEMPTS })
    }
}
