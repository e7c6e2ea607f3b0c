//! Which ad accounts the token sees, by every way there is.
//!
//! No single edge tells all of them: a business' accounts may be missing from the user's own list, and an account that is
//! only assigned is in no business. So the union is taken, by account id.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::about::About;
use super::facebook::{Facebook, next};
use super::stop::Stop;
use crate::domain::ad::{Access, AdAccount, Business};
use crate::domain::sync_state::{ParkReason, WaitReason};
use crate::neighbours::facebook::{AccountFacts, AccountsOf, Cursor, Graph, Page};
use crate::neighbours::facebook::{Answer, Business as BusinessFacts};
use crate::store::ads::Ads;

/// Asks for all accounts and keeps them, list by list. What a list does not tell is noted, and the next one is asked for.
pub async fn discover(facebook: &Facebook, ads: &Ads, now: DateTime<Utc>) -> Result<Vec<String>, Stop> {
    let mut notes = vec![];
    let known = ads.accounts().await?;
    let mut known: BTreeMap<_, _> =
        known.into_iter().map(|account| (account.account_id.clone(), account)).collect();
    let mut seen = BTreeSet::new();
    let businesses = businesses(facebook, &mut notes).await?;
    let lists = businesses.iter().flat_map(|business| {
        let of = |access, of: fn(String) -> AccountsOf| (Some(business), access, of(business.id.clone()));
        [of(Access::Owned, AccountsOf::Owned), of(Access::Client, AccountsOf::Client)]
    });
    for (business, access, of) in lists.chain([(None, Access::Assigned, AccountsOf::Me)]) {
        for facts in told(accounts(facebook, &of).await, &mut notes)? {
            // The first list that has an account tells the most about it.
            if seen.insert(facts.account_id.clone()) {
                let found = account(facts, business, access, now);
                let found = match known.remove(&found.account_id) {
                    Some(known) => known.learn(found),
                    None => found,
                };
                ads.keep_account(&found).await?;
            }
        }
    }
    Ok(notes)
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
    let facts: Vec<BusinessFacts> = told(facts, notes)?;
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

/// A list that cannot be read now is not the only one: what it would have shown is noted as missing. Nothing more is
/// asked where no call may be made at all.
fn told<T>(found: Result<Vec<T>, Stop>, notes: &mut Vec<String>) -> Result<Vec<T>, Stop> {
    let is_of_all = |stop: &Stop| match stop {
        Stop::Wait(pause) => pause.reason != WaitReason::DiscoveryLimit,
        Stop::Park(reason, _) => matches!(reason, ParkReason::TokenDead | ParkReason::NoToken),
        Stop::Store(_) => true,
        Stop::Later(_) | Stop::Smaller(_) | Stop::ReportLost(_) | Stop::OutOfTime => false,
    };
    match found {
        Err(stop) if !is_of_all(&stop) => {
            notes.push(stop.to_string());
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
