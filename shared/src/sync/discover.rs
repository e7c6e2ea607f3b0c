//! Which ad accounts the token sees, by every way there is.
//!
//! No single edge tells all of them: a business' accounts may be missing from the user's own list, and an account that is
//! only assigned is in no business. So the union is taken, by account id.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::facebook::{About, Facebook, Stop, next};
use crate::domain::ad::{Access, AdAccount, Business};
use crate::domain::ad_account::AdAccountId;
use crate::domain::sync_state::ParkReason;
use crate::neighbours::facebook::{AccountFacts, AccountsOf, Cursor, Graph, Page};
use crate::neighbours::facebook::{Answer, Business as BusinessFacts};
use crate::store::ads::Ads;

/// What a discovery has found.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The accounts, each once.
    pub accounts: Vec<AdAccount>,
    /// What could not be read and did not stop it.
    pub notes: Vec<String>,
}

/// Asks for all accounts and keeps them.
pub async fn discover(facebook: &Facebook, ads: &Ads, now: DateTime<Utc>) -> Result<Discovered, Stop> {
    let mut notes = vec![];
    let mut found: BTreeMap<AdAccountId, AdAccount> = BTreeMap::new();
    for business in businesses(facebook, &mut notes).await? {
        let ways = [
            (Access::Owned, AccountsOf::Owned(business.id.clone())),
            (Access::Client, AccountsOf::Client(business.id.clone())),
        ];
        for (access, of) in ways {
            for facts in permitted(accounts(facebook, &of).await, &mut notes)? {
                let account = account(facts, Some(&business), access, now);
                found.entry(account.account_id.clone()).or_insert(account);
            }
        }
    }
    for facts in permitted(accounts(facebook, &AccountsOf::Me).await, &mut notes)? {
        let account = account(facts, None, Access::Assigned, now);
        found.entry(account.account_id.clone()).or_insert(account);
    }
    for account in found.values() {
        ads.keep_account(account).await?;
    }
    Ok(Discovered { accounts: found.into_values().collect(), notes })
}

/// Asks when the token ends, and keeps it. Nothing is to be said where it is good.
pub async fn check_token(facebook: &Facebook, now: DateTime<Utc>) -> Result<Option<String>, Stop> {
    let token = facebook.call(About::TOKEN, async |graph| graph.debug_token().await).await?;
    let said = || token.problem.clone().unwrap_or_else(|| "it is not valid".to_owned());
    let problem = (!token.is_valid).then(said);
    let note = problem.as_ref().map(|problem| format!("the token: {problem}"));
    facebook.keep_token(problem, token.expires_at, now).await?;
    Ok(note)
}

async fn businesses(facebook: &Facebook, notes: &mut Vec<String>) -> Result<Vec<Business>, Stop> {
    let facts = all(facebook, async |graph, after| graph.businesses(after).await).await;
    let facts: Vec<BusinessFacts> = permitted(facts, notes)?;
    Ok(facts.into_iter().map(|facts| Business { id: facts.id, name: facts.name }).collect())
}

async fn accounts(facebook: &Facebook, of: &AccountsOf) -> Result<Vec<AccountFacts>, Stop> {
    all(facebook, async |graph, after| graph.ad_accounts(of, after).await).await
}

/// Every page.
async fn all<T>(
    facebook: &Facebook,
    ask: impl AsyncFn(&Graph, Option<&Cursor>) -> Answer<Page<T>>,
) -> Result<Vec<T>, Stop> {
    let mut items = vec![];
    let mut after: Option<Cursor> = None;
    loop {
        let page = facebook.call(About::APP, async |graph| ask(graph, after.as_ref()).await).await?;
        items.extend(page.items);
        after = next(after.as_ref(), page.after)?;
        if after.is_none() {
            return Ok(items);
        }
    }
}

/// A way that the token may not go is not the only one: what it would have shown is noted as missing.
fn permitted<T>(found: Result<Vec<T>, Stop>, notes: &mut Vec<String>) -> Result<Vec<T>, Stop> {
    match found {
        Err(Stop::Park(ParkReason::PermissionMissing | ParkReason::Misconfigured, said)) => {
            notes.push(said);
            Ok(vec![])
        }
        found => found,
    }
}

fn account(
    facts: AccountFacts,
    business: Option<&Business>,
    access: Access,
    now: DateTime<Utc>,
) -> AdAccount {
    AdAccount {
        account_id: facts.account_id,
        name: facts.name,
        business: business.cloned(),
        access,
        currency: facts.currency,
        timezone: facts.timezone_name,
        utc_offset_minutes: facts.timezone_offset_minutes,
        status: facts.account_status,
        disable_reason: facts.disable_reason,
        discovered_at: now,
    }
}
