//! Reads the ledger: one sale, or the sales of some teams in the order of their time.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::try_join_all;

use super::StoreError;
use super::batch_get::batch_get;
use super::document::{self, Item};
use super::place::{Place, instant};
use crate::domain::day::Period;
use crate::domain::deal::Deal;
use crate::domain::event::DealId;
use crate::domain::product::Product;
use crate::domain::sale::{Sale, SaleId};
use crate::domain::team::Owner;
use crate::edge::caller::Scope;

/// So many sales are read at once for each one wanted where only one product is.
const READ_PER_FILTERED: usize = 4;

/// So many are read together by a job, which reads all of them.
const READ_BY_JOBS: usize = 200;

fn partition(deal: DealId) -> AttributeValue {
    AttributeValue::S(format!("{}#{}", deal.account, deal.lead))
}

/// The key of a deal.
pub fn deal_key(deal: DealId) -> Item {
    Item::from([("pk".to_owned(), partition(deal)), ("sk".to_owned(), AttributeValue::S("deal".to_owned()))])
}

/// The key of a sale.
pub fn sale_key(id: SaleId) -> Item {
    let sk = AttributeValue::S(format!("sale#{}", id.product.id()));
    Item::from([("pk".to_owned(), partition(id.deal)), ("sk".to_owned(), sk)])
}

/// The item of a sale, with the attributes that the index is made of.
pub fn item(sale: &Sale) -> Result<Item, StoreError> {
    let texts = [
        ("team_key", sale.owner().key().to_owned()),
        ("sold_key", place(sale).as_str().to_owned()),
        ("product", sale.product.id().to_owned()),
    ];
    let mut item = document::item(sale, texts)?;
    item.extend(sale_key(sale.id()));
    Ok(item)
}

/// Where a sale stands among all sales.
pub fn place(sale: &Sale) -> Place {
    Place::new(sale.sold_at, &sale.id().to_string())
}

/// Which sales.
#[derive(Debug, Clone)]
pub struct Selection<'a> {
    /// Whose.
    pub scope: &'a Scope,
    /// Sold when.
    pub period: Period,
    /// Of which product; of any where none is named.
    pub product: Option<Product>,
}

/// Reads the ledger.
#[derive(Debug, Clone)]
pub struct Sales {
    client: Client,
    table: String,
}

impl Sales {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The newest sales before a place, at most `limit` of them.
    pub async fn page(
        &self,
        selection: &Selection<'_>,
        before: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<Sale>, StoreError> {
        let queries = selection
            .scope
            .owners()
            .iter()
            .map(|owner| self.of_owner(selection, owner, before, limit, |sale| sale));
        let mut sales: Vec<Sale> = try_join_all(queries).await?.into_iter().flatten().collect();
        sales.sort_by_cached_key(|sale| std::cmp::Reverse(place(sale)));
        sales.truncate(limit);
        Ok(sales)
    }

    /// Every sale of a selection; for a job that may take its time, not for a request.
    pub async fn all(&self, selection: &Selection<'_>) -> Result<Vec<Sale>, StoreError> {
        let owners = selection.scope.owners();
        let queries =
            owners.iter().map(|owner| self.of_owner(selection, owner, None, usize::MAX, |sale| sale));
        Ok(try_join_all(queries).await?.into_iter().flatten().collect())
    }

    /// The same without what explains a sale, its UTM values and its trail: of a month of sales most of the room is theirs.
    pub async fn all_unexplained(&self, selection: &Selection<'_>) -> Result<Vec<Sale>, StoreError> {
        let owners = selection.scope.owners();
        let queries =
            owners.iter().map(|owner| self.of_owner(selection, owner, None, usize::MAX, Sale::unexplained));
        Ok(try_join_all(queries).await?.into_iter().flatten().collect())
    }

    async fn of_owner(
        &self,
        selection: &Selection<'_>,
        owner: &Owner,
        before: Option<&Place>,
        limit: usize,
        keep: impl Fn(Sale) -> Sale,
    ) -> Result<Vec<Sale>, StoreError> {
        let (start, end) = selection.period.instants();
        // The end itself is the next day's; places at that very instant are longer texts and sort after it.
        let end = instant(end);
        let end = before.map(Place::as_str).filter(|before| *before < end.as_str()).unwrap_or(&end);
        let start = instant(start);
        if end <= start.as_str() {
            return Ok(vec![]);
        }
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("by_team")
            .key_condition_expression("team_key = :team AND sold_key BETWEEN :start AND :end")
            .expression_attribute_values(":team", AttributeValue::S(owner.key().to_owned()))
            .expression_attribute_values(":start", AttributeValue::S(start))
            .expression_attribute_values(":end", AttributeValue::S(end.to_owned()))
            .scan_index_forward(false);
        // One more than is asked for, since the place itself may be among them.
        let mut read_at_once = limit.saturating_add(1);
        if let Some(product) = selection.product {
            read_at_once = limit.saturating_mul(READ_PER_FILTERED);
            query = query
                .filter_expression("product = :product")
                .expression_attribute_values(":product", AttributeValue::S(product.id().to_owned()));
        }
        // A page of DynamoDB's own size is a megabyte, several times that once it is read, and of each owner at once.
        let read_at_once = if limit == usize::MAX { READ_BY_JOBS } else { read_at_once };
        query = query.limit(i32::try_from(read_at_once).unwrap_or(i32::MAX));
        let mut items = query.into_paginator().items().send();
        let mut sales = vec![];
        while sales.len() < limit
            && let Some(item) = items.next().await
        {
            let item = item.map_err(|error| StoreError::call(format!("sales of {}", owner.key()), &error))?;
            let sale: Sale = document::read(&item)?;
            if place(&sale).as_str() < end {
                sales.push(keep(sale));
            }
        }
        Ok(sales)
    }

    /// The deals of an account with a sale that amoCRM has not confirmed, those first that have waited longest.
    pub async fn unread(&self, account: u64, limit: i32) -> Result<Vec<DealId>, StoreError> {
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name("unread")
            .key_condition_expression("unread_key = :account")
            .expression_attribute_values(":account", AttributeValue::S(account.to_string()))
            .limit(limit)
            .send()
            .await
            .map_err(|error| StoreError::call("deals that amoCRM has not confirmed", &error))?;
        let lead = |item: &Item| item.get("pk")?.as_s().ok()?.split_once('#')?.1.parse().ok();
        Ok(page.items().iter().filter_map(lead).map(|lead| DealId { account, lead }).collect())
    }

    /// A deal; nothing where it is not known.
    pub async fn deal(&self, id: DealId) -> Result<Option<Deal>, StoreError> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(deal_key(id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreError::call(format!("deal {id}"), &error))?;
        found.item.as_ref().map(document::read).transpose()
    }

    /// Sales as they stand now, whatever an index still says of them, in no order.
    pub async fn by_id(&self, ids: &[SaleId]) -> Result<Vec<Sale>, StoreError> {
        let keys = ids.iter().map(|id| sale_key(*id)).collect();
        let items = batch_get(&self.client, &self.table, keys, "sales by their ids").await?;
        items.iter().map(document::read).collect()
    }

    /// The deals of these sales, in no order.
    pub async fn deals(&self, ids: &[DealId]) -> Result<Vec<Deal>, StoreError> {
        let keys = ids.iter().map(|id| deal_key(*id)).collect();
        let items = batch_get(&self.client, &self.table, keys, "deals").await?;
        items.iter().map(document::read).collect()
    }
}
