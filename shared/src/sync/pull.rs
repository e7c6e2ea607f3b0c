//! Pulls one window of an account's insights and makes it what the account's days are.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::about::About;
use super::facebook::{Facebook, next};
use super::stop::Stop;
use super::windows::is_hopeless;
use crate::domain::ad::{AdObject, ObjectKind};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::{Day, Period};
use crate::domain::money::Currency;
use crate::domain::pull::{Report, Way, Window};
use crate::domain::rates::Rates;
use crate::domain::spend::AdDay;
use crate::domain::sync_state::ParkReason;
use crate::edge::clock;
use crate::neighbours::facebook::{Class, Cursor, InsightRow, InsightsAsk, Page, ReportId, ReportState};
use crate::store::ads::{Ads, Draft, Flip, Lease};

/// A page is not asked for unless a slow answer to it, and what has to be written after it, would still be in time.
pub const TIME_PER_PAGE: Duration = Duration::from_secs(24);

/// What came of a window.
#[derive(Debug)]
pub enum Pulled {
    /// Its days are what Facebook says.
    Whole(Flip),
    /// Facebook is still making the report.
    NotYet(Window),
}

/// Pulls windows of one account under its lease.
pub struct Puller<'a> {
    /// Facebook.
    pub facebook: &'a Facebook,
    /// Where days go.
    pub ads: &'a Ads,
    /// The account's lease.
    pub lease: &'a Lease,
    /// What the account is billed in, as it was discovered.
    pub currency: Option<Currency>,
    /// The rates of the windows' days.
    pub rates: &'a Rates,
    /// When the function is stopped.
    pub deadline: SystemTime,
}

/// A window as it is being read.
struct Reading {
    draft: Draft,
    days: Period,
    /// What its rows are in, once one of them has said so.
    currency: Option<Currency>,
    objects: BTreeMap<(ObjectKind, String), AdObject>,
}

impl Puller<'_> {
    /// Pulls one window.
    pub async fn window(&self, window: &Window) -> Result<Pulled, Stop> {
        match &window.way {
            Way::Pages => {
                let ask = self.ask(window);
                self.read(window, async |after| {
                    let about = About::insights_of(self.lease.account());
                    self.facebook.call(about, async |graph| graph.insights(&ask, after).await).await
                })
                .await
            }
            Way::Report { started, running: None } => self.start(window, *started).await,
            Way::Report { started, running: Some(report) } => self.poll(window, *started, report).await,
        }
    }

    fn ask(&self, window: &Window) -> InsightsAsk {
        InsightsAsk {
            account: self.lease.account().clone(),
            from: window.days.from,
            to: window.days.to,
            limit: window.limit,
        }
    }

    async fn start(&self, window: &Window, started: u32) -> Result<Pulled, Stop> {
        let (ask, about) = (self.ask(window), About::insights_of(self.lease.account()));
        let id = self.facebook.call(about, async |graph| graph.start_report(&ask).await).await?;
        let running = Some(Report { run_id: id.as_str().to_owned(), polls: 0 });
        let way = Way::Report { started: started + 1, running };
        Ok(Pulled::NotYet(Window { way, ..window.clone() }))
    }

    async fn poll(&self, window: &Window, started: u32, report: &Report) -> Result<Pulled, Stop> {
        let lost = |said: &str| Stop::ReportLost(said.to_owned());
        let id = ReportId::parse(&report.run_id).ok_or_else(|| lost("its id is none"))?;
        let about = About::insights_of(self.lease.account());
        let state = self.facebook.call(about, async |graph| graph.report(&id).await).await?;
        match state {
            ReportState::Running { .. } if is_hopeless(report.polls) => Err(lost("it never got ready")),
            ReportState::Running { .. } => {
                let running = Some(Report { polls: report.polls + 1, ..report.clone() });
                let way = Way::Report { started, running };
                Ok(Pulled::NotYet(Window { way, ..window.clone() }))
            }
            ReportState::Done => {
                self.read(window, async |after| {
                    let read = async |graph: &crate::neighbours::facebook::Graph| {
                        graph.report_rows(&id, window.limit, after).await
                    };
                    self.facebook.call(about, read).await
                })
                .await
            }
            ReportState::Failed { .. } | ReportState::Skipped => match state.class() {
                Some(Class::Shrink) => Err(Stop::Smaller("the report was too much".to_owned())),
                _ => Err(lost("it failed or was skipped")),
            },
        }
    }

    /// Reads page after page, each written before the next is asked for; then the window becomes what its days are.
    async fn read(
        &self,
        window: &Window,
        page: impl AsyncFn(Option<&Cursor>) -> Result<Page<InsightRow>, Stop>,
    ) -> Result<Pulled, Stop> {
        let account = self.lease.account();
        let began_at = clock::now();
        let generation = Uuid::now_v7().to_string();
        self.ads.begin(self.lease, &generation, window.days).await?;
        let mut reading = Reading {
            draft: Draft::new(account.clone(), generation, window.days, began_at),
            days: window.days,
            currency: None,
            objects: BTreeMap::new(),
        };
        if let Err(stop) = self.fill(&mut reading, page).await {
            self.ads.discard(&reading.draft).await?;
            self.ads.ended(self.lease, clock::now()).await?;
            return Err(stop);
        }
        let flip = self.finish(reading, began_at).await?;
        Ok(Pulled::Whole(flip))
    }

    async fn fill(
        &self,
        reading: &mut Reading,
        page: impl AsyncFn(Option<&Cursor>) -> Result<Page<InsightRow>, Stop>,
    ) -> Result<(), Stop> {
        let mut after: Option<Cursor> = None;
        loop {
            if clock::until(self.deadline) < TIME_PER_PAGE {
                return Err(Stop::OutOfTime);
            }
            let page = page(after.as_ref()).await?;
            self.take(reading, page.items).await?;
            after = next(after.as_ref(), page.after)?;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn take(&self, reading: &mut Reading, rows: Vec<InsightRow>) -> Result<(), Stop> {
        let Some(first) = rows.first() else { return Ok(()) };
        // What the rows say is newer than what discovery found.
        let said = reading.currency.or(first.account_currency).or(self.currency);
        let currency = said.ok_or_else(|| unusable("neither the account nor its rows say a currency"))?;
        reading.currency = Some(currency);
        let mut written = Vec::with_capacity(rows.len());
        for row in rows {
            if row.account_currency.is_some_and(|said| said != currency) {
                return Err(unusable("the account's rows are in several currencies"));
            }
            if row.day < reading.days.from || reading.days.to < row.day {
                return Err(unusable("a row is of a day that was not asked for"));
            }
            note_objects(&mut reading.objects, self.lease.account(), &row);
            written.push(ad_day(row, currency)?);
        }
        Ok(self.ads.write_rows(&mut reading.draft, written, currency, self.rates).await?)
    }

    async fn finish(&self, reading: Reading, began_at: DateTime<Utc>) -> Result<Flip, Stop> {
        let account = self.lease.account();
        let said = reading.currency.or(self.currency);
        let currency = said.ok_or_else(|| unusable("neither the account nor its rows say a currency"))?;
        let flip = self.ads.flip(&reading.draft, currency, self.rates).await?;
        let objects: Vec<AdObject> = reading.objects.into_values().collect();
        self.ads.keep_objects(account, &objects).await?;
        self.ads.ended(self.lease, clock::now()).await?;
        if reading.draft.repeated() > 0 {
            tracing::warn!(
                account = account.digits(),
                repeated = reading.draft.repeated(),
                "rows came twice"
            );
        }
        tracing::info!(
            account = account.digits(),
            replaced = flip.replaced,
            overtaken = flip.overtaken,
            rows = flip.rows,
            began_at = %began_at,
            "a window was pulled"
        );
        Ok(flip)
    }
}

/// What Facebook says cannot be kept, and asking again would not change it.
fn unusable(problem: &str) -> Stop {
    Stop::Park(ParkReason::Misconfigured, problem.to_owned())
}

/// A row as it is kept.
fn ad_day(row: InsightRow, currency: Currency) -> Result<(Day, AdDay), Stop> {
    let spend = currency.units(row.spend).ok_or_else(|| unusable("an amount is too large"))?;
    let kept = AdDay {
        ad_id: row.ad_id,
        ad_name: row.ad_name,
        adset_id: row.adset_id,
        adset_name: row.adset_name,
        campaign_id: row.campaign_id,
        campaign_name: row.campaign_name,
        spend,
        impressions: row.impressions,
        reach: row.reach,
        clicks: row.clicks,
        link_clicks: row.link_clicks,
    };
    Ok((row.day, kept))
}

fn note_objects(
    objects: &mut BTreeMap<(ObjectKind, String), AdObject>,
    account: &AdAccountId,
    row: &InsightRow,
) {
    let levels = [
        (ObjectKind::Campaign, row.campaign_id.as_deref(), &row.campaign_name),
        (ObjectKind::Adset, row.adset_id.as_deref(), &row.adset_name),
        (ObjectKind::Ad, Some(row.ad_id.as_str()), &row.ad_name),
    ];
    for (kind, id, name) in levels {
        let Some(id) = id else { continue };
        let object = objects.entry((kind, id.to_owned())).or_insert_with(|| AdObject {
            campaign_id: row.campaign_id.clone().filter(|_| kind != ObjectKind::Campaign),
            adset_id: row.adset_id.clone().filter(|_| kind == ObjectKind::Ad),
            ..AdObject::named(kind, account, id, None)
        });
        let Some(name) = name else { continue };
        let is_new = !object.names.contains(name);
        if is_new {
            object.names.push(name.clone());
            object.name = Some(name.clone());
        }
    }
}

/// The days whose rates a period of these windows needs.
pub fn days_of(windows: &[Window]) -> BTreeSet<Day> {
    windows.iter().flat_map(|window| window.days.days()).collect()
}

#[cfg(test)]
#[path = "pull_tests.rs"]
mod tests;
