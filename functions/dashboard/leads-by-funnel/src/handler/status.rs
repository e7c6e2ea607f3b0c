//! What `status` asks for: what became of our own forms, or of amoCRM's deals.

use shared::domain::crm::pipelines::StageKind;
use shared::domain::deal_counts::DealCounters;
use shared::domain::lead::LeadStatus;
use shared::domain::lead_counts::LeadCounters;
use shared::edge::errors::ApiError;
use shared::edge::query::Query;

/// One side of the answer; the other is empty then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Of forms.
    Form(LeadStatus),
    /// Of deals.
    Deal(StageKind),
}

impl Status {
    /// Reads it, if it is there.
    pub fn of(query: &Query) -> Result<Option<Self>, ApiError> {
        let forms = LeadStatus::ALL.map(|status| (status.as_str(), Self::Form(status)));
        let deals = StageKind::ALL.map(|kind| (kind.as_str(), Self::Deal(kind)));
        query.one_of("status", &[forms.as_slice(), deals.as_slice()].concat())
    }

    /// The kind of stage that is asked for, if one is.
    pub fn kind(self) -> Option<StageKind> {
        match self {
            Self::Form(_) => None,
            Self::Deal(kind) => Some(kind),
        }
    }

    /// Leaves only what it asks for; nothing on the side that it says nothing of.
    pub fn keep(self, forms: &mut LeadCounters, deals: &mut DealCounters) {
        forms.retain(|key, _| self == Self::Form(key.status));
        deals.retain(|key, _| self == Self::Deal(StageKind::of(key.stage)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use lambda_http::{Request, RequestExt};
    use shared::domain::day::Day;
    use shared::domain::deal_counts::DealCountKey;
    use shared::domain::lead::Form;
    use shared::domain::lead_counts::LeadCountKey;
    use shared::domain::team::Owner;

    use super::*;

    fn asked(status: &str) -> Result<Option<Status>, ApiError> {
        let parameters = HashMap::from([("status".to_owned(), status.to_owned())]);
        Status::of(&Query::of(&Request::default().with_query_string_parameters(parameters)))
    }

    #[test]
    fn a_status_is_one_of_forms_or_one_of_deals() {
        assert_eq!(asked(""), Ok(None));
        assert_eq!(asked("waiting"), Ok(Some(Status::Form(LeadStatus::Waiting))));
        assert_eq!(asked("won"), Ok(Some(Status::Deal(StageKind::Won))));
        let problem = "must be one of: waiting, in_crm, failed, over_limit, imported, open, won, lost";
        assert_eq!(asked("142"), Err(ApiError::invalid("status", problem)));
    }

    #[test]
    fn the_side_that_is_not_asked_for_is_empty() {
        let day = Day::parse("2026-11-20").unwrap();
        let form = |status| LeadCountKey {
            owner: Owner::Unattributed,
            day,
            form: Form::Proftest,
            campaign: "proftest".to_owned(),
            status,
        };
        let deal = |stage| DealCountKey { team: None, day, pipeline: 7, stage };
        let left = |status: Status| {
            let mut forms = LeadCounters::from(LeadStatus::ALL.map(|status| (form(status), 1)));
            let mut deals = DealCounters::from([12, 142, 143].map(|stage| (deal(stage), 1)));
            status.keep(&mut forms, &mut deals);
            (forms, deals)
        };
        let waiting = LeadCounters::from([(form(LeadStatus::Waiting), 1)]);
        assert_eq!(left(Status::Form(LeadStatus::Waiting)), (waiting, DealCounters::new()));
        let open = DealCounters::from([(deal(12), 1)]);
        assert_eq!(left(Status::Deal(StageKind::Open)), (LeadCounters::new(), open));
    }
}
