//! How the pulling of each account stands.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Ads, key, sort_key, text};
use crate::domain::ad_account::AdAccountId;
use crate::domain::sync_state::{AccountSync, Parked, Pause};
use crate::store::StoreError;
use crate::store::document::Item;

const PARTITION: &str = "sync";

/// The key of an account's state.
pub(crate) fn sync_key(account: &AdAccountId) -> Item {
    key(PARTITION, account.digits())
}

/// An account's state as its item says; that of an account without one is the default.
pub(crate) fn read_sync(item: &Item) -> Result<AccountSync, StoreError> {
    Ok(AccountSync {
        pause: json(item, "pause")?,
        strikes: number(item, "strikes").and_then(|n| u32::try_from(n).ok()).unwrap_or_default(),
        parked: json(item, "parked")?,
        pulled_at: number(item, "pulled_at").and_then(DateTime::from_timestamp_millis),
        changed_at: number(item, "changed_at").and_then(DateTime::from_timestamp_millis),
    })
}

/// A JSON document in an attribute of its own; nothing where the attribute is absent.
pub(crate) fn json<T: DeserializeOwned>(item: &Item, name: &str) -> Result<Option<T>, StoreError> {
    let Some(value) = item.get(name) else { return Ok(None) };
    let doing = format!("attribute {name}");
    let json = value.as_s().map_err(|_| StoreError::item(&doing, &"it is no text"))?;
    serde_json::from_str(json).map(Some).map_err(|error| StoreError::item(doing, &error))
}

/// What [`json`] reads.
pub(crate) fn written(document: &impl Serialize) -> Result<AttributeValue, StoreError> {
    let json = serde_json::to_string(document);
    json.map(text).map_err(|error| StoreError::item("writing a state", &error))
}

/// A whole number; nothing where the attribute is absent.
pub(crate) fn number(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

impl Ads {
    /// The state of every account that was ever pulled or paused.
    pub(crate) async fn syncs(&self) -> Result<BTreeMap<AdAccountId, AccountSync>, StoreError> {
        let items = self.items(PARTITION, "0", "~", None).await?;
        let syncs = items.iter().filter_map(|item| Some((AdAccountId::parse(sort_key(item))?, item)));
        syncs.map(|(account, item)| Ok((account, read_sync(item)?))).collect()
    }

    /// Facebook wants the account left alone for a while. A longer pause that stands already is kept.
    pub async fn pause(&self, account: &AdAccountId, pause: &Pause) -> Result<(), StoreError> {
        let until = AttributeValue::N(pause.until.timestamp_millis().to_string());
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(sync_key(account)))
            .update_expression("SET pause = :pause, paused_until = :until ADD strikes :one")
            .condition_expression("attribute_not_exists(paused_until) OR paused_until < :until")
            .expression_attribute_values(":pause", written(pause)?)
            .expression_attribute_values(":until", until)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error)
                if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) =>
            {
                Ok(())
            }
            Err(error) => Err(StoreError::call(format!("pausing ad account {account}"), &error)),
        }
    }

    /// A person has to do something before the account can be pulled.
    pub async fn park(&self, account: &AdAccountId, parked: &Parked) -> Result<(), StoreError> {
        let update = "SET parked = if_not_exists(parked, :parked)";
        self.update_sync(account, update, [(":parked", written(parked)?)]).await
    }

    /// Facebook has answered: the next pause begins short again.
    pub async fn forgive(&self, account: &AdAccountId) -> Result<(), StoreError> {
        self.update_sync(account, "REMOVE strikes", []).await
    }

    /// A pull that began then was good to its end.
    pub async fn pulled(&self, account: &AdAccountId, began_at: DateTime<Utc>) -> Result<(), StoreError> {
        let began = AttributeValue::N(began_at.timestamp_millis().to_string());
        let update = "SET pulled_at = :began REMOVE parked, strikes";
        self.update_sync(account, update, [(":began", began)]).await
    }

    /// The account can be read, whatever was wrong with it.
    pub async fn unpark(&self, account: &AdAccountId) -> Result<(), StoreError> {
        self.update_sync(account, "REMOVE parked, strikes", []).await
    }

    async fn update_sync(
        &self,
        account: &AdAccountId,
        update: &str,
        values: impl IntoIterator<Item = (&'static str, AttributeValue)>,
    ) -> Result<(), StoreError> {
        let mut request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(sync_key(account)))
            .update_expression(update);
        for (name, value) in values {
            request = request.expression_attribute_values(name, value);
        }
        let sent = request.send().await;
        sent.map(drop).map_err(|error| StoreError::call(format!("the state of ad account {account}"), &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sync_state::{ParkReason, WaitReason};

    #[test]
    fn a_state_reads_back() {
        let at: DateTime<Utc> = "2026-11-20T05:00:00.123Z".parse().unwrap();
        let pause = Pause { until: at, reason: WaitReason::AccountLimit };
        let parked =
            Parked { since: at, reason: ParkReason::PermissionMissing, said: "(#200) no".to_owned() };
        let item = Item::from([
            ("pause".to_owned(), written(&pause).unwrap()),
            ("parked".to_owned(), written(&parked).unwrap()),
            ("strikes".to_owned(), AttributeValue::N("2".to_owned())),
            ("pulled_at".to_owned(), AttributeValue::N(at.timestamp_millis().to_string())),
            ("changed_at".to_owned(), AttributeValue::N(at.timestamp_millis().to_string())),
        ]);
        let sync = AccountSync {
            pause: Some(pause),
            strikes: 2,
            parked: Some(parked),
            pulled_at: Some(at),
            changed_at: Some(at),
        };
        assert_eq!(read_sync(&item).unwrap(), sync);
        assert_eq!(read_sync(&Item::new()).unwrap(), AccountSync::default());
    }
}
