//! Very many deals at once, cheaply and without a word to anybody, for tests of size.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::journal::Happened;
use super::wanted::entries;
use super::{Lead, WON, World, Wrong, ends};

/// So many at once.
const MOST: u32 = 1_000_000;
/// No deal is later: the year 2286.
const LAST_SECOND: i64 = 9_999_999_999;
/// The campaigns of four buyers.
const CAMPAIGNS: [&str; 4] = ["proftest_kenesary", "kz_ar_video", "onai2", "alex_1"];

/// Which deals are wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Many {
    count: u32,
    pipeline_id: Option<u64>,
    status_id: Option<u64>,
    #[serde(default)]
    price: i64,
    /// The first is made at this second, the rest evenly until before `to`.
    from: i64,
    to: i64,
    /// Every so many is won as soon as it is made; 0 for none.
    #[serde(default)]
    won_every: u32,
}

impl World {
    /// Makes them; the first and the last id, all others lie between them.
    pub fn add_many(&mut self, many: &Many) -> Result<(u64, u64), Wrong> {
        if !(1..=MOST).contains(&many.count) {
            return Err(Wrong(format!("from 1 to {MOST} deals can be made at once")));
        }
        if many.from < 0 || many.to < many.from || many.to > LAST_SECOND {
            return Err(Wrong("the deals have no span of time to be made in".to_owned()));
        }
        let place = self.place(None, many.pipeline_id, many.status_id);
        let place = place.map_err(|_| Wrong("the deals stand in no stage that can be".to_owned()))?;
        let campaigns = CAMPAIGNS.map(|name| {
            entries(&self.lead_fields, &BTreeMap::from([("UTM_CAMPAIGN".to_owned(), json!(name))]))
        });
        let campaigns = campaigns.into_iter().collect::<Result<Vec<_>, _>>()?;
        // Taken before any event takes its own, so that there are no others between them.
        let first = self.next_id + 1;
        self.next_id += u64::from(many.count);
        for ((n, id), values) in (0..many.count).zip(first..).zip(campaigns.iter().cycle()) {
            let at = many.from + (many.to - many.from) * i64::from(n) / i64::from(many.count);
            let lead = Lead { values: values.clone(), ..self.plain(id, place, many.price, at) };
            self.enter(lead);
            if many.won_every > 0 && (n + 1).is_multiple_of(many.won_every) {
                self.win(id);
            }
        }
        Ok((first, first + u64::from(many.count) - 1))
    }

    fn plain(&self, id: u64, (pipeline_id, status_id): (u64, u64), price: i64, at: i64) -> Lead {
        let user = self.account.user_id;
        Lead {
            id,
            name: format!("Сделка #{id}"),
            price,
            responsible_user_id: user,
            status_id,
            pipeline_id,
            loss_reason_id: None,
            created_by: user,
            updated_by: user,
            created_at: at,
            updated_at: at,
            closed_at: ends(status_id).then_some(at),
            tags: Vec::new(),
            values: Vec::new(),
            contacts: Vec::new(),
        }
    }

    fn win(&mut self, id: u64) {
        let Some(mut lead) = self.leads.get(id).cloned() else { return };
        let from = lead.place();
        lead.status_id = WON;
        lead.closed_at = Some(lead.updated_at);
        if lead.place() != from {
            self.note_event(Happened::Moved { from, to: lead.place() }, &lead);
        }
        self.leads.put(lead);
    }
}
