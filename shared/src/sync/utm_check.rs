//! Looks at the UTM tags of every ad that runs, account by account, and keeps what is wrong with them.
//!
//! An account is read under its lease and whole: what was found before is replaced after the last page, or stays, with the
//! reason beside it. What holds one account up holds no other up; where nobody may call at all, no call is made and every
//! account gets the reason.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;
use serde::Serialize;
use uuid::Uuid;

use super::about::About;
use super::facebook::{Facebook, next};
use super::pull::TIME_PER_PAGE;
use super::stop::Stop;
use super::wiring::Source;
use crate::domain::ad::AdAccount;
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Period;
use crate::domain::rules::Rules;
use crate::domain::spend::{AccountDay, AdDay};
use crate::domain::utm_check::at_risk::DaySpend;
use crate::domain::utm_check::result::{Found, Problem};
use crate::domain::utm_check::{Suspect, TaggedAd, judge};
use crate::edge::clock;
use crate::edge::metrics::{GraphRecord, UtmRecord};
use crate::neighbours::facebook::Cursor;
use crate::store::StoreError;
use crate::store::ads::{Ads, Lease, Leased};

/// As many ads as a page holds, and as few as it is made to hold where Facebook says that it is too much.
const PAGE: u32 = 100;
const SMALLEST_PAGE: u32 = 6;

/// An account is held for no longer than this, so that its pulls do not wait.
const LEASE: TimeDelta = TimeDelta::seconds(65);
const LONGEST: TimeDelta = TimeDelta::seconds(60);

/// An account that is being pulled is asked after again so often, with a pause where there is nothing else to do.
const MOST_TRIES: u32 = 20;
const WHILE_BUSY: Duration = Duration::from_secs(1);

/// What a check came to, for whoever invokes it by hand.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Accounts that were checked.
    pub accounts: usize,
    /// Ads that run in them.
    pub ads: usize,
    /// Those that something is wrong with.
    pub with_findings: usize,
    /// The accounts that were not checked, with why.
    pub problems: Vec<NotChecked>,
}

/// An account that was not checked.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct NotChecked {
    account_id: AdAccountId,
    problem: String,
}

impl Report {
    /// As metrics.
    pub fn record(&self) -> UtmRecord {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        UtmRecord {
            utm_ads: count(self.ads),
            utm_findings: count(self.with_findings),
            utm_accounts_unchecked: count(self.problems.len()),
        }
    }
}

/// Checks accounts.
pub struct UtmCheck<'a> {
    /// Where everything is.
    pub source: &'a Source,
    /// Whose values are whose.
    pub rules: &'a Rules,
    /// When the function is stopped.
    pub deadline: SystemTime,
}

impl UtmCheck<'_> {
    /// Checks every account that the token still sees and that nobody has switched off.
    pub async fn run(&self, graph: &mut GraphRecord) -> Result<Report, StoreError> {
        let (accounts, decided) = tokio::try_join!(self.source.ads.accounts(), self.source.decided())?;
        let newest = accounts.iter().map(|account| account.discovered_at).max();
        let is_seen = |account: &AdAccount| newest.is_none_or(|newest| account.is_seen(newest));
        let mut left: VecDeque<(AdAccount, u32)> = accounts
            .into_iter()
            .filter(|account| is_seen(account) && decided.is_on(&account.account_id))
            .map(|account| (account, 0))
            .collect();
        let mut report = Report::default();
        let facebook = match self.source.facebook(clock::now()).await {
            Ok(facebook) => facebook,
            Err(Stop::Store(error)) => return Err(error),
            Err(stop) => {
                for (account, _) in left {
                    self.not_checked(&account, &stop.to_string(), &mut report).await?;
                }
                return Ok(report);
            }
        };
        while let Some((account, tries)) = left.pop_front() {
            match self.account(&facebook, &account).await {
                Ok(Some(found)) => {
                    report.accounts += 1;
                    report.ads += found.ads;
                    report.with_findings += found.with_findings;
                }
                Ok(None) if tries < MOST_TRIES && clock::until(self.deadline) > TIME_PER_PAGE => {
                    if left.iter().all(|(_, tries)| *tries > 0) {
                        tokio::time::sleep(WHILE_BUSY).await;
                    }
                    left.push_back((account, tries + 1));
                }
                Ok(None) => {
                    self.not_checked(&account, "it was being pulled all the time", &mut report).await?
                }
                Err(Stop::Store(error)) => {
                    *graph = facebook.record();
                    return Err(error);
                }
                Err(stop) => self.not_checked(&account, &stop.to_string(), &mut report).await?,
            }
        }
        *graph = facebook.record();
        Ok(report)
    }

    async fn not_checked(
        &self,
        account: &AdAccount,
        said: &str,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        let account_id = account.account_id.clone();
        tracing::warn!(account = account_id.digits(), said, "an ad account's UTM tags were not checked");
        let problem = Problem { at: clock::now(), said: said.to_owned() };
        self.source.ads.note_utm_problem(&account_id, &problem).await?;
        report.problems.push(NotChecked { account_id, problem: problem.said });
        Ok(())
    }

    /// Checks one account; nothing where someone else holds it.
    async fn account(&self, facebook: &Facebook, account: &AdAccount) -> Result<Option<Found>, Stop> {
        let ads = &self.source.ads;
        let ticket = Uuid::now_v7().to_string();
        // What its last holder left unfinished is for the next pull to clean up.
        let leased = ads.lease(&account.account_id, &ticket, LEASE, clock::now()).await?;
        let Leased::Ours { lease, .. } = leased else { return Ok(None) };
        let read = self.active_ads(facebook, &lease).await;
        // A lease that is not handed back ends by itself.
        if let Err(error) = ads.release(&lease).await {
            tracing::warn!(account = account.account_id.digits(), error = %error, "a lease could not be handed back");
        }
        let read = read?;
        let suspects = read.iter().filter_map(|ad| judge(ad, &account.account_id, self.rules)).collect();
        let suspects = dearest_first(ads, account, suspects).await?;
        let found = Found::new(account.account_id.clone(), clock::now(), read.len(), suspects);
        ads.keep_utm_check(&found).await?;
        Ok(Some(found))
    }

    async fn active_ads(&self, facebook: &Facebook, lease: &Lease) -> Result<Vec<TaggedAd>, Stop> {
        let account = lease.account();
        let deadline = self.deadline.min(SystemTime::from(clock::now() + LONGEST));
        let (mut read, mut limit) = (vec![], PAGE);
        let mut after: Option<Cursor> = None;
        loop {
            if clock::until(deadline) < TIME_PER_PAGE {
                return Err(Stop::OutOfTime);
            }
            let about = About::account(account);
            let page = facebook
                .call(about, async |graph| graph.active_ads(account, limit, after.as_ref()).await)
                .await;
            let page = match page {
                Err(Stop::Smaller(_)) if limit / 4 >= SMALLEST_PAGE => {
                    limit /= 4;
                    continue;
                }
                page => page?,
            };
            read.extend(page.items);
            after = next(after.as_ref(), page.after)?;
            if after.is_none() {
                return Ok(read);
            }
        }
    }
}

/// Of more than can be kept those that spend most are kept.
async fn dearest_first(
    ads: &Ads,
    account: &AdAccount,
    mut suspects: Vec<Suspect>,
) -> Result<Vec<Suspect>, StoreError> {
    if suspects.len() > 1 {
        let today = account.today(clock::now());
        let days = ads.day_rows(&account.account_id, Period { from: today.minus(1), to: today }).await?;
        let days: Vec<(&AccountDay, &[AdDay])> =
            days.iter().map(|day| (&day.day, day.rows.as_slice())).collect();
        if let Some(spend) = DaySpend::newest(&days, today) {
            suspects.sort_by_key(|suspect| -spend.of_ad(&suspect.ad.id).0.amount);
        }
    }
    Ok(suspects)
}
