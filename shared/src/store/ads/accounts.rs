//! The ad accounts that were discovered.

use super::{Ads, document, key};
use crate::domain::ad::AdAccount;
use crate::domain::ad_account::AdAccountId;
use crate::store::StoreError;

const PARTITION: &str = "account";

impl Ads {
    /// Every account that was ever discovered, by its id.
    pub(crate) async fn accounts(&self) -> Result<Vec<AdAccount>, StoreError> {
        self.documents(PARTITION, "0", "~").await
    }

    /// One account; nothing where it was never discovered.
    pub(crate) async fn account(&self, id: &AdAccountId) -> Result<Option<AdAccount>, StoreError> {
        self.client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(PARTITION, id.digits())))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreError::call(format!("ad account {id}"), &error))?
            .item
            .as_ref()
            .map(document::read)
            .transpose()
    }

    /// Keeps an account as it was discovered.
    pub async fn keep_account(&self, account: &AdAccount) -> Result<(), StoreError> {
        let mut item = document::item(account, [])?;
        item.extend(key(PARTITION, account.account_id.digits()));
        self.put(item, &format!("keeping ad account {}", account.account_id)).await
    }
}
