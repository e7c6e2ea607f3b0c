//! Which ad, ad set, campaign or account a sale came from, by the UTM values it carries.
//!
//! Ids decide before names, and the lowest object before those above it. It never guesses: where values point at more
//! than one object, the answer is what holds them all, and nothing where they are in different accounts. Only objects
//! of the sale's own owner are looked at, so whoever asks gets the same answer.
//!
//! 1. A value that is or holds, as a run of digits, the id of a known ad; else of an ad set, a campaign, an account.
//! 2. `utm_campaign` is a campaign's name and, inside it, `utm_content` an ad's and `utm_term` an ad set's.
//! 3. `utm_content` is the name of one ad of the owner's, and of no other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ad::{AdObject, ObjectKind};
use super::ad_account::AdAccountId;
use super::team::Owner;
use super::utm::UtmName;
use super::utm_key::UtmKey;

/// A place among the objects of an ad account, as deep as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdPlace {
    /// The account.
    pub account_id: AdAccountId,
    /// The campaign.
    pub campaign_id: Option<String>,
    /// The ad set.
    pub adset_id: Option<String>,
    /// The ad.
    pub ad_id: Option<String>,
}

impl AdPlace {
    fn account(id: &AdAccountId) -> Self {
        Self { account_id: id.clone(), campaign_id: None, adset_id: None, ad_id: None }
    }

    fn of(object: &AdObject) -> Self {
        let is = |kind| (object.kind == kind).then(|| object.id.clone());
        Self {
            account_id: object.account_id.clone(),
            campaign_id: is(ObjectKind::Campaign).or_else(|| object.campaign_id.clone()),
            adset_id: is(ObjectKind::Adset).or_else(|| object.adset_id.clone()),
            ad_id: is(ObjectKind::Ad),
        }
    }

    /// The object of this kind that holds the place or is it.
    pub fn id_of(&self, kind: ObjectKind) -> Option<&str> {
        let id = match kind {
            ObjectKind::Campaign => &self.campaign_id,
            ObjectKind::Adset => &self.adset_id,
            ObjectKind::Ad => &self.ad_id,
        };
        id.as_deref()
    }

    /// The lowest place that holds both; nothing where they are in different accounts.
    fn common(&self, other: &Self) -> Option<Self> {
        if self.account_id != other.account_id {
            return None;
        }
        if self == other {
            return Some(self.clone());
        }
        let mut common = self.clone();
        if self.campaign_id != other.campaign_id {
            common.campaign_id = None;
        }
        if common.campaign_id.is_none() || self.adset_id != other.adset_id {
            common.adset_id = None;
        }
        if common.adset_id.is_none() || self.ad_id != other.ad_id {
            common.ad_id = None;
        }
        Some(common)
    }
}

/// UTM values as a [`UtmKey`] has them.
type Values = BTreeMap<UtmName, String>;

/// The objects of some accounts, ready to be found.
#[derive(Debug, Default)]
pub struct AdIndex(HashMap<Owner, Known>);

type Places = HashMap<String, Vec<AdPlace>>;

/// What one owner has.
#[derive(Debug, Default)]
struct Known {
    /// Ads, ad sets, campaigns and accounts by their ids: in this order they decide.
    by_id: [Places; 4],
    ads: Places,
    adsets: Places,
    campaigns: Places,
}

impl AdIndex {
    /// The index of these accounts, each with its owner, and of the objects in them. Objects of other accounts are
    /// left out.
    pub fn new<'a>(
        accounts: impl IntoIterator<Item = (&'a AdAccountId, &'a Owner)>,
        objects: &[AdObject],
    ) -> Self {
        let owners: HashMap<&AdAccountId, &Owner> = accounts.into_iter().collect();
        let mut index = Self::default();
        for (id, owner) in &owners {
            let known = index.0.entry((*owner).clone()).or_default();
            known.by_id[3].entry(id.digits().to_owned()).or_default().push(AdPlace::account(id));
        }
        for object in objects {
            if let Some(owner) = owners.get(&object.account_id) {
                index.0.entry((*owner).clone()).or_default().learn(object);
            }
        }
        index
    }

    /// What the values of a sale of this owner point at. They are as a [`UtmKey`] has them.
    pub fn find(&self, owner: &Owner, values: &Values) -> Option<AdPlace> {
        let found = self.0.get(owner)?.candidates(values);
        let (first, others) = found.split_first()?;
        others.iter().try_fold((*first).clone(), |common, place| common.common(place))
    }
}

impl Known {
    fn learn(&mut self, object: &AdObject) {
        let place = AdPlace::of(object);
        let (rank, names) = match object.kind {
            ObjectKind::Ad => (0, &mut self.ads),
            ObjectKind::Adset => (1, &mut self.adsets),
            ObjectKind::Campaign => (2, &mut self.campaigns),
        };
        let forms: BTreeSet<String> =
            object.names.iter().chain(&object.name).filter_map(|name| compared(name)).collect();
        for form in forms {
            names.entry(form).or_default().push(place.clone());
        }
        self.by_id[rank].entry(object.id.clone()).or_default().push(place);
    }

    /// All that the strongest of the rules points at.
    fn candidates(&self, values: &Values) -> Vec<&AdPlace> {
        let runs: Vec<&str> = values.values().flat_map(|value| digits(value)).collect();
        let mut by_rank = self
            .by_id
            .iter()
            .map(|known| runs.iter().flat_map(|run| named(known, Some(run))).collect::<Vec<&AdPlace>>());
        by_rank.find(|found| !found.is_empty()).unwrap_or_else(|| self.by_name(values))
    }

    fn by_name(&self, values: &Values) -> Vec<&AdPlace> {
        let value = |name| values.get(&name).map(String::as_str);
        let campaigns: Vec<&AdPlace> = named(&self.campaigns, value(UtmName::Campaign)).collect();
        let ads = named(&self.ads, value(UtmName::Content));
        match campaigns.as_slice() {
            [] => {
                let ads: Vec<&AdPlace> = ads.collect();
                if ads.len() == 1 { ads } else { vec![] }
            }
            [campaign] => {
                let is_inside = |place: &&AdPlace| {
                    place.account_id == campaign.account_id && place.campaign_id == campaign.campaign_id
                };
                let ads: Vec<&AdPlace> = ads.filter(is_inside).collect();
                let adsets = named(&self.adsets, value(UtmName::Term)).filter(is_inside).collect();
                inside(campaign, ads, adsets)
            }
            _ => campaigns,
        }
    }
}

/// What an ad's name and an ad set's name point at inside a campaign. An ad set narrows the ads of one name down; where
/// none of them is in it, the two contradict each other and only the campaign is certain.
fn inside<'a>(campaign: &'a AdPlace, ads: Vec<&'a AdPlace>, adsets: Vec<&'a AdPlace>) -> Vec<&'a AdPlace> {
    let is_in_adsets = |ad: &&AdPlace| adsets.iter().any(|adset| adset.adset_id == ad.adset_id);
    let narrowed = match (ads.is_empty(), adsets.is_empty()) {
        (true, _) => adsets,
        (false, true) => ads,
        (false, false) => ads.into_iter().filter(is_in_adsets).collect(),
    };
    if narrowed.is_empty() { vec![campaign] } else { narrowed }
}

fn named<'a>(places: &'a Places, key: Option<&str>) -> impl Iterator<Item = &'a AdPlace> + use<'a> {
    key.and_then(|key| places.get(key)).into_iter().flatten()
}

fn digits(value: &str) -> impl Iterator<Item = &str> {
    value.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}

/// A name in the form that values have.
fn compared(name: &str) -> Option<String> {
    let key = UtmKey::of(&[(UtmName::Content, name.to_owned())].into())?;
    key.values().values().next().cloned()
}

#[cfg(test)]
#[path = "ad_join_tests.rs"]
mod tests;
