//! Pulls the campaigns and ads of an account: those that did not deliver too, with their state and their link tags.

use super::facebook::{About, Facebook, Stop, next};
use crate::domain::ad::{AdObject, ObjectKind};
use crate::domain::ad_account::AdAccountId;
use crate::neighbours::facebook::{AdFacts, CampaignFacts, Cursor};
use crate::store::ads::{Ads, Lease};

/// Pulls them page by page. Whoever calls this holds the account's lease.
pub async fn objects(facebook: &Facebook, ads: &Ads, lease: &Lease) -> Result<u64, Stop> {
    let account = lease.account();
    let about = About::account(account);
    let mut rows = 0;
    let mut after: Option<Cursor> = None;
    loop {
        let page = facebook.call(about, async |graph| graph.campaigns(account, after.as_ref()).await).await?;
        let seen: Vec<AdObject> = page.items.into_iter().map(|facts| campaign(account, facts)).collect();
        rows += seen.len() as u64;
        ads.keep_objects(account, &seen).await?;
        after = next(after.as_ref(), page.after)?;
        if after.is_none() {
            break;
        }
    }
    loop {
        let page = facebook.call(about, async |graph| graph.ads(account, after.as_ref()).await).await?;
        rows += page.items.len() as u64;
        let seen: Vec<AdObject> = page.items.into_iter().flat_map(|facts| ad(account, facts)).collect();
        ads.keep_objects(account, &seen).await?;
        after = next(after.as_ref(), page.after)?;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

fn campaign(account: &AdAccountId, facts: CampaignFacts) -> AdObject {
    AdObject {
        status: facts.effective_status.or(facts.status),
        objective: facts.objective,
        ..AdObject::named(ObjectKind::Campaign, account, &facts.id, facts.name.as_deref())
    }
}

/// An ad, and the ad set above it.
fn ad(account: &AdAccountId, facts: AdFacts) -> Vec<AdObject> {
    let adset = facts.adset_id.as_deref().map(|id| AdObject {
        campaign_id: facts.campaign_id.clone(),
        ..AdObject::named(ObjectKind::Adset, account, id, facts.adset_name.as_deref())
    });
    let ad = AdObject {
        campaign_id: facts.campaign_id,
        adset_id: facts.adset_id.clone(),
        status: facts.effective_status,
        url_tags: facts.url_tags,
        ..AdObject::named(ObjectKind::Ad, account, &facts.id, facts.name.as_deref())
    };
    adset.into_iter().chain([ad]).collect()
}
