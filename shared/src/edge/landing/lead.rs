//! From a form to a lead: its id, its campaign, and whose it is.

use chrono::{DateTime, Utc};
use uuid::{NoContext, Timestamp, Uuid};

use super::form::Filled;
use crate::domain::attribution;
use crate::domain::day::Day;
use crate::domain::landing_lead::LandingLead;
use crate::domain::lead::{CrmJob, Form, Lead, LeadStatus};
use crate::domain::rules::Rules;
use crate::store::StoreError;
use crate::store::ads::Ads;
use crate::store::rules::RuleBooks;

/// Makes leads of forms.
#[derive(Debug, Clone)]
pub struct LeadMaker {
    /// Whose an ad in a UTM value is.
    pub ads: Ads,
    /// The teams.
    pub rules: RuleBooks,
}

impl LeadMaker {
    /// The lead that a form is which came at this time.
    pub async fn lead(
        &self,
        form: Form,
        filled: Filled,
        received_at: DateTime<Utc>,
    ) -> Result<Lead, StoreError> {
        let book = self.rules.fresh().await?;
        let Rules { teams, version, .. } = book.now();
        let source_campaign = filled.source_campaign(form);
        let mut readings = filled.readings;
        match self.ads.named_in(&readings, teams).await {
            Ok(found) => {
                for (place, account) in found {
                    if let Some(reading) = readings.get_mut(place) {
                        reading.ad_account = Some(account);
                    }
                }
            }
            Err(error) => {
                tracing::warn!(error = %error, "ads could not be looked up, so a lead may have no team");
            }
        }
        let mut lead = Lead {
            id: id(received_at),
            form,
            name: filled.name,
            phone: filled.phone,
            email: filled.email,
            slug: filled.slug,
            source_campaign,
            payment_method: filled.payment_method,
            readings,
            metadata: filled.metadata,
            team: None,
            rules: version.teams,
            moved: None,
            received_at,
            day: Day::of(received_at),
            status: LeadStatus::Waiting,
            crm: CrmJob::default(),
            also: vec![],
            version: 1,
        };
        lead.team = attribution::of_lead(&LandingLead::from(&lead), teams);
        Ok(lead)
    }
}

/// An id by which leads sort as they came.
fn id(received_at: DateTime<Utc>) -> String {
    let seconds = u64::try_from(received_at.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, received_at.timestamp_subsec_nanos())).to_string()
}
