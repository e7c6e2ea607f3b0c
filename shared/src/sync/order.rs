//! Works off one order to pull: as far as it goes now, and what is left of it later.
//!
//! An order is a list of windows of one account. A window that is too much is replaced by smaller ones; one whose report
//! is not ready waits; Facebook's pauses put the whole order off. What is left is a new message with a delay, so that a
//! wait of hours costs nothing and uses no redelivery up; the old message is done. If a function dies, its message comes
//! again as it was: windows that were pulled are pulled again, which changes nothing.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use chrono::TimeDelta;
use uuid::Uuid;

use super::facebook::Facebook;
use super::objects::objects;
use super::pull::{Pulled, Puller, days_of};
use super::rates;
use super::stop::Stop;
use super::windows::{Instead, instead, may_begin, pause_before_poll, warned};
use super::wiring::Source;
use crate::domain::ad::AdAccount;
use crate::domain::day::Period;
use crate::domain::pull::{PullOrder, Way, Window, Work};
use crate::domain::refresh::Progress;
use crate::domain::sync_state::{ParkReason, Parked, Pause};
use crate::edge::clock;
use crate::edge::metrics::{GraphRecord, SpendRecord};
use crate::store::StoreError;
use crate::store::ads::{Lease, Leased};
use crate::store::queue::{LONGEST_DELAY, Queue};

/// A function is stopped after a minute; its lease lasts as long.
const LEASE: TimeDelta = TimeDelta::seconds(65);

/// Another function pulls the account: a window takes seconds.
const WHILE_BUSY: Duration = Duration::from_secs(5);

/// Facebook's trouble is asked after at growing intervals, for about two hours.
const FIRST_PUT_OFF: Duration = Duration::from_secs(15);
const MOST_PUT_OFFS: u32 = 12;

/// What became of an order.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    /// Nothing is left of it.
    Nothing,
    /// It goes on later.
    Later(PullOrder, Duration),
}

/// Works off orders.
pub struct Orders<'a> {
    /// Where everything is.
    pub source: &'a Source,
    /// Where what is left goes.
    pub queue: &'a Queue,
    /// When the function is stopped.
    pub deadline: SystemTime,
}

/// What one order came to.
#[derive(Debug, Default)]
pub struct Worked {
    /// Its calls.
    pub graph: GraphRecord,
    /// Its rows and its account.
    pub spend: SpendRecord,
}

impl Orders<'_> {
    /// Works off one order; an error is our own store's and brings the message again.
    pub async fn work(&self, order: PullOrder, worked: &mut Worked) -> Result<(), StoreError> {
        let account = order.account_id.clone();
        let ticket = Uuid::now_v7().to_string();
        let leased = self.source.ads.lease(&account, &ticket, LEASE, clock::now()).await?;
        let Leased::Ours { lease, unfinished } = leased else {
            return self.queue.send(&order, WHILE_BUSY).await;
        };
        let left = self.under_lease(&lease, unfinished, order, worked).await;
        // A lease that is not handed back ends by itself.
        if let Err(error) = self.source.ads.release(&lease).await {
            tracing::warn!(account = account.digits(), error = %error, "a lease could not be handed back");
        }
        match left? {
            Left::Nothing => Ok(()),
            Left::Later(order, delay) => self.queue.send(&order, delay).await,
        }
    }

    async fn under_lease(
        &self,
        lease: &Lease,
        unfinished: Option<(String, Period)>,
        order: PullOrder,
        worked: &mut Worked,
    ) -> Result<Left, StoreError> {
        if let Some((generation, period)) = unfinished {
            self.source.ads.clean_up(lease.account(), &generation, period).await?;
            self.source.ads.ended(lease, clock::now()).await?;
        }
        let account = self.source.ads.account(lease.account()).await?;
        let facebook = match self.source.facebook(clock::now()).await {
            Ok(facebook) => facebook,
            Err(stop) => return self.stopped(order, stop, worked).await,
        };
        let left = match order.work.clone() {
            Work::Objects => self.objects(&facebook, lease, order).await,
            Work::Insights(windows) => {
                self.insights(&facebook, lease, account.as_ref(), order, windows.into(), worked).await
            }
        };
        worked.graph = facebook.record();
        left
    }

    /// Pulls the catalogue. Spend does not need it, so what is wrong with it keeps nothing from being pulled: it is pulled
    /// again tomorrow.
    async fn objects(
        &self,
        facebook: &Facebook,
        lease: &Lease,
        order: PullOrder,
    ) -> Result<Left, StoreError> {
        let account = lease.account();
        match objects(facebook, &self.source.ads, lease, self.deadline).await {
            Ok(()) => Ok(Left::Nothing),
            Err(Stop::Store(error)) => Err(error),
            Err(Stop::Wait(pause)) => Ok(Left::Later(order, delay_until(&pause))),
            Err(stop) => {
                tracing::error!(account = account.digits(), said = %stop, "campaigns and ads are incomplete");
                Ok(Left::Nothing)
            }
        }
    }

    /// Pulls window after window; one whose report is not ready stands back for the others.
    async fn insights(
        &self,
        facebook: &Facebook,
        lease: &Lease,
        account: Option<&AdAccount>,
        mut order: PullOrder,
        mut windows: VecDeque<Window>,
        worked: &mut Worked,
    ) -> Result<Left, StoreError> {
        let rates = rates::for_days(&self.source.rates, days_of(windows.make_contiguous())).await?;
        let puller = Puller {
            facebook,
            ads: &self.source.ads,
            lease,
            currency: account.and_then(|account| account.currency),
            rates: &rates,
            deadline: self.deadline,
        };
        let mut waiting = vec![];
        let mut is_first = true;
        while let Some(window) = windows.pop_front() {
            if !may_begin(&window, &waiting, &windows) {
                waiting.push(window);
                continue;
            }
            let began_at = clock::now();
            let pulled = puller.window(&window).await;
            // With all the time there is it was too short: then the window is too long.
            let pulled = match pulled {
                Err(Stop::OutOfTime) if is_first && window.way == Way::Pages => {
                    Err(Stop::Smaller("the time is too short for all its pages".to_owned()))
                }
                pulled => pulled,
            };
            is_first = false;
            match pulled {
                Ok(Pulled::Whole(flip)) => {
                    // The newest days come first: the figures are as old as their window.
                    order.began_at.get_or_insert(began_at);
                    order.rows += flip.rows;
                    order.put_off = 0;
                    worked.spend.spend_rows += flip.rows;
                }
                Ok(Pulled::NotYet(window)) => waiting.push(window),
                Err(stop) => match instead(&window, stop) {
                    Ok(Instead::Smaller(smaller)) => {
                        windows = warned(windows, &window, &smaller);
                        for window in smaller.into_iter().rev() {
                            windows.push_front(window);
                        }
                    }
                    Ok(Instead::AnotherReport(window)) => waiting.push(window),
                    Err(Stop::Park(ParkReason::GivenUp, said)) => order.given_up = Some(said),
                    Err(stop) => {
                        waiting.push(window);
                        waiting.extend(windows);
                        order.work = Work::Insights(waiting);
                        return self.stopped(order, stop, worked).await;
                    }
                },
            }
        }
        if waiting.is_empty() {
            if let Some(said) = order.given_up.take() {
                return self.park(&order, ParkReason::GivenUp, said, worked).await;
            }
            self.done(order, account, worked).await?;
            return Ok(Left::Nothing);
        }
        let delay = waiting.iter().map(pause_before_poll).min().unwrap_or_default();
        order.work = Work::Insights(waiting);
        Ok(Left::Later(order, delay))
    }

    async fn done(
        &self,
        order: PullOrder,
        account: Option<&AdAccount>,
        worked: &mut Worked,
    ) -> Result<(), StoreError> {
        let began_at = order.began_at.unwrap_or_else(clock::now);
        // Old days say nothing about how old the present figures are.
        if account.is_none_or(|account| order.newest >= Some(account.today(began_at))) {
            self.source.ads.pulled(&order.account_id, began_at).await?;
        } else {
            self.source.ads.unpark(&order.account_id).await?;
        }
        worked.spend.accounts_pulled += 1;
        self.progress(&order, Progress::Done { rows: order.rows, at: clock::now() }).await
    }

    /// Puts an order off or ends it, as the stop demands.
    async fn stopped(
        &self,
        mut order: PullOrder,
        stop: Stop,
        worked: &mut Worked,
    ) -> Result<Left, StoreError> {
        match stop {
            Stop::Store(error) => Err(error),
            Stop::Wait(Pause { until, reason }) => {
                worked.spend.accounts_postponed += 1;
                self.progress(&order, Progress::Postponed { until, reason }).await?;
                Ok(Left::Later(order, delay_until(&Pause { until, reason })))
            }
            Stop::OutOfTime if order.put_off < MOST_PUT_OFFS => {
                order.put_off += 1;
                Ok(Left::Later(order, Duration::ZERO))
            }
            Stop::Later(_) | Stop::Smaller(_) | Stop::ReportLost(_) if order.put_off < MOST_PUT_OFFS => {
                order.put_off += 1;
                let delay = FIRST_PUT_OFF * (1 << (order.put_off - 1).min(8));
                Ok(Left::Later(order, delay.min(LONGEST_DELAY)))
            }
            stop @ (Stop::OutOfTime | Stop::Later(_) | Stop::Smaller(_) | Stop::ReportLost(_)) => {
                self.park(&order, ParkReason::GivenUp, stop.to_string(), worked).await
            }
            Stop::Park(reason, said) => self.park(&order, reason, said, worked).await,
        }
    }

    async fn park(
        &self,
        order: &PullOrder,
        reason: ParkReason,
        said: String,
        worked: &mut Worked,
    ) -> Result<Left, StoreError> {
        let account = &order.account_id;
        tracing::error!(account = account.digits(), reason = ?reason, said = %said, "an ad account waits for a person");
        // A token is everyone's: what is wrong with it is kept once, and lifted once.
        if !matches!(reason, ParkReason::TokenDead | ParkReason::NoToken) {
            let parked = Parked { since: clock::now(), reason, said: said.clone() };
            self.source.ads.park(account, &parked).await?;
        }
        worked.spend.accounts_parked += 1;
        self.progress(order, Progress::Parked { reason, said }).await?;
        Ok(Left::Nothing)
    }

    async fn progress(&self, order: &PullOrder, progress: Progress) -> Result<(), StoreError> {
        let Some(job) = &order.job_id else { return Ok(()) };
        self.source.jobs.progress(job, &order.account_id, &progress, clock::now()).await
    }
}

/// Until a pause ends, or as near to it as one delay comes.
fn delay_until(pause: &Pause) -> Duration {
    (pause.until - clock::now()).to_std().unwrap_or_default().min(LONGEST_DELAY)
}
