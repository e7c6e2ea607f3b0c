//! The items of a change, as they stand in the tables.
//!
//! sales: `pk` is `<account>#<lead>`; `sk` is `deal`, or `sale#<product>`. A sale also has `team_key` and `sold_key`,
//! by which the index `by_team` lists the sales of a team in the order of their time. A deal with a sale that amoCRM has
//! not confirmed has `unread_key` and `unread_since`, by which the index `unread` lists what amoCRM is to be asked for.

use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};

use crate::domain::deal::Deal;
use crate::domain::ledger::Writes;
use crate::domain::sale::{Sale, SaleId};
use crate::store::place::instant;
use crate::store::{StoreError, document, sales};

/// The write of the deal, conditional on what was read of it.
pub fn deal(table: &str, deal: &Deal, prior: Option<&Deal>) -> Result<TransactWriteItem, StoreError> {
    let doing = || format!("deal {}", deal.id());
    let mut item = document::item(deal, [])?;
    item.extend(sales::deal_key(deal.id()));
    item.insert("version".to_owned(), AttributeValue::N(deal.version.to_string()));
    if let Some(since) = deal.unread_since() {
        let text = |text: String| AttributeValue::S(text);
        item.insert("unread_key".to_owned(), text(deal.account.to_string()));
        item.insert("unread_since".to_owned(), text(instant(since)));
    }
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    let put = match prior {
        None => put.condition_expression("attribute_not_exists(pk)"),
        Some(prior) => put
            .condition_expression("version = :version")
            .expression_attribute_values(":version", AttributeValue::N(prior.version.to_string())),
    };
    let put = put.build().map_err(|error| StoreError::item(doing(), &error))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// The writes of the deal's sales; the deal's version guards them.
pub fn sales(table: &str, writes: &Writes) -> Result<Vec<TransactWriteItem>, StoreError> {
    let removed = writes.remove.iter().map(|id| remove(table, *id));
    removed.chain(writes.put.iter().map(|sale| put(table, sale))).collect()
}

fn put(table: &str, sale: &Sale) -> Result<TransactWriteItem, StoreError> {
    let doing = || format!("sale {}", sale.id());
    let item = sales::item(sale)?;
    let put = Put::builder().table_name(table).set_item(Some(item)).build();
    put.map(|put| TransactWriteItem::builder().put(put).build())
        .map_err(|error| StoreError::item(doing(), &error))
}

fn remove(table: &str, id: SaleId) -> Result<TransactWriteItem, StoreError> {
    let delete = Delete::builder().table_name(table).set_key(Some(sales::sale_key(id))).build();
    delete
        .map(|delete| TransactWriteItem::builder().delete(delete).build())
        .map_err(|error| StoreError::item(format!("sale {id}"), &error))
}
