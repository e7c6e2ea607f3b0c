//! `GET /api/traffic-dashboard/sales/{sale_id}`

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;
use shared::domain::day::almaty_time;
use shared::domain::deal::{Entry, Version};
use shared::domain::event::{Action, Origin, Route};
use shared::domain::landing_lead::LandingLead;
use shared::domain::money::{Money, Tenge};
use shared::domain::order::in_order;
use shared::domain::product::Product;
use shared::domain::sale::{SaleId, State};
use shared::domain::team::TeamId;
use shared::domain::utm::{self, UtmName};
use shared::edge::caller::Caller;
use shared::edge::errors::ApiError;
use shared::edge::freshness;
use shared::edge::http;
use shared::edge::query::DashboardAnswer;
use shared::edge::rows::SaleRow;
use shared::store::events::Events;
use shared::store::reconciliations::Reconciliations;
use shared::store::rules::RuleBooks;
use shared::store::sales::Sales;

/// Answers with one sale.
pub struct OneSale {
    /// The ledger.
    pub sales: Sales,
    /// When it last moved.
    pub events: Events,
    /// How reading amoCRM stands.
    pub reconciliations: Reconciliations,
    /// The teams.
    pub rules: RuleBooks,
}

#[derive(Serialize)]
struct Answer {
    sale: SaleRow,
    events: Vec<EventRow>,
    versions: Vec<VersionRow>,
    leads: Vec<LeadRow>,
}

/// A form behind the deal, the oldest first; who filled it in is for amoCRM to say.
#[derive(Serialize)]
struct LeadRow {
    lead_id: String,
    slug: Option<String>,
    utm: BTreeMap<UtmName, String>,
    received_at: String,
}

/// One event of the deal, in the order in which they happened.
#[derive(Serialize)]
struct EventRow {
    event_id: String,
    route: Route,
    origin: Origin,
    action: Action,
    pipeline_id: Option<u64>,
    stage_id: Option<u64>,
    old_stage_id: Option<u64>,
    price: Option<Money>,
    happened_at: String,
    received_at: String,
}

/// One version of the sale, the oldest first.
#[derive(Serialize)]
struct VersionRow {
    version: u32,
    product: Product,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_from: Option<Product>,
    state: State,
    amount: Money,
    team: Option<TeamId>,
    sold_at: String,
    event_id: String,
    recorded_at: String,
}

impl OneSale {
    /// Answers one request.
    pub async fn answer(&self, request: Request, now: DateTime<Utc>) -> Result<Response<Body>, ApiError> {
        const UNKNOWN: ApiError = ApiError::NotFound("There is no such sale.");
        let book = self.rules.fresh().await?;
        let scope = Caller::of(&request)?.scope(None, book.now())?;
        let id = request.path_parameters_ref().and_then(|path| path.first("sale_id")).and_then(SaleId::parse);
        let id = id.ok_or(UNKNOWN)?;
        let deal = self.sales.deal(id.deal).await?.ok_or(UNKNOWN)?;
        // Links to a sale hold after it moved to another product.
        let sale = deal.sale_once_of(id.product).ok_or(UNKNOWN)?;
        if !scope.allows(&sale.owner()) {
            return Err(ApiError::Forbidden);
        }
        let answer = Answer {
            sale: sale.into(),
            events: in_order(&deal.history).into_iter().map(|(_, entry)| entry.into()).collect(),
            versions: deal.versions_of(sale.product).into_iter().map(VersionRow::from).collect(),
            leads: deal.leads.iter().map(LeadRow::from).collect(),
        };
        let freshness = freshness::of_sales(&self.events, &self.reconciliations, now).await?;
        http::json(StatusCode::OK, &DashboardAnswer::new(None, freshness, now, answer))
    }
}

impl From<&LandingLead> for LeadRow {
    fn from(lead: &LandingLead) -> Self {
        Self {
            lead_id: lead.lead_id.clone(),
            slug: lead.slug.clone(),
            utm: utm::shown(&lead.readings),
            received_at: almaty_time(lead.received_at),
        }
    }
}

impl From<&Entry> for EventRow {
    fn from(entry: &Entry) -> Self {
        Self {
            event_id: entry.id.clone(),
            route: entry.route,
            origin: entry.origin,
            action: entry.action,
            pipeline_id: entry.pipeline,
            stage_id: entry.stage,
            old_stage_id: entry.old_stage,
            price: entry.price.map(Tenge::money),
            happened_at: almaty_time(entry.at),
            received_at: almaty_time(entry.received_at),
        }
    }
}

impl From<&Version> for VersionRow {
    fn from(version: &Version) -> Self {
        Self {
            version: version.version,
            product: version.product,
            moved_from: version.moved_from,
            state: version.state,
            amount: version.amount.money(),
            team: version.team.clone(),
            sold_at: almaty_time(version.sold_at),
            event_id: version.event_id.clone(),
            recorded_at: almaty_time(version.recorded_at),
        }
    }
}
