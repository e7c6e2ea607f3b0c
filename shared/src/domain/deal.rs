//! All that is known of one deal: its events, what was read from them, and the sales that follow.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ad_lookup::Found;
use super::deal_counts::DealCountKey;
use super::delivery::Counted;
use super::event::{Action, DealEvent, DealId, Origin, Route};
use super::landing_lead::LandingLead;
use super::money::Tenge;
use super::product::Product;
use super::rules::RulesVersion;
use super::sale::{Sale, State};
use super::team::TeamId;
use super::utm::Reading;

/// The part of an event that decides about sales, kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The event's id.
    pub id: String,
    /// The door it came in by.
    pub route: Route,
    /// Who told of it.
    #[serde(default, skip_serializing_if = "Origin::is_hook")]
    pub origin: Origin,
    /// What was done.
    pub action: Action,
    /// The stage.
    pub stage: Option<u64>,
    /// The stage before.
    pub old_stage: Option<u64>,
    /// The pipeline.
    pub pipeline: Option<u64>,
    /// A real price.
    pub price: Option<Tenge>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// What it counts for in the measure of how well amoCRM delivers its hooks.
    #[serde(default, skip_serializing_if = "Counted::is_not_yet")]
    pub counted: Counted,
}

impl Entry {
    /// Whether it happened after then, or came from amoCRM itself after then.
    fn is_told_after(&self, then: DateTime<Utc>) -> bool {
        self.at > then || (self.origin.is_hook() && self.received_at > then)
    }
}

/// A value with the event that said it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped {
    /// What was read.
    pub reading: Reading,
    /// When that event happened.
    pub at: DateTime<Utc>,
    /// That event's id.
    pub event_id: String,
}

/// One version of one sale, as it was when an event made it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Counted from 1.
    pub version: u32,
    /// The product the sale had.
    pub product: Product,
    /// The product it had before, where this version moved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Product>,
    /// Whether it counted.
    pub state: State,
    /// What it cost.
    pub amount: Tenge,
    /// Whose it was.
    pub team: Option<TeamId>,
    /// When it was sold.
    pub sold_at: DateTime<Utc>,
    /// The event that made this version.
    pub event_id: String,
    /// When we learned it.
    pub recorded_at: DateTime<Utc>,
}

/// A deal as amoCRM had it when it was last read, and how it is counted among the deals of its pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRead {
    /// When.
    pub read_at: DateTime<Utc>,
    /// When it had last changed.
    pub updated_at: DateTime<Utc>,
    /// The deal as it was counted then; nothing where it is in the bin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<DealCountKey>,
}

/// What a job did to a deal that moved it to other rules: enough to undo it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The job.
    pub job_id: String,
    /// The rules that it stood by before.
    pub from: RulesVersion,
    /// The ad accounts that were looked up for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<Found>,
    /// What jobs had done to it before that, the oldest first, so that they can be undone when this one is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Moved>,
}

/// A deal as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deal {
    /// The amoCRM account.
    pub account: u64,
    /// The lead.
    pub lead: u64,
    /// Grows with every write; a write is conditional on the one it read.
    pub version: u64,
    /// Its events, in the order in which they came.
    pub history: Vec<Entry>,
    /// When amoCRM made it, by the earliest that anyone said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<DateTime<Utc>>,
    /// The newest reading of each value, by name, way and field.
    pub readings: Vec<Stamped>,
    /// The forms behind it, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads: Vec<LandingLead>,
    /// How amoCRM had it when it was last read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<LastRead>,
    /// When amoCRM was last asked for it and showed nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent_at: Option<DateTime<Utc>>,
    /// Whether the people behind it were looked for among our leads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub people_asked: bool,
    /// The rules that its sales stand by.
    #[serde(default, skip_serializing_if = "RulesVersion::is_default")]
    pub rules: RulesVersion,
    /// The job that last moved it to other rules, while nothing new has been decided about it since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// Its sales as they are now.
    pub sales: Vec<Sale>,
    /// Its sales as they have been.
    pub versions: Vec<Version>,
}

/// The oldest forms of a deal decide; of somebody who fills in one a day the later ones need not be kept here.
const MOST_LEADS: usize = 20;

impl Deal {
    /// A deal that nothing is known of yet.
    pub fn new(id: DealId) -> Self {
        Self {
            account: id.account,
            lead: id.lead,
            version: 0,
            history: vec![],
            created_at: None,
            readings: vec![],
            leads: vec![],
            read: None,
            absent_at: None,
            people_asked: false,
            rules: RulesVersion::default(),
            moved: None,
            sales: vec![],
            versions: vec![],
        }
    }

    /// Its identity.
    pub fn id(&self) -> DealId {
        DealId { account: self.account, lead: self.lead }
    }

    /// Takes in what an event says. What it leads to is for the ledger to work out.
    pub fn learn(&mut self, event: &DealEvent, event_id: &str) {
        self.version += 1;
        self.history.push(Entry {
            id: event_id.to_owned(),
            route: event.route,
            origin: event.origin,
            action: event.action,
            stage: event.stage,
            old_stage: event.old_stage,
            pipeline: event.pipeline,
            price: event.price,
            at: event.at(),
            received_at: event.received_at,
            counted: Counted::default(),
        });
        self.was_made(event.created_at);
        for reading in &event.readings {
            self.note(Stamped { reading: reading.clone(), at: event.at(), event_id: event_id.to_owned() });
        }
        self.readings.sort_by(|a, b| a.reading.cmp(&b.reading));
    }

    /// Takes in a form behind it; whether that was news. In whichever order forms come, they end alike.
    pub fn link(&mut self, lead: &LandingLead) -> bool {
        if self.leads.iter().any(|known| known.lead_id == lead.lead_id) {
            return false;
        }
        self.leads.push(lead.clone());
        self.leads.sort_by(|a, b| (a.received_at, &a.lead_id).cmp(&(b.received_at, &b.lead_id)));
        self.leads.truncate(MOST_LEADS);
        self.version += 1;
        self.leads.iter().any(|known| known.lead_id == lead.lead_id)
    }

    /// Takes in when amoCRM made it, as one who tells of it says.
    pub fn was_made(&mut self, at: Option<DateTime<Utc>>) {
        self.created_at = [self.created_at, at].into_iter().flatten().min();
    }

    /// When amoCRM was last asked for it, whatever it showed.
    pub fn asked_at(&self) -> Option<DateTime<Utc>> {
        self.read.as_ref().map(|read| read.read_at).max(self.absent_at)
    }

    /// Whether anybody has told anything of it since then: a hook that comes late may tell of what was before, and be taken for
    /// the newest that is known of a price.
    pub fn is_told_after(&self, then: DateTime<Utc>) -> bool {
        self.history.iter().any(|entry| entry.is_told_after(then))
    }

    /// Whether amoCRM itself has shown it since the newest thing that anyone said of it.
    pub fn is_verified(&self) -> bool {
        let read_at = self.read.as_ref().map(|read| read.read_at).filter(|at| Some(*at) > self.absent_at);
        read_at.is_some_and(|read_at| !self.is_told_after(read_at))
    }

    /// Since when amoCRM is to be asked whether a sale is as we were told; nothing where there is nothing to ask.
    pub fn unread_since(&self) -> Option<DateTime<Utc>> {
        let asked_at = self.asked_at();
        let is_unasked = |entry: &&Entry| asked_at.is_none_or(|asked_at| entry.is_told_after(asked_at));
        let newest = self.history.iter().filter(is_unasked).map(|entry| entry.received_at).max();
        newest.filter(|_| !self.sales.is_empty())
    }

    /// A value that was read from it, unless a newer one stands there. What is known of an ad stays known while the value does.
    pub fn note(&mut self, mut new: Stamped) {
        let same_place = |old: &&mut Stamped| {
            (old.reading.utm, old.reading.way, &old.reading.field)
                == (new.reading.utm, new.reading.way, &new.reading.field)
        };
        let Some(old) = self.readings.iter_mut().find(same_place) else { return self.readings.push(new) };
        if old.reading.value == new.reading.value {
            let known = old.reading.ad_account.take().or(new.reading.ad_account.take());
            (old.reading.ad_account, new.reading.ad_account) = (known.clone(), known);
        }
        if (new.at, &new.event_id) > (old.at, &old.event_id) {
            *old = new;
        }
    }

    /// Whether a value is known: the same stands in its place, or one that is newer than `at`.
    pub fn has_read(&self, reading: &Reading, at: DateTime<Utc>) -> bool {
        self.readings.iter().any(|known| {
            let place = |of: &Reading| (of.utm, of.way, of.field.clone());
            place(&known.reading) == place(reading) && (known.reading.value == reading.value || known.at > at)
        })
    }

    /// The values in force.
    pub fn values(&self) -> Vec<Reading> {
        self.readings.iter().map(|stamped| stamped.reading.clone()).collect()
    }

    /// The sale that once had this product, whichever it has now.
    pub fn sale_once_of(&self, product: Product) -> Option<&Sale> {
        let was =
            |sale: &&Sale| self.versions_of(sale.product).iter().any(|version| version.product == product);
        self.sales.iter().find(|sale| sale.product == product).or_else(|| self.sales.iter().find(was))
    }

    /// The versions of the sale that now has this product, the oldest first, followed back through its moves.
    pub fn versions_of(&self, product: Product) -> Vec<&Version> {
        let (mut wanted, mut line) = (product, vec![]);
        for version in self.versions.iter().rev() {
            let is_earlier = line.last().is_none_or(|later: &&Version| version.version < later.version);
            if version.product == wanted && is_earlier {
                line.push(version);
                wanted = version.moved_from.unwrap_or(wanted);
            }
        }
        line.reverse();
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(number: u32, product: Product, moved_from: Option<Product>) -> Version {
        let at = DateTime::UNIX_EPOCH;
        Version {
            version: number,
            product,
            moved_from,
            state: State::Active,
            amount: Tenge(1),
            team: None,
            sold_at: at,
            event_id: format!("{number}-{}", product.id()),
            recorded_at: at,
        }
    }

    #[test]
    fn a_sale_is_followed_back_through_its_moves_and_not_into_another_sale() {
        let mut deal = Deal::new(DealId { account: 1, lead: 2 });
        deal.versions = vec![
            version(1, Product::Express, None),
            version(1, Product::Other, None),
            version(2, Product::Other, None),
            version(3, Product::Flagship, Some(Product::Other)),
        ];
        let ids = |product| deal.versions_of(product).iter().map(|v| v.event_id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(Product::Flagship), ["1-other", "2-other", "3-flagship"]);
        assert_eq!(ids(Product::Express), ["1-express"]);
    }
}
