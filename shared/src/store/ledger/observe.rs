//! What reading amoCRM shows goes into the ledger as hooks do: one transaction for each deal, guarded by its version, with a
//! record of each thing that nobody had told.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::conflict::Conflict;
use super::{Ledger, news};
use crate::domain::crm::sight::Sight;
use crate::domain::deal::Deal;
use crate::domain::event::DealId;
use crate::domain::ledger::{Ignored, Outcome, Verdict};
use crate::domain::observe::{self, Healed, Observed, Purpose, Seen};
use crate::domain::rules::{RulesFor, RulesVersion};
use crate::domain::team::Team;
use crate::store::contention::{MAX_ATTEMPTS, pause, pauses};
use crate::store::events::EventRecord;
use crate::store::sales::Sales;
use crate::store::{StoreError, outbox};

/// What reading one deal came to.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The deal as it is now.
    pub deal: Deal,
    /// What was found, in the order in which it happened.
    pub healed: Vec<Healed>,
    /// What became of its sales, where they changed.
    pub verdict: Option<Verdict>,
}

impl Ledger {
    /// Takes in what was read of a deal; `prior` is what is known of it, as it was read a moment ago. Nothing where it says
    /// nothing new.
    pub async fn observe(
        &self,
        prior: Option<Deal>,
        id: DealId,
        seen: Seen<'_>,
    ) -> Result<Option<Reading>, StoreError> {
        self.settle(prior, id, seen, |prior, seen, rules| observe::observe(prior, id, seen, rules)).await
    }

    /// The sight with the ad accounts that ids in its values belong to, where they are not known yet and nothing else gives
    /// the deal a team: as with hooks, what is found is kept.
    async fn with_accounts<'a>(
        &self,
        prior: Option<&Deal>,
        sight: &'a Sight,
        teams: &[Team],
    ) -> Result<Cow<'a, Sight>, StoreError> {
        let is_new = |reading| prior.is_none_or(|prior| !prior.has_read(reading, sight.updated_at));
        let mut sight = Cow::Borrowed(sight);
        if sight.readings.iter().any(is_new) {
            for (place, account) in self.ads.named_in(&sight.readings, teams).await? {
                if let Some(reading) = sight.to_mut().readings.get_mut(place) {
                    reading.ad_account.get_or_insert(account);
                }
            }
        }
        Ok(sight)
    }

    /// Takes in that amoCRM was asked for a deal and showed none.
    pub async fn miss(
        &self,
        prior: Deal,
        asked_at: DateTime<Utc>,
        seen: Seen<'_>,
    ) -> Result<Option<Reading>, StoreError> {
        let id = prior.id();
        let look = |prior: Option<&Deal>, seen: Seen<'_>, rules: RulesFor<'_>| {
            observe::miss(prior?, asked_at, seen, rules)
        };
        self.settle(Some(prior), id, seen, look).await
    }

    async fn settle(
        &self,
        mut prior: Option<Deal>,
        id: DealId,
        seen: Seen<'_>,
        look: impl Fn(Option<&Deal>, Seen<'_>, RulesFor<'_>) -> Option<Observed>,
    ) -> Result<Option<Reading>, StoreError> {
        let mut pauses = pauses();
        // Records that stand already though the deal does not have their entries: somebody took it away by hand.
        let mut stand = false;
        let mut known: Option<(RulesVersion, Cow<'_, Sight>)> = None;
        for _ in 0..MAX_ATTEMPTS {
            let book = self.rules.known().await?;
            let by = book.now().version;
            if let Some(sight) = seen.sight
                && known.as_ref().is_none_or(|(known, _)| *known != by)
            {
                known = Some((by, self.with_accounts(prior.as_ref(), sight, &book.now().teams).await?));
            }
            let seen = Seen { sight: known.as_ref().map(|(_, sight)| &**sight), ..seen };
            let (rules, observed) =
                self.by_rules(book, prior.as_ref(), |rules| look(prior.as_ref(), seen, rules)).await?;
            let Some(observed) = observed else { return Ok(None) };
            let records = records(&observed, seen);
            let mut writes = vec![];
            for record in records.iter().filter(|_| !stand) {
                writes.push(record.claim(&self.tables.events)?);
            }
            let claims = writes.len();
            writes.extend(self.writes(&observed.deal, prior.as_ref(), &observed.writes)?);
            let message = observed.verdict.as_ref().zip(records.last());
            let is_news = matches!(seen.purpose, Purpose::Heal(_));
            let message = message.filter(|_| is_news).and_then(|(verdict, record)| news(verdict, record));
            if let Some(message) = &message {
                writes.push(outbox::write(&self.tables.notifications, message)?);
            }
            writes.push(self.rules.check(rules, id.lead)?);
            match self.write(&format!("reading of deal {id}"), writes, claims).await? {
                Ok(()) => {
                    let Observed { deal, healed, verdict, .. } = observed;
                    return Ok(Some(Reading { deal, healed, verdict }));
                }
                Err(Conflict::Changed(deal)) => prior = Some(*deal),
                Err(Conflict::Rules) => self.rules.fresh().await.map(drop)?,
                Err(Conflict::Seen(_)) => {
                    pause(&mut pauses).await;
                    let sales = Sales::new(self.client.clone(), self.tables.sales.clone());
                    let now = sales.deals(&[id]).await?.pop();
                    let version = |deal: &Option<Deal>| deal.as_ref().map(|deal| deal.version);
                    stand = version(&now) == version(&prior);
                    prior = now;
                }
                Err(Conflict::Busy) => pause(&mut pauses).await,
            }
        }
        Err(StoreError::Contended { doing: format!("reading of deal {id}"), attempts: MAX_ATTEMPTS })
    }
}

/// The records of what was found. The last one says what became of the sales: they follow from all of it.
fn records(observed: &Observed, seen: Seen<'_>) -> Vec<EventRecord> {
    let quiet = || Verdict::ignored(Ignored::NoChange);
    let last = observed.healed.len().saturating_sub(1);
    let id = observed.deal.id();
    let record = |(place, healed): (usize, &Healed)| EventRecord {
        id: healed.entry.id.clone(),
        route: healed.entry.route,
        origin: healed.entry.origin,
        action: healed.entry.action.as_str().to_owned(),
        account: Some(id.account),
        lead_id: Some(id.lead),
        happened_at: Some(healed.entry.at),
        received_at: seen.now,
        raw_id: String::new(),
        problems: vec![],
        healed: matches!(seen.purpose, Purpose::Heal(_)).then_some(healed.found),
        replayed_at: None,
        verdict: observed.verdict.clone().filter(|_| place == last).unwrap_or_else(quiet),
    };
    observed.healed.iter().enumerate().map(record).collect()
}

impl Reading {
    /// The same with what was found just before of the same deal.
    #[must_use]
    pub fn after(self, earlier: Option<Self>) -> Self {
        let Some(earlier) = earlier else { return self };
        let made = [&earlier, &self].into_iter().find(|reading| reading.is_recorded());
        let verdict = made.map_or_else(|| self.verdict.clone(), |reading| reading.verdict.clone());
        Self { healed: [earlier.healed, self.healed].concat(), verdict, ..self }
    }

    /// Whether it made a new sale.
    pub fn is_recorded(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| verdict.outcome == Outcome::Recorded)
    }
}
