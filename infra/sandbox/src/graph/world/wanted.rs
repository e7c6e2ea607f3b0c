//! Reading a world from what the control API was sent, and the default world.
//!
//! Token and app need not be repeated: what is left out of them is the default world's.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value;

use super::generate::{Generate, generate};
use super::{Account, App, Business, Movement, Tier, Token, World};

/// The school's four ad accounts.
const SCHOOL: &str = include_str!("../../../worlds/school.json");

/// Why a world cannot be.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Content(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    token: Token,
    app: App,
    #[serde(default)]
    tier: Tier,
    page_cap: Option<usize>,
    #[serde(default)]
    short_pages: u64,
    movement: Option<WantedMovement>,
    #[serde(default)]
    businesses: Vec<Business>,
    #[serde(default)]
    accounts: Vec<Account>,
    generate: Option<Generate>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WantedMovement {
    Follow(bool),
    Step(Step),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    step: Option<u64>,
}

/// The default world.
pub fn school() -> Result<World, Wrong> {
    read(serde_json::from_str(SCHOOL)?)
}

/// The world that is described, explicitly or by what to generate.
pub fn read(mut wanted: Value) -> Result<World, Wrong> {
    complete(&mut wanted)?;
    let wanted: Wanted = serde_json::from_value(wanted)?;
    let (mut businesses, mut accounts) = (wanted.businesses, wanted.accounts);
    if let Some(order) = wanted.generate {
        if !(businesses.is_empty() && accounts.is_empty()) {
            return Err(Wrong::Content("give accounts or generate, not both".to_owned()));
        }
        (businesses, accounts) = generate(&order).map_err(Wrong::Content)?;
    }
    for account in &mut accounts {
        account.id = digits(&account.id)?;
        account.ad_count = account.ads().count() as u64;
    }
    for business in &mut businesses {
        for id in business.owned.iter_mut().chain(&mut business.client) {
            *id = digits(id)?;
        }
    }
    check(&businesses, &accounts)?;
    Ok(World {
        token: wanted.token,
        app: wanted.app,
        tier: wanted.tier,
        page_cap: wanted.page_cap.unwrap_or(1000).max(1),
        short_pages: wanted.short_pages,
        movement: match wanted.movement {
            Some(WantedMovement::Follow(true) | WantedMovement::Step(Step { step: None })) => Movement::Clock,
            Some(WantedMovement::Step(Step { step: Some(step) })) => Movement::Pinned(step),
            Some(WantedMovement::Follow(false)) | None => Movement::Pinned(0),
        },
        businesses,
        accounts,
        patched: HashMap::new(),
    })
}

/// Fills in the token and the app from the default world.
fn complete(wanted: &mut Value) -> Result<(), Wrong> {
    let school: Value = serde_json::from_str(SCHOOL)?;
    let Some(wanted) = wanted.as_object_mut() else {
        return Err(Wrong::Content("a world is an object".to_owned()));
    };
    for part in ["token", "app"] {
        let given = wanted.entry(part).or_insert_with(|| Value::Object(serde_json::Map::new()));
        let (Some(given), Some(default)) = (given.as_object_mut(), school[part].as_object()) else {
            return Err(Wrong::Content(format!("{part} is an object")));
        };
        for (name, value) in default {
            given.entry(name).or_insert_with(|| value.clone());
        }
    }
    Ok(())
}

fn digits(id: &str) -> Result<String, Wrong> {
    let digits = id.strip_prefix("act_").unwrap_or(id);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Wrong::Content(format!("{id} is not the id of an ad account")));
    }
    Ok(digits.to_owned())
}

/// Ids are unique, and businesses name accounts that are there.
fn check(businesses: &[Business], accounts: &[Account]) -> Result<(), Wrong> {
    let mut seen = HashSet::new();
    let ads = accounts.iter().flat_map(Account::ads).map(|(_, _, ad)| &ad.id);
    let campaigns = accounts.iter().flat_map(|account| &account.campaigns);
    let sets = campaigns.clone().flat_map(|campaign| &campaign.adsets).map(|set| &set.id);
    let own =
        accounts.iter().map(|account| &account.id).chain(businesses.iter().map(|business| &business.id));
    for id in own.chain(campaigns.map(|campaign| &campaign.id)).chain(sets).chain(ads) {
        if !seen.insert(id) {
            return Err(Wrong::Content(format!("the id {id} stands twice")));
        }
    }
    let known = accounts.iter().map(|account| account.id.as_str()).collect::<HashSet<_>>();
    for id in businesses.iter().flat_map(|business| business.owned.iter().chain(&business.client)) {
        if !known.contains(id.as_str()) {
            return Err(Wrong::Content(format!("a business names the account {id}, which is not there")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_left_out_of_the_token_is_the_default_worlds() {
        let school = school().unwrap();
        let world = read(json!({"token": {"state": "expired"}, "accounts": []})).unwrap();
        assert_eq!(world.token.access_token, school.token.access_token);
        assert_eq!(world.token.state, super::super::TokenState::Expired);
        assert_eq!(world.app.secret, school.app.secret);
    }

    #[test]
    fn a_wrong_world_is_refused_with_its_reason() {
        let account = |id: &str| json!({"id": id, "name": "a", "currency": "USD", "timezone_name": "UTC"});
        for (world, reason) in [
            (json!({"acounts": []}), "acounts"),
            (json!({"accounts": [account("1"), account("act_1")]}), "1 stands twice"),
            (json!({"accounts": [account("x1")]}), "x1 is not"),
            (json!({"businesses": [{"id": "9", "name": "b", "owned": ["1"]}]}), "account 1"),
            (json!({"generate": {"accounts": 1}, "accounts": [account("1")]}), "not both"),
            (json!([]), "object"),
        ] {
            let error = read(world).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
