//! `act_{id}/ads`, with the creative: its `url_tags`, and its links where Facebook keeps them.

use serde_json::{Map, Value, json};

use super::Scene;
use super::status::Statuses;
use crate::graph::errors::GraphError;
use crate::graph::fields::{Field, select, unknown};
use crate::graph::world::{Account, Ad, AdSet, Campaign};

impl Ad {
    /// The status that decides whether it delivers.
    pub fn effective(&self) -> &str {
        self.effective_status.as_deref().unwrap_or(&self.status)
    }
}

/// The list.
pub fn list(scene: &Scene<'_>) -> Result<Value, GraphError> {
    scene.needs("ads_read")?;
    let account = scene.account()?;
    let fields = scene.fields(&["id"])?;
    let statuses = Statuses::read(scene)?;
    let ads = account.ads().filter(|(_, _, ad)| statuses.list(ad.effective())).collect::<Vec<_>>();
    scene.page(ads.len(), |index| {
        let (campaign, set, ad) = ads[index];
        told(account, campaign, set, ad, &fields)
    })
}

fn told(
    account: &Account,
    campaign: &Campaign,
    set: &AdSet,
    ad: &Ad,
    fields: &[Field],
) -> Result<Value, GraphError> {
    select(fields, &ad.id, |field| {
        Ok(Some(match field.name.as_str() {
            "id" => json!(ad.id),
            "account_id" => json!(account.id),
            "name" => json!(ad.name),
            "status" | "configured_status" => json!(ad.status),
            "effective_status" => json!(ad.effective()),
            "campaign_id" => json!(campaign.id),
            "adset_id" => json!(set.id),
            "campaign" => named(field, &campaign.id, &campaign.name, "Campaign")?,
            "adset" => named(field, &set.id, &set.name, "AdSet")?,
            "created_time" => json!("2025-07-30T09:00:00+0500"),
            "updated_time" => json!("2025-08-01T09:00:00+0500"),
            "creative" => creative(account, ad, field)?,
            other => return Err(unknown(other, "Ad")),
        }))
    })
}

fn named(field: &Field, id: &str, name: &str, kind: &str) -> Result<Value, GraphError> {
    select(&field.nested, id, |field| match field.name.as_str() {
        "id" => Ok(Some(json!(id))),
        "name" => Ok(Some(json!(name))),
        other => Err(unknown(other, kind)),
    })
}

fn creative(account: &Account, ad: &Ad, field: &Field) -> Result<Value, GraphError> {
    let tags = ad.url_tags.as_ref().or(account.url_tags.as_ref()).filter(|tags| !tags.is_empty());
    // A creative's id is its ad's with another beginning.
    let id = format!("23{}", ad.id.get(2..).unwrap_or(&ad.id));
    select(&field.nested, &id, |field| match field.name.as_str() {
        "id" => Ok(Some(json!(id))),
        "name" => Ok(Some(json!(format!("{} creative", ad.name)))),
        "url_tags" => Ok(tags.map(|tags| json!(tags))),
        "object_story_spec" => story(account, ad, field),
        // Its pictures stand in the story.
        "asset_feed_spec" => Ok(None),
        other => Err(unknown(other, "AdCreative")),
    })
}

/// Where a single picture or each of several leads to.
fn story(account: &Account, ad: &Ad, field: &Field) -> Result<Option<Value>, GraphError> {
    const DEFAULT: &str = "https://landing.local/";
    let link = ad.link.as_deref().or(account.link.as_deref()).unwrap_or(DEFAULT);
    let mut answer = Map::new();
    for part in &field.nested {
        match part.name.as_str() {
            "link_data" => {
                let mut data = Map::new();
                for inner in &part.nested {
                    match inner.name.as_str() {
                        "link" => drop(data.insert("link".to_owned(), json!(link))),
                        "child_attachments" if ad.links.is_empty() => {}
                        "child_attachments" => {
                            let pictures = ad.links.iter().map(|link| json!({ "link": link }));
                            data.insert("child_attachments".to_owned(), pictures.collect());
                        }
                        other => return Err(unknown(other, "AdCreativeLinkData")),
                    }
                }
                answer.insert("link_data".to_owned(), Value::Object(data));
            }
            "video_data" | "template_data" => {}
            other => return Err(unknown(other, "AdCreativeObjectStorySpec")),
        }
    }
    Ok(Some(Value::Object(answer)))
}
