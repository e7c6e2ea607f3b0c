//! A call to amoCRM, with what has to be known before it and noted after it.
//!
//! Before each call: does the breaker let it go, and is there a slot within the limit? After it: the slot is handed back,
//! the breaker told. Reading is tried again here for a moment; a write never is, since it may have been carried out: whoever
//! comes next looks first. A refusal that is meant for every call opens the breaker at once, and the first call after its
//! cool-down finds out whether it still stands.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::stop::Stop;
use super::token::{PAUSES, renewed};
use super::wiring::Source;
use crate::domain::breaker::{BreakerRules, BreakerState, Decision, Pass};
use crate::domain::crm::slots::{Ending, Taking};
use crate::edge::clock;
use crate::edge::metrics::CrmRecord;
use crate::neighbours::amocrm::api::{Amocrm, Answer, Class, Failure};
use crate::store::StoreError;
use crate::store::leads::JobMessage;

/// The breaker's name.
pub const BREAKER: &str = "amocrm";

/// amoCRM is probed at least once a minute, however long it has refused.
pub const RULES: BreakerRules = BreakerRules {
    failures: 5,
    about_one: 2,
    cool_down: TimeDelta::seconds(45),
    longest: TimeDelta::seconds(45),
    probe_lease: TimeDelta::seconds(40),
};

/// The HTTP client gives up after this.
pub const LONGEST_CALL: TimeDelta = TimeDelta::seconds(10);

/// What is under way has to be put away before the function is stopped.
const TO_PUT_AWAY: TimeDelta = TimeDelta::seconds(6);

/// A question that fails for a moment is asked so often before the queue takes over.
const TRIES: usize = 3;

/// A refused token is looked for in the secret, then renewed; a new one that is refused too is for a person.
const MOST_TOKENS: usize = 2;

/// What a failed call means for the next.
enum Ended {
    /// It may be made again at once, if it is a question.
    AtOnce(String),
    /// It may not.
    For(Stop),
}

/// Why a call gave nothing.
pub enum Trouble {
    /// amoCRM gave nothing.
    Failed {
        /// Why.
        failure: Failure,
        /// Until when nobody asks, if it was asked too often.
        paused_until: Option<DateTime<Utc>>,
    },
    /// Nobody can call before a person has done this.
    NoWay(String),
    /// It was not made.
    Stop(Stop),
}

impl<E: Into<Stop>> From<E> for Trouble {
    fn from(stop: E) -> Self {
        Self::Stop(stop.into())
    }
}

/// amoCRM, as everyone calls it.
pub struct AmoCrm<'a> {
    source: &'a Source,
    /// The lead that the calls are for.
    about: Option<&'a str>,
    deadline: SystemTime,
    record: Mutex<CrmRecord>,
}

impl<'a> AmoCrm<'a> {
    /// For work on a lead, or on none, in a function that is stopped then.
    pub fn new(source: &'a Source, about: Option<&'a str>, deadline: SystemTime) -> Self {
        Self { source, about, deadline, record: Mutex::default() }
    }

    /// What the calls so far came to.
    pub fn record(&self) -> CrmRecord {
        self.record.lock().map(|record| record.clone()).unwrap_or_default()
    }

    fn note(&self, change: impl FnOnce(&mut CrmRecord)) {
        if let Ok(mut record) = self.record.lock() {
            change(&mut record);
        }
    }

    /// Asks, a few times if need be.
    pub async fn read<T>(&self, ask: impl AsyncFn(&Amocrm) -> Answer<T>) -> Result<T, Stop> {
        self.call(TRIES, ask).await
    }

    /// Writes, once.
    pub async fn write<T>(&self, ask: impl AsyncFn(&Amocrm) -> Answer<T>) -> Result<T, Stop> {
        self.call(1, ask).await
    }

    /// Finds out whether amoCRM is well again, where it is not; where it is, nothing is asked.
    pub async fn probe(&self) -> Result<(), Stop> {
        let ticket = Uuid::now_v7().to_string();
        match self.source.breakers.ask(BREAKER, clock::now(), &ticket).await? {
            Decision::Go(pass) if pass.is_probe() => {
                let asked = self.asked(&async |amocrm: &Amocrm| amocrm.account().await.map(drop)).await;
                match self.ended(&pass, asked).await? {
                    Ok(()) => Ok(()),
                    Err(Ended::AtOnce(said)) => Err(Stop::Later(said)),
                    Err(Ended::For(stop)) => Err(stop),
                }
            }
            Decision::Go(_) | Decision::Refused { .. } => Ok(()),
        }
    }

    async fn call<T>(&self, tries: usize, ask: impl AsyncFn(&Amocrm) -> Answer<T>) -> Result<T, Stop> {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(300))
            .with_max_delay(Duration::from_secs(2))
            .with_max_times(tries.saturating_sub(1))
            .with_jitter()
            .build();
        loop {
            let ticket = Uuid::now_v7().to_string();
            let pass = match self.source.breakers.ask(BREAKER, clock::now(), &ticket).await? {
                Decision::Go(pass) => pass,
                Decision::Refused { until } => return Err(Stop::Wait { until, problem: None }),
            };
            let asked = self.asked(&ask).await;
            match self.ended(&pass, asked).await? {
                Ok(value) => return Ok(value),
                Err(Ended::AtOnce(said)) => match pauses.next() {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(Stop::Later(said)),
                },
                Err(Ended::For(stop)) => return Err(stop),
            }
        }
    }

    /// One call, and again with another token where the one that we know is no longer good: with one that is stored
    /// already, then with a new one.
    async fn asked<T>(&self, ask: &impl AsyncFn(&Amocrm) -> Answer<T>) -> Result<T, Trouble> {
        let mut amocrm = self.source.amocrm(clock::now()).await?;
        for _ in 0..MOST_TOKENS {
            let refused = match self.once(&amocrm, ask).await {
                Err(Trouble::Failed { failure, .. }) if failure.class == Class::Unauthorized => failure,
                asked => return asked,
            };
            tracing::warn!(said = %refused, "amoCRM does not take the access token");
            let new_tokens = async |credentials| {
                let amocrm = self.source.amocrm_by(credentials);
                self.once(&amocrm, &async |amocrm: &Amocrm| amocrm.new_tokens().await).await
            };
            let place = &self.source.token;
            let credentials = renewed(place, amocrm.credentials(), self.latest(), PAUSES, new_tokens).await?;
            amocrm = self.source.amocrm_by(credentials);
            self.source.remember(&amocrm, clock::now());
        }
        self.once(&amocrm, ask).await
    }

    /// One request in a slot of its own.
    async fn once<T>(&self, amocrm: &Amocrm, ask: &impl AsyncFn(&Amocrm) -> Answer<T>) -> Result<T, Trouble> {
        let ticket = Uuid::now_v7().to_string();
        let hold = loop {
            match self.source.limit.take(clock::now(), &ticket, self.latest()).await? {
                Taking::Ours(hold) => break hold,
                Taking::AskAgain(at) => sleep_until(at).await,
                Taking::TooLate { until } if self.latest() < clock::now() + TO_PUT_AWAY => {
                    tracing::info!(until = %until, "there is no time left for another call to amoCRM");
                    return Err(Trouble::Stop(Stop::OutOfTime));
                }
                Taking::TooLate { until } => return Err(Trouble::Stop(Stop::SlowDown(until))),
            }
        };
        sleep_until(hold.start_at).await;
        self.note(|record| record.amocrm_calls += 1);
        let answered = ask(amocrm).await;
        let ending = match &answered {
            Err(failure) if failure.class == Class::SlowDown => Ending::TooOften,
            Err(failure) if failure.said.status.is_none() => Ending::Otherwise,
            _ => Ending::Answered,
        };
        // What was answered counts, whatever becomes of our books: the slot ends by its lease.
        let ended = self.source.limit.ended(clock::now(), &hold, ending).await;
        let paused_until =
            ended.map_err(|error| not_noted("a slot of the limit", &error)).unwrap_or_default();
        answered.map_err(|failure| Trouble::Failed { failure, paused_until })
    }

    /// No call starts later than this.
    fn latest(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(self.deadline) - LONGEST_CALL - TO_PUT_AWAY
    }

    /// Tells the breaker how a call ended, and what that means.
    async fn ended<T>(&self, pass: &Pass, asked: Result<T, Trouble>) -> Result<Result<T, Ended>, StoreError> {
        let now = clock::now();
        let (failure, paused_until) = match asked {
            Ok(value) => {
                self.is_well(pass, now).await;
                return Ok(Ok(value));
            }
            Err(Trouble::Failed { failure, paused_until }) => (failure, paused_until),
            Err(Trouble::NoWay(problem)) => return self.refused(pass, problem, now).await.map(Err),
            Err(Trouble::Stop(stop)) => {
                self.released(pass, now).await;
                return Ok(Err(Ended::For(stop)));
            }
        };
        tracing::warn!(lead = self.about, said = %failure, "a call to amoCRM failed");
        let said = failure.to_string();
        let stop = match failure.class {
            Class::Again => return self.failed(pass, said, now).await.map(Err),
            Class::Unpaid | Class::Forbidden | Class::Unauthorized | Class::Misconfigured => {
                return self.refused(pass, problem(&failure), now).await.map(Err);
            }
            // It answers, and what it says is about what we asked.
            Class::Invalid | Class::Missing => {
                self.is_well(pass, now).await;
                match failure.class {
                    Class::Missing => Stop::Gone(said),
                    _ => Stop::Invalid(failure.said),
                }
            }
            Class::SlowDown | Class::TooMuch | Class::Unclear => {
                self.released(pass, now).await;
                self.note(|record| match failure.class {
                    Class::SlowDown => record.amocrm_throttled += 1,
                    _ => record.amocrm_failed += 1,
                });
                match paused_until.filter(|_| failure.class == Class::SlowDown) {
                    Some(until) => Stop::SlowDown(until),
                    None => Stop::Later(said),
                }
            }
        };
        Ok(Err(Ended::For(stop)))
    }

    /// What cannot be noted here is found out anew by the next probe: the answer is worth more.
    async fn is_well(&self, pass: &Pass, now: DateTime<Utc>) {
        if let Err(error) = self.source.breakers.succeeded(BREAKER, now, pass).await {
            return not_noted("that amoCRM is well", &error);
        }
        if pass.is_probe() {
            tracing::info!("amoCRM is well again");
            self.found(None, now).await;
        }
    }

    /// A probe that is not handed back ends by its lease.
    async fn released(&self, pass: &Pass, now: DateTime<Utc>) {
        if let Err(error) = self.source.breakers.released(BREAKER, now, pass).await {
            not_noted("the end of a call", &error);
        }
    }

    /// How amoCRM stands is for people to read; the breaker decides.
    async fn found(&self, problem: Option<String>, now: DateTime<Utc>) {
        if let Err(error) = self.source.states.found(problem, now).await {
            not_noted("how amoCRM stands", &error);
        }
    }

    async fn failed(&self, pass: &Pass, said: String, now: DateTime<Utc>) -> Result<Ended, StoreError> {
        self.note(|record| record.amocrm_failed += 1);
        let state = self.source.breakers.failed(BREAKER, now, pass, self.about).await?;
        if state == BreakerState::Closed {
            return Ok(Ended::AtOnce(said));
        }
        self.found(Some(format!("amoCRM does not answer as it should: {said}")), now).await;
        self.probe_later().await;
        Ok(Ended::For(Stop::Later(said)))
    }

    /// Every call is refused until a person does something: nobody calls for a while.
    async fn refused(&self, pass: &Pass, problem: String, now: DateTime<Utc>) -> Result<Ended, StoreError> {
        self.note(|record| record.amocrm_refusals += 1);
        if self.source.breakers.tripped(BREAKER, now, pass).await? {
            tracing::error!(problem = %problem, "amoCRM refuses every call: leads wait");
            self.found(Some(problem.clone()), now).await;
            self.probe_later().await;
        }
        Ok(Ended::For(Stop::Wait { until: now + RULES.cool_down, problem: Some(problem) }))
    }

    /// The sweeper sends a probe every minute, which is just too seldom to be sure of one a minute.
    async fn probe_later(&self) {
        let after = RULES.cool_down.to_std().unwrap_or_default() + Duration::from_secs(1);
        if let Err(error) = self.source.queue.send(&JobMessage::PROBE, after).await {
            not_noted("when amoCRM is to be tried", &error);
        }
    }
}

fn not_noted(what: &str, error: &StoreError) {
    tracing::warn!(what, error = %error, "what a call to amoCRM came to could not be noted");
}

async fn sleep_until(at: DateTime<Utc>) {
    tokio::time::sleep((at - clock::now()).to_std().unwrap_or_default()).await;
}

/// What a person has to do.
fn problem(failure: &Failure) -> String {
    let what_to_do = match failure.class {
        Class::Unpaid => "the account is not paid for: pay, and leads go by themselves",
        Class::Forbidden => {
            "it refuses us: too many requests have blocked the account's API, our address is not on the account's list, or \
             the token lacks rights; ask amoCRM's support"
        }
        Class::Unauthorized => "it does not take the access token: store a new one in the secret",
        _ => "this is not the address of an account's API: set AMOCRM_BASE_URL",
    };
    format!("amoCRM: {what_to_do} ({failure})")
}
