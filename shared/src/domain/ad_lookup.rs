//! Ids of ads that are looked up long after they came: what an id names is only asked where no pattern decides, and under other
//! rules that may be elsewhere.
//!
//! It looks nothing up itself. What comes is looked up as it comes; this is for what stands, when it is to be decided anew.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::attribution;
use super::deal::Deal;
use super::lead::Lead;
use super::team::Team;
use super::utm::Reading;

/// Ids that were looked up and are known, each with the ad account that it is in.
pub type Accounts = BTreeMap<String, AdAccountId>;

/// An account that was found for a value of a deal: enough to forget it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The form whose value it is, where it is none of the deal's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// The value, with its account.
    pub reading: Reading,
}

/// What to look up before these teams decide about a deal: the ids in its values, and in those of the forms behind it.
pub fn ids_of_deal(deal: &Deal, teams: &[Team]) -> BTreeSet<String> {
    let values = deal.values();
    if attribution::decide(&values, &[], teams).team.is_some() {
        return BTreeSet::new();
    }
    let undecided = deal.leads.iter().take_while(|form| !attribution::names_team(form, teams));
    let of_forms = undecided.flat_map(|form| ids(&form.readings, teams));
    ids(&values, teams).into_iter().chain(of_forms).collect()
}

/// The same of a lead.
pub fn ids_of_lead(lead: &Lead, teams: &[Team]) -> BTreeSet<String> {
    ids(&lead.readings, teams)
}

fn ids(readings: &[Reading], teams: &[Team]) -> BTreeSet<String> {
    attribution::ids_to_look_up(readings, teams).into_iter().map(|(_, id)| id.to_owned()).collect()
}

/// The deal with what is known of [`ids_of_deal`], and what of that is new.
pub fn deal_with<'a>(deal: &'a Deal, accounts: &Accounts, teams: &[Team]) -> (Cow<'a, Deal>, Vec<Found>) {
    let (mut next, mut found) = (Cow::Borrowed(deal), vec![]);
    let values = deal.values();
    for (place, reading) in known(&values, accounts, teams) {
        next.to_mut().readings[place].reading = reading.clone();
        found.push(Found { form: None, reading });
    }
    if attribution::decide(&next.values(), &[], teams).team.is_some() {
        return (next, found);
    }
    for (at, form) in deal.leads.iter().enumerate() {
        if attribution::names_team(&next.leads[at], teams) {
            break;
        }
        for (place, reading) in known(&form.readings, accounts, teams) {
            next.to_mut().leads[at].readings[place] = reading.clone();
            found.push(Found { form: Some(form.lead_id.clone()), reading });
        }
    }
    (next, found)
}

/// The lead with what is known of [`ids_of_lead`].
pub fn lead_with<'a>(lead: &'a Lead, accounts: &Accounts, teams: &[Team]) -> Cow<'a, Lead> {
    let mut next = Cow::Borrowed(lead);
    for (place, reading) in known(&lead.readings, accounts, teams) {
        next.to_mut().readings[place] = reading;
    }
    next
}

/// The values whose account is known now, by their places; of several ids in one the first that is known.
fn known(readings: &[Reading], accounts: &Accounts, teams: &[Team]) -> BTreeMap<usize, Reading> {
    let mut known = BTreeMap::new();
    for (place, id) in attribution::ids_to_look_up(readings, teams) {
        if let Some(account) = accounts.get(id) {
            let with = || Reading { ad_account: Some(account.clone()), ..readings[place].clone() };
            known.entry(place).or_insert_with(with);
        }
    }
    known
}

/// Takes from a deal what was found; what has been said anew since stays.
pub fn forget(deal: &mut Deal, found: &[Found]) {
    for Found { form, reading } in found {
        let places: Vec<&mut Reading> = match form {
            None => deal.readings.iter_mut().map(|stamped| &mut stamped.reading).collect(),
            Some(id) => {
                let form = deal.leads.iter_mut().filter(|lead| lead.lead_id == *id);
                form.flat_map(|lead| &mut lead.readings).collect()
            }
        };
        places.into_iter().filter(|place| *place == reading).for_each(|place| place.ad_account = None);
    }
}

#[cfg(test)]
#[path = "ad_lookup_tests.rs"]
mod tests;
