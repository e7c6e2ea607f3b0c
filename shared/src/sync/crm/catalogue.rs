//! What an account looks like: its pipelines and the fields of its deals. It is asked for once in ten minutes, and anew
//! where amoCRM refuses what it said.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::amocrm::AmoCrm;
use super::stop::Stop;
use crate::domain::crm::account::Pipeline;
use crate::edge::recent::Recent;

const KEPT: TimeDelta = TimeDelta::minutes(10);

/// Enough for thousands of fields.
const MOST_PAGES: u32 = 20;

/// What an account looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// Its pipelines.
    pub pipelines: Vec<Pipeline>,
    /// The codes of its deals' fields, in capitals.
    pub codes: BTreeSet<String>,
}

/// The catalogue as it was asked for last.
#[derive(Debug)]
pub struct Kept(Recent<Arc<Catalogue>>);

impl Default for Kept {
    fn default() -> Self {
        Self(Recent::new(KEPT))
    }
}

impl Kept {
    /// The catalogue, asked for where it is not known or too old.
    pub async fn get(&self, crm: &AmoCrm<'_>, now: DateTime<Utc>) -> Result<Arc<Catalogue>, Stop> {
        if let Some(known) = self.0.get(now) {
            return Ok(known);
        }
        let pipelines = crm.read(async |amocrm| amocrm.pipelines().await).await?;
        let mut codes = BTreeSet::new();
        for page in 1..=MOST_PAGES {
            let found = crm.read(async |amocrm| amocrm.deal_field_codes(page).await).await?;
            codes.extend(found.items);
            if !found.has_next {
                break;
            }
        }
        let catalogue = Arc::new(Catalogue { pipelines, codes });
        self.0.put(catalogue.clone(), now);
        Ok(catalogue)
    }

    /// amoCRM has refused what it said: the next who asks gets a new one.
    pub fn forget(&self) {
        self.0.forget();
    }
}
