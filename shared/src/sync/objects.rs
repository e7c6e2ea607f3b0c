//! Pulls the campaigns and ads of an account: those that did not deliver too, with their state and their link tags.

use std::time::SystemTime;

use super::about::About;
use super::facebook::{Facebook, next};
use super::pull::TIME_PER_PAGE;
use super::stop::Stop;
use crate::domain::ad::{AdObject, ObjectKind};
use crate::domain::ad_account::AdAccountId;
use crate::edge::clock;
use crate::neighbours::facebook::{AdFacts, Answer, CampaignFacts, Cursor, Graph, Page};
use crate::store::ads::{Ads, Lease};

/// Pulls them page by page, and keeps what was read even where the time is too short for all. Whoever calls this holds
/// the account's lease.
pub async fn objects(
    facebook: &Facebook,
    ads: &Ads,
    lease: &Lease,
    deadline: SystemTime,
) -> Result<(), Stop> {
    let account = lease.account();
    let (mut seen, pages) = (vec![], Pages { facebook, account, deadline });
    let campaigns = async |graph: &Graph, after: Option<&Cursor>| graph.campaigns(account, after).await;
    let mut read = pages.each(campaigns, |facts| seen.push(campaign(account, facts))).await;
    if read.is_ok() {
        let of_account = async |graph: &Graph, after: Option<&Cursor>| graph.ads(account, after).await;
        read = pages.each(of_account, |facts| seen.extend(ad(account, facts))).await;
    }
    ads.keep_objects(account, &seen).await?;
    read
}

struct Pages<'a> {
    facebook: &'a Facebook,
    account: &'a AdAccountId,
    deadline: SystemTime,
}

impl Pages<'_> {
    async fn each<T>(
        &self,
        ask: impl AsyncFn(&Graph, Option<&Cursor>) -> Answer<Page<T>>,
        mut take: impl FnMut(T),
    ) -> Result<(), Stop> {
        let mut after: Option<Cursor> = None;
        loop {
            if clock::until(self.deadline) < TIME_PER_PAGE {
                return Err(Stop::OutOfTime);
            }
            let about = About::account(self.account);
            let page = self.facebook.call(about, async |graph| ask(graph, after.as_ref()).await).await?;
            page.items.into_iter().for_each(&mut take);
            after = next(after.as_ref(), page.after)?;
            if after.is_none() {
                return Ok(());
            }
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
