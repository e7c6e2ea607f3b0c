//! Hooks: a body of `events/` with other values in the same places, so that every hook keeps a shape that was seen.

use serde_json::{Map, Value};

use crate::env::root;
use crate::form;

/// The name that every hook carries: a person's, with a phone, so that a log which repeats it is caught.
pub const PERSON: &str = "Құралай Сынақбаева +7 701 555 01 42";

/// Won and lost, in every pipeline.
pub const WON: u64 = 142;
/// Lost, in every pipeline.
pub const LOST: u64 = 143;
/// A stage of daily use that is neither.
pub const PAID: u64 = 54_420_001;

/// The door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// Any sale.
    Sales,
    /// Express Course.
    Funnel,
    /// The flagship.
    Traffic,
}

impl Route {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Sales, Self::Funnel, Self::Traffic];

    /// The address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Sales => "/api/amocrm/sales-webhook",
            Self::Funnel => "/api/amocrm/funnel-sale",
            Self::Traffic => "/webhook/amocrm/traffic",
        }
    }

    /// The function, which is also the folder of its samples.
    pub fn function(self) -> &'static str {
        match self {
            Self::Sales => "amocrm-sales-webhook",
            Self::Funnel => "amocrm-funnel-sale",
            Self::Traffic => "amocrm-traffic",
        }
    }

    /// The name in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Funnel => "funnel",
            Self::Traffic => "traffic",
        }
    }

    /// The product that the route, or on the sales route the price of [`Hook::won`], stands for.
    pub fn product(self) -> &'static str {
        if self == Self::Funnel { "express" } else { "flagship" }
    }
}

/// A deal of one test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deal {
    /// The amoCRM account.
    pub account: u64,
    /// The lead.
    pub lead: u64,
}

impl Deal {
    /// One that was never heard of, in an account that was never heard of.
    pub fn new() -> Self {
        Self { account: fastrand::u64(70_000_000..4_000_000_000), lead: fresh_id() }
    }

    /// The id of its sale of a product.
    pub fn sale(self, product: &str) -> String {
        format!("{}-{}-{product}", self.account, self.lead)
    }
}

impl Default for Deal {
    fn default() -> Self {
        Self::new()
    }
}

/// An id that nothing has yet.
pub fn fresh_id() -> u64 {
    fastrand::u64(1_000_000_000_000..9_000_000_000_000_000)
}

/// A hook about one deal or several.
#[derive(Debug, Clone)]
pub struct Hook {
    /// The door it goes to.
    pub route: Route,
    pairs: Vec<(String, String)>,
}

impl Hook {
    /// A sample body of a route, as it stands.
    pub fn sample(route: Route, name: &str) -> Self {
        let file = root().join("events").join(route.function()).join(format!("{name}.form"));
        let body = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self { route, pairs: form::decode(&body) }
    }

    /// A deal won at its list price, without a team.
    pub fn won(route: Route, deal: Deal, at: i64) -> Self {
        let (name, price) = match route {
            Route::Sales => ("won-utm-codes", 490_000),
            Route::Funnel => ("express-won", 5_000),
            Route::Traffic => ("flagship-won", 490_000),
        };
        Self::sample(route, name).about(deal).at(at).price(price).campaign("fast_start")
    }

    /// The deal lost.
    pub fn lost(route: Route, deal: Deal, at: i64) -> Self {
        Self::won(route, deal, at).stage(LOST).old_stage(WON)
    }

    /// The deal deleted, which has no time of its own.
    pub fn deleted(route: Route, deal: Deal) -> Self {
        let mut hook = Self::sample(Route::Sales, "delete-with-stage");
        hook.route = route;
        hook.about(deal)
    }

    /// A product route's new deal: no price, no UTM.
    pub fn added(route: Route, deal: Deal, at: i64) -> Self {
        let name = if route == Route::Funnel { "express-add-price-0" } else { "flagship-add-price-0" };
        Self::sample(route, name).about(deal).at(at)
    }

    /// A digital pipeline's hook: ids only, no time, no price.
    pub fn digital(route: Route, deal: Deal) -> Self {
        let mut hook = Self::sample(Route::Sales, "dp-status");
        hook.route = route;
        hook.about(deal)
    }

    /// About this deal, which carries a person's name and phone.
    #[must_use]
    pub fn about(mut self, deal: Deal) -> Self {
        for (key, value) in &mut self.pairs {
            match inside(key) {
                Some("[id]") => *value = deal.lead.to_string(),
                Some("[account_id]") => *value = deal.account.to_string(),
                Some("[name]") => *value = PERSON.to_owned(),
                None if key == "account[id]" => *value = deal.account.to_string(),
                _ => {}
            }
        }
        self
    }

    /// Changed at this moment, in Unix seconds.
    #[must_use]
    pub fn at(mut self, at: i64) -> Self {
        self.put("[last_modified]", &at.to_string());
        self.put("[updated_at]", &at.to_string());
        self
    }

    /// At this price; 0 is unset.
    #[must_use]
    pub fn price(self, price: i64) -> Self {
        self.with("[price]", &price.to_string())
    }

    /// At this stage.
    #[must_use]
    pub fn stage(self, stage: u64) -> Self {
        self.with("[status_id]", &stage.to_string())
    }

    /// From this stage.
    #[must_use]
    pub fn old_stage(self, stage: u64) -> Self {
        self.with("[old_status_id]", &stage.to_string())
    }

    /// With this `utm_campaign`, in the field with that code.
    #[must_use]
    pub fn campaign(self, campaign: &str) -> Self {
        self.utm("UTM_CAMPAIGN", campaign)
    }

    /// With this UTM value, in the field with this code.
    #[must_use]
    pub fn utm(self, code: &str, value: &str) -> Self {
        let found = self.pairs.iter().find(|(_, value)| value == code);
        let (key, _) = found.unwrap_or_else(|| panic!("a body with {code}"));
        let field = inside(key).and_then(|key| key.strip_suffix("[code]")).expect("a field's code");
        let place = format!("{field}[values][0][value]");
        self.with(&place, value)
    }

    /// With another value in a place inside the lead. A place that the body lacks is a mistake of the test.
    #[must_use]
    pub fn with(mut self, place: &str, value: &str) -> Self {
        assert!(self.put(place, value), "the body has no place for {place}");
        self
    }

    fn put(&mut self, place: &str, value: &str) -> bool {
        let mut found = false;
        for (key, old) in &mut self.pairs {
            if inside(key) == Some(place) {
                value.clone_into(old);
                found = true;
            }
        }
        found
    }

    /// Without a place inside the lead.
    #[must_use]
    pub fn without(mut self, place: &str) -> Self {
        self.pairs.retain(|(key, _)| inside(key) != Some(place));
        self
    }

    /// With more pairs at the end.
    #[must_use]
    pub fn and_pairs(mut self, pairs: &[(&str, &str)]) -> Self {
        self.pairs.extend(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        self
    }

    /// One body of this and others of the same account and action: the others follow under the next indexes.
    #[must_use]
    pub fn and(mut self, others: &[Self]) -> Self {
        for (index, other) in others.iter().enumerate() {
            let leads = other.pairs.iter().filter(|(key, _)| inside(key).is_some());
            let moved = leads
                .map(|(key, value)| (key.replacen("[0]", &format!("[{}]", index + 1), 1), value.clone()));
            self.pairs.extend(moved);
        }
        self
    }

    /// The same hook at another door.
    #[must_use]
    pub fn to(mut self, route: Route) -> Self {
        self.route = route;
        self
    }

    /// The pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The body as amoCRM sends it.
    pub fn body(&self) -> Vec<u8> {
        form::encode(&self.pairs)
    }

    /// The body as JSON of the same nesting; what PHP would call a list stays an object with numbers for names.
    pub fn json(&self) -> Value {
        let mut root = Value::Object(Map::new());
        for (key, value) in &self.pairs {
            let mut node = &mut root;
            for part in key.split('[') {
                node = &mut node[part.trim_end_matches(']')];
            }
            *node = Value::String(value.clone());
        }
        root
    }
}

/// The place of a key inside its lead, `[price]` for `leads[status][0][price]`.
fn inside(key: &str) -> Option<&str> {
    let rest = key.strip_prefix("leads[")?;
    let (_, rest) = rest.split_once("][")?;
    let (_, place) = rest.split_once(']')?;
    Some(place)
}
