//! The proof that stands beside a funnel: whether amoCRM has the same sales. From what was compared and stored; amoCRM is not
//! asked, and the deals that differ are for admins.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::caller::Scope;
use crate::domain::counters::Basis;
use crate::domain::day::{Period, almaty_time};
use crate::domain::money::Money;
use crate::domain::reconciliation::{Asked, DayCheck, Judgement, Proven, RunState};

/// Both sides of the caller's own sales.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof {
    /// Whether they are equal.
    pub state: Proven,
    /// Why, where they are not known to be.
    pub reason: Option<String>,
    /// By which day sales are compared, whatever the funnel counts them by.
    pub basis: &'static str,
    /// How many sales amoCRM has.
    pub crm_count: i64,
    /// How many we have.
    pub ledger_count: i64,
    /// What amoCRM's come to.
    pub crm_sum: Money,
    /// What ours come to.
    pub ledger_sum: Money,
    /// How many we do not have.
    pub missing: i64,
    /// How many amoCRM does not have.
    pub extra: i64,
    /// How many are not the same.
    pub different: i64,
    /// When the day was compared that was compared longest ago.
    pub checked_at: Option<String>,
}

impl Proof {
    /// The proof of a period; nothing where amoCRM was never tried to be read.
    pub fn of(
        scope: &Scope,
        period: Period,
        days: &[DayCheck],
        state: &RunState,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        state.tried_at?;
        let asked = Asked { period, keeps: &|row| scope.allows(&row.owner()), now };
        let Judgement { state, reason, sides, checked_at } = Judgement::of(&asked, days, state, None);
        Some(Self {
            state,
            reason,
            basis: Basis::SaleDate.as_str(),
            crm_count: sides.crm.count,
            ledger_count: sides.ledger.count,
            crm_sum: sides.crm.sum.money(),
            ledger_sum: sides.ledger.sum.money(),
            missing: sides.missing,
            extra: sides.extra,
            different: sides.different,
            checked_at: checked_at.map(almaty_time),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reconciliation::Days;
    use crate::domain::reconciliation::sample::{at, day, pair};
    use crate::domain::rules::Rules;
    use crate::domain::team::{Owner, TeamId};

    #[test]
    fn a_proof_is_of_the_callers_own_sales_and_none_before_the_first_try() {
        let period = Period { from: day(), to: day() };
        let mut days = Days::new(period);
        let muha = Owner::Team(TeamId::new("muha"));
        days.count(&crate::domain::reconciliation::Pair { owner: muha, ..pair(1, Some(5_000), Some(5_000)) });
        days.count(&pair(2, None, Some(7_000)));
        let days = days.checked(at(0));
        let state = RunState { last_good_at: Some(at(0)), tried_at: Some(at(0)), ..RunState::default() };
        let rules = Rules::default();
        let of = |scope, state: &RunState| Proof::of(&scope, period, &days, state, at(240));
        let all = of(Scope::everything(&rules), &state).unwrap();
        insta::assert_json_snapshot!(all);
        let buyer = crate::edge::caller::Caller {
            id: "u".to_owned(),
            is_admin: false,
            teams: vec![TeamId::new("muha")],
            has_access_token: true,
        };
        let own = of(buyer.scope(None, &rules).unwrap(), &state).unwrap();
        assert_eq!((own.state, own.crm_count, own.ledger_count, own.extra), (Proven::Green, 1, 1, 0));
        assert_eq!(of(Scope::everything(&rules), &RunState::default()), None);
    }
}
