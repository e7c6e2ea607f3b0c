//! Messages as an admin lists them, the one that is due last first.

use std::cmp::Reverse;

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::try_join_all;

use super::{Outbox, key, read};
use crate::domain::notification::{Notification, NotificationState};
use crate::store::StoreError;
use crate::store::place::Place;

/// So many are read at once for each one wanted where the filter leaves out some.
const READ_PER_FILTERED: usize = 3;

/// Where a message stands among all: by when it is due.
pub fn place(notification: &Notification) -> Place {
    Place::new(notification.due_at, &notification.id)
}

/// Which messages.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// In this state; in any where none is named.
    pub state: Option<NotificationState>,
    /// Of this campaign; of any where none is named.
    pub campaign: Option<String>,
}

/// What one query reads.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    State(NotificationState),
    Campaign(&'a str, Option<NotificationState>),
}

impl Selection {
    fn parts(&self) -> Vec<Part<'_>> {
        match (&self.campaign, self.state) {
            (Some(campaign), state) => vec![Part::Campaign(campaign, state)],
            (None, Some(state)) => vec![Part::State(state)],
            (None, None) => NotificationState::ALL.map(Part::State).to_vec(),
        }
    }
}

impl Outbox {
    /// A message; nothing where there is none with this id.
    pub async fn get(&self, id: &str) -> Result<Option<Notification>, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(id)));
        let found = request.consistent_read(true).send().await;
        let found = found.map_err(|error| StoreError::call(format!("notification {id}"), &error))?;
        found.item.as_ref().map(read).transpose()
    }

    /// The messages before a place, at most `limit` of them. Fewer are all there are.
    pub async fn page(
        &self,
        selection: &Selection,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<Notification>, StoreError> {
        let parts = selection.parts();
        let queries = parts.iter().map(|part| self.part(*part, before, limit));
        let mut found: Vec<Notification> = try_join_all(queries).await?.into_iter().flatten().collect();
        found.sort_by_cached_key(|notification| Reverse(place(notification)));
        // One that changes its state meanwhile may be read in both.
        found.dedup_by(|one, other| one.id == other.id);
        found.truncate(limit);
        Ok(found)
    }

    async fn part(
        &self,
        part: Part<'_>,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<Notification>, StoreError> {
        let mut items = self.query(part, before, limit).into_paginator().items().send();
        let mut found = vec![];
        while found.len() < limit
            && let Some(item) = items.next().await
        {
            found.push(read(&item.map_err(|error| StoreError::call("a page of notifications", &error))?)?);
        }
        Ok(found)
    }

    fn query(&self, part: Part<'_>, before: Option<&Place>, limit: usize) -> QueryFluentBuilder {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let query = self.client.query().table_name(&self.table).scan_index_forward(false);
        let (query, name, filtered) = match part {
            Part::State(state) => {
                let query = query.index_name("by_state").expression_attribute_names("#part", "state");
                (query.expression_attribute_values(":part", text(state.as_str())), "#part", false)
            }
            Part::Campaign(campaign, state) => {
                let query = query.index_name("by_campaign");
                let query = query.expression_attribute_values(":part", text(campaign));
                (with_state(query, state), "source_campaign", state.is_some())
            }
        };
        let query = match before {
            Some(before) => query
                .key_condition_expression(format!("{name} = :part AND due_key < :before"))
                .expression_attribute_values(":before", text(before.as_str())),
            None => query.key_condition_expression(format!("{name} = :part")),
        };
        let read_at_once = if filtered { limit.saturating_mul(READ_PER_FILTERED) } else { limit };
        query.limit(i32::try_from(read_at_once).unwrap_or(i32::MAX))
    }
}

fn with_state(query: QueryFluentBuilder, state: Option<NotificationState>) -> QueryFluentBuilder {
    let Some(state) = state else { return query };
    query
        .filter_expression("#state = :state")
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":state", AttributeValue::S(state.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::{Client, Config};

    use super::*;

    fn asked(selection: &Selection, before: Option<&Place>) -> Vec<String> {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let outbox = Outbox::new(Client::from_conf(config.build()), "notifications".to_owned());
        let parts = selection.parts();
        let queries = parts.iter().map(|part| {
            let query = outbox.query(*part, before, 50);
            let values = query.get_expression_attribute_values().clone().unwrap();
            let mut values: Vec<String> =
                values.iter().map(|(name, value)| format!("{name} {}", value.as_s().unwrap())).collect();
            values.sort();
            format!(
                "{}: {} / {} / {} / {}",
                query.get_index_name().clone().unwrap(),
                query.get_key_condition_expression().clone().unwrap(),
                query.get_filter_expression().clone().unwrap_or_default(),
                values.join(", "),
                query.get_limit().unwrap(),
            )
        });
        queries.collect()
    }

    #[test]
    fn each_selection_reads_the_index_that_fits_it() {
        let all = Selection::default();
        assert_eq!(
            asked(&all, None),
            ["pending", "sent", "failed"]
                .map(|state| format!("by_state: #part = :part /  / :part {state} / 50"))
        );
        let failed = Selection { state: Some(NotificationState::Failed), campaign: None };
        let before = Place::new("2026-11-20T10:00:00Z".parse().unwrap(), "a");
        assert_eq!(
            asked(&failed, Some(&before)),
            ["by_state: #part = :part AND due_key < :before /  / \
              :before 2026-11-20T10:00:00.000Z#a, :part failed / 50"]
        );
        let both = Selection { campaign: Some("proftest_a".to_owned()), ..failed };
        assert_eq!(
            asked(&both, None),
            [
                "by_campaign: source_campaign = :part / #state = :state / :part proftest_a, :state failed / 150"
            ]
        );
    }
}
