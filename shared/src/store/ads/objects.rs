//! The campaigns, ad sets and ads that were ever seen.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt, stream};

use super::{Ads, document, key, text};
use crate::domain::ad::AdObject;
use crate::domain::ad_account::AdAccountId;
use crate::domain::ad_lookup::Accounts;
use crate::domain::attribution;
use crate::domain::team::Team;
use crate::domain::utm::Reading;
use crate::store::StoreError;

const PREFIX: &str = "objects#";

/// So many ids are looked up side by side.
const IDS_AT_ONCE: usize = 16;

impl Ads {
    /// Every object of an account.
    pub(crate) async fn objects(&self, account: &AdAccountId) -> Result<Vec<AdObject>, StoreError> {
        self.documents(&format!("{PREFIX}{account}"), "ad", "~").await
    }

    /// Keeps what was seen of an account's objects; what is known already and not otherwise is not written again.
    /// Whoever calls this holds the account's lease.
    pub async fn keep_objects(&self, account: &AdAccountId, seen: &[AdObject]) -> Result<(), StoreError> {
        let known = self.objects(account).await?;
        let known: BTreeMap<_, _> =
            known.iter().map(|object| ((object.kind, object.id.as_str()), object)).collect();
        // An ad set stands above many ads, so it is seen many times.
        let mut once: BTreeMap<_, AdObject> = BTreeMap::new();
        for seen in seen {
            let learned = once.get(&(seen.kind, seen.id.as_str())).map(|known| known.learn(seen));
            once.insert((seen.kind, seen.id.as_str()), learned.unwrap_or_else(|| seen.clone()));
        }
        let mut items = vec![];
        for seen in once.values() {
            let learned = match known.get(&(seen.kind, seen.id.as_str())) {
                Some(known) => known.learn(seen),
                None => seen.clone(),
            };
            if known.get(&(seen.kind, seen.id.as_str())) != Some(&&learned) {
                let mut item = document::item(&learned, [("object_id", learned.id.clone())])?;
                item.extend(key(format!("{PREFIX}{account}"), format!("{}#{}", seen.kind.as_str(), seen.id)));
                items.push(item);
            }
        }
        self.put_all(items, "keeping the objects of an ad account").await
    }

    /// The account that an object of this id is in; nothing where no such object was seen.
    pub async fn account_of(&self, object_id: &str) -> Result<Option<AdAccountId>, StoreError> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by_id")
            .key_condition_expression("object_id = :id")
            .expression_attribute_values(":id", text(object_id))
            .limit(1)
            .send()
            .await
            .map_err(|error| StoreError::call("an ad object by its id", &error))?;
        let pk = found.items().first().and_then(|item| item.get("pk")).and_then(|pk| pk.as_s().ok());
        Ok(pk.and_then(|pk| AdAccountId::parse(pk.strip_prefix(PREFIX)?)))
    }

    /// The accounts that objects of these ids are in; ids of which none was seen are left out.
    pub async fn accounts_of(&self, ids: BTreeSet<String>) -> Result<Accounts, StoreError> {
        let looks = ids.into_iter().map(async |id| {
            let account = self.account_of(&id).await?;
            Ok::<_, StoreError>(account.map(|account| (id, account)))
        });
        stream::iter(looks)
            .buffer_unordered(IDS_AT_ONCE)
            .try_filter_map(async |found| Ok(found))
            .try_collect()
            .await
    }

    /// The accounts that ids in these values belong to, by the place of the value, where nothing else there names a team.
    pub async fn named_in(
        &self,
        readings: &[Reading],
        teams: &[Team],
    ) -> Result<Vec<(usize, AdAccountId)>, StoreError> {
        let ids = attribution::ids_to_look_up(readings, teams);
        let found = try_join_all(ids.iter().map(|(_, id)| self.account_of(id))).await?;
        let places = ids.iter().map(|(place, _)| *place);
        Ok(places.zip(found).filter_map(|(place, account)| Some((place, account?))).collect())
    }
}
