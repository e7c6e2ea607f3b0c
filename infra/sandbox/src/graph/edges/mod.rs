//! What stands behind each path. One file an edge; each only reads the world.

mod account;
mod accounts;
mod ads;
mod businesses;
mod campaigns;
mod debug_token;
mod insights;
mod status;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::address::Edge;
use super::call::Call;
use super::errors::{GraphError, forbidden, invalid, no_such_object, not_played, unknown_path};
use super::fields::{Field, parse, select, unknown};
use super::paging::{Size, Wish};
use super::runs::{Fate, Runs};
use super::world::{Account, World};

/// What an edge may look at.
pub struct Scene<'a> {
    pub world: &'a World,
    pub call: &'a Call,
    pub now: DateTime<Utc>,
    /// How the page comes out, if it is one.
    pub size: Size,
}

/// The body of a good answer.
pub fn answer(scene: &Scene<'_>, runs: &mut Runs, fate: Option<Fate>) -> Result<Value, GraphError> {
    let call = scene.call;
    if call.get("date_format").is_some() {
        return Err(invalid("date_format is no longer supported"));
    }
    match call.address.edge {
        Edge::Me => me(scene),
        Edge::Businesses => businesses::list(scene),
        Edge::OwnedAdAccounts => businesses::accounts(scene, businesses::Side::Owned),
        Edge::ClientAdAccounts => businesses::accounts(scene, businesses::Side::Client),
        Edge::AdAccounts => accounts::assigned(scene),
        Edge::Account => account::node(scene),
        Edge::Insights => insights::page(scene),
        Edge::ReportStart => insights::start(scene, runs, fate),
        Edge::Report => {
            if let Some(fate) = fate {
                runs.doom(&call.address.node, fate);
            }
            runs.poll(&call.address.node, scene.now).ok_or_else(|| no_such_object(&call.address.node))
        }
        Edge::ReportRows => insights::report(scene, runs),
        Edge::Campaigns => campaigns::list(scene),
        Edge::Ads => ads::list(scene),
        Edge::DebugToken => debug_token::inspect(scene),
        Edge::Unknown if call.address.rest == "/" => Err(not_played("batches and calls to the root")),
        Edge::Unknown => Err(unknown_path(&call.address.rest)),
    }
}

fn me(scene: &Scene<'_>) -> Result<Value, GraphError> {
    let token = &scene.world.token;
    select(&scene.fields(&["id", "name"])?, &token.user_id, |field| match field.name.as_str() {
        "id" => Ok(Some(json!(token.user_id))),
        "name" => Ok(Some(json!(scene.world.app.name))),
        other => Err(unknown(other, "User")),
    })
}

impl<'a> Scene<'a> {
    /// The ad account in the path, if the token may see it.
    fn account(&self) -> Result<&'a Account, GraphError> {
        let node = &self.call.address.node;
        self.visible(node).ok_or_else(|| no_such_object(node))
    }

    /// An account that is assigned to the token's user or in a business of theirs.
    fn visible(&self, id: &str) -> Option<&'a Account> {
        let account = self.world.account(id)?;
        let listed =
            self.world.businesses.iter().any(|business| {
                business.owned.contains(&account.id) || business.client.contains(&account.id)
            });
        (account.assigned || listed).then_some(account)
    }

    /// Refuses a token without this permission.
    fn needs(&self, scope: &str) -> Result<(), GraphError> {
        if self.world.token.may(scope) { Ok(()) } else { Err(forbidden(scope)) }
    }

    /// The fields asked for, or the usual ones.
    fn fields(&self, usual: &[&str]) -> Result<Vec<Field>, GraphError> {
        match self.call.get("fields") {
            Some(text) => parse(text),
            None => {
                Ok(usual.iter().map(|name| Field { name: (*name).to_owned(), nested: Vec::new() }).collect())
            }
        }
    }

    /// A page of `total` items.
    fn page(
        &self,
        total: usize,
        item: impl Fn(usize) -> Result<Value, GraphError>,
    ) -> Result<Value, GraphError> {
        let page = Wish::read(self.call, self.world.page_cap)?.cut(self.call, total, self.size)?;
        let data = (page.from..page.to).map(item).collect::<Result<Vec<_>, _>>()?;
        let mut answer = json!({ "data": data });
        if let Some(paging) = page.paging {
            answer["paging"] = paging;
        }
        Ok(answer)
    }
}
