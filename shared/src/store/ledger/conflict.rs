//! Why a transaction was cancelled, and what the failed writes returned.

use aws_sdk_dynamodb::types::CancellationReason;

use crate::domain::deal::Deal;
use crate::domain::ledger::Verdict;
use crate::store::{StoreError, document};

/// What stood in the way.
#[derive(Debug)]
pub enum Conflict {
    /// The event was seen before, and this became of it.
    Seen(Verdict),
    /// The deal is known, or was written meanwhile, and is this now.
    Changed(Box<Deal>),
    /// The rules by which it was worked out are no longer those in force.
    Rules,
    /// A key was in another transaction at that moment.
    Busy,
}

/// Reads the reasons; they stand in the order of the writes, of which the first `claims` are claims and the raw hook.
/// Nothing where the cause is none that trying again would mend here.
pub fn of(reasons: &[CancellationReason], claims: usize) -> Result<Option<Conflict>, StoreError> {
    let failed = |reason: &&CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    let (of_claims, of_deal) = reasons.split_at(claims.min(reasons.len()));
    if let Some(item) = of_claims.iter().find(failed).and_then(CancellationReason::item) {
        return document::read(item).map(|verdict| Some(Conflict::Seen(verdict)));
    }
    if let Some(item) = of_deal.iter().find(failed).and_then(CancellationReason::item) {
        return document::read(item).map(|deal| Some(Conflict::Changed(Box::new(deal))));
    }
    // The rules are the last condition, and the only one that returns no item.
    if of_deal.last().is_some_and(|last| failed(&last)) {
        return Ok(Some(Conflict::Rules));
    }
    let busy = reasons.iter().any(|reason| reason.code() == Some("TransactionConflict"));
    // A condition that failed without returning its item was on an item that is gone again: look anew.
    Ok((busy || reasons.iter().any(|reason| failed(&reason))).then_some(Conflict::Busy))
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;
    use crate::domain::ledger::Outcome;

    fn reason(code: &str) -> CancellationReason {
        CancellationReason::builder().code(code).build()
    }

    fn claimed() -> CancellationReason {
        CancellationReason::builder()
            .code("ConditionalCheckFailed")
            .item("pk", AttributeValue::S("event#1".into()))
            .item("document", AttributeValue::S(r#"{"outcome":"recorded","sale_id":"1-2-express"}"#.into()))
            .build()
    }

    #[test]
    fn a_claimed_event_is_seen_whatever_else_failed() {
        let reasons =
            [claimed(), reason("None"), reason("ConditionalCheckFailed"), reason("TransactionConflict")];
        let Ok(Some(Conflict::Seen(verdict))) = of(&reasons, 2) else { panic!("not seen") };
        assert_eq!((verdict.outcome, verdict.sale_id.as_deref()), (Outcome::Recorded, Some("1-2-express")));
    }

    #[test]
    fn rules_that_are_replaced_are_known_by_the_last_condition() {
        let failed = || reason("ConditionalCheckFailed");
        assert!(matches!(of(&[reason("None"), reason("None"), failed()], 1), Ok(Some(Conflict::Rules))));
        assert!(matches!(of(&[reason("None"), failed(), reason("None")], 1), Ok(Some(Conflict::Busy))));
        assert!(matches!(of(&[failed()], 1), Ok(Some(Conflict::Busy))), "a claim is no rule");
    }

    #[test]
    fn a_key_in_another_transaction_is_busy_and_a_throttle_is_not() {
        assert!(matches!(of(&[reason("None"), reason("TransactionConflict")], 1), Ok(Some(Conflict::Busy))));
        assert!(matches!(of(&[reason("ThrottlingError"), reason("None")], 1), Ok(None)));
    }
}
