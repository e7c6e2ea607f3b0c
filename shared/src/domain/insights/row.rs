//! One row as it is shown.

use std::cmp::Reverse;

use serde::Serialize;

use super::{Figures, Place};
use crate::domain::ad_account::AdAccountId;
use crate::domain::day::Day;
use crate::domain::money::Money;
use crate::domain::rates::RateShown;
use crate::domain::team::TeamId;

/// One object over the period, or on one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The account.
    pub account_id: AdAccountId,
    /// Its name.
    pub account_name: Option<String>,
    /// The zone of its days.
    pub account_timezone: Option<String>,
    /// Whose it is.
    pub team: Option<TeamId>,
    /// The campaign; at the level of accounts there is none.
    #[serde(flatten)]
    pub campaign: Option<CampaignName>,
    /// The ad set, from its level on.
    #[serde(flatten)]
    pub adset: Option<AdsetName>,
    /// The ad, at its level.
    #[serde(flatten)]
    pub ad: Option<AdName>,
    /// The day, where days stand apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// In the account's currency; absent where that is not known and nothing was spent.
    pub spend: Option<Money>,
    /// What the newest day with spend was converted at.
    pub rate: Option<RateShown>,
    /// Everything else.
    #[serde(flatten)]
    pub figures: Figures,
    /// Whether Facebook no longer changes any of its days.
    pub settled: bool,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignName {
    /// Its id.
    pub campaign_id: Option<String>,
    /// Its name.
    pub campaign_name: Option<String>,
}

/// An ad set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdsetName {
    /// Its id.
    pub adset_id: Option<String>,
    /// Its name.
    pub adset_name: Option<String>,
}

/// An ad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdName {
    /// Its id.
    pub ad_id: Option<String>,
    /// Its name.
    pub ad_name: Option<String>,
}

impl Row {
    /// Where the row stands.
    pub fn place(&self) -> Place {
        let ids = [
            self.ad.as_ref().map(|ad| &ad.ad_id),
            self.adset.as_ref().map(|adset| &adset.adset_id),
            self.campaign.as_ref().map(|campaign| &campaign.campaign_id),
        ];
        let of_level = ids.into_iter().flatten().next();
        Place {
            spend_kzt: Reverse(self.figures.spend_kzt),
            id: match of_level {
                Some(id) => id.clone().unwrap_or_default(),
                None => self.account_id.digits().to_owned(),
            },
            account_id: self.account_id.clone(),
            day: self.day,
            currency: self.spend.map(|spend| spend.currency),
        }
    }
}
