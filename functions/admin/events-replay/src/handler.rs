//! `POST /api/admin/events/replay`

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use serde_json::json;
use shared::domain::audit::Action;
use shared::edge::acts::{Act, Acts};
use shared::edge::caller::Caller;
use shared::edge::clock;
use shared::edge::cursor;
use shared::edge::errors::ApiError;
use shared::edge::hook::{Came, HookResult, Replayer};
use shared::edge::http;
use shared::edge::metrics::HookRecord;
use shared::store::StoreError;
use shared::store::event_log::Logged;

use crate::tally::Tally;
use crate::wish::{Which, Wish};

/// So many events are read together.
const AT_ONCE: usize = 50;

/// So many of their hooks are taken in side by side.
const SIDE_BY_SIDE: usize = 16;

/// They have this long together, with what is read of them, so that a store that hangs leaves time for the answer. What is in it
/// then stays there.
const TIME: Duration = Duration::from_secs(6);

const UNKNOWN: &str = "there is no such event";
const NO_HOOK: &str = "no hook told of it";
const GONE: &str = "its hook is no longer kept";
const REFUSED: &str = "the store refused; replay it again";

/// Hooks by their bodies and times, each with the events that came in it.
type Hooks<'a> = BTreeMap<(&'a str, DateTime<Utc>), (Came<'a>, Vec<&'a Logged>)>;

/// Replays many hooks.
pub struct ReplayMany {
    /// What replays.
    pub replayer: Replayer,
    /// Where it is noted.
    pub acts: Acts,
}

/// How a batch of events is handled.
struct Batch {
    now: DateTime<Utc>,
    began: Instant,
    dry_run: bool,
}

/// The events of a batch, the ids that are none, and where to go on.
struct Page {
    events: Vec<Logged>,
    unknown: Vec<String>,
    rest: Option<Which>,
}

/// What is kept of their hooks: which they are, or the bodies themselves.
enum Bodies {
    Of(HashSet<String>),
    Are(HashMap<String, Vec<u8>>),
}

impl Bodies {
    fn hold(&self, raw_id: &str) -> bool {
        match self {
            Self::Of(ids) => ids.contains(raw_id),
            Self::Are(bodies) => bodies.contains_key(raw_id),
        }
    }
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    dry_run: bool,
    #[serde(flatten)]
    tally: Tally,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl ReplayMany {
    /// Answers one request.
    pub async fn answer(
        &self,
        request: Request,
        now: DateTime<Utc>,
        is_time_up: impl Fn() -> bool,
    ) -> Result<Response<Body>, ApiError> {
        let caller = Caller::admin(&request)?;
        let Wish { which, dry_run } = Wish::parse(request.body(), now)?;
        let mut record = HookRecord::default();
        let (mut tally, mut left) = (Tally::new(dry_run), Some(which));
        while let Some(which) = left {
            let batch = Batch { now, began: clock::stopwatch(), dry_run };
            left = match self.batch(&which, &batch, &mut tally, &mut record).await {
                Ok(rest) => rest,
                Err(error) if tally.is_empty() => return Err(error.into()),
                // What was done before is told and noted, and where to go on.
                Err(error) => {
                    tracing::error!(error = %error, "of many replays the rest could not be read");
                    left = Some(which);
                    break;
                }
            };
            if is_time_up() {
                break;
            }
        }
        let next = left.and_then(|which| match which {
            Which::Ids(_, from) => cursor::write(&from),
            Which::Filter(_, places) => cursor::write(&places),
        });
        if !dry_run && tally.matched > 0 {
            let act = Act {
                action: Action::EventsReplayed,
                subject: "events".to_owned(),
                after: json!({ "matched": tally.matched, "replayed": tally.replayed }),
                effect: format!("{} of {} replayed", tally.replayed, tally.matched),
            };
            self.acts.note(&request, caller, act, now).await?;
        }
        let mut response = http::json(StatusCode::OK, &Answer { success: true, dry_run, tally, next })?;
        response.extensions_mut().insert(record);
        Ok(response)
    }

    /// Handles the next events, and says where to go on behind them. Where they cannot be read nothing of them is done or told.
    async fn batch(
        &self,
        which: &Which,
        batch: &Batch,
        tally: &mut Tally,
        record: &mut HookRecord,
    ) -> Result<Option<Which>, StoreError> {
        let read = async {
            let page = self.some(which).await?;
            let ids = raw_ids(&page.events);
            let bodies = if batch.dry_run {
                Bodies::Of(self.replayer.raws.kept(&ids).await?)
            } else {
                Bodies::Are(self.replayer.raws.bodies(&ids).await?)
            };
            Ok::<_, StoreError>((page, bodies))
        };
        let late = |_| Err(StoreError::OutOfTime { doing: "reading events to replay".to_owned() });
        let (page, bodies) = tokio::time::timeout(TIME, read).await.unwrap_or_else(late)?;
        let is_kept = |event: &Logged| Came::with(&event.record).is_some_and(|came| bodies.hold(came.raw_id));
        tally.show(&page.events, page.events.iter().filter(|event| is_kept(event)).count());
        tally.failed(page.unknown.iter().map(String::as_str), UNKNOWN);
        if let Bodies::Are(bodies) = &bodies {
            self.replay(&page.events, bodies, batch, tally, record).await;
        }
        Ok(page.rest)
    }

    /// The next events.
    async fn some(&self, which: &Which) -> Result<Page, StoreError> {
        match which {
            Which::Ids(ids, from) => {
                let to = ids.len().min(from + AT_ONCE);
                let asked = &ids[*from..to];
                let mut known = self.replayer.log.by_ids(asked).await?;
                let (mut events, mut unknown) = (Vec::with_capacity(asked.len()), vec![]);
                for id in asked {
                    match known.remove(id) {
                        Some(event) => events.push(event),
                        None => unknown.push(id.clone()),
                    }
                }
                let rest = (to < ids.len()).then(|| Which::Ids(ids.clone(), to));
                Ok(Page { events, unknown, rest })
            }
            Which::Filter(selection, places) => {
                let found = self.replayer.log.page(selection, places.clone(), AT_ONCE).await?;
                let rest = found.next.map(|places| Which::Filter(selection.clone(), places));
                Ok(Page { events: found.events, unknown: vec![], rest })
            }
        }
    }

    /// Replays the hooks of these events, each hook once.
    async fn replay(
        &self,
        events: &[Logged],
        bodies: &HashMap<String, Vec<u8>>,
        batch: &Batch,
        tally: &mut Tally,
        record: &mut HookRecord,
    ) {
        // A body without times of its own is another hook whenever it comes.
        let mut hooks = Hooks::new();
        for event in events {
            match Came::with(&event.record) {
                Some(came) => {
                    hooks.entry((came.raw_id, came.received_at)).or_insert((came, vec![])).1.push(event)
                }
                None => tally.failed([event.record.id.as_str()].into_iter(), NO_HOOK),
            }
        }
        let hooks = hooks.into_values();
        let replaying: Vec<_> = hooks.map(|(came, events)| self.again(came, events, bodies, batch)).collect();
        let replayed: Vec<_> = stream::iter(replaying).buffer_unordered(SIDE_BY_SIDE).collect().await;
        for (events, replayed) in replayed {
            let ids = events.iter().map(|event| event.record.id.as_str());
            match replayed {
                Some(Ok(results)) => tally.took(events.len(), &results, record),
                Some(Err(error)) => {
                    tracing::warn!(error = %error, "a hook could not be replayed");
                    tally.failed(ids, REFUSED);
                }
                None => tally.failed(ids, GONE),
            }
        }
    }

    /// Replays one hook, and says which events came in it; nothing came of it where it is no longer kept.
    async fn again<'a>(
        &self,
        came: Came<'a>,
        events: Vec<&'a Logged>,
        bodies: &HashMap<String, Vec<u8>>,
        batch: &Batch,
    ) -> (Vec<&'a Logged>, Option<Result<Vec<HookResult>, StoreError>>) {
        let Some(bytes) = bodies.get(came.raw_id) else { return (events, None) };
        let time = TIME.saturating_sub(batch.began.elapsed());
        let replayed = self.replayer.again(&came, &events, bytes, batch.now, time).await;
        (events, Some(replayed))
    }
}

/// The bodies of these events' hooks, each once.
fn raw_ids(events: &[Logged]) -> Vec<&str> {
    let came = events.iter().filter_map(|event| Came::with(&event.record));
    let ids: BTreeSet<&str> = came.map(|came| came.raw_id).collect();
    ids.into_iter().collect()
}
