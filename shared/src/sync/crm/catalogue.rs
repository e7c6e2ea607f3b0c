//! What an account looks like: its pipelines and the fields of its deals. It is asked for once in ten minutes, and anew
//! where amoCRM refuses what it said.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};

use super::amocrm::AmoCrm;
use super::stop::Stop;
use crate::domain::crm::account::Pipeline;

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
#[derive(Debug, Default)]
pub struct Kept(Mutex<Option<(DateTime<Utc>, Arc<Catalogue>)>>);

impl Kept {
    /// The catalogue, asked for where it is not known or too old.
    pub async fn get(&self, crm: &AmoCrm<'_>, now: DateTime<Utc>) -> Result<Arc<Catalogue>, Stop> {
        if let Some(known) = self.known(now) {
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
        self.put(Some((now, catalogue.clone())));
        Ok(catalogue)
    }

    /// amoCRM has refused what it said: the next who asks gets a new one.
    pub fn forget(&self) {
        self.put(None);
    }

    fn known(&self, now: DateTime<Utc>) -> Option<Arc<Catalogue>> {
        let held = self.0.lock().ok()?;
        let (asked_at, catalogue) = held.as_ref()?;
        (now - *asked_at < KEPT).then(|| catalogue.clone())
    }

    fn put(&self, catalogue: Option<(DateTime<Utc>, Arc<Catalogue>)>) {
        if let Ok(mut held) = self.0.lock() {
            *held = catalogue;
        }
    }
}
