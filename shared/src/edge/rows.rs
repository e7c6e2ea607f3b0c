//! A sale as lists, files and its own page show it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::attribution::Trail;
use crate::domain::day::{Day, almaty_time};
use crate::domain::money::Money;
use crate::domain::product::Product;
use crate::domain::sale::{AmountSource, Sale, State};
use crate::domain::team::TeamId;
use crate::domain::utm::UtmName;

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct SaleRow {
    sale_id: String,
    account_id: u64,
    lead_id: u64,
    product: Product,
    team: Option<TeamId>,
    state: State,
    amount: Money,
    amount_source: AmountSource,
    sold_at: String,
    day: Day,
    received_at: String,
    verified: bool,
    utm: BTreeMap<UtmName, String>,
    trail: Trail,
    versions: u32,
}

impl From<&Sale> for SaleRow {
    fn from(sale: &Sale) -> Self {
        Self {
            sale_id: sale.id().to_string(),
            account_id: sale.account,
            lead_id: sale.lead_id,
            product: sale.product,
            team: sale.team.clone(),
            state: sale.state,
            amount: sale.amount.money(),
            amount_source: sale.amount_source,
            sold_at: almaty_time(sale.sold_at),
            day: sale.day,
            received_at: almaty_time(sale.received_at),
            verified: sale.verified,
            utm: sale.utm.clone(),
            trail: sale.trail.clone(),
            versions: sale.versions,
        }
    }
}
