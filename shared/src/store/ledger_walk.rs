//! The ledger from one end to the other, a page at a time: for a job that works everything out anew and for nothing else.
//! The only place that scans a table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::batch_get::batch_get;
use super::document::{self, Item};
use super::place::instant;
use super::sales::{self, sale_key};
use crate::domain::day::Day;
use crate::domain::deal::Deal;
use crate::domain::event::DealId;
use crate::domain::product::Product;
use crate::domain::sale::{Sale, SaleId};
use crate::edge::caller::Scope;

/// So many sales are read at once.
const PAGE: i32 = 1_000;

/// Where to go on among the sales: whose are read, and after which of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalePlace {
    owner: usize,
    after: Option<String>,
}

/// Where to go on among the deals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealPlace {
    pk: String,
    sk: String,
}

/// Walks through the ledger.
#[derive(Debug, Clone)]
pub struct LedgerWalk {
    client: Client,
    table: String,
}

impl LedgerWalk {
    /// Over the sales table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Sales that were sold on a day or later, of one owner after the other and in the order of their time, and where to go
    /// on if there may be more.
    pub async fn sales(
        &self,
        scope: &Scope,
        from: Day,
        place: &SalePlace,
    ) -> Result<(Vec<Sale>, Option<SalePlace>), StoreError> {
        let Some(owner) = scope.owners().get(place.owner) else { return Ok((vec![], None)) };
        let start = place.after.clone().unwrap_or_else(|| instant(from.start()));
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by_team")
            .key_condition_expression("team_key = :team AND sold_key > :start")
            .expression_attribute_values(":team", AttributeValue::S(owner.key().to_owned()))
            .expression_attribute_values(":start", AttributeValue::S(start))
            .limit(PAGE)
            .send()
            .await
            .map_err(|error| StoreError::call(format!("all sales of {}", owner.key()), &error))?;
        let sales: Vec<Sale> = page.items().iter().map(document::read).collect::<Result<_, _>>()?;
        let last = sales.last().map(|sale| sales::place(sale).as_str().to_owned());
        let next = match last.filter(|_| page.last_evaluated_key().is_some()) {
            Some(after) => SalePlace { owner: place.owner, after: Some(after) },
            None => SalePlace { owner: place.owner + 1, after: None },
        };
        Ok((sales, Some(next).filter(|next| next.owner < scope.owners().len())))
    }

    /// Deals in no order, and where to go on if there may be more. A page may be empty and not the last.
    pub async fn deals(
        &self,
        place: Option<&DealPlace>,
    ) -> Result<(Vec<Deal>, Option<DealPlace>), StoreError> {
        let page = self
            .client
            .scan()
            .table_name(&self.table)
            .filter_expression("sk = :deal")
            .expression_attribute_values(":deal", AttributeValue::S("deal".to_owned()))
            .set_exclusive_start_key(place.map(DealPlace::key))
            .send()
            .await
            .map_err(|error| StoreError::call("all deals", &error))?;
        let deals = page.items().iter().map(document::read).collect::<Result<_, _>>()?;
        let next = page.last_evaluated_key().map(|key| {
            DealPlace::of(key).ok_or_else(|| StoreError::item("all deals", &"the table has another key"))
        });
        Ok((deals, next.transpose()?))
    }

    /// The sales of these deals as they stand in the table, in no order.
    pub async fn sales_of(&self, deals: &[DealId]) -> Result<Vec<Sale>, StoreError> {
        let keys = deals
            .iter()
            .flat_map(|deal| Product::ALL.map(|product| sale_key(SaleId { deal: *deal, product })));
        let items = batch_get(&self.client, &self.table, keys.collect(), "sales of deals").await?;
        items.iter().map(document::read).collect()
    }
}

impl DealPlace {
    fn of(key: &Item) -> Option<Self> {
        let text = |name: &str| key.get(name)?.as_s().ok().cloned();
        Some(Self { pk: text("pk")?, sk: text("sk")? })
    }

    fn key(&self) -> Item {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        Item::from([("pk".to_owned(), text(&self.pk)), ("sk".to_owned(), text(&self.sk))])
    }
}
