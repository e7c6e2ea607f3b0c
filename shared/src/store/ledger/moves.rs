//! Deals that a job moves to its rules, or back to those that they stood by before.
//!
//! That these rules are still in force is no condition here: a job keeps to those that it began with, and the deal's version
//! guards what it writes. So no job stands in the way of an admin who saves other rules.

use chrono::{DateTime, Utc};

use super::Ledger;
use super::conflict::Conflict;
use crate::domain::ad_lookup::{Accounts, ids_of_deal};
use crate::domain::deal::Deal;
use crate::domain::ledger::Writes;
use crate::domain::reattribution::{move_deal, move_deal_back};
use crate::domain::rules::{RulesFor, RulesVersion};
use crate::store::StoreError;
use crate::store::contention::{MAX_ATTEMPTS, pause, pauses};

impl Ledger {
    /// Moves a deal to these rules; whether that changed any of its sales. Nothing is told of it.
    pub async fn move_to_rules(
        &self,
        deal: Deal,
        job_id: &str,
        rules: RulesVersion,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let work = |deal: &Deal, accounts: &Accounts, rules: RulesFor<'_>| {
            move_deal(deal, accounts, job_id, now, rules)
        };
        self.shift(deal, job_id, true, |deal| Some((deal.rules, rules)), work).await
    }

    /// Moves a deal back to where it stood before a job; whether there was anything to take back.
    pub async fn move_back(&self, deal: Deal, job_id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let work =
            |deal: &Deal, _: &Accounts, rules: RulesFor<'_>| move_deal_back(deal, job_id, now, rules.now);
        let versions = |deal: &Deal| deal.moved.as_ref().map(|moved| (moved.from, moved.from));
        self.shift(deal, job_id, false, versions, work).await
    }

    /// Writes what is worked out by the rules of two versions: those that a deal stands by, and those that it moves to. Where
    /// these are not new to it, they decided it with what was known of ads then.
    async fn shift(
        &self,
        mut deal: Deal,
        job_id: &str,
        is_new: bool,
        versions: impl Fn(&Deal) -> Option<(RulesVersion, RulesVersion)>,
        work: impl Fn(&Deal, &Accounts, RulesFor<'_>) -> Option<(Deal, Writes)>,
    ) -> Result<bool, StoreError> {
        let id = deal.id();
        let doing = || format!("deal {id} in job {job_id}");
        let mut pauses = pauses();
        for _ in 0..MAX_ATTEMPTS {
            let Some((standing, wanted)) = versions(&deal) else { return Ok(false) };
            let book = self.rules.with(self.rules.known().await?, [standing, wanted]).await?;
            let accounts = match book.at(wanted).filter(|_| is_new) {
                Some(rules) => self.ads.accounts_of(ids_of_deal(&deal, &rules.teams)).await?,
                None => Accounts::new(),
            };
            let worked = book.work_by(standing, wanted, |rules| work(&deal, &accounts, rules));
            let worked = worked.ok_or_else(|| StoreError::item(doing(), &"its rules are not kept"))?;
            let Some((next, writes)) = worked else { return Ok(false) };
            let all = self.writes(&next, Some(&deal), &writes)?;
            match self.write(&doing(), all, 0).await? {
                Ok(()) => return Ok(true),
                Err(Conflict::Changed(changed)) => deal = *changed,
                Err(Conflict::Seen(_) | Conflict::Rules | Conflict::Busy) => pause(&mut pauses).await,
            }
        }
        Err(StoreError::Contended { doing: doing(), attempts: MAX_ATTEMPTS })
    }
}
