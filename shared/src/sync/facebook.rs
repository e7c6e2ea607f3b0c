//! A call to Facebook, with what has to be known before it and noted after it.
//!
//! Before each call: is the token dead, is the account paused, or the application, is the breaker closed? A call that may
//! not go is not made, on any edge. After each call, good or failed: what the usage headers and the error say is stored,
//! so that every other function knows it. Short trouble is tried again here; what lasts longer is for the queue.

use std::sync::Mutex;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::about::About;
use super::stop::Stop;
use crate::domain::ad_account::AdAccountId;
use crate::domain::breaker::{BreakerRules, BreakerState, Decision, Pass};
use crate::domain::sync_state::{ParkReason, Pause, TokenState, WaitReason, pause_length};
use crate::edge::clock;
use crate::edge::metrics::GraphRecord;
use crate::neighbours::facebook::{Answer, Class, Cursor, Failure, Good, Graph, ThrottleScope, Usage};
use crate::store::StoreError;
use crate::store::ads::Ads;
use crate::store::breaker::Breakers;
use crate::store::gate::{BREAKER, Gate, Standing};

/// A call that fails for a moment is made so often before the queue takes over.
const TRIES: usize = 3;

/// Facebook throttles at 100 %; what it would refuse is not asked.
const FULL: u32 = 100;

/// Facebook's abuse protection does not say how long it lasts.
const ABUSE_PAUSE: TimeDelta = TimeDelta::hours(1);

/// What a failed call means for the next.
enum Ended {
    /// It may be made again at once.
    AtOnce(String),
    /// It may not.
    For(Stop),
}

/// Facebook, as every sync calls it.
pub struct Facebook {
    graph: Graph,
    gate: Gate,
    ads: Ads,
    breakers: Breakers,
    /// A person asked: a token that is known to be dead is tried once more.
    probes_token: bool,
    record: Mutex<GraphRecord>,
}

impl Facebook {
    /// Over this client and this store.
    pub fn new(graph: Graph, gate: Gate, ads: Ads, breakers: Breakers) -> Self {
        Self { graph, gate, ads, breakers, probes_token: false, record: Mutex::default() }
    }

    /// The same for a person who asked: a token that is known to be dead is tried once more.
    pub fn probing(self) -> Self {
        Self { probes_token: true, ..self }
    }

    /// What the calls so far came to.
    pub fn record(&self) -> GraphRecord {
        self.record.lock().map(|record| record.clone()).unwrap_or_default()
    }

    fn note(&self, change: impl FnOnce(&mut GraphRecord)) {
        if let Ok(mut record) = self.record.lock() {
            change(&mut record);
        }
    }

    /// Makes a call, a few times if need be.
    pub async fn call<T>(&self, about: About<'_>, ask: impl AsyncFn(&Graph) -> Answer<T>) -> Result<T, Stop> {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(2))
            .with_max_times(TRIES - 1)
            .with_jitter()
            .build();
        loop {
            let standing = self.gate.standing(about.account).await?;
            let pass = self.admitted(about, &standing).await?;
            self.note(|record| record.graph_calls += 1);
            match ask(&self.graph).await {
                Ok(Good { value, usage }) => {
                    self.went_well(about, &standing, &pass, &usage).await?;
                    return Ok(value);
                }
                Err(failure) => {
                    self.note(|record| record.count(failure.class));
                    match self.went_badly(about, &standing, &pass, &failure).await? {
                        Ended::AtOnce(said) => match pauses.next() {
                            Some(pause) => tokio::time::sleep(pause).await,
                            None => return Err(Stop::Later(said)),
                        },
                        Ended::For(stop) => return Err(stop),
                    }
                }
            }
        }
    }

    /// The pass for a call, or why it may not be made.
    async fn admitted(&self, about: About<'_>, standing: &Standing) -> Result<Pass, Stop> {
        let now = clock::now();
        if !self.probes_token
            && let Some(problem) = standing.app.token_problem(self.graph.fingerprint())
        {
            return Err(Stop::Park(ParkReason::TokenDead, problem.to_owned()));
        }
        let paused = standing.account.paused(now).or_else(|| standing.app.paused(about.calls(), now));
        if let Some(pause) = paused {
            return Err(Stop::Wait(pause.clone()));
        }
        let ticket = Uuid::now_v7().to_string();
        // A closed breaker was read with the rest; one that is not decides with a write.
        let decision = match standing.breaker.ask(now, &ticket, &BreakerRules::default()) {
            (None, decision) => decision,
            (Some(_), _) => self.breakers.ask(BREAKER, now, &ticket).await?,
        };
        match decision {
            Decision::Go(pass) => Ok(pass),
            Decision::Refused { until } => Err(Stop::Wait(Pause { until, reason: WaitReason::BreakerOpen })),
        }
    }

    async fn went_well(
        &self,
        about: About<'_>,
        standing: &Standing,
        pass: &Pass,
        usage: &Usage,
    ) -> Result<(), Stop> {
        let now = clock::now();
        // Whatever was wrong, with this token or with the one before it: it is good now.
        if standing.app.token.as_ref().is_some_and(|token| token.problem.is_some()) {
            self.keep_token(None, None, now).await?;
        }
        // A limit that is reached without a time being named is not waited for: what is under way may still pass, and a
        // pull that stopped at every page would never end.
        match usage.app_pause() {
            Some(named) if usage.app_percent().is_some_and(|percent| percent >= FULL) => {
                self.pause_app(WaitReason::AppLimit, Some(named), standing, now).await?;
            }
            _ if standing.app.strikes > 0 => self.gate.forgive().await?,
            _ => {}
        }
        if let Some(account) = about.account {
            match usage.account_pause(account) {
                Some(named) if usage.account_percent(account).is_some_and(|percent| percent >= FULL) => {
                    self.pause_account(account, Some(named), standing, now).await?;
                }
                _ if standing.account.strikes > 0 => self.ads.forgive(account).await?,
                _ => {}
            }
        }
        self.breakers.succeeded(BREAKER, now, pass).await?;
        Ok(())
    }

    /// Notes what a failure says and tells what it means for the work.
    async fn went_badly(
        &self,
        about: About<'_>,
        standing: &Standing,
        pass: &Pass,
        failure: &Failure,
    ) -> Result<Ended, Stop> {
        let now = clock::now();
        let said = failure.said.to_string();
        tracing::warn!(account = about.account.map(AdAccountId::digits), said = %said, "a call to Facebook failed");
        if failure.class == Class::Again {
            let state =
                self.breakers.failed(BREAKER, now, pass, about.account.map(AdAccountId::digits)).await?;
            return Ok(match state {
                _ if failure.timed_out && about.insights => Ended::For(Stop::Smaller(said)),
                // Who has waited as long as this has no time for another try; and nobody may try once it is open.
                BreakerState::Closed if !failure.timed_out => Ended::AtOnce(said),
                _ => Ended::For(Stop::Later(said)),
            });
        }
        let stop = self.refused(about, standing, failure, said, now).await;
        // It answered: whatever it said, it is not down. First comes what others have to know before they call.
        self.breakers.released(BREAKER, now, pass).await?;
        stop.map(Ended::For)
    }

    /// What a refusal means for the work; what it means for others is stored.
    async fn refused(
        &self,
        about: About<'_>,
        standing: &Standing,
        failure: &Failure,
        said: String,
        now: DateTime<Utc>,
    ) -> Result<Stop, Stop> {
        let usage = &failure.usage;
        let park = |reason| Ok(Stop::Park(reason, said.clone()));
        match failure.class {
            Class::Again | Class::Unreadable => Ok(Stop::Later(said)),
            Class::Shrink => Ok(Stop::Smaller(said)),
            Class::ReportAgain => Ok(Stop::ReportLost(said)),
            Class::Throttled(ThrottleScope::Account) => match about.account {
                Some(account) => {
                    let named = usage.account_pause(account).or(usage.retry_after());
                    Ok(Stop::Wait(self.pause_account(account, named, standing, now).await?))
                }
                // A business or an account behind it, which says nothing about the accounts that are pulled.
                None => {
                    let named = usage.longest_pause().or(usage.retry_after());
                    Ok(Stop::Wait(self.pause_app(WaitReason::DiscoveryLimit, named, standing, now).await?))
                }
            },
            Class::Throttled(scope) => {
                let reason = match scope {
                    ThrottleScope::Insights => WaitReason::InsightsLimit,
                    ThrottleScope::Abuse => WaitReason::AbuseProtection,
                    ThrottleScope::App | ThrottleScope::Account => WaitReason::AppLimit,
                };
                let of_account = about.account.and_then(|account| usage.account_pause(account));
                let named = [usage.app_pause(), of_account, usage.retry_after()].into_iter().flatten().max();
                Ok(Stop::Wait(self.pause_app(reason, named, standing, now).await?))
            }
            Class::TokenDead if about.inspects_token => park(ParkReason::Misconfigured),
            Class::TokenDead => {
                self.keep_token(Some(said.clone()), None, now).await?;
                park(ParkReason::TokenDead)
            }
            Class::PermissionMissing => park(ParkReason::PermissionMissing),
            Class::Blocked => park(ParkReason::Blocked),
            Class::VersionGone => park(ParkReason::VersionGone),
            Class::Misconfigured => park(ParkReason::Misconfigured),
        }
    }

    async fn pause_account(
        &self,
        account: &AdAccountId,
        named: Option<Duration>,
        standing: &Standing,
        now: DateTime<Utc>,
    ) -> Result<Pause, Stop> {
        let length = pause_length(named.and_then(|n| TimeDelta::from_std(n).ok()), standing.account.strikes);
        let pause = Pause { until: now + length, reason: WaitReason::AccountLimit };
        self.ads.pause(account, &pause).await?;
        self.note(|record| record.paused(length));
        Ok(pause)
    }

    async fn pause_app(
        &self,
        reason: WaitReason,
        named: Option<Duration>,
        standing: &Standing,
        now: DateTime<Utc>,
    ) -> Result<Pause, Stop> {
        let named = match reason {
            WaitReason::AbuseProtection => Some(ABUSE_PAUSE),
            _ => named.and_then(|named| TimeDelta::from_std(named).ok()),
        };
        let length = pause_length(named, standing.app.strikes);
        let pause = Pause { until: now + length, reason };
        self.gate.pause(&pause).await?;
        self.note(|record| record.paused(length));
        Ok(pause)
    }

    /// Keeps what was found out about the token.
    pub async fn keep_token(
        &self,
        problem: Option<String>,
        expires_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let fingerprint = self.graph.fingerprint().to_owned();
        self.gate.token(&TokenState { fingerprint, problem, expires_at, checked_at: now }).await
    }
}

/// Where the next page begins. A cursor that leads to itself would be followed for ever.
pub fn next(before: Option<&Cursor>, after: Option<Cursor>) -> Result<Option<Cursor>, Stop> {
    match after {
        Some(after) if before == Some(&after) => Err(Stop::Later("a page leads to itself".to_owned())),
        after => Ok(after),
    }
}

#[cfg(test)]
#[path = "facebook_tests.rs"]
mod tests;
