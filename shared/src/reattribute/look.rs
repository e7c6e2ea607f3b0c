//! What there is of some days that rules decide about.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;

use crate::domain::day::Period;
use crate::domain::deal::Deal;
use crate::domain::event::DealId;
use crate::domain::reattribution::Preview;
use crate::domain::rules::Rules;
use crate::edge::caller::Scope;
use crate::edge::config::Tables;
use crate::store::StoreError;
use crate::store::leads_by_team::LeadsByTeam;
use crate::store::rules::RuleBooks;
use crate::store::sales::{Sales, Selection};

/// Reads sales, their deals, and leads.
pub struct Look {
    /// The rules in force.
    pub rules: RuleBooks,
    /// The ledger.
    pub sales: Sales,
    /// The leads.
    pub leads: LeadsByTeam,
}

impl Look {
    /// Over these tables.
    pub fn new(client: &Client, tables: &Tables) -> Self {
        Self {
            rules: RuleBooks::new(client.clone(), tables.settings.clone()),
            sales: Sales::new(client.clone(), tables.sales.clone()),
            leads: LeadsByTeam::new(client.clone(), tables.leads.clone()),
        }
    }

    /// The deals with sales of these days, each once. `rules` name the teams.
    pub async fn deals(&self, rules: &Rules, period: Period) -> Result<Vec<Deal>, StoreError> {
        let scope = Scope::everything(rules);
        let sales = self.sales.all(&Selection { scope: &scope, period, product: None }).await?;
        let ids: BTreeSet<DealId> = sales.iter().map(|sale| sale.id().deal).collect();
        self.sales.deals(&ids.into_iter().collect::<Vec<_>>()).await
    }

    /// Counts what these rules would make of the sales and leads of a day. `seen` are the deals that were counted already.
    pub async fn preview(
        &self,
        preview: &mut Preview,
        seen: &mut BTreeSet<DealId>,
        (period, day): (Period, Period),
        (now, wanted): (&Rules, &Rules),
    ) -> Result<(), StoreError> {
        for deal in self.deals(now, day).await? {
            if seen.insert(deal.id()) {
                preview.add_deal(&deal, period, wanted);
            }
        }
        for lead in self.leads.all(&Scope::everything(now), day).await? {
            preview.add_lead(&lead, wanted);
        }
        Ok(())
    }
}
