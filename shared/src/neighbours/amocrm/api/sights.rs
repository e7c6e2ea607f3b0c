//! Deals as they are now: for those who have to know all of what decides, and not only of one deal.
//!
//! Every list is asked for with what changed last in front: what changes while it is paged through moves to a page that
//! was read already, so pages repeat rows and skip none.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::failure::{Class, Failure, Said};
use super::fields::MOST;
use super::filtered::{Filtered, Found};
use super::page::List;
use super::row::{embedded, is_true, tree};
use super::span::Span;
use crate::domain::crm::sight::Sight;
use crate::domain::event::DealId;
use crate::domain::stage::WON;
use crate::domain::utm::{Reading, UtmName, Way};
use crate::neighbours::amocrm::body::Node;
use crate::neighbours::amocrm::{fields, identity, scalar};

/// The most ids that can be asked for at once: with more of them the address of the request is longer than 8 kB.
pub const MOST_IDS: usize = 200;

/// Which deals are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Those that changed last in this time.
    Changed(Span),
    /// Those with these ids, at most [`MOST_IDS`].
    Ids(&'a [u64]),
    /// Those of a pipeline that were won, and closed in this time. Every pipeline has to be asked for by itself.
    Won {
        /// The pipeline.
        pipeline: u64,
        /// The time.
        closed: Span,
    },
}

impl Wanted<'_> {
    fn filter(&self) -> Vec<(String, String)> {
        let pair = |key: &str, value: u64| (key.to_owned(), value.to_string());
        match self {
            Self::Changed(span) => span.filter("updated_at").collect(),
            Self::Ids(ids) => ids.iter().map(|id| pair("filter[id][]", *id)).collect(),
            Self::Won { pipeline, closed } => [
                pair("filter[statuses][0][pipeline_id]", *pipeline),
                pair("filter[statuses][0][status_id]", WON),
            ]
            .into_iter()
            .chain(closed.filter("closed_at"))
            .collect(),
        }
    }

    fn holds(&self, sight: &Sight) -> bool {
        match self {
            Self::Changed(span) => span.holds(sight.updated_at),
            Self::Ids(ids) => ids.contains(&sight.deal.lead),
            Self::Won { pipeline, closed } => {
                let is_won = (sight.pipeline, sight.stage) == (*pipeline, WON);
                is_won && sight.closed_at.is_some_and(|at| closed.holds(at))
            }
        }
    }
}

/// What the reading of a deal depends on besides its row.
#[derive(Debug, Clone, Copy)]
pub struct Sightings<'a> {
    /// The account, where the row does not name its own.
    pub account: u64,
    /// The fields that are configured to hold UTM values, by id.
    pub utm_fields: &'a BTreeMap<u64, UtmName>,
    /// When the question is sent.
    pub read_at: DateTime<Utc>,
}

impl Amocrm {
    /// One page of deals as they are now. Deals in the bin are not among them. Asking for no ids asks nothing.
    pub async fn sights(
        &self,
        wanted: &Wanted<'_>,
        page: u32,
        context: &Sightings<'_>,
    ) -> Answer<Filtered<Sight>> {
        if matches!(wanted, Wanted::Ids([])) {
            return Ok(Filtered::default());
        }
        let (filter, page) = (wanted.filter(), page.to_string());
        let rest =
            [("order[updated_at]", "desc"), ("with", "contacts"), ("limit", MOST), ("page", page.as_str())];
        let query: Vec<_> =
            filter.iter().map(|(key, value)| (key.as_str(), value.as_str())).chain(rest).collect();
        let list: Option<List<Value>> = self.call(Call::get(Asked::Always, "leads", &query)).await?;
        let times = RefCell::new(vec![]);
        let read = |row: Value| {
            let sight = sight(&tree(row), context);
            times.borrow_mut().extend(sight.as_ref().map(|sight| sight.updated_at));
            Found::of(sight, |sight| wanted.holds(sight))
        };
        let found = Filtered::of(list, read);
        let unordered = !times.borrow().is_sorted_by(|one, next| one >= next);
        Ok(Filtered { unordered, ..found })
    }

    /// One deal as it is now; nothing where amoCRM has none with this id to show. Only amoCRM itself can say so: a
    /// missing page of anyone else's is a failure, for what is thought to be gone is cancelled.
    pub async fn sight(&self, id: u64, context: &Sightings<'_>) -> Answer<Option<Sight>> {
        let path = format!("leads/{id}");
        let call = Call::get(Asked::OneThing, &path, &[("with", "contacts")]);
        let row = match self.call::<Value>(call).await {
            Err(Failure { class: Class::Missing, said }) if said.is_reasoned => return Ok(None),
            answer => answer?,
        };
        let Some(row) = row else { return Ok(None) };
        let seen = sight(&tree(row), context).filter(|sight| sight.deal.lead == id);
        seen.map(Some).ok_or_else(not_the_deal)
    }
}

fn not_the_deal() -> Failure {
    let said = Said::ourselves(Some(200), "an answer that is not the deal that was asked for");
    Failure { class: Class::Again, said }
}

/// Reads a row. Of a deal in the bin amoCRM may tell little more than that it is there; any other has a stage.
fn sight(row: &Node, context: &Sightings<'_>) -> Option<Sight> {
    let Sightings { account, utm_fields, read_at } = *context;
    let number = |key| row.text(key).and_then(scalar::id);
    let time = |key| row.text(key).and_then(|text| scalar::time(text, read_at).ok());
    let lead = number("id")?;
    let updated_at = time("updated_at")?;
    let is_deleted = is_true(row, "is_deleted");
    let place = number("pipeline_id").zip(number("status_id"));
    let (pipeline, stage) = if is_deleted { place.unwrap_or_default() } else { place? };
    let mut sight = Sight {
        deal: DealId { account: number("account_id").unwrap_or(account), lead },
        pipeline,
        stage,
        price: row.text("price").and_then(|text| scalar::price(text).ok()).flatten(),
        is_deleted,
        created_at: time("created_at"),
        updated_at,
        closed_at: time("closed_at"),
        readings: fields::readings(row, utm_fields),
        contacts: contacts(row),
        facts: String::new(),
        read_at,
    };
    sight.facts = facts(&sight);
    Some(sight)
}

fn contacts(row: &Node) -> Vec<u64> {
    let contact = |entry: &Node| Some((!is_true(entry, "is_main"), scalar::id(entry.text("id")?)?));
    let mut contacts: Vec<_> = embedded(row, "contacts").filter_map(contact).collect();
    contacts.sort_unstable();
    contacts.into_iter().map(|(_, id)| id).collect()
}

/// A hash of what decides. What a field is called decides nothing once its value is read.
fn facts(sight: &Sight) -> String {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut parts = vec![
        sight.pipeline.to_string(),
        sight.stage.to_string(),
        number(sight.price.map(|price| price.0)),
        u8::from(sight.is_deleted).to_string(),
        number(sight.created_at.map(|at| at.timestamp())),
    ];
    for Reading { utm, way, value, .. } in &sight.readings {
        parts.extend([utm.as_str(), named(*way), value].map(str::to_owned));
    }
    identity::digest(parts)
}

fn named(way: Way) -> &'static str {
    match way {
        Way::Code => "code",
        Way::FieldId => "field_id",
        Way::FieldName => "field_name",
        Way::Link => "link",
        Way::History => "history",
    }
}
