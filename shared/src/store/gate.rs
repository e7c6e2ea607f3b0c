//! What has to be known before any call to Facebook: pauses of the application and of the account, the token, the
//! breaker, and what people have decided about accounts. Functions share no memory, so all of it is in the store, and one batch reads it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::StoreError;
use super::ads::Ads;
use super::ads::sync::{json, number, read_sync, sync_key, written};
use super::batch_get::batch_get_of_tables;
use super::document::Item;
use super::{breaker, conditional, settings};
use crate::domain::ad_account::AdAccountId;
use crate::domain::breaker::Breaker;
use crate::domain::settings::AdAccounts;
use crate::domain::sync_state::{AccountSync, AppSync, Pause, TokenState, WaitReason};

/// The breaker's name.
pub const BREAKER: &str = "facebook";

const PK: &str = "facebook#app";

/// What stands at one moment.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Of the application.
    pub app: AppSync,
    /// Of the account that was asked about, if any.
    pub account: AccountSync,
    /// Of Facebook's health.
    pub breaker: Breaker,
    /// What people have decided about accounts.
    pub decided: AdAccounts,
}

/// Reads and writes what stands.
#[derive(Debug, Clone)]
pub struct Gate {
    client: Client,
    settings: String,
    ads: Ads,
}

impl Gate {
    /// Over the settings table and the ads table.
    pub fn new(client: Client, settings: String, ads: Ads) -> Self {
        Self { client, settings, ads }
    }

    /// What stands now, for a call about this account or about none.
    pub async fn standing(&self, account: Option<&AdAccountId>) -> Result<Standing, StoreError> {
        let of_app = (
            self.settings.clone(),
            vec![app_key(), breaker::key(BREAKER), settings::key(AdAccounts::SECTION)],
        );
        let of_account = account.map(|account| (self.ads.table().to_owned(), vec![sync_key(account)]));
        let keys = [of_app].into_iter().chain(of_account);
        let mut standing = Standing::default();
        for (table, items) in batch_get_of_tables(&self.client, keys, "Facebook's state").await? {
            for item in &items {
                if table == self.ads.table() {
                    standing.account = read_sync(item)?;
                } else if is_at(item, PK) {
                    standing.app = read_app(item)?;
                } else if is_at(item, &settings::pk(AdAccounts::SECTION)) {
                    standing.decided = settings::value(AdAccounts::SECTION, Some(item))?;
                } else {
                    standing.breaker = breaker::parse(Some(item))?;
                }
            }
        }
        Ok(standing)
    }

    /// Facebook wants the whole application, or all its insights, left alone for a while. A longer pause that stands
    /// already is kept.
    pub async fn pause(&self, pause: &Pause) -> Result<(), StoreError> {
        let (name, until) = match pause.reason {
            WaitReason::InsightsLimit => ("insights", "insights_until"),
            WaitReason::DiscoveryLimit => ("discovery", "discovery_until"),
            _ => ("app", "app_until"),
        };
        let sent = self
            .client
            .update_item()
            .table_name(&self.settings)
            .set_key(Some(app_key()))
            .update_expression(format!("SET {name} = :pause, {until} = :until ADD strikes :one"))
            .condition_expression(format!("attribute_not_exists({until}) OR {until} < :until"))
            .expression_attribute_values(":pause", written(pause)?)
            .expression_attribute_values(
                ":until",
                AttributeValue::N(pause.until.timestamp_millis().to_string()),
            )
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .send()
            .await;
        conditional::held(sent, || "pausing Facebook".to_owned()).map(drop)
    }

    /// Facebook has answered: the next pause begins short again.
    pub async fn forgive(&self) -> Result<(), StoreError> {
        self.update("REMOVE strikes", None).await
    }

    /// What was found out about the token.
    pub async fn token(&self, token: &TokenState) -> Result<(), StoreError> {
        self.update("SET #token = :token", Some(written(token)?)).await
    }

    async fn update(&self, update: &str, token: Option<AttributeValue>) -> Result<(), StoreError> {
        let mut request = self.client.update_item().table_name(&self.settings).set_key(Some(app_key()));
        if let Some(token) = token {
            request = request.expression_attribute_names("#token", "token");
            request = request.expression_attribute_values(":token", token);
        }
        let sent = request.update_expression(update).send().await;
        sent.map(drop).map_err(|error| StoreError::call("Facebook's state", &error))
    }
}

fn app_key() -> Item {
    Item::from([("pk".to_owned(), AttributeValue::S(PK.to_owned()))])
}

fn is_at(item: &Item, pk: &str) -> bool {
    item.get("pk").and_then(|value| value.as_s().ok()).is_some_and(|value| value == pk)
}

fn read_app(item: &Item) -> Result<AppSync, StoreError> {
    Ok(AppSync {
        app: json(item, "app")?,
        insights: json(item, "insights")?,
        discovery: json(item, "discovery")?,
        strikes: number(item, "strikes").and_then(|n| u32::try_from(n).ok()).unwrap_or_default(),
        token: json(item, "token")?,
    })
}
