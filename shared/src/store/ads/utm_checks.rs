//! What the last check of each account's UTM tags found: `pk` is `utm_check`, `sk` the account's id. The document is what a
//! good check left; `problem`, beside it, why the newest one was not good. A good check takes the problem away.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::sync::{json, written};
use super::visible::Visible;
use super::{Ads, document, key, sort_key};
use crate::domain::ad_account::AdAccountId;
use crate::domain::utm_check::result::{Found, Kept, Problem};
use crate::store::StoreError;
use crate::store::document::Item;

const PARTITION: &str = "utm_check";

impl Ads {
    /// Keeps what a good check of an account found.
    pub async fn keep_utm_check(&self, found: &Found) -> Result<(), StoreError> {
        let mut item = document::item(found, [])?;
        item.extend(key(PARTITION, found.account_id.digits()));
        self.put(item, &format!("keeping the UTM check of ad account {}", found.account_id)).await
    }

    /// Notes why an account was not checked; what was found before stays.
    pub async fn note_utm_problem(&self, account: &AdAccountId, problem: &Problem) -> Result<(), StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(PARTITION, account.digits())))
            .update_expression("SET problem = :problem")
            .expression_attribute_values(":problem", written(problem)?)
            .send()
            .await;
        let doing = || format!("noting why ad account {account} has no UTM check");
        sent.map(drop).map_err(|error| StoreError::call(doing(), &error))
    }

    /// What is kept of the accounts that a caller may see. One that was never checked is not among them.
    pub async fn visible_utm_checks(
        &self,
        accounts: &[Visible],
    ) -> Result<BTreeMap<AdAccountId, Kept>, StoreError> {
        if accounts.is_empty() {
            return Ok(BTreeMap::new());
        }
        let items = self.items(PARTITION, "0", "~", None).await?;
        let checks = items.iter().filter_map(|item| Some((AdAccountId::parse(sort_key(item))?, item)));
        let allowed = checks.filter(|(account, _)| accounts.iter().any(|visible| visible.id() == account));
        allowed.map(|(account, item)| Ok((account, read(item)?))).collect()
    }
}

fn read(item: &Item) -> Result<Kept, StoreError> {
    let has_document = item.get("document").is_some_and(AttributeValue::is_s);
    let found = has_document.then(|| document::read(item)).transpose()?;
    Ok(Kept { found, problem: json(item, "problem")? })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_problem_stands_beside_what_was_found_before_or_alone() {
        let account = AdAccountId::parse("91").unwrap();
        let found = Found::new(account, DateTime::UNIX_EPOCH, 4, vec![]);
        let problem = Problem { at: DateTime::UNIX_EPOCH, said: "down".to_owned() };
        let mut item = document::item(&found, []).unwrap();
        assert_eq!(read(&item).unwrap(), Kept { found: Some(found.clone()), problem: None });
        item.insert("problem".to_owned(), written(&problem).unwrap());
        assert_eq!(read(&item).unwrap(), Kept { found: Some(found), problem: Some(problem.clone()) });
        item.remove("document");
        assert_eq!(read(&item).unwrap(), Kept { found: None, problem: Some(problem) });
    }
}
