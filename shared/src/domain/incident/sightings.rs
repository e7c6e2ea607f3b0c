//! What is wrong, from what is known of each thing.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Kind, Level, Sighting, Topic};
use crate::domain::ad_account::AdAccountId;
use crate::domain::breaker::{Breaker, BreakerState};
use crate::domain::crm::subscriptions::{HookFinding, HookProblem};
use crate::domain::day::{Day, almaty_clock};
use crate::domain::money::Money;
use crate::domain::reconciliation::{Judgement, Proven};
use crate::domain::settings::AlertSettings;
use crate::domain::token_health::{Found, Kept, RENEW, Token, Trouble, Worth};

/// A source is late now and then; one that stays late for so long does not come back by itself.
const STALE_FOR: TimeDelta = TimeDelta::minutes(60);

impl Sighting {
    fn at_once(topic: Topic, message: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self {
            topic,
            level: Level::Trouble,
            message: message.into(),
            what_to_do: what_to_do.into(),
            since: None,
            patience: TimeDelta::zero(),
        }
    }
}

/// Tokens are checked every hour, whether or not their neighbours answer.
const UNCHECKED_FOR: TimeDelta = TimeDelta::hours(3);

/// A token that ends soon or is dead, by what its neighbour said last: silence since then says nothing of it. One that nobody
/// checks any more may be dead without anybody's knowing.
pub fn token(name: Token, kept: &Kept, settings: &AlertSettings, now: DateTime<Utc>) -> Option<Sighting> {
    of_answer(name, kept, settings, now).or_else(|| {
        let checked_at = kept.last.as_ref()?.checked_at;
        let message = format!("Nobody has checked it since {}.", almaty_clock(checked_at, now));
        let what_to_do = "Whoever deploys this service looks whether the schedule of token-check is on, and reads its log.";
        let topic = Topic::new(Kind::Token, name.as_str());
        (now - checked_at > UNCHECKED_FOR).then(|| Sighting::at_once(topic, message, what_to_do))
    })
}

fn of_answer(name: Token, kept: &Kept, settings: &AlertSettings, now: DateTime<Utc>) -> Option<Sighting> {
    let topic = Topic::new(Kind::Token, name.as_str());
    match &kept.answered.as_ref()?.found {
        Found::Bad(trouble) => Some(dead(topic, &trouble.problem, &trouble.what_to_do)),
        // What keeps us out wakes nobody at night: the token is good.
        Found::Good(worth) => ends(&topic, worth, settings, now).or_else(|| {
            let Trouble { problem, what_to_do, .. } = worth.obstacle()?;
            Some(Sighting::at_once(topic, problem.as_str(), what_to_do.as_str()))
        }),
        Found::Unasked(_) => None,
    }
}

fn ends(topic: &Topic, worth: &Worth, settings: &AlertSettings, now: DateTime<Utc>) -> Option<Sighting> {
    let end = worth.expires_at?;
    let left = end - now;
    if left <= TimeDelta::zero() {
        return Some(dead(topic.clone(), &format!("it ended at {}.", almaty_clock(end, now)), RENEW));
    }
    let level = Level::ends_in(settings.notice(left)?);
    let days = match left.num_days() {
        0 => "in less than a day".to_owned(),
        1 => "in a day".to_owned(),
        days => format!("in {days} days"),
    };
    let message = format!("It ends {days}, at {}.", almaty_clock(end, now));
    Some(Sighting { level, ..Sighting::at_once(topic.clone(), message, RENEW) })
}

fn dead(topic: Topic, message: &str, what_to_do: &str) -> Sighting {
    let message = format!("It does not work: {message}");
    Sighting { level: Level::Dead, ..Sighting::at_once(topic, message, what_to_do) }
}

/// The hooks that amoCRM has switched off, or that are not there. One that is off and then taken away is as silent as before:
/// that is the same incident.
pub fn hooks(findings: &[HookFinding]) -> Vec<Sighting> {
    let sighting = |finding: &HookFinding| {
        let HookFinding { path, problem, events, what_to_do } = finding;
        let message = match problem {
            HookProblem::Disabled => format!("amoCRM no longer tells {path} of: {}.", events.join(", ")),
            HookProblem::Missing => {
                format!("amoCRM has no hook that tells {path} of: {}.", events.join(", "))
            }
            HookProblem::Incomplete => return None,
        };
        let topic = Topic::new(Kind::HookDisabled, path.rsplit('/').next().unwrap_or_default());
        Some(Sighting::at_once(topic, message, what_to_do.as_str()))
    };
    findings.iter().filter_map(sighting).collect()
}

/// The proof, where it is other than green.
pub fn proof(judgement: &Judgement, settings: &AlertSettings) -> Option<Sighting> {
    let (message, what_to_do) = match judgement.state {
        Proven::Green => return None,
        Proven::Red => (
            "The ledger and amoCRM do not have the same sales.",
            "An admin reads GET /api/admin/reconciliation: it names every deal that is not alike, and why.",
        ),
        Proven::Unknown => (
            "Nobody knows whether the ledger has amoCRM's sales.",
            "An admin reads GET /api/admin/reconciliation and does what the reason says.",
        ),
    };
    let reason = judgement.reason.as_deref().map(|reason| format!(" {reason}")).unwrap_or_default();
    let patience = TimeDelta::minutes(i64::from(settings.proof_minutes));
    let topic = Topic::new(Kind::Proof, "sales");
    Some(Sighting { patience, ..Sighting::at_once(topic, format!("{message}{reason}"), what_to_do) })
}

/// A source that has not spoken in time: when it did last, and what is known of the reason.
pub fn stale(source: &str, last: Option<&str>, reason: Option<&str>) -> Sighting {
    let last =
        last.map_or_else(|| "It has never spoken.".to_owned(), |last| format!("It last spoke at {last}."));
    let reason = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
    let what_to_do = match source {
        "sales" => {
            "An admin reads GET /api/admin/reconciliation: how amoCRM's hooks and the reading of amoCRM stand."
        }
        "leads" => {
            "Whoever runs the landing pages sends a form on each; an admin looks at what the ads lead to."
        }
        _ => "An admin reads GET /api/traffic-facebook/health: which ad account waits for what.",
    };
    let topic = Topic::new(Kind::SourceStale, source);
    Sighting { patience: STALE_FOR, ..Sighting::at_once(topic, format!("{last}{reason}"), what_to_do) }
}

/// A queue of dead letters in which so many wait.
pub fn dead_letters(queue: &str, waiting: u64) -> Option<Sighting> {
    if waiting == 0 {
        return None;
    }
    let message = match waiting {
        1 => "A message waits that its worker could do nothing with.".to_owned(),
        waiting => format!("{waiting} messages wait that their worker could do nothing with."),
    };
    let what_to_do = format!(
        "An admin reads GET /api/admin/dead-letters/{queue}, mends the cause, and sends them again. They are kept for 14 days."
    );
    Some(Sighting::at_once(Topic::new(Kind::DeadLetters, queue), message, what_to_do))
}

/// A breaker that is not closed. Since when it first opened is not kept: each probe that fails opens it anew.
pub fn breaker(
    neighbour: &str,
    breaker: &Breaker,
    settings: &AlertSettings,
    now: DateTime<Utc>,
) -> Option<Sighting> {
    if breaker.state() == BreakerState::Closed {
        return None;
    }
    let since = breaker.since();
    let of = since.map_or_else(String::new, |since| format!(" since {}", almaty_clock(since, now)));
    let message = format!("Calls to {neighbour} failed one after the other: it is left alone{of}.");
    let what_to_do = "Nothing, if the neighbour itself is down: it is tried again by itself. Else an admin reads POST \
                      /api/admin/diagnostics, which says what it answers.";
    let patience = TimeDelta::minutes(i64::from(settings.breaker_minutes));
    let topic = Topic::new(Kind::Breaker, neighbour);
    Some(Sighting { patience, since, ..Sighting::at_once(topic, message, what_to_do) })
}

/// An ad account that spent more on its own present day than it should. A limit in another currency than the account's
/// says nothing.
pub fn daily_limit(account: &AdAccountId, day: Day, spent: Money, limit: Money) -> Option<Sighting> {
    let is_over = spent.currency == limit.currency && spent.amount > limit.amount;
    let topic = Topic { day: Some(day), ..Topic::new(Kind::DailyLimit, account.digits()) };
    let told = |money: Money| format!("{} {}", money.currency.decimal(money.amount), money.currency);
    let message = format!("It has spent {} of {} on {day}.", told(spent), told(limit));
    let what_to_do =
        "The account's buyer lowers its budgets, or an admin raises the limit in the settings (ad_accounts).";
    is_over.then(|| Sighting::at_once(topic, message, what_to_do))
}

#[cfg(test)]
#[path = "sightings_tests.rs"]
mod tests;
