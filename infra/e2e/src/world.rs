//! Ad accounts as the sandbox's Facebook is to have them. Ids are new for each test, since tables keep what was pulled.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

use crate::clock;
use crate::zone::Zone;

/// The ad accounts that are configured for a team.
const CONFIGURED: [(&str, &str); 4] = [
    ("kenesary", "964264512447589"),
    ("arystan", "666059476005255"),
    ("muha", "839340528712304"),
    ("traf4", "30779210298344970"),
];

const ADS_IN_SET: usize = 5;
const SETS_IN_CAMPAIGN: usize = 2;

/// An ad account.
#[derive(Debug, Clone)]
pub struct AdAccount {
    /// Its digits.
    pub id: String,
    /// What it is billed in.
    pub currency: &'static str,
    /// The zone of its days.
    pub zone: Zone,
    /// Its campaigns.
    pub campaigns: Vec<Campaign>,
    delivers: Option<Span>,
    plan: bool,
}

/// A campaign.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Its id.
    pub id: String,
    /// Its name, which no other has.
    pub name: String,
    /// Its ad sets.
    pub adsets: Vec<AdSet>,
}

/// An ad set.
#[derive(Debug, Clone)]
pub struct AdSet {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its ads.
    pub ads: Vec<Ad>,
}

/// An ad.
#[derive(Debug, Clone)]
pub struct Ad {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it spends on every day, as Facebook writes it.
    pub spend: String,
    /// What it spends on these days instead.
    pub rows: BTreeMap<NaiveDate, String>,
}

/// Days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl Span {
    /// The last so many days of the business' calendar.
    pub fn last(days: u64) -> Self {
        let to = Zone::Almaty.date(clock::now());
        Self { from: to - Days::new(days - 1), to }
    }

    /// Each day.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.from.iter_days().take_while(move |day| *day <= self.to)
    }

    /// As a question writes it.
    pub fn query(self) -> String {
        format!("from={}&to={}", self.from, self.to)
    }

    /// As an order to refresh writes it.
    pub fn order(self) -> Value {
        json!({"from": self.from, "to": self.to})
    }
}

/// An id that no object has yet, as long as Facebook's.
pub fn fresh_id() -> String {
    format!("1203{:014}", fastrand::u64(..100_000_000_000_000))
}

impl AdAccount {
    /// One of nobody's, with so many ads that spend a little on every day.
    pub fn new(ads: usize) -> Self {
        Self::with_id(format!("7{:015}", fastrand::u64(..1_000_000_000_000_000)), ads)
    }

    /// The account that is configured for a team.
    pub fn of_team(team: &str, ads: usize) -> Self {
        let (_, id) = CONFIGURED.iter().find(|(name, _)| *name == team).expect("a configured team");
        Self::with_id((*id).to_owned(), ads)
    }

    fn with_id(id: String, ads: usize) -> Self {
        let ads: Vec<Ad> = (0..ads).map(Ad::number).collect();
        let sets: Vec<AdSet> = ads
            .chunks(ADS_IN_SET)
            .enumerate()
            .map(|(n, ads)| AdSet { id: fresh_id(), name: format!("set {n}"), ads: ads.to_vec() })
            .collect();
        let campaigns = sets
            .chunks(SETS_IN_CAMPAIGN)
            .map(|sets| Campaign {
                id: fresh_id(),
                name: format!("spend {:010x}", fastrand::u64(..1 << 40)),
                adsets: sets.to_vec(),
            })
            .collect();
        Self { id, currency: "USD", zone: Zone::Almaty, campaigns, delivers: None, plan: false }
    }

    /// Billed in another currency.
    #[must_use]
    pub fn in_currency(self, currency: &'static str) -> Self {
        Self { currency, ..self }
    }

    /// With days of another zone.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// Delivering on these days only.
    #[must_use]
    pub fn delivering(self, span: Span) -> Self {
        Self { delivers: Some(span), ..self }
    }

    /// Spending another amount with each ad and on each day, as the sandbox works it out.
    #[must_use]
    pub fn by_plan(self) -> Self {
        Self { plan: true, ..self }
    }

    /// Every ad.
    pub fn ads(&self) -> impl Iterator<Item = &Ad> {
        self.campaigns.iter().flat_map(|campaign| &campaign.adsets).flat_map(|set| &set.ads)
    }

    /// Every ad, to change it.
    pub fn ads_mut(&mut self) -> impl Iterator<Item = &mut Ad> {
        self.campaigns.iter_mut().flat_map(|campaign| &mut campaign.adsets).flat_map(|set| &mut set.ads)
    }

    fn json(&self) -> Value {
        let adset = |set: &AdSet| {
            let ads: Vec<Value> = set.ads.iter().map(|ad| ad.json(self.plan)).collect();
            json!({"id": set.id, "name": set.name, "ads": ads})
        };
        let campaign = |campaign: &Campaign| {
            let adsets: Vec<Value> = campaign.adsets.iter().map(adset).collect();
            json!({"id": campaign.id, "name": campaign.name, "adsets": adsets})
        };
        let mut account = json!({
            "id": self.id, "name": format!("e2e {}", self.id), "currency": self.currency,
            "timezone_name": self.zone.name(), "campaigns": self.campaigns.iter().map(campaign).collect::<Vec<_>>(),
        });
        if let Some(span) = self.delivers {
            account["delivers"] = json!({"since": span.from, "until": span.to});
        }
        if self.plan {
            let per_day = (self.ads().count() * 10).to_string();
            account["plan"] = json!({"per_day": per_day, "bursts": false, "spells": false});
        }
        account
    }
}

impl Ad {
    fn number(n: usize) -> Self {
        let spend = format!("{}.{:02}", 3 + n % 40, (7 + 13 * n) % 100);
        Self { id: fresh_id(), name: format!("ad {n}"), spend, rows: BTreeMap::new() }
    }

    /// What it spends on a day, as Facebook writes it.
    pub fn spend_on(&self, day: NaiveDate) -> &str {
        self.rows.get(&day).unwrap_or(&self.spend)
    }

    fn json(&self, plan: bool) -> Value {
        let mut ad = json!({"id": self.id, "name": self.name});
        if !plan {
            let figures = |spend: &str| json!({"spend": spend, "impressions": 1_000, "reach": 800, "clicks": 20, "link_clicks": 9});
            let rows: Map<String, Value> =
                self.rows.iter().map(|(day, spend)| (day.to_string(), figures(spend))).collect();
            ad["daily"] = figures(&self.spend);
            ad["rows"] = Value::Object(rows);
        }
        ad
    }
}

/// A world of these accounts: every second one is a business' own, every fifth a client's, the token's user is
/// assigned to all but those.
pub fn world(accounts: &[AdAccount]) -> Value {
    let (mut owned, mut client) = (vec![], vec![]);
    let mut shown = vec![];
    for (n, account) in accounts.iter().enumerate() {
        let mut told = account.json();
        match n {
            n if n % 5 == 4 => client.push(account.id.clone()),
            n if n % 2 == 1 => owned.push(account.id.clone()),
            _ => {}
        }
        told["assigned"] = (n % 5 != 4 && n % 2 == 0).into();
        shown.push(told);
    }
    let business = json!({"id": fresh_id(), "name": "e2e", "owned": owned, "client": client});
    json!({"businesses": [business], "accounts": shown})
}
