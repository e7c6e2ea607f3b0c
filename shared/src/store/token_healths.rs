//! What checks of tokens have found, in the settings table: `pk` is `token-health#<name>`, with the documents `last_check` and
//! `last_answer` (the last check in which the neighbour said something of the token) and `checked_at` in milliseconds.
//! `token-health#run` has `begun_at`: when somebody last had all of them checked at once.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};

use super::ads::sync::{json, written};
use super::batch_get::batch_get;
use super::document::Item;
use super::{StoreError, conditional};
use crate::domain::token_health::{Kept, Token, TokenCheck};

const DOING: &str = "how tokens stand";

/// Keeps it.
#[derive(Debug, Clone)]
pub struct TokenHealths {
    client: Client,
    table: String,
}

impl TokenHealths {
    /// Over the settings table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// What is kept of every token.
    pub async fn kept(&self) -> Result<BTreeMap<Token, Kept>, StoreError> {
        let keys = Token::ALL.map(|token| key(token.as_str()));
        let items = batch_get(&self.client, &self.table, keys.to_vec(), DOING).await?;
        let kept = |token: Token| {
            let pk = &key(token.as_str())["pk"];
            let item = items.iter().find(|item| item.get("pk") == Some(pk));
            Ok((token, item.map(read).transpose()?.unwrap_or_default()))
        };
        Token::ALL.into_iter().map(kept).collect()
    }

    /// Keeps a check, unless a later one is kept already.
    pub async fn keep(&self, token: Token, check: &TokenCheck) -> Result<(), StoreError> {
        conditional::held(self.keeping(token, check)?.send().await, || DOING.to_owned()).map(drop)
    }

    fn keeping(&self, token: Token, check: &TokenCheck) -> Result<UpdateItemFluentBuilder, StoreError> {
        let answer = if check.found.is_answer() { ", last_answer = :check" } else { "" };
        let request = self.client.update_item().table_name(&self.table).set_key(Some(key(token.as_str())));
        Ok(request
            .update_expression(format!("SET last_check = :check, checked_at = :at{answer}"))
            .condition_expression("attribute_not_exists(checked_at) OR checked_at <= :at")
            .expression_attribute_values(":check", written(check)?)
            .expression_attribute_values(":at", millis(check.checked_at)))
    }

    /// Whether a check of all of them may begin: nobody began one within this time. Of any number of callers at once one may.
    pub async fn begin(&self, now: DateTime<Utc>, pause: TimeDelta) -> Result<bool, StoreError> {
        let request = self.client.update_item().table_name(&self.table).set_key(Some(key("run")));
        let sent = request
            .update_expression("SET begun_at = :now")
            .condition_expression("attribute_not_exists(begun_at) OR begun_at <= :before")
            .expression_attribute_values(":now", millis(now))
            .expression_attribute_values(":before", millis(now - pause))
            .send()
            .await;
        Ok(conditional::held(sent, || DOING.to_owned())?.is_some())
    }
}

fn key(name: &str) -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(format!("token-health#{name}")))])
}

fn millis(time: DateTime<Utc>) -> AttributeValue {
    AttributeValue::N(time.timestamp_millis().to_string())
}

fn read(item: &Item) -> Result<Kept, StoreError> {
    Ok(Kept { last: json(item, "last_check")?, answered: json(item, "last_answer")? })
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Config;

    use super::*;
    use crate::domain::token_health::{Found, Worth};

    fn keeping(found: Found) -> (String, Kept) {
        let config = Config::builder().behavior_version(aws_config::BehaviorVersion::latest());
        let store = TokenHealths::new(Client::from_conf(config.build()), "settings".to_owned());
        let check = TokenCheck { checked_at: "2026-11-20T05:00:00Z".parse().unwrap(), found };
        let request = store.keeping(Token::Sms, &check).unwrap();
        assert_eq!(
            request.get_key().clone().unwrap()["pk"],
            AttributeValue::S("token-health#sms".to_owned())
        );
        let values = request.get_expression_attribute_values().clone().unwrap();
        assert_eq!(values[":at"], AttributeValue::N("1795150800000".to_owned()));
        let item = Item::from([("last_check".to_owned(), values[":check"].clone())]);
        (request.get_update_expression().clone().unwrap(), read(&item).unwrap())
    }

    #[test]
    fn an_answer_is_kept_twice_and_silence_leaves_the_last_one() {
        let good = Found::Good(Worth::default());
        let (update, kept) = keeping(good.clone());
        assert_eq!(update, "SET last_check = :check, checked_at = :at, last_answer = :check");
        assert_eq!(kept.last.unwrap().found, good);
        let (update, kept) = keeping(Found::down("it does not answer"));
        assert_eq!(update, "SET last_check = :check, checked_at = :at");
        assert!(!kept.last.unwrap().found.is_answer());
    }
}
