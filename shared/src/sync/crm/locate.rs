//! Finds the person of a lead in amoCRM, and their deals.
//!
//! amoCRM's search looks into every field, and its filters are silently ignored where an account has them switched off. So
//! whatever comes is compared here: a contact belongs to a person only by its very phone or its very address.

use std::collections::BTreeSet;

use super::amocrm::AmoCrm;
use super::stop::Stop;
use crate::domain::crm::account::{CrmContact, CrmDeal};
use crate::domain::crm::choice::{Found, choose};
use crate::domain::lead::Lead;

/// More contacts than these hold the same ten digits only where amoCRM does not search at all.
const MOST_PAGES: u32 = 20;

/// So many ids stand in one address.
const IDS_AT_ONCE: usize = 50;

/// The deals that the person's earlier leads became: that of the newest one with the same phone first, then that of the
/// newest one with the same address.
fn known_deals(lead: &Lead, earlier: &[Lead], account: u64) -> Vec<(u64, Option<u64>)> {
    let deal = |lead: &Lead| {
        let deal = lead.crm.deal.filter(|deal| deal.account == account)?;
        Some((deal.lead, lead.crm.contact_id))
    };
    let by_phone = earlier.iter().filter(|other| other.phone == lead.phone).find_map(deal);
    let by_email = earlier.iter().filter(|other| other.email == lead.email).find_map(deal);
    let mut known: Vec<_> = by_phone.into_iter().chain(by_email).collect();
    known.dedup_by_key(|(deal, _)| *deal);
    known
}

/// What there is of a lead's person in this pipeline.
pub async fn locate(
    crm: &AmoCrm<'_>,
    lead: &Lead,
    earlier: &[Lead],
    account: u64,
    pipeline: u64,
) -> Result<Found, Stop> {
    let (mut deals, mut person) = (vec![], None);
    for (id, contact) in known_deals(lead, earlier, account) {
        let Some(deal) = crm.read(async |amocrm| amocrm.deal(id).await).await? else { continue };
        let contact =
            contact.filter(|contact| deal.contacts.contains(contact)).or(deal.contacts.first().copied());
        if deal.pipeline == pipeline && !deal.is_closed() && !deal.is_deleted {
            return Ok(Found::Open { deal: Box::new(deal), contact });
        }
        person = person.or(contact);
        deals.push(deal);
    }
    let contacts = contacts(crm, lead).await?;
    let missing: BTreeSet<u64> = contacts.iter().flat_map(|contact| contact.deals.iter().copied()).collect();
    let missing: Vec<u64> =
        missing.into_iter().filter(|id| deals.iter().all(|deal| deal.id != *id)).collect();
    for ids in missing.chunks(IDS_AT_ONCE) {
        deals.extend(deals_of(crm, ids).await?);
    }
    Ok(match choose(pipeline, &contacts, &deals) {
        Found::Closed { contact } => Found::Closed { contact: contact.or(person) },
        Found::None { contact } => Found::None { contact: contact.or(person) },
        open @ Found::Open { .. } => open,
    })
}

/// The contacts that have the lead's very phone, else those that have its very address.
async fn contacts(crm: &AmoCrm<'_>, lead: &Lead) -> Result<Vec<CrmContact>, Stop> {
    let by_phone = search(crm, lead.phone.last_ten(), |contact| contact.has_phone(&lead.phone)).await?;
    if !by_phone.is_empty() {
        return Ok(by_phone);
    }
    search(crm, lead.email.as_str(), |contact| contact.has_email(&lead.email)).await
}

async fn search(
    crm: &AmoCrm<'_>,
    text: &str,
    is_theirs: impl Fn(&CrmContact) -> bool,
) -> Result<Vec<CrmContact>, Stop> {
    let mut contacts = vec![];
    for page in 1..=MOST_PAGES {
        let found = crm.read(async |amocrm| amocrm.contacts(text, page).await).await?;
        contacts.extend(found.items.into_iter().filter(&is_theirs));
        if !found.has_next {
            return Ok(contacts);
        }
    }
    tracing::warn!("amoCRM finds so many contacts that not all were looked at");
    Ok(contacts)
}

/// The deals with these ids, one by one where amoCRM does not keep to them.
async fn deals_of(crm: &AmoCrm<'_>, ids: &[u64]) -> Result<Vec<CrmDeal>, Stop> {
    let mut deals = vec![];
    for page in 1..=MOST_PAGES {
        let found = crm.read(async |amocrm| amocrm.deals(ids, page).await).await?;
        if found.items.iter().any(|deal| !ids.contains(&deal.id)) {
            return one_by_one(crm, ids).await;
        }
        deals.extend(found.items);
        if !found.has_next {
            break;
        }
    }
    Ok(deals)
}

async fn one_by_one(crm: &AmoCrm<'_>, ids: &[u64]) -> Result<Vec<CrmDeal>, Stop> {
    let mut deals = vec![];
    for id in ids {
        deals.extend(crm.read(async |amocrm| amocrm.deal(*id).await).await?);
    }
    Ok(deals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::crm::lead_of_a_person;
    use crate::domain::email::Email;
    use crate::domain::event::DealId;
    use crate::domain::lead::CrmJob;
    use crate::domain::phone::Phone;

    #[test]
    fn the_deal_behind_the_same_phone_is_tried_before_the_one_behind_the_same_address() {
        let lead = lead_of_a_person();
        let other = |phone: &str, email: &str, account, deal| Lead {
            phone: Phone::parse(phone).unwrap(),
            email: Email::parse(email).unwrap(),
            crm: CrmJob {
                deal: Some(DealId { account, lead: deal }),
                contact_id: Some(deal + 100),
                ..CrmJob::default()
            },
            ..lead_of_a_person()
        };
        let none = Lead { crm: CrmJob::default(), ..lead_of_a_person() };
        let earlier = [
            none,
            other("+77770000000", "a@b.kz", 1, 10),
            other("+77011234567", "c@d.kz", 2, 11),
            other("+77011234567", "c@d.kz", 1, 12),
            other("+77011234567", "a@b.kz", 1, 13),
        ];
        assert_eq!(known_deals(&lead, &earlier, 1), [(12, Some(112)), (10, Some(110))]);
        assert_eq!(known_deals(&lead, &earlier[4..], 1), [(13, Some(113))]);
        assert_eq!(known_deals(&lead, &earlier[..1], 1), []);
    }
}
