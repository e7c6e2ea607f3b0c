//! Groups of Telegram that have become supergroups, and so have another id than the one that is configured. In the
//! settings table: `pk` is `telegram#migrated#<hash of the configured id>`.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoreError;
use super::document::{self, Item};

#[derive(Serialize, Deserialize)]
struct Moved {
    to: String,
}

/// Remembers where chats have moved.
#[derive(Debug, Clone)]
pub struct ChatMoves {
    client: Client,
    table: String,
}

fn key(configured: &str) -> Item {
    let hash = hex::encode(Sha256::digest(configured));
    Item::from([("pk".to_owned(), AttributeValue::S(format!("telegram#migrated#{hash}")))])
}

impl ChatMoves {
    /// Over the settings table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The chat's present id, where it has moved.
    pub async fn present(&self, configured: &str) -> Result<Option<String>, StoreError> {
        let request = self.client.get_item().table_name(&self.table).set_key(Some(key(configured)));
        let found =
            request.send().await.map_err(|error| StoreError::call("where a chat has moved", &error))?;
        let moved: Option<Moved> = found.item.as_ref().map(document::read).transpose()?;
        Ok(moved.map(|moved| moved.to))
    }

    /// It has moved there.
    pub async fn moved(&self, configured: &str, to: &str) -> Result<(), StoreError> {
        let mut item = document::item(&Moved { to: to.to_owned() }, [])?;
        item.extend(key(configured));
        let sent = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        sent.map(drop).map_err(|error| StoreError::call("a chat's move", &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_found_by_a_hash_of_the_configured_id() {
        let hash = "telegram#migrated#ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(key("abc")["pk"], AttributeValue::S(hash.to_owned()));
    }
}
