//! Where amoCRM sends its hooks. An address holds a key, so what is read is told to nobody.

use serde_json::Value;

use super::classify::Asked;
use super::client::{Amocrm, Answer, Call};
use super::fields::MOST;
use super::page::{List, Page};
use super::row::{is_true, tree};
use crate::domain::crm::sight::{Destination, Subscription};
use crate::neighbours::amocrm::body::Node;

impl Amocrm {
    /// One page of all subscriptions of the account, whoever made them. An account has at most a hundred, so that the
    /// first is normally the only one. It takes an administrator's token: a refusal is [`Class::Missing`](super::Class::Missing).
    pub async fn subscriptions(&self, page: u32) -> Answer<Page<Subscription>> {
        let query = [("limit", MOST), ("page", &page.to_string())];
        let list: Option<List<Value>> = self.call(Call::get(Asked::IfAllowed, "webhooks", &query)).await?;
        Ok(Page::of(list, |row| subscription(&tree(row))))
    }
}

fn subscription(row: &Node) -> Option<Subscription> {
    let events = row.get("settings").into_iter().flat_map(Node::children);
    Some(Subscription {
        destination: Destination(row.text("destination")?.to_owned()),
        is_disabled: is_true(row, "disabled"),
        events: events.filter_map(|(_, event)| event.as_text().map(str::to_owned)).collect(),
    })
}
