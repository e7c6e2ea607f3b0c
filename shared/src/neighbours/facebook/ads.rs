//! The ads of an ad account, and the parameters that they add to the addresses they lead to.

use serde::Deserialize;

use super::classify::Asked;
use super::graph::{Answer, Graph};
use super::page::{Cursor, Page};
use super::scalar;
use crate::domain::ad_account::AdAccountId;

const PAGE: &str = "100";

const FIELDS: &str = "id,name,effective_status,campaign_id,adset_id,adset{name},creative{url_tags}";

/// Every status that an ad can have and be listed with; asking for deleted ones fails the call.
const STATUSES: &str = r#"["ACTIVE","PAUSED","ARCHIVED","IN_PROCESS","WITH_ISSUES","PENDING_REVIEW","DISAPPROVED","PREAPPROVED","PENDING_BILLING_INFO","CAMPAIGN_PAUSED","ADSET_PAUSED"]"#;

/// What an ad says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "AsSent")]
pub struct AdFacts {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What it is, all things considered.
    pub effective_status: Option<String>,
    /// The campaign it belongs to.
    pub campaign_id: Option<String>,
    /// The ad set it belongs to.
    pub adset_id: Option<String>,
    /// The ad set's name.
    pub adset_name: Option<String>,
    /// The template of its UTM values. Where there is none, they may stand in the address itself.
    pub url_tags: Option<String>,
}

#[derive(Deserialize)]
struct AsSent {
    #[serde(deserialize_with = "scalar::id")]
    id: String,
    #[serde(default, deserialize_with = "scalar::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    effective_status: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    campaign_id: Option<String>,
    #[serde(default, deserialize_with = "scalar::text")]
    adset_id: Option<String>,
    #[serde(default)]
    adset: Option<AdSet>,
    #[serde(default)]
    creative: Option<Creative>,
}

#[derive(Deserialize)]
struct AdSet {
    #[serde(default, deserialize_with = "scalar::text")]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Creative {
    #[serde(default, deserialize_with = "scalar::text")]
    url_tags: Option<String>,
}

impl From<AsSent> for AdFacts {
    fn from(sent: AsSent) -> Self {
        Self {
            id: sent.id,
            name: sent.name,
            effective_status: sent.effective_status,
            campaign_id: sent.campaign_id,
            adset_id: sent.adset_id,
            adset_name: sent.adset.and_then(|adset| adset.name),
            url_tags: sent.creative.and_then(|creative| creative.url_tags),
        }
    }
}

impl Graph {
    /// One page of ads, archived ones among them. The dearest question there is: not to be asked often.
    pub async fn ads(&self, account: &AdAccountId, after: Option<&Cursor>) -> Answer<Page<AdFacts>> {
        let query = [("fields", FIELDS), ("effective_status", STATUSES), ("limit", PAGE)];
        self.page(Asked::Object, &format!("{}/ads", account.node()), &query, after).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_is_brought_to_the_ad() {
        let ad: AdFacts = serde_json::from_str(
            r#"{"id":"120210000000000003","name":"video 3","effective_status":"ADSET_PAUSED",
                "campaign_id":"120210000000000001","adset_id":"120210000000000002",
                "adset":{"name":"women 25-34","id":"120210000000000002"},
                "creative":{"id":"33","url_tags":"utm_campaign={{campaign.name}}&utm_content={{ad.name}}"}}"#,
        )
        .unwrap();
        assert_eq!(ad.adset_name.as_deref(), Some("women 25-34"));
        assert_eq!(ad.url_tags.as_deref(), Some("utm_campaign={{campaign.name}}&utm_content={{ad.name}}"));
    }

    #[test]
    fn an_ad_without_a_template_has_none() {
        for json in [
            r#"{"id":"1"}"#,
            r#"{"id":"1","creative":{"id":"2"}}"#,
            r#"{"id":"1","creative":{"url_tags":""}}"#,
        ] {
            assert_eq!(serde_json::from_str::<AdFacts>(json).unwrap().url_tags, None, "{json}");
        }
    }
}
