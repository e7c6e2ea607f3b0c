//! The poll: what amoCRM's hooks did not tell is found here.
//!
//! 1. The subscriptions are asked for: what is switched off or missing is noted, and what hooks are to tell of is known.
//! 2. The journal and the deals since the mark, with an overlap; the month's deals at night.
//! 3. Sales that amoCRM has not confirmed by then are asked for by their ids.
//! 4. The people behind sales that are nobody's are looked for among our leads.
//! 5. Then the mark moves, and no sooner: whoever is stopped before begins where it stands.
//! 6. The ledger's sales of the last days are compared with amoCRM's.
//!
//! Two polls at once do each other's work twice and change nothing twice: each deal is written on condition of its version.

use std::collections::BTreeSet;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::amocrm::AmoCrm;
use super::hooks::HookHealth;
use super::reconcile::{self, Report, age_seconds, not_read, reconcile};
use super::stop::Stop;
use super::sweep::{Sweep, Swept};
use super::wiring::Source;
use crate::domain::deal::Deal;
use crate::domain::delivery::Told;
use crate::domain::event::DealId;
use crate::domain::observe::{Purpose, Seen};
use crate::domain::standing::Standing;
use crate::edge::clock;
use crate::edge::metrics::CrmRecord;
use crate::neighbours::amocrm::api::{MOST_IDS, Span, Wanted};
use crate::store::StoreError;

/// What changed shortly before the mark is read once more: amoCRM's clock is not ours, and it may tell of a change late.
const OVERLAP: TimeDelta = TimeDelta::minutes(5);

/// Where nothing was ever read, and every night, the deals of so many days are.
const MONTH: TimeDelta = TimeDelta::days(31);

/// So many unconfirmed sales are asked for in one poll; the others have to wait for the next.
const MOST_UNREAD: i32 = 1_000;

/// Deals that amoCRM no longer lists are asked for one by one, so many in one poll.
const MOST_SINGLE: usize = 50;

/// How far back a poll looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To the mark.
    Mark,
    /// Over the month.
    Month,
}

/// What a poll came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Polled {
    /// Whether all of it was read and stored.
    pub ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Since when deals were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// What was read.
    #[serde(flatten)]
    pub swept: Swept,
    /// Sales that were asked for by their ids.
    pub asked_again: u64,
    /// Those of them that are not amoCRM's to show: it never had them, or their deletion was told.
    pub absent: u64,
    /// Deals whose people were found among our leads.
    pub linked: u64,
    /// What comparing the last days came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation: Option<Report>,
    /// For how many seconds nobody has known whether amoCRM and the ledger have the same sales.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation_age_seconds: Option<i64>,
}

/// Polls. What amoCRM refuses is told in the answer, and the mark stays where it was.
pub async fn poll(
    source: &Source,
    reach: Reach,
    deadline: SystemTime,
    record: &mut CrmRecord,
) -> Result<Polled, StoreError> {
    let crm = AmoCrm::new(source, None, deadline);
    let (mut polled, began) = (Polled::default(), clock::now());
    let done = Poll { source, crm: &crm, reach }.run(&mut polled).await;
    *record = crm.record();
    match done {
        Ok(()) => polled.ok = true,
        Err(Stop::Store(error)) => return Err(error),
        Err(stop) => {
            not_read(source, began, &stop).await?;
            polled.problem = Some(stop.to_string());
        }
    }
    polled.reconciliation_age_seconds = age_seconds(source, clock::now()).await?;
    Ok(polled)
}

struct Poll<'a> {
    source: &'a Source,
    crm: &'a AmoCrm<'a>,
    reach: Reach,
}

impl Poll<'_> {
    async fn run(&self, polled: &mut Polled) -> Result<(), Stop> {
        let began = clock::now();
        let mut sweep = Sweep::begin(self.source, self.crm, Purpose::Heal(Told::UNKNOWN)).await?;
        let account = sweep.account;
        let mark = self.source.marks.mark(account).await?;
        let since = match (self.reach, mark) {
            (Reach::Mark, Some(mark)) => mark - OVERLAP,
            // Where nobody has polled for longer, the nightly reading leaves no gap either.
            (_, mark) => mark.map_or(began - MONTH, |mark| (mark - OVERLAP).min(began - MONTH)),
        };
        polled.since = Some(since);
        let HookHealth { told, findings } = sweep.hook_health().await?;
        reconcile::hooks(self.source, findings).await?;
        let pipelines = self.crm.read(async |amocrm| amocrm.pipelines().await).await?;
        self.source.states.pipelines(&pipelines, clock::now()).await?;
        sweep.purpose = Purpose::Heal(told);
        let done = self.read(&mut sweep, since, mark.map_or(since, |mark| mark - OVERLAP), polled).await;
        polled.swept = std::mem::take(&mut sweep.swept);
        done?;
        self.source.marks.advance(account, began).await?;
        let report = reconcile(self.source, self.crm, told, clock::now()).await?;
        polled.swept.add(&report.swept);
        polled.reconciliation = Some(report);
        Ok(())
    }

    async fn read(
        &self,
        sweep: &mut Sweep<'_>,
        since: DateTime<Utc>,
        unheard: DateTime<Utc>,
        polled: &mut Polled,
    ) -> Result<(), Stop> {
        let span = Span { from: since, to: None };
        // The polls of the month have heard the journal up to the mark.
        sweep.journal(Span { from: unheard, to: None }).await?;
        sweep.deals(Wanted::Changed(span)).await?;
        sweep.rest_of_journal().await?;
        (polled.asked_again, polled.absent) = self.unconfirmed(sweep).await?;
        polled.linked = sweep.find_people().await?;
        Ok(())
    }

    /// Asks for the sales that amoCRM has not confirmed: how many, and how many of them are not there.
    async fn unconfirmed(&self, sweep: &mut Sweep<'_>) -> Result<(u64, u64), Stop> {
        let unread = self.source.sales.unread(sweep.account, MOST_UNREAD).await?;
        let mut missing = vec![];
        for deals in unread.chunks(MOST_IDS) {
            let ids: Vec<u64> = deals.iter().map(|deal| deal.lead).collect();
            let (asked_at, context) = (clock::now(), sweep.context());
            let found =
                self.crm.read(async |amocrm| amocrm.sights(&Wanted::Ids(&ids), 1, &context).await).await?;
            // Where the filter is not in force, what is not on the page may well be on another.
            let is_whole = !found.ignored && found.unreadable == 0;
            let shown: BTreeSet<u64> = found.page.items.iter().map(|sight| sight.deal.lead).collect();
            missing.extend(
                deals
                    .iter()
                    .filter(|deal| !shown.contains(&deal.lead))
                    .map(|deal| (*deal, asked_at, is_whole)),
            );
            sweep.take(found.page.items).await?;
        }
        let absent = self.missing(sweep, missing).await?;
        Ok((unread.len() as u64, absent))
    }

    /// What it means that amoCRM does not show these: how many are known to be absent now. One that it has shown before, and
    /// of whose deletion nothing is known, is left alone here: the reconciliation, which sees all sales at once, can tell a
    /// deal that is gone from rights that are.
    async fn missing(
        &self,
        sweep: &mut Sweep<'_>,
        missing: Vec<(DealId, DateTime<Utc>, bool)>,
    ) -> Result<u64, Stop> {
        let ids: Vec<_> = missing.iter().map(|(id, _, _)| *id).collect();
        let mut known = sweep.known(&ids).await?;
        let (mut absent, mut singles) = (0, 0);
        for (id, mut asked_at, is_whole) in missing {
            let Some(deal) = known.remove(&id).filter(is_no_surprise) else { continue };
            if !is_whole {
                singles += 1;
                if singles > MOST_SINGLE {
                    continue;
                }
                asked_at = clock::now();
                let context = sweep.context();
                match self.crm.read(async |amocrm| amocrm.sight(id.lead, &context).await).await {
                    Ok(None) => {}
                    Ok(Some(sight)) => {
                        sweep.take(vec![sight]).await?;
                        continue;
                    }
                    // It was not amoCRM itself that said so: nobody can tell.
                    Err(Stop::Gone(_)) => continue,
                    Err(stop) => return Err(stop),
                }
            }
            absent += 1;
            let seen = Seen { sight: None, moves: &[], purpose: sweep.purpose, now: clock::now() };
            let reading = self.source.ledger.miss(deal, asked_at, seen).await?;
            sweep.count(reading.as_ref());
        }
        Ok(absent)
    }
}

/// Whether amoCRM is not expected to show a deal, so that nothing is cancelled where it does not: it never was amoCRM's to
/// show, or its deletion was told.
fn is_no_surprise(deal: &Deal) -> bool {
    deal.read.is_none() || Standing::of(&deal.history).is_deleted
}
