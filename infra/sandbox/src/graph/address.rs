//! Paths of the Graph API and what stands behind them.

use axum::http::Method;
use serde::{Deserialize, Serialize};

/// What a call asks for. The names are those of faults and records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    Me,
    Businesses,
    OwnedAdAccounts,
    ClientAdAccounts,
    #[serde(rename = "adaccounts")]
    AdAccounts,
    Account,
    Insights,
    ReportStart,
    Report,
    ReportRows,
    Campaigns,
    Ads,
    DebugToken,
    Unknown,
}

impl Edge {
    /// Whether the limits and headers of insights apply.
    pub fn is_insights(self) -> bool {
        matches!(self, Self::Insights | Self::ReportStart | Self::Report | Self::ReportRows)
    }
}

/// A path, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `v26.0`; `None` where the path begins without one.
    pub version: Option<String>,
    pub edge: Edge,
    /// The object that the edge belongs to, as written.
    pub node: String,
    /// All of the path behind the version.
    pub rest: String,
}

impl Address {
    /// Reads a path below `/graph`.
    pub fn read(method: &Method, path: &str) -> Self {
        let path = path.strip_prefix("/graph").unwrap_or(path);
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        let version = parts.next_if(|part| is_version(part)).map(str::to_owned);
        let parts = parts.collect::<Vec<_>>();
        let edge = match (method.as_str(), parts.as_slice()) {
            ("GET", ["me"]) => Edge::Me,
            ("GET", ["me", "businesses"]) => Edge::Businesses,
            ("GET", ["me", "adaccounts"]) => Edge::AdAccounts,
            ("GET", ["debug_token"]) => Edge::DebugToken,
            ("GET", [_, "owned_ad_accounts"]) => Edge::OwnedAdAccounts,
            ("GET", [_, "client_ad_accounts"]) => Edge::ClientAdAccounts,
            ("GET", [_, "campaigns"]) => Edge::Campaigns,
            ("GET", [_, "ads"]) => Edge::Ads,
            ("GET", [node, "insights"]) if node.starts_with("act_") => Edge::Insights,
            ("POST", [node, "insights"]) if node.starts_with("act_") => Edge::ReportStart,
            ("GET", [_, "insights"]) => Edge::ReportRows,
            ("GET", [node]) if node.starts_with("act_") => Edge::Account,
            ("GET", [node]) if node.bytes().all(|byte| byte.is_ascii_digit()) => Edge::Report,
            _ => Edge::Unknown,
        };
        let node = parts.first().copied().unwrap_or_default().to_owned();
        Self { version, edge, node, rest: format!("/{}", parts.join("/")) }
    }

    /// The digits of the ad account in the path.
    pub fn account_id(&self) -> Option<&str> {
        self.node.strip_prefix("act_")
    }
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edge_has_its_path() {
        for (method, path, edge) in [
            (Method::GET, "me/businesses", Edge::Businesses),
            (Method::GET, "12/owned_ad_accounts", Edge::OwnedAdAccounts),
            (Method::GET, "12/client_ad_accounts", Edge::ClientAdAccounts),
            (Method::GET, "me/adaccounts", Edge::AdAccounts),
            (Method::GET, "act_12", Edge::Account),
            (Method::GET, "act_12/insights", Edge::Insights),
            (Method::POST, "act_12/insights", Edge::ReportStart),
            (Method::GET, "6044", Edge::Report),
            (Method::GET, "6044/insights", Edge::ReportRows),
            (Method::GET, "act_12/campaigns", Edge::Campaigns),
            (Method::GET, "act_12/ads", Edge::Ads),
            (Method::GET, "debug_token", Edge::DebugToken),
            (Method::DELETE, "act_12", Edge::Unknown),
            (Method::GET, "", Edge::Unknown),
        ] {
            let address = Address::read(&method, &format!("/graph/v26.0/{path}"));
            assert_eq!((address.edge, address.version.as_deref()), (edge, Some("v26.0")), "{path}");
        }
    }

    #[test]
    fn a_path_may_lack_its_version() {
        let address = Address::read(&Method::GET, "/graph/act_12/insights");
        assert_eq!((address.version.as_deref(), address.account_id()), (None, Some("12")));
    }
}
