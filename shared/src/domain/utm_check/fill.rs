//! The macros in a value, filled in as Facebook does.

use super::tags::Tag;
use super::{Named, TaggedAd};

/// Puts into a tag what Facebook will, and notes the macros that it does not know.
pub fn fill(tag: &mut Tag, ad: &TaggedAd) {
    let (mut filled, mut broken) = (String::new(), vec![]);
    let mut rest = tag.value.as_str();
    while let Some(start) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(start);
        filled.push_str(before);
        let inner = from.strip_prefix("{{").and_then(|inner| inner.split_once("}}"));
        match inner.and_then(|(name, after)| Some((value(name, ad)?, after))) {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            // It arrives as it is written, as far as the sign that ends it.
            None => {
                let end = from.rfind('}').map_or(from.len(), |end| end + 1);
                let end = inner.map_or(end, |(name, _)| name.len() + 4);
                filled.push_str(&from[..end]);
                broken.push(from[..end].to_owned());
                rest = &from[end..];
            }
        }
    }
    filled.push_str(rest);
    tag.filled = (filled != tag.value).then_some(filled);
    tag.broken_macros = broken;
}

/// What a macro stands for. Placements differ from show to show: one of them stands for all.
fn value(name: &str, ad: &TaggedAd) -> Option<String> {
    let name_of =
        |named: &Option<Named>| named.as_ref().and_then(|named| named.name.clone()).unwrap_or_default();
    let id_of = |named: &Option<Named>| named.as_ref().map(|named| named.id.clone()).unwrap_or_default();
    Some(match name {
        "campaign.id" => id_of(&ad.campaign),
        "campaign.name" => name_of(&ad.campaign),
        "adset.id" => id_of(&ad.adset),
        "adset.name" => name_of(&ad.adset),
        "ad.id" => ad.ad.id.clone(),
        "ad.name" => ad.ad.name.clone().unwrap_or_default(),
        "placement" => "Facebook_Mobile_Feed".to_owned(),
        "site_source_name" => "fb".to_owned(),
        _ => return None,
    })
}
