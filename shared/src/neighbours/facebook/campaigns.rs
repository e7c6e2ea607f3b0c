//! The campaigns of an ad account.

use serde::Deserialize;

use super::classify::Asked;
use super::graph::{Answer, Graph};
use super::page::{Cursor, Page};
use super::scalar;
use crate::domain::ad_account::AdAccountId;

const PAGE: &str = "100";

const FIELDS: &str = "id,name,status,effective_status,objective";

/// Every status that a campaign can have and be listed with. Archived ones come only when asked for; asking for deleted
/// ones fails the call, and so do the statuses of ads and ad sets.
const STATUSES: &str = r#"["ACTIVE","PAUSED","ARCHIVED","IN_PROCESS","WITH_ISSUES"]"#;

/// What a campaign says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CampaignFacts {
    /// Its id.
    #[serde(deserialize_with = "scalar::id")]
    pub id: String,
    /// Its name.
    #[serde(default, deserialize_with = "scalar::text")]
    pub name: Option<String>,
    /// What it was set to.
    #[serde(default, deserialize_with = "scalar::text")]
    pub status: Option<String>,
    /// What it is, all things considered.
    #[serde(default, deserialize_with = "scalar::text")]
    pub effective_status: Option<String>,
    /// What it is meant to bring.
    #[serde(default, deserialize_with = "scalar::text")]
    pub objective: Option<String>,
}

impl Graph {
    /// One page of campaigns, archived ones among them.
    pub async fn campaigns(
        &self,
        account: &AdAccountId,
        after: Option<&Cursor>,
    ) -> Answer<Page<CampaignFacts>> {
        let query = [("fields", FIELDS), ("effective_status", STATUSES), ("limit", PAGE)];
        self.page(Asked::Object, &format!("{}/campaigns", account.node()), &query, after).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_without_a_name_is_one_and_without_an_id_is_none() {
        let campaign = |json: &str| serde_json::from_str::<CampaignFacts>(json).map(|facts| facts.id);
        assert_eq!(campaign(r#"{"id":"1"}"#).unwrap(), "1");
        assert_eq!(campaign(r#"{"id":1,"name":"spring","objective":null}"#).unwrap(), "1");
        assert!(campaign(r#"{"name":"no id"}"#).is_err());
    }
}
