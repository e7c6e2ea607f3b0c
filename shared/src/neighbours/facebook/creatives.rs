//! The ads of an ad account that run now, with everything that their UTM tags can stand in.
//!
//! Apart from [`super::ads`], which lists every ad there is: creatives are the dearest thing to ask for, and those of
//! ads that do not run are nobody's concern.

use serde::Deserialize;

use super::classify::Asked;
use super::graph::{Answer, Good, Graph};
use super::page::{Cursor, Page};
use super::scalar;
use crate::domain::ad_account::AdAccountId;
use crate::domain::utm_check::{Named, TaggedAd};

/// Tags stand in the creative's `url_tags`, or in a link: of a picture, of each picture of a carousel, behind a video's
/// button, of a catalogue, or of the parts that Facebook puts together itself.
const FIELDS: &str = "id,name,campaign{id,name},adset{id,name},creative{url_tags,\
    object_story_spec{link_data{link,child_attachments{link}},video_data{call_to_action{value{link}}},\
    template_data{link}},asset_feed_spec{link_urls{website_url}}}";

const STATUSES: &str = r#"["ACTIVE"]"#;

#[derive(Deserialize)]
struct AsSent {
    #[serde(deserialize_with = "scalar::id")]
    id: String,
    #[serde(default, deserialize_with = "scalar::text")]
    name: Option<String>,
    #[serde(default)]
    campaign: Option<Above>,
    #[serde(default)]
    adset: Option<Above>,
    #[serde(default)]
    creative: Option<Creative>,
}

#[derive(Deserialize)]
struct Above {
    #[serde(deserialize_with = "scalar::id")]
    id: String,
    #[serde(default, deserialize_with = "scalar::text")]
    name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Creative {
    #[serde(deserialize_with = "scalar::text")]
    url_tags: Option<String>,
    object_story_spec: Option<Story>,
    asset_feed_spec: Option<Feed>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Story {
    link_data: Option<Picture>,
    video_data: Option<Video>,
    template_data: Option<Picture>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Picture {
    #[serde(deserialize_with = "scalar::text")]
    link: Option<String>,
    child_attachments: Vec<Picture>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Video {
    call_to_action: Option<Button>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Button {
    value: Option<Picture>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Feed {
    link_urls: Vec<FeedLink>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FeedLink {
    #[serde(deserialize_with = "scalar::text")]
    website_url: Option<String>,
}

impl Picture {
    fn links(self) -> Vec<String> {
        let own = self.link.into_iter();
        own.chain(self.child_attachments.into_iter().filter_map(|picture| picture.link)).collect()
    }
}

impl Creative {
    fn links(self) -> Vec<String> {
        let Story { link_data, video_data, template_data } = self.object_story_spec.unwrap_or_default();
        let button = video_data.and_then(|video| video.call_to_action?.value);
        let pictures = [link_data, button, template_data].into_iter().flatten().flat_map(Picture::links);
        let feed = self.asset_feed_spec.unwrap_or_default().link_urls.into_iter();
        let mut links: Vec<String> = vec![];
        for link in pictures.chain(feed.filter_map(|link| link.website_url)) {
            if !links.contains(&link) {
                links.push(link);
            }
        }
        links
    }
}

impl From<AsSent> for TaggedAd {
    fn from(sent: AsSent) -> Self {
        let named = |above: Above| Named { id: above.id, name: above.name };
        let mut creative = sent.creative.unwrap_or_default();
        Self {
            ad: Named { id: sent.id, name: sent.name },
            adset: sent.adset.map(named),
            campaign: sent.campaign.map(named),
            url_tags: creative.url_tags.take(),
            links: creative.links(),
        }
    }
}

impl Graph {
    /// One page of the ads that run, with at most so many on it.
    pub async fn active_ads(
        &self,
        account: &AdAccountId,
        limit: u32,
        after: Option<&Cursor>,
    ) -> Answer<Page<TaggedAd>> {
        let limit = limit.to_string();
        let query = [("fields", FIELDS), ("effective_status", STATUSES), ("limit", limit.as_str())];
        let path = format!("{}/ads", account.node());
        let Good { value, usage } = self.page::<AsSent>(Asked::Object, &path, &query, after).await?;
        let items = value.items.into_iter().map(TaggedAd::from).collect();
        Ok(Good { value: Page { items, after: value.after }, usage })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ad(json: &str) -> TaggedAd {
        serde_json::from_str::<AsSent>(json).unwrap().into()
    }

    #[test]
    fn links_are_found_wherever_a_creative_keeps_them_and_each_once() {
        let ad = ad(
            r#"{"id":"3","name":"video 3","campaign":{"id":"1","name":"onai"},"adset":{"id":"2","name":"women"},
            "creative":{"id":"33","url_tags":"utm_campaign={{campaign.name}}",
                "object_story_spec":{
                    "link_data":{"link":"https://a.kz/1","child_attachments":[{"link":"https://a.kz/2"},{"link":"https://a.kz/1"}]},
                    "video_data":{"call_to_action":{"type":"LEARN_MORE","value":{"link":"https://a.kz/3"}}},
                    "template_data":{"link":"https://a.kz/4"}},
                "asset_feed_spec":{"link_urls":[{"website_url":"https://a.kz/5"},{"website_url":"https://a.kz/2"}]}}}"#,
        );
        assert_eq!(ad.links, ["1", "2", "3", "4", "5"].map(|page| format!("https://a.kz/{page}")));
        assert_eq!(ad.url_tags.as_deref(), Some("utm_campaign={{campaign.name}}"));
        assert_eq!(ad.campaign.and_then(|campaign| campaign.name).as_deref(), Some("onai"));
    }

    #[test]
    fn an_ad_that_tells_nothing_of_its_links_is_an_ad() {
        for json in [
            r#"{"id":"3"}"#,
            r#"{"id":"3","creative":{"id":"33","url_tags":""}}"#,
            r#"{"id":"3","creative":{"object_story_spec":{"video_data":{"call_to_action":{"type":"MESSAGE_PAGE"}}}}}"#,
            r#"{"id":"3","creative":{"object_story_spec":{"page_id":"9"},"asset_feed_spec":{}}}"#,
        ] {
            let ad = ad(json);
            assert_eq!((ad.ad.id.as_str(), ad.url_tags, ad.links.len()), ("3", None, 0), "{json}");
        }
    }
}
