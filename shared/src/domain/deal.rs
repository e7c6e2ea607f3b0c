//! All that is known of one deal: its events, what was read from them, and the sales that follow.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::event::{Action, DealEvent, DealId, Route};
use super::landing_lead::LandingLead;
use super::money::Tenge;
use super::product::Product;
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
    /// The newest reading of each value, by name, way and field.
    pub readings: Vec<Stamped>,
    /// The forms behind it, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leads: Vec<LandingLead>,
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
            readings: vec![],
            leads: vec![],
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
            action: event.action,
            stage: event.stage,
            old_stage: event.old_stage,
            pipeline: event.pipeline,
            price: event.price,
            at: event.at(),
            received_at: event.received_at,
        });
        for reading in &event.readings {
            self.read(Stamped { reading: reading.clone(), at: event.at(), event_id: event_id.to_owned() });
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

    fn read(&mut self, new: Stamped) {
        let same_place = |old: &&mut Stamped| {
            (old.reading.utm, old.reading.way, &old.reading.field)
                == (new.reading.utm, new.reading.way, &new.reading.field)
        };
        match self.readings.iter_mut().find(same_place) {
            Some(old) if (new.at, &new.event_id) > (old.at, &old.event_id) => *old = new,
            Some(_) => {}
            None => self.readings.push(new),
        }
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
