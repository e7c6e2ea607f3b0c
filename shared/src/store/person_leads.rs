//! The leads of one person, by the links of phones and e-mail addresses in the leads table.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

use super::StoreError;
use super::batch_get::batch_get;
use super::document;
use super::leads::{lead_key, of_email, of_phone, received_key};
use crate::domain::email::Email;
use crate::domain::lead::Lead;
use crate::domain::phone::Phone;

/// Whoever fills in more forms than these is known by the newest of them.
const NEWEST: i32 = 50;

/// Reads what else a person has sent.
#[derive(Debug, Clone)]
pub struct PersonLeads {
    client: Client,
    table: String,
}

impl PersonLeads {
    /// Over the leads table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The newest leads before this one that have its phone or its e-mail address, the newest first.
    pub async fn before(&self, lead: &Lead) -> Result<Vec<Lead>, StoreError> {
        let doing = format!("the leads before {}", lead.id);
        let [by_phone, by_email] =
            [of_phone(&lead.phone), of_email(&lead.email)].map(|person| self.links(person, lead).send());
        let (by_phone, by_email) = futures::future::join(by_phone, by_email).await;
        let mut ids = BTreeSet::new();
        for found in [by_phone, by_email] {
            let found = found.map_err(|error| StoreError::call(&doing, &error))?;
            ids.extend(found.items().iter().filter_map(|item| id(item.get("sk")?.as_s().ok()?)));
        }
        self.read(ids, &doing).await
    }

    /// The newest leads with any of these phones, the newest first.
    pub async fn of_phones(&self, phones: &BTreeSet<Phone>) -> Result<Vec<Lead>, StoreError> {
        self.of(phones.iter().map(of_phone)).await
    }

    /// The newest leads with any of these addresses, the newest first.
    pub async fn of_emails(&self, emails: &BTreeSet<Email>) -> Result<Vec<Lead>, StoreError> {
        self.of(emails.iter().map(of_email)).await
    }

    async fn of(&self, people: impl Iterator<Item = String>) -> Result<Vec<Lead>, StoreError> {
        const DOING: &str = "the leads of a person";
        let mut ids = BTreeSet::new();
        for person in people {
            let request = self.client.query().table_name(&self.table);
            let request = request
                .key_condition_expression("pk = :person")
                .expression_attribute_values(":person", AttributeValue::S(person))
                .scan_index_forward(false)
                .limit(NEWEST);
            let found = request.send().await.map_err(|error| StoreError::call(DOING, &error))?;
            ids.extend(found.items().iter().filter_map(|item| id(item.get("sk")?.as_s().ok()?)));
        }
        self.read(ids, DOING).await
    }

    async fn read(&self, ids: BTreeSet<String>, doing: &str) -> Result<Vec<Lead>, StoreError> {
        let keys = ids.iter().map(|id| lead_key(id)).collect();
        let items = batch_get(&self.client, &self.table, keys, doing).await?;
        let mut leads = items.iter().map(document::read).collect::<Result<Vec<Lead>, _>>()?;
        leads.sort_by_key(|lead| std::cmp::Reverse(received_key(lead)));
        Ok(leads)
    }

    fn links(&self, person: String, lead: &Lead) -> QueryFluentBuilder {
        let request = self.client.query().table_name(&self.table).consistent_read(true);
        request
            .key_condition_expression("pk = :person AND sk < :this")
            .expression_attribute_values(":person", AttributeValue::S(person))
            .expression_attribute_values(":this", AttributeValue::S(received_key(lead)))
            .scan_index_forward(false)
            .limit(NEWEST)
    }
}

/// The id in a received key: `<time>#<id>`.
fn id(received_key: &str) -> Option<String> {
    received_key.split_once('#').map(|(_, id)| id.to_owned())
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Config;

    use super::*;
    use crate::domain::crm::lead_of_a_person;

    #[test]
    fn the_newest_leads_before_this_one_are_asked_for() {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let leads = PersonLeads::new(Client::from_conf(config.build()), "leads".to_owned());
        let lead = lead_of_a_person();
        let query = leads.links(of_phone(&lead.phone), &lead);
        assert_eq!(query.get_key_condition_expression().as_deref(), Some("pk = :person AND sk < :this"));
        let values = query.get_expression_attribute_values().clone().unwrap();
        assert_eq!(values[":person"], AttributeValue::S(of_phone(&lead.phone)));
        assert_eq!(values[":this"], AttributeValue::S("2026-11-20T05:00:00.000Z#018f".to_owned()));
        assert_eq!((*query.get_scan_index_forward(), *query.get_limit()), (Some(false), Some(50)));
        assert_eq!(*query.get_consistent_read(), Some(true), "a lead that came just before counts");
        assert_eq!(id("2026-11-20T05:00:00.000Z#018f").as_deref(), Some("018f"));
    }
}
