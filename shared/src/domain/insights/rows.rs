//! Rows as they grow.

use std::collections::{BTreeMap, HashMap};

use super::figures::Sums;
use super::row::{AdName, AdsetName, CampaignName, Row};
use super::{AccountFacts, Ask, Facts, Gain, Granularity, Level, Totals};
use crate::domain::ad::{AdObject, ObjectKind, is_settled};
use crate::domain::ad_account::AdAccountId;
use crate::domain::ad_join::AdPlace;
use crate::domain::day::Day;
use crate::domain::money::{Currency, Money};
use crate::domain::rates::Rate;
use crate::domain::rates::RateShown;
use crate::domain::spend::{AccountDay, AdDay};

/// What makes a row another one. Facebook never changes an account's currency; were it to, cents would not be added to
/// tenge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    account: AdAccountId,
    /// The object; none at the level of accounts, and where Facebook did not say.
    id: Option<String>,
    day: Option<Day>,
    currency: Option<Currency>,
}

#[derive(Debug, Default)]
struct Growing<'a> {
    sums: Sums,
    /// The newest ad's day in it, for names.
    newest: Option<(Day, &'a AdDay)>,
    /// The newest day with spend, and its rate.
    rate: Option<(Day, Option<Rate>)>,
}

pub(super) struct Rows<'a> {
    ask: &'a Ask,
    accounts: HashMap<&'a AdAccountId, &'a AccountFacts>,
    objects: HashMap<(ObjectKind, &'a str), &'a AdObject>,
    /// What each account was billed in on its newest day.
    currencies: HashMap<&'a AdAccountId, Currency>,
    rows: BTreeMap<Key, Growing<'a>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(ask: &'a Ask, facts: &Facts<'a>) -> Self {
        let mut newest: HashMap<&AdAccountId, (Day, Currency)> = HashMap::new();
        for (day, _) in facts.days {
            let held = newest.entry(&day.account_id).or_insert((day.day, day.currency));
            if held.0 < day.day {
                *held = (day.day, day.currency);
            }
        }
        Self {
            ask,
            accounts: facts.accounts.iter().map(|account| (&account.id, account)).collect(),
            objects: facts.objects.iter().map(|object| ((object.kind, object.id.as_str()), object)).collect(),
            currencies: newest.into_iter().map(|(account, (_, currency))| (account, currency)).collect(),
            rows: BTreeMap::new(),
        }
    }

    /// An ad's day belongs to the row of its object, whatever came of it.
    pub(super) fn deliver(&mut self, day: &'a AccountDay, ad: &'a AdDay) {
        let id = match self.ask.level {
            Level::Account => None,
            Level::Campaign => ad.campaign_id.clone(),
            Level::Adset => ad.adset_id.clone(),
            Level::Ad => Some(ad.ad_id.clone()),
        };
        let row = self.row(&day.account_id, id, day.day, Some(day.currency));
        row.sums.deliver(day, ad);
        if row.newest.is_none_or(|(newest, _)| newest <= day.day) {
            row.newest = Some((day.day, ad));
        }
        if ad.spend != 0 && row.rate.is_none_or(|(newest, _)| newest <= day.day) {
            row.rate = Some((day.day, day.rate));
        }
    }

    /// Counts a gain in the row of the place; whether the place has an object of the level.
    pub(super) fn gain(&mut self, place: &AdPlace, gain: &Gain) -> bool {
        let id = match self.ask.level.kind() {
            None => None,
            Some(kind) => match place.id_of(kind) {
                None => return false,
                Some(id) => Some(id.to_owned()),
            },
        };
        let currency = self.currency(&place.account_id);
        self.row(&place.account_id, id, gain.day, currency).sums.gain(gain);
        true
    }

    /// Gives every known object of the level a row.
    pub(super) fn add_idle(&mut self) {
        let known: Vec<&AdObject> = self.objects.values().copied().collect();
        for object in known {
            let is_asked = self.ask.account.as_ref().is_none_or(|account| *account == object.account_id);
            if is_asked && Some(object.kind) == self.ask.level.kind() {
                let currency = self.currency(&object.account_id);
                self.row(&object.account_id, Some(object.id.clone()), self.ask.period.to, currency);
            }
        }
    }

    /// The rows in their order, and all of them together.
    pub(super) fn finish(self) -> (Vec<Row>, Totals) {
        let (mut all, mut spend) = (Sums::default(), BTreeMap::new());
        for (key, growing) in &self.rows {
            all.add(&growing.sums);
            if let Some(currency) = key.currency {
                *spend.entry(currency).or_insert(0) += growing.sums.spend();
            }
        }
        let spend = spend.into_iter().filter(|(_, amount)| *amount != 0);
        let spend = spend.map(|(currency, amount)| Money { amount, currency }).collect();
        let mut rows: Vec<Row> = self.rows.iter().map(|(key, growing)| self.shown(key, growing)).collect();
        rows.sort_by_cached_key(Row::place);
        (rows, Totals { spend, figures: all.of_rows() })
    }

    fn currency(&self, account: &AdAccountId) -> Option<Currency> {
        let billed = self.currencies.get(account).copied();
        billed.or_else(|| self.accounts.get(account).and_then(|account| account.currency))
    }

    fn row(
        &mut self,
        account: &AdAccountId,
        id: Option<String>,
        day: Day,
        currency: Option<Currency>,
    ) -> &mut Growing<'a> {
        let day = (self.ask.granularity == Granularity::Day).then_some(day);
        self.rows.entry(Key { account: account.clone(), id, day, currency }).or_default()
    }

    fn shown(&self, key: &Key, growing: &Growing<'a>) -> Row {
        let account = self.accounts.get(&key.account);
        let last_day = key.day.unwrap_or(self.ask.period.to);
        let [campaign, adset, ad] = self.names(key, growing);
        Row {
            account_id: key.account.clone(),
            account_name: account.and_then(|account| account.name.clone()),
            account_timezone: account.and_then(|account| account.timezone.clone()),
            team: account.and_then(|account| account.owner.team().cloned()),
            campaign: campaign
                .map(|(campaign_id, campaign_name)| CampaignName { campaign_id, campaign_name }),
            adset: adset.map(|(adset_id, adset_name)| AdsetName { adset_id, adset_name }),
            ad: ad.map(|(ad_id, ad_name)| AdName { ad_id, ad_name }),
            day: key.day,
            spend: key.currency.map(|currency| Money { amount: growing.sums.spend(), currency }),
            rate: growing.rate.and_then(|(_, rate)| rate).and_then(|rate| RateShown::of(&rate)),
            figures: growing.sums.of_row(),
            settled: account.is_some_and(|account| is_settled(last_day, account.today)),
        }
    }

    /// Ids and names of campaign, ad set and ad as far as the level goes: as the newest day says, else as the catalogue
    /// does.
    fn names(&self, key: &Key, growing: &Growing<'a>) -> [Option<(Option<String>, Option<String>)>; 3] {
        let known =
            self.ask.level.kind().zip(key.id.as_deref()).and_then(|key| self.objects.get(&key).copied());
        let newest = growing.newest.map(|(_, ad)| ad);
        let of_kind = |kind: ObjectKind| {
            let level = self.ask.level.kind()?;
            if level < kind {
                return None;
            }
            let (said_id, said_name, parent) = match kind {
                ObjectKind::Campaign => (
                    newest.and_then(|ad| ad.campaign_id.clone()),
                    newest.and_then(|ad| ad.campaign_name.clone()),
                    known.and_then(|object| object.campaign_id.clone()),
                ),
                ObjectKind::Adset => (
                    newest.and_then(|ad| ad.adset_id.clone()),
                    newest.and_then(|ad| ad.adset_name.clone()),
                    known.and_then(|object| object.adset_id.clone()),
                ),
                ObjectKind::Ad => (None, newest.and_then(|ad| ad.ad_name.clone()), None),
            };
            let id = if level == kind { key.id.clone() } else { said_id.or(parent) };
            let catalogue = || {
                let object = self.objects.get(&(kind, id.as_deref()?))?;
                object.name.clone()
            };
            Some((id.clone(), said_name.or_else(catalogue)))
        };
        [ObjectKind::Campaign, ObjectKind::Adset, ObjectKind::Ad].map(of_kind)
    }
}
