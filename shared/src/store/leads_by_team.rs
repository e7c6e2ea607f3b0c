//! Leads of owners by the time they came: the index `by_team` of the leads table.
//!
//! Apart from [`Leads`](super::leads::Leads): whoever answers the dashboard may read this index and no single lead.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use futures::future::try_join_all;

use super::StoreError;
use super::document::{self, Item};
use super::place::instant;
use crate::domain::day::Period;
use crate::domain::lead::Lead;
use crate::domain::team::Owner;
use crate::edge::caller::Scope;

/// Reads the leads of owners.
#[derive(Debug, Clone)]
pub struct LeadsByTeam {
    client: Client,
    table: String,
}

impl LeadsByTeam {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// When the newest lead of a scope came; nothing if none ever did. Reads one key per owner, and nothing of a person.
    pub async fn newest(&self, scope: &Scope) -> Result<Option<DateTime<Utc>>, StoreError> {
        let newest = try_join_all(scope.owners().iter().map(|owner| self.newest_of(owner))).await?;
        Ok(newest.into_iter().flatten().max())
    }

    async fn newest_of(&self, owner: &Owner) -> Result<Option<DateTime<Utc>>, StoreError> {
        let query = self.query(owner).key_condition_expression("team_key = :team").scan_index_forward(false);
        let page = query.projection_expression("received_key").limit(1).send().await;
        let page = page.map_err(|error| StoreError::call(doing(owner), &error))?;
        page.items().first().map(|item| received_at(item, owner)).transpose()
    }

    /// Every lead of a period; for a job that may take its time, not for a request.
    pub async fn all(&self, scope: &Scope, period: Period) -> Result<Vec<Lead>, StoreError> {
        let queries = scope.owners().iter().map(|owner| self.of_owner(owner, period));
        Ok(try_join_all(queries).await?.into_iter().flatten().collect())
    }

    async fn of_owner(&self, owner: &Owner, period: Period) -> Result<Vec<Lead>, StoreError> {
        // The end itself is the next day's; keys of that very instant are longer texts and sort after it.
        let (start, end) = period.instants();
        let text = |at: DateTime<Utc>| AttributeValue::S(instant(at));
        let items = self
            .query(owner)
            .key_condition_expression("team_key = :team AND received_key BETWEEN :start AND :end")
            .expression_attribute_values(":start", text(start))
            .expression_attribute_values(":end", text(end))
            .into_paginator()
            .items()
            .send();
        let items: Vec<Item> =
            items.try_collect().await.map_err(|error| StoreError::call(doing(owner), &error))?;
        items.iter().map(document::read).collect()
    }

    fn query(&self, owner: &Owner) -> QueryFluentBuilder {
        let team = AttributeValue::S(owner.key().to_owned());
        let query = self.client.query().table_name(&self.table).index_name("by_team");
        query.expression_attribute_values(":team", team)
    }
}

fn doing(owner: &Owner) -> String {
    format!("leads of {}", owner.key())
}

fn received_at(item: &Item, owner: &Owner) -> Result<DateTime<Utc>, StoreError> {
    let key = item.get("received_key").and_then(|key| key.as_s().ok());
    let time = key.and_then(|key| key.split('#').next()?.parse().ok());
    time.ok_or_else(|| StoreError::item(doing(owner), &"a received_key without a time"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample_leads::lead;
    use crate::store::leads;

    #[test]
    fn the_time_of_a_stored_lead_reads_back() {
        let lead = lead("01J", "proftest");
        let item = leads::item(&lead, None).unwrap();
        assert_eq!(received_at(&item, &lead.owner()).unwrap(), lead.received_at);
    }

    #[test]
    fn a_key_without_a_time_is_not_passed_over() {
        for key in ["", "01J#2026-11-20T06:00:00.000Z"] {
            let item = Item::from([("received_key".to_owned(), AttributeValue::S(key.to_owned()))]);
            assert!(received_at(&item, &Owner::Unattributed).is_err(), "{key}");
        }
        assert!(received_at(&Item::new(), &Owner::Unattributed).is_err());
    }
}
