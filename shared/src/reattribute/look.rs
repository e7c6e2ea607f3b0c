//! What there is of some days that rules decide about.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::Client;

use crate::domain::ad_lookup::{self, Accounts};
use crate::domain::day::Period;
use crate::domain::deal::Deal;
use crate::domain::event::DealId;
use crate::domain::lead::Lead;
use crate::domain::reattribution::Preview;
use crate::domain::rules::Rules;
use crate::edge::caller::Scope;
use crate::edge::config::Tables;
use crate::store::StoreError;
use crate::store::ads::Ads;
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
    /// Whose the ads are that values name.
    pub ads: Ads,
}

impl Look {
    /// Over these tables.
    pub fn new(client: &Client, tables: &Tables) -> Self {
        Self {
            rules: RuleBooks::new(client.clone(), tables.settings.clone()),
            sales: Sales::new(client.clone(), tables.sales.clone()),
            leads: LeadsByTeam::new(client.clone(), tables.leads.clone()),
            ads: Ads::new(client.clone(), tables.ads.clone()),
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
        let mut deals = self.deals(now, day).await?;
        deals.retain(|deal| seen.insert(deal.id()));
        let leads = self.leads.all(&Scope::everything(now), day).await?;
        let accounts = self.accounts(&deals, &leads, wanted).await?;
        for deal in &deals {
            preview.add_deal(deal, &accounts, period, wanted);
        }
        for lead in &leads {
            preview.add_lead(lead, &accounts, wanted);
        }
        Ok(())
    }

    /// The ad accounts of ids in these deals and leads, where these rules decide by them.
    pub async fn accounts(
        &self,
        deals: &[Deal],
        leads: &[Lead],
        rules: &Rules,
    ) -> Result<Accounts, StoreError> {
        let of_deals = deals.iter().flat_map(|deal| ad_lookup::ids_of_deal(deal, &rules.teams));
        let of_leads = leads.iter().flat_map(|lead| ad_lookup::ids_of_lead(lead, &rules.teams));
        self.ads.accounts_of(of_deals.chain(of_leads).collect()).await
    }
}
