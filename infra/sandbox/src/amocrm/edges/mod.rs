//! What stands behind each path. A write is checked as a whole before any of it is carried out.

mod account;
mod complex;
mod contacts;
mod events;
mod fields;
mod lead_writes;
mod leads;
mod notes;
mod pipelines;
mod webhooks;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::address::Edge;
use super::call::Call;
use super::problem::{Problem, not_allowed, not_played};
use super::query::Query;
use super::reply::Reply;
use super::settings::Settings;
use super::tokens::Tokens;
use super::world::World;

/// What an edge may look at beside the world.
pub struct Scene<'a> {
    pub call: &'a Call,
    /// The call's, without the filters that the settings ignore.
    pub query: Query,
    pub settings: &'a Settings,
    pub now: i64,
}

/// The answer of the route.
pub fn answer(scene: &Scene<'_>, world: &mut World, tokens: &mut Tokens) -> Result<Reply, Problem> {
    let call = scene.call;
    match call.address.edge {
        Edge::Account => Ok(account::show(scene, world)),
        Edge::Leads => Ok(leads::list(scene, world)),
        Edge::Lead => Ok(leads::one(scene, world)),
        Edge::LeadCreate => lead_writes::create(scene, world),
        Edge::LeadUpdate => lead_writes::update(scene, world),
        Edge::LeadDelete => Err(not_allowed()),
        Edge::Complex => complex::create(scene, world),
        Edge::Link => lead_writes::link(scene, world),
        Edge::Contacts => Ok(contacts::list(scene, world)),
        Edge::Contact => Ok(contacts::one(scene, world)),
        Edge::ContactCreate => contacts::create(scene, world),
        Edge::ContactUpdate => contacts::update(scene, world),
        Edge::Notes => notes::list(scene, world),
        Edge::NoteCreate => notes::create(scene, world),
        Edge::Pipelines => pipelines::show(scene, world),
        Edge::CustomFields => Ok(fields::list(scene, world)),
        Edge::Webhooks => Ok(webhooks::list(scene, world)),
        Edge::Events => events::list(scene, world),
        Edge::Token => {
            let pair = tokens.refresh(call, scene.now)?;
            Ok(Reply::text(StatusCode::OK, "application/json", pair.to_string()))
        }
        Edge::Unknown => Err(not_played(&format!("{} {}", call.method, call.path))),
    }
}

impl Scene<'_> {
    /// One page of a list, which is followed no further than to know whether there is a next one.
    fn page<T>(
        &self,
        name: &str,
        all: impl Iterator<Item = T>,
        most: usize,
        show: impl Fn(T) -> Value,
    ) -> Reply {
        let call = self.call;
        let number =
            |name| self.query.number(&[name]).and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
        // A page that is too large is no error: a smaller one comes.
        let limit = number("limit").filter(|limit| *limit <= most).unwrap_or(50);
        let page = number("page").unwrap_or(1);
        let from = (page - 1).saturating_mul(limit);
        let mut found = all.skip(from).take(limit + 1).collect::<Vec<_>>();
        if found.is_empty() {
            return Reply::nothing();
        }
        let mut links = json!({ "self": { "href": call.page_link(None) } });
        if found.len() > limit {
            found.pop();
            links["next"] = json!({ "href": call.page_link(Some(page + 1)) });
        }
        if page > 1 {
            links["prev"] = json!({ "href": call.page_link(Some(page - 1)) });
        }
        let shown = found.into_iter().map(show).collect::<Vec<_>>();
        Reply::hal(&json!({ "_page": page, "_links": links, "_embedded": { name: shown } }))
    }

    /// The answer to a write of a list.
    fn written(&self, name: &str, written: Vec<Value>) -> Value {
        json!({ "_links": { "self": { "href": self.call.page_link(None) } }, "_embedded": { name: written } })
    }

    /// A link to an entity.
    fn link(&self, path: &str) -> Value {
        json!({ "self": { "href": format!("{}/api/v4/{path}", self.call.base) } })
    }
}

/// A write has at most so many entities.
fn not_more_than(most: usize, found: usize) -> Result<(), Problem> {
    if found <= most {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::BAD_REQUEST,
        format!("The request holds {found} entities, the most is {most}"),
    ))
}
