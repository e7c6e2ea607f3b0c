//! Faults that a test switches on. [`presets`] holds what the caller then sees.

mod presets;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::address::Edge;

pub use self::presets::{Effect, effect};

/// How a call goes wrong. README.md says what each looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    AccountBlock,
    BucBlock,
    BucManagementBlock,
    AppBlock,
    InsightsBlock,
    ReduceData,
    #[serde(rename = "too_much_data_100")]
    TooMuchData100,
    #[serde(rename = "timeout_100")]
    Timeout100,
    Transient,
    #[serde(rename = "unknown_1")]
    Unknown1,
    #[serde(rename = "bare_503")]
    Bare503,
    OkWithError,
    OkPlainText,
    Html,
    Permission,
    #[serde(rename = "permission_100_33")]
    Permission100With33,
    Expired,
    Version,
    Abuse,
    HangUp,
    Hang,
    Cut,
    ReportFailed,
    ReportSkipped,
    ReportUnreadable,
    ReportSlow,
    Raw,
}

impl Kind {
    /// Where a fault of this kind strikes that names no edge.
    fn strikes(self, subject: &Subject<'_>) -> bool {
        let edge = subject.edge;
        match self {
            Self::AccountBlock => subject.account_id.is_some(),
            Self::BucBlock | Self::InsightsBlock => edge.is_insights(),
            Self::BucManagementBlock => matches!(edge, Edge::Account | Edge::Campaigns | Edge::Ads),
            Self::ReduceData | Self::TooMuchData100 | Self::Timeout100 => edge == Edge::Insights,
            Self::ReportFailed | Self::ReportSkipped | Self::ReportSlow => edge == Edge::ReportStart,
            Self::ReportUnreadable => edge == Edge::ReportRows,
            _ => true,
        }
    }
}

/// Which calls go wrong and how. What is left out fits every call that the kind strikes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edge: Option<Edge>,
    pub kind: Kind,
    /// How many calls are still to go wrong; without it, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// How many calls that fit are still to pass first.
    #[serde(default)]
    skip: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    /// Only calls over a longer window go wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_days: Option<i64>,
    /// Only calls with a larger `limit` go wrong; with `max_days` either is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    polls: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<BTreeMap<String, Option<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(default, skip_deserializing)]
    hits: u64,
}

/// What a fault looks at.
pub struct Subject<'a> {
    pub account_id: Option<&'a str>,
    pub edge: Edge,
    /// Days in the window, and the page size, of a call for insights.
    pub days: Option<i64>,
    pub limit: u64,
}

impl Fault {
    fn fits(&self, subject: &Subject<'_>) -> bool {
        let account = self.account_id.as_deref().map(|id| id.strip_prefix("act_").unwrap_or(id));
        let place = match self.edge {
            Some(edge) => edge == subject.edge,
            None => self.kind.strikes(subject),
        };
        let too_long = self.max_days.map(|most| subject.days.is_some_and(|days| days > most));
        let too_large = self.max_limit.map(|most| subject.limit > most);
        let too_much = match (too_long, too_large) {
            (None, None) => true,
            (long, large) => long == Some(true) || large == Some(true),
        };
        self.count != Some(0)
            && place
            && account.is_none_or(|account| subject.account_id == Some(account))
            && too_much
    }
}

/// The faults switched on, in order.
#[derive(Debug, Default, Serialize)]
pub struct Faults {
    faults: Vec<Fault>,
}

impl Faults {
    /// These and no others; the reason, if one of them cannot be played.
    pub fn replace(&mut self, faults: Vec<Fault>) -> Result<(), String> {
        for fault in &faults {
            presets::check(fault)?;
        }
        self.faults = faults;
        Ok(())
    }

    /// The first fault that fits and lets no more calls pass, which is thereby used once.
    pub fn take(&mut self, subject: &Subject<'_>) -> Option<Fault> {
        for fault in self.faults.iter_mut().filter(|fault| fault.fits(subject)) {
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            fault.hits += 1;
            fault.count = fault.count.map(|left| left.saturating_sub(1));
            return Some(fault.clone());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(value: Value) -> Faults {
        let mut faults = Faults::default();
        faults.replace(serde_json::from_value(value).unwrap()).unwrap();
        faults
    }

    fn subject(edge: Edge, days: i64, limit: u64) -> Subject<'static> {
        Subject { account_id: Some("1"), edge, days: Some(days), limit }
    }

    #[test]
    fn some_calls_pass_first_and_a_counted_fault_ends() {
        let mut faults = faults(json!([{"kind": "transient", "account_id": "act_1", "skip": 1, "count": 2}]));
        let taken = (0..4).map(|_| faults.take(&subject(Edge::Ads, 1, 25)).is_some()).collect::<Vec<_>>();
        assert_eq!(taken, [false, true, true, false]);
        assert_eq!(json!(faults)["faults"][0]["hits"], 2);
    }

    #[test]
    fn shrinking_helps_against_too_much_data() {
        let mut faults = faults(json!([{"kind": "reduce_data", "max_days": 7, "max_limit": 100}]));
        let mut fails = |days, limit| faults.take(&subject(Edge::Insights, days, limit)).is_some();
        assert!(fails(8, 100) && fails(7, 101));
        assert!(!fails(7, 100));
        assert!(faults.take(&subject(Edge::Campaigns, 9, 500)).is_none());
    }

    #[test]
    fn a_kind_has_its_own_place_unless_another_is_named() {
        let mut somewhere = faults(json!([{"kind": "report_failed"}]));
        assert!(somewhere.take(&subject(Edge::Insights, 1, 1)).is_none());
        assert!(somewhere.take(&subject(Edge::ReportStart, 1, 1)).is_some());
        let mut named = faults(json!([{"kind": "buc_block", "edge": "adaccounts"}]));
        assert!(named.take(&subject(Edge::AdAccounts, 1, 1)).is_some());
    }

    #[test]
    fn what_cannot_be_played_is_refused() {
        for fault in [json!({"kind": "explode"}), json!({"kind": "raw", "sattus": 500})] {
            assert!(serde_json::from_value::<Fault>(fault).is_err());
        }
        for fault in [json!({"kind": "raw", "status": 99}), json!({"kind": "raw", "headers": {"a b": "c"}})] {
            let fault = serde_json::from_value(fault).unwrap();
            assert!(Faults::default().replace(vec![fault]).is_err());
        }
    }
}
