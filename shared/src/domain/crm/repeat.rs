//! An order that is sent twice.
//!
//! A stage that closes a deal hides it from whoever looks for an open one: the second sending of one order would become a
//! second deal, and where its stage means won, a second sale. So for an hour an order joins the deal of the one before it,
//! as long as that stands where the one before has put it and where this one would put its own. Whoever has moved it
//! since has decided something; who orders after an hour orders again; and who pays otherwise, so that another stage is
//! meant, is not told by a deal that is closed already: one that is lost would hide the sale.

use chrono::TimeDelta;

use super::account::CrmDeal;
use crate::domain::lead::{Form, Lead};
use crate::domain::stage::{LOST, WON};

/// Nobody buys the same course again so soon.
const SENT_AGAIN: TimeDelta = TimeDelta::minutes(60);

/// The order that this lead may repeat, among what its person has sent before, the newest first: their newest order that
/// became a deal of this account, where it is young and has closed that deal at the stage that this lead means too.
pub fn repeated<'a>(lead: &Lead, stage: Option<u64>, earlier: &'a [Lead], account: u64) -> Option<&'a Lead> {
    let is_order = |other: &&Lead| {
        other.form == Form::Express && other.crm.deal.is_some_and(|deal| deal.account == account)
    };
    let order = earlier.iter().find(is_order).filter(|_| lead.form == Form::Express)?;
    let is_young = lead.received_at - order.received_at < SENT_AGAIN;
    let is_closed = matches!(order.crm.stage, Some(WON | LOST)) && order.crm.stage == stage;
    (is_young && is_closed).then_some(order)
}

/// Whether a deal is that of an order, and still stands where the order has put it.
pub fn is_as_left(deal: &CrmDeal, order: &Lead) -> bool {
    order.crm.deal.is_some_and(|known| known.lead == deal.id)
        && order.crm.stage == Some(deal.stage)
        && !deal.is_deleted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::crm::lead_of_a_person;
    use crate::domain::event::DealId;
    use crate::domain::lead::CrmJob;

    const ACCOUNT: u64 = 1;

    fn order() -> Lead {
        Lead { form: Form::Express, ..lead_of_a_person() }
    }

    fn before(by: TimeDelta, deal: u64, stage: Option<u64>) -> Lead {
        let deal = Some(DealId { account: ACCOUNT, lead: deal });
        let crm = CrmJob { deal, stage, ..CrmJob::default() };
        Lead { received_at: order().received_at - by, crm, ..order() }
    }

    fn found(lead: &Lead, stage: Option<u64>, earlier: &[Lead]) -> Option<u64> {
        repeated(lead, stage, earlier, ACCOUNT).and_then(|order| Some(order.crm.deal?.lead))
    }

    #[test]
    fn an_order_repeats_the_newest_one_that_has_closed_its_deal_within_the_hour() {
        let (minute, hour) = (TimeDelta::minutes(1), TimeDelta::minutes(60));
        let just_now = before(minute, 50, Some(WON));
        let test = Lead { form: Form::Proftest, ..before(minute, 40, Some(WON)) };
        let no_deal = Lead { crm: CrmJob::default(), ..order() };
        for (earlier, expected) in [
            (vec![], None),
            (vec![just_now.clone()], Some(50)),
            (vec![before(minute, 50, Some(LOST))], None),
            (vec![before(hour - TimeDelta::milliseconds(1), 50, Some(WON))], Some(50)),
            (vec![before(hour, 50, Some(WON))], None),
            (vec![before(minute, 50, Some(20))], None),
            (vec![before(minute, 50, None)], None),
            (vec![before(minute, 51, Some(20)), just_now.clone()], None),
            (vec![test, no_deal, just_now.clone()], Some(50)),
        ] {
            assert_eq!(found(&order(), Some(WON), &earlier), expected, "{earlier:?}");
        }
        let just_now = [just_now];
        assert_eq!(found(&lead_of_a_person(), Some(WON), &just_now), None, "a test is no order");
        assert!(repeated(&order(), Some(WON), &just_now, 2).is_none(), "the deal of another account");
    }

    #[test]
    fn who_pays_otherwise_is_believed_unless_that_means_the_same_stage() {
        for (given, meant, expected) in [
            (WON, Some(WON), Some(50)),
            (LOST, Some(LOST), Some(50)),
            (LOST, Some(WON), None),
            (WON, Some(LOST), None),
            (WON, Some(20), None),
            (WON, None, None),
            (20, Some(20), None),
        ] {
            let earlier = [before(TimeDelta::minutes(1), 50, Some(given))];
            assert_eq!(found(&order(), meant, &earlier), expected, "{given} {meant:?}");
        }
    }

    #[test]
    fn a_deal_that_someone_has_touched_since_is_not_as_the_order_has_left_it() {
        let order = before(TimeDelta::minutes(1), 50, Some(WON));
        let left = CrmDeal { id: 50, stage: WON, ..CrmDeal::default() };
        assert!(is_as_left(&left, &order));
        for other in [
            CrmDeal { stage: LOST, ..left.clone() },
            CrmDeal { stage: 20, ..left.clone() },
            CrmDeal { is_deleted: true, ..left.clone() },
            CrmDeal { id: 51, ..left },
        ] {
            assert!(!is_as_left(&other, &order), "{other:?}");
        }
    }
}
