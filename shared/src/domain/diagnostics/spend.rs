//! Whether what ads spend is pulled in time, account by account.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{Advice, Check, Diagnostic, Figures, Who, counted};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::{almaty_clock, almaty_time};
use crate::domain::money::Currency;
use crate::domain::sync_state::{AccountState, AccountSync, SPEND_DUE};

/// Who decides by figures that are older decides by yesterday's.
const TOO_OLD: TimeDelta = TimeDelta::hours(24);

/// So many accounts are named, the oldest figures first.
const NAMED: usize = 100;

const LOOK: &str = "Look at GET /api/traffic-facebook/health: it says what is in the way; then call POST /api/traffic-facebook/refresh.";

/// One account that is pulled, and how that stands.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// Its id.
    pub account_id: AdAccountId,
    /// Its name.
    pub name: Option<String>,
    /// How its pulling stands.
    pub sync: AccountSync,
    /// The currency of its daily limit, where that is not the account's own: such a limit is never passed.
    pub foreign_limit: Option<Currency>,
}

/// How old each account's figures are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpendFigures {
    accounts: Vec<AccountAge>,
    more: usize,
    oldest_pulled_at: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct AccountAge {
    account_id: AdAccountId,
    name: Option<String>,
    state: AccountState,
    pulled_at: Option<String>,
    age_minutes: Option<i64>,
}

/// Checks the accounts that are pulled; those that somebody has switched off are not among them. `in_the_way` is what keeps
/// the next pull from coming, where anything does.
pub fn check(mut accounts: Vec<Pulled>, in_the_way: Option<&str>, now: DateTime<Utc>) -> Diagnostic {
    let name = Check::Spend;
    accounts.sort_by(|a, b| (a.sync.pulled_at, &a.account_id).cmp(&(b.sync.pulled_at, &b.account_id)));
    let oldest = accounts.iter().filter_map(|account| account.sync.pulled_at).min();
    let figures = Figures::Spend(SpendFigures {
        accounts: accounts.iter().take(NAMED).map(|account| AccountAge::of(account, now)).collect(),
        more: accounts.len().saturating_sub(NAMED),
        oldest_pulled_at: oldest.map(almaty_time),
    });
    let look = || Advice::new(Who::Admin, LOOK);
    let parked = accounts.iter().filter_map(|account| account.sync.parked.as_ref());
    let older = |limit: TimeDelta| {
        accounts.iter().filter(move |account| account.sync.pulled_at.is_some_and(|at| now - at > limit))
    };
    let (too_old, late) = (older(TOO_OLD).count(), older(SPEND_DUE).count());
    let foreign = accounts.iter().filter_map(|account| Some((&account.account_id, account.foreign_limit?)));
    let never = accounts.iter().filter(|account| account.sync.pulled_at.is_none()).count();
    if accounts.is_empty() {
        let discover = "Store a token of Facebook that sees the ad accounts, then call POST /api/traffic-facebook/refresh, which looks for them.";
        let advice = Advice::new(Who::Admin, discover);
        Diagnostic::warning(name, "No ad account is known", figures, advice)
    } else if let Some(first) = parked.clone().next() {
        let message = format!(
            "Facebook does not give the spend of {}: {}",
            of(parked.count()),
            first.reason.what_to_do()
        );
        let message = message.trim_end_matches('.');
        Diagnostic::error(name, message, figures, look())
    } else if too_old > 0 {
        let message = format!("The spend of {} is more than a day old", of(too_old));
        Diagnostic::error(name, message, figures, look())
    } else if late > 0 {
        let message = format!("The spend of {} is more than 3 hours old", of(late));
        Diagnostic::warning(name, message, figures, look())
    } else if never > 0 {
        let message = format!("The spend of {} was never pulled", of(never));
        Diagnostic::warning(name, message, figures, look())
    } else if let Some(reason) = in_the_way {
        Diagnostic::warning(name, reason.trim_end_matches('.'), figures, look())
    } else if let Some((account, currency)) = foreign.clone().next() {
        let message =
            format!("The daily limit of {} is in a currency that is not its own", of(foreign.count()));
        let set = format!(
            "Set the limit of account {account} in the account's own currency, and not in {currency}: PUT /api/admin/settings/ad_accounts. Until then nobody is told that it is passed."
        );
        Diagnostic::warning(name, message, figures, Advice::new(Who::Admin, set))
    } else {
        let oldest = oldest.map_or_else(String::new, |at| almaty_clock(at, now));
        let message = format!("The spend of {} is of {oldest} or newer", of(accounts.len()));
        Diagnostic::ok(name, message, figures)
    }
}

fn of(accounts: usize) -> String {
    counted(i64::try_from(accounts).unwrap_or(i64::MAX), "ad account")
}

impl AccountAge {
    fn of(account: &Pulled, now: DateTime<Utc>) -> Self {
        Self {
            account_id: account.account_id.clone(),
            name: account.name.clone(),
            state: account.sync.state(now),
            pulled_at: account.sync.pulled_at.map(almaty_time),
            age_minutes: account.sync.pulled_at.map(|at| (now - at).num_minutes().max(0)),
        }
    }
}
