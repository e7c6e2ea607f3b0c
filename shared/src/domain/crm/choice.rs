//! Which deal a lead joins, and whose it is.

use super::account::{CrmContact, CrmDeal};

/// What there is of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A deal that is neither won nor lost: a repeat joins it.
    Open {
        /// The deal.
        deal: Box<CrmDeal>,
        /// Whose it is.
        contact: Option<u64>,
    },
    /// Deals in the pipeline that are all won or lost.
    Closed {
        /// The person.
        contact: Option<u64>,
    },
    /// No deal in the pipeline.
    None {
        /// The person, if they are known at all.
        contact: Option<u64>,
    },
}

/// Chooses among all that is known of one person: the open deal of the pipeline with the smallest id, and of the contacts
/// the one whose deal it is, else the one with the smallest id. The smallest, so that all who choose choose alike.
pub fn choose(pipeline: u64, contacts: &[CrmContact], deals: &[CrmDeal]) -> Found {
    let here = || deals.iter().filter(|deal| deal.pipeline == pipeline && !deal.is_deleted);
    let person = || contacts.iter().map(|contact| contact.id).min();
    match here().filter(|deal| !deal.is_closed()).min_by_key(|deal| deal.id) {
        Some(deal) => {
            let theirs = |contact: &&CrmContact| {
                contact.deals.contains(&deal.id) || deal.contacts.contains(&contact.id)
            };
            let contact = contacts.iter().filter(theirs).map(|contact| contact.id).min();
            Found::Open {
                deal: Box::new(deal.clone()),
                contact: contact.or_else(|| deal.contacts.first().copied()),
            }
        }
        None if here().next().is_some() => Found::Closed { contact: person() },
        None => Found::None { contact: person() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::stage::{LOST, WON};

    const PIPELINE: u64 = 10;

    fn deal(id: u64, stage: u64) -> CrmDeal {
        CrmDeal { id, stage, pipeline: PIPELINE, ..CrmDeal::default() }
    }

    fn contact(id: u64, deals: &[u64]) -> CrmContact {
        CrmContact { id, deals: deals.to_vec(), ..CrmContact::default() }
    }

    fn open(found: Found) -> (u64, Option<u64>) {
        let Found::Open { deal, contact } = found else { panic!("{found:?}") };
        (deal.id, contact)
    }

    #[test]
    fn the_open_deal_with_the_smallest_id_decides_and_tells_the_contact() {
        let contacts = [contact(3, &[]), contact(4, &[51]), contact(5, &[50]), contact(6, &[50])];
        let deals = [deal(51, 20), deal(50, 20), deal(40, WON), deal(41, LOST)];
        assert_eq!(open(choose(PIPELINE, &contacts, &deals)), (50, Some(5)));
    }

    #[test]
    fn a_deal_that_is_deleted_or_elsewhere_is_none() {
        let elsewhere = CrmDeal { pipeline: 11, ..deal(1, 20) };
        let deleted = CrmDeal { is_deleted: true, ..deal(2, 20) };
        let contacts = [contact(9, &[1, 2]), contact(8, &[])];
        let found = choose(PIPELINE, &contacts, &[elsewhere.clone(), deleted.clone()]);
        assert_eq!(found, Found::None { contact: Some(8) });
        assert_eq!(open(choose(PIPELINE, &contacts, &[elsewhere, deleted, deal(3, 20)])), (3, None));
        assert_eq!(choose(PIPELINE, &[], &[]), Found::None { contact: None });
    }

    #[test]
    fn who_has_only_won_or_lost_deals_is_told_apart() {
        let contacts = [contact(9, &[1]), contact(8, &[2])];
        for stage in [WON, LOST] {
            assert_eq!(choose(PIPELINE, &contacts, &[deal(1, stage)]), Found::Closed { contact: Some(8) });
        }
    }

    #[test]
    fn a_deal_that_names_its_contacts_needs_no_contact_that_names_it() {
        let deal = CrmDeal { contacts: vec![7], ..deal(1, 20) };
        assert_eq!(open(choose(PIPELINE, &[], std::slice::from_ref(&deal))), (1, Some(7)));
        assert_eq!(open(choose(PIPELINE, &[contact(7, &[])], &[deal])), (1, Some(7)));
    }
}
