use UtmName::{Campaign, Content, Medium, Source, Term};
use proptest::prelude::*;

use super::*;
use crate::domain::team::TeamId;

fn account(digits: &str) -> AdAccountId {
    AdAccountId::parse(digits).unwrap()
}

fn team(id: &str) -> Owner {
    Owner::Team(TeamId::new(id))
}

fn campaign(in_account: &str, id: &str, name: &str) -> AdObject {
    AdObject::named(ObjectKind::Campaign, &account(in_account), id, Some(name))
}

fn adset(in_account: &str, campaign: &str, id: &str, name: &str) -> AdObject {
    AdObject {
        campaign_id: Some(campaign.to_owned()),
        ..AdObject::named(ObjectKind::Adset, &account(in_account), id, Some(name))
    }
}

fn ad(in_account: &str, campaign: &str, adset: &str, id: &str, name: &str) -> AdObject {
    AdObject {
        campaign_id: Some(campaign.to_owned()),
        adset_id: Some(adset.to_owned()),
        ..AdObject::named(ObjectKind::Ad, &account(in_account), id, Some(name))
    }
}

/// Muha has accounts 91 and 92, Arystan 93.
fn objects() -> Vec<AdObject> {
    vec![
        campaign("91", "1001", "Onai Reels"),
        adset("91", "1001", "2001", "Almaty"),
        adset("91", "1001", "2002", "Astana"),
        ad("91", "1001", "2001", "3001", "Video 1"),
        ad("91", "1001", "2002", "3002", "Video 1"),
        ad("91", "1001", "2002", "3003", "Сторис"),
        campaign("91", "1002", "onai twice"),
        campaign("91", "1003", "Onai TWICE"),
        ad("91", "1002", "2003", "3004", "only here"),
        campaign("91", "1004", "onai both"),
        campaign("92", "1005", "onai both"),
        ad("92", "1005", "2004", "3005", "Story"),
        campaign("93", "1006", "arystan"),
        ad("93", "1006", "2005", "3006", "only here"),
        ad("93", "1006", "2005", "3007", "Сторис"),
    ]
}

fn index(objects: &[AdObject]) -> AdIndex {
    let owned =
        [(account("91"), team("muha")), (account("92"), team("muha")), (account("93"), team("arystan"))];
    AdIndex::new(owned.iter().map(|(id, owner)| (id, owner)), objects)
}

fn values(pairs: &[(UtmName, &str)]) -> Values {
    let written = pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    UtmKey::of(&written).map(|key| key.values().clone()).unwrap_or_default()
}

/// What is found, as `account/campaign/ad set/ad`.
fn found(owner: &str, pairs: &[(UtmName, &str)]) -> Option<String> {
    let place = index(&objects()).find(&team(owner), &values(pairs))?;
    let ids = [place.campaign_id, place.adset_id, place.ad_id];
    Some(ids.into_iter().flatten().fold(place.account_id.to_string(), |path, id| format!("{path}/{id}")))
}

#[test]
fn an_id_anywhere_in_a_value_decides_and_the_lowest_object_first() {
    for (pairs, expected) in [
        (&[(Content, "3002")][..], "91/1001/2002/3002"),
        (&[(Medium, "cpc|ad_3002|x")][..], "91/1001/2002/3002"),
        (&[(Campaign, "1004"), (Content, "3002")][..], "91/1001/2002/3002"),
        (&[(Campaign, "1004"), (Term, "set=2001")][..], "91/1001/2001"),
        (&[(Campaign, "1004"), (Source, "act_92")][..], "91/1004"),
        (&[(Source, "act_92")][..], "92"),
        (&[(Source, "92"), (Campaign, "Onai Reels")][..], "92"),
    ] {
        assert_eq!(found("muha", pairs).as_deref(), Some(expected), "{pairs:?}");
    }
}

#[test]
fn an_id_inside_a_longer_number_is_another_id() {
    assert_eq!(found("muha", &[(Content, "13002")]), None);
    assert_eq!(found("muha", &[(Content, "30021")]), None);
}

#[test]
fn several_ids_of_one_kind_come_to_what_holds_them_all() {
    assert_eq!(found("muha", &[(Content, "3002"), (Term, "3003")]).as_deref(), Some("91/1001/2002"));
    assert_eq!(found("muha", &[(Content, "3001"), (Term, "3003")]).as_deref(), Some("91/1001"));
    assert_eq!(found("muha", &[(Content, "3001"), (Term, "3004")]).as_deref(), Some("91"));
    assert_eq!(found("muha", &[(Content, "3001"), (Term, "3005")]), None);
}

#[test]
fn names_are_compared_in_one_form_and_inside_the_campaign() {
    for (pairs, expected) in [
        (&[(Campaign, "ONAI reels ")][..], "91/1001"),
        (&[(Campaign, "onai reels"), (Content, "сторис")][..], "91/1001/2002/3003"),
        (&[(Campaign, "onai reels"), (Content, "video 1"), (Term, "astana")][..], "91/1001/2002/3002"),
        (&[(Campaign, "onai reels"), (Content, "video 1")][..], "91/1001"),
        (&[(Campaign, "onai reels"), (Term, "almaty")][..], "91/1001/2001"),
        (&[(Campaign, "onai reels"), (Content, "no such"), (Term, "almaty")][..], "91/1001/2001"),
        (&[(Campaign, "onai reels"), (Content, "сторис"), (Term, "almaty")][..], "91/1001"),
        (&[(Campaign, "onai reels"), (Content, "only here")][..], "91/1001"),
    ] {
        assert_eq!(found("muha", pairs).as_deref(), Some(expected), "{pairs:?}");
    }
}

#[test]
fn a_name_that_several_campaigns_have_is_their_accounts_or_nothings() {
    assert_eq!(found("muha", &[(Campaign, "onai twice")]).as_deref(), Some("91"));
    assert_eq!(found("muha", &[(Campaign, "onai both")]), None);
}

#[test]
fn an_ads_name_alone_decides_where_one_ad_has_it() {
    assert_eq!(found("muha", &[(Content, "Story")]).as_deref(), Some("92/1005/2004/3005"));
    assert_eq!(
        found("muha", &[(Campaign, "muha"), (Content, "story")]).as_deref(),
        Some("92/1005/2004/3005")
    );
    assert_eq!(found("muha", &[(Content, "video 1")]), None);
    assert_eq!(found("muha", &[(Source, "story")]), None);
    assert_eq!(found("muha", &[(Term, "almaty")]), None);
    assert_eq!(found("muha", &[]), None);
}

#[test]
fn only_the_owners_objects_are_looked_at() {
    assert_eq!(found("muha", &[(Content, "only here")]).as_deref(), Some("91/1002/2003/3004"));
    assert_eq!(found("arystan", &[(Content, "only here")]).as_deref(), Some("93/1006/2005/3006"));
    assert_eq!(found("arystan", &[(Content, "3002")]), None);
    assert_eq!(found("kenesary", &[(Content, "3002")]), None);
    assert_eq!(index(&objects()).find(&Owner::Unattributed, &values(&[(Content, "3002")])), None);
}

#[test]
fn a_name_of_an_earlier_day_is_still_the_objects() {
    let renamed = campaign("91", "1001", "Onai Reels").learn(&campaign("91", "1001", "autumn"));
    let index = index(&[renamed]);
    for name in ["onai reels", "autumn"] {
        assert!(index.find(&team("muha"), &values(&[(Campaign, name)])).is_some(), "{name}");
    }
}

/// Few names for many objects, so that most of them meet.
fn some_name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "B", "c c", "д"]).prop_map(str::to_owned)
}

/// Objects with ids that tell their kind: 1… campaigns, 2… ad sets, 3… ads.
fn some_objects() -> impl Strategy<Value = Vec<AdObject>> {
    let tree = prop::collection::vec((91_u32..94, some_name(), some_name(), some_name()), 1..8);
    tree.prop_map(|leaves| {
        let mut objects = vec![];
        for (n, (account, of_campaign, of_adset, of_ad)) in leaves.into_iter().enumerate() {
            let (account, campaign_id, adset_id) =
                (account.to_string(), format!("1{account}{}", n % 2), format!("2{account}{}", n % 4));
            objects.push(campaign(&account, &campaign_id, &of_campaign));
            objects.push(adset(&account, &campaign_id, &adset_id, &of_adset));
            objects.push(ad(&account, &campaign_id, &adset_id, &format!("3{account}{n}"), &of_ad));
        }
        let mut known: Vec<AdObject> = vec![];
        for object in objects {
            match known.iter_mut().find(|held| held.kind == object.kind && held.id == object.id) {
                Some(held) => *held = held.learn(&object),
                None => known.push(object),
            }
        }
        known
    })
}

fn some_values() -> impl Strategy<Value = Values> {
    let value = prop_oneof![
        some_name(),
        (1_u32..4, 91_u32..94, 0_u32..8).prop_map(|(kind, account, n)| { format!("id {kind}{account}{n}") })
    ];
    prop::collection::btree_map(prop::sample::select(&UtmName::ALL), value, 0..4)
        .prop_map(|written| UtmKey::of(&written).map(|key| key.values().clone()).unwrap_or_default())
}

proptest! {
    #[test]
    fn what_is_found_is_known_and_the_owners(objects in some_objects(), values in some_values()) {
        for (owner, accounts) in [("muha", &["91", "92"][..]), ("arystan", &["93"][..])] {
            let Some(place) = index(&objects).find(&team(owner), &values) else { continue };
            prop_assert!(accounts.contains(&place.account_id.digits()));
            for kind in [ObjectKind::Campaign, ObjectKind::Adset, ObjectKind::Ad] {
                let Some(id) = place.id_of(kind) else { continue };
                let object = objects.iter().find(|object| object.kind == kind && object.id == id);
                prop_assert_eq!(object.map(|object| &object.account_id), Some(&place.account_id));
            }
        }
    }

    #[test]
    fn neither_the_order_of_objects_nor_those_of_others_matter(
        objects in some_objects(), values in some_values(),
    ) {
        let whole = index(&objects).find(&team("muha"), &values);
        let reversed: Vec<AdObject> = objects.iter().rev().cloned().collect();
        prop_assert_eq!(&index(&reversed).find(&team("muha"), &values), &whole);
        let own: Vec<AdObject> =
            objects.into_iter().filter(|object| object.account_id != account("93")).collect();
        prop_assert_eq!(&index(&own).find(&team("muha"), &values), &whole);
    }

    #[test]
    fn an_ads_id_finds_the_ad_whatever_the_other_values_say(
        objects in some_objects(), pick in any::<prop::sample::Index>(), campaign in some_name(), term in some_name(),
    ) {
        let ads: Vec<&AdObject> = objects.iter().filter(|object| object.kind == ObjectKind::Ad).collect();
        let ad = ads[pick.index(ads.len())];
        let owner = if ad.account_id == account("93") { "arystan" } else { "muha" };
        let text = format!("x_{}_y", ad.id);
        let values = values(&[(Campaign, &campaign), (Term, &term), (Content, &text)]);
        let place = index(&objects).find(&team(owner), &values);
        prop_assert_eq!(place.as_ref().and_then(|place| place.id_of(ObjectKind::Ad)), Some(ad.id.as_str()));
        prop_assert_eq!(place.and_then(|place| place.adset_id), ad.adset_id.clone());
    }

    #[test]
    fn an_ad_found_by_names_is_the_only_one_that_they_fit(objects in some_objects(), values in some_values()) {
        let has_ids = values.values().any(|value| value.starts_with("id "));
        let place = index(&objects).find(&team("muha"), &values);
        let Some(ad_id) = place.as_ref().and_then(|place| place.ad_id.clone()).filter(|_| !has_ids) else {
            return Ok(());
        };
        let is_named = |object: &AdObject, name| {
            let names: Vec<String> = object.names.iter().filter_map(|name| compared(name)).collect();
            values.get(&name).is_some_and(|value| names.contains(value))
        };
        let own = |kind| {
            objects.iter().filter(move |object| object.kind == kind && object.account_id != account("93"))
        };
        let campaigns: Vec<&str> = own(ObjectKind::Campaign)
            .filter(|object| is_named(object, Campaign))
            .map(|object| object.id.as_str())
            .collect();
        let adsets: Vec<&str> = own(ObjectKind::Adset)
            .filter(|object| is_named(object, Term))
            .map(|object| object.id.as_str())
            .collect();
        let within = |known: &[&str], id: Option<&str>| known.is_empty() || id.is_some_and(|id| known.contains(&id));
        let in_campaigns: Vec<&AdObject> = own(ObjectKind::Ad)
            .filter(|object| is_named(object, Content) && within(&campaigns, object.campaign_id.as_deref()))
            .collect();
        let fitting: Vec<&str> = in_campaigns
            .iter()
            .filter(|object| in_campaigns.len() == 1 || within(&adsets, object.adset_id.as_deref()))
            .map(|object| object.id.as_str())
            .collect();
        prop_assert_eq!(fitting, vec![ad_id.as_str()]);
    }
}
