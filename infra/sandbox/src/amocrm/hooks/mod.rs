//! Hooks: what changed is told to the address in the settings, in the background and in no promised order, as the
//! real ones are. Where they go is a secret and is not written down here.

mod fate;
mod form;
mod post;
mod record;

use std::sync::Arc;
use std::time::Duration;

use chrono::SecondsFormat;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use self::fate::{Fate, Fates};
use self::post::Sender;
use self::record::Record;
use super::Amocrm;
use super::settings::HookSettings;

/// So many are sent at the same time: as many as there are would drown the front door.
const AT_ONCE: usize = 16;

/// What was sent and how, and what is still to be sent.
pub struct Hooks {
    sender: Sender,
    lane: Arc<Semaphore>,
    fates: Fates,
    on_their_way: usize,
    /// Until a test releases them.
    held: Vec<Parcel>,
    /// Until the next one has been sent.
    waiting: Option<Parcel>,
    record: Record,
}

/// One hook on its way.
struct Parcel {
    n: u64,
    body: String,
    times: u64,
    settings: Arc<HookSettings>,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            sender: post::sender(),
            lane: Arc::new(Semaphore::new(AT_ONCE)),
            fates: Fates::default(),
            on_their_way: 0,
            held: Vec::new(),
            waiting: None,
            record: Record::default(),
        }
    }
}

impl Hooks {
    /// The record as the control API answers it.
    pub fn report(&self) -> Value {
        let kept_back = self.held.len() + usize::from(self.waiting.is_some());
        json!({ "hooks": self.record.told(), "on_their_way": self.on_their_way, "kept_back": kept_back })
    }

    /// Forgets what was sent, and what is kept back.
    pub fn clear(&mut self) {
        self.record.clear();
        self.let_go();
    }

    /// Counts anew what befalls every so many.
    pub fn restart(&mut self) {
        self.fates = Fates::default();
    }

    /// Forgets what is kept back.
    pub fn let_go(&mut self) {
        self.held.clear();
        self.waiting = None;
    }

    /// What befalls the next one.
    fn fate(&mut self, settings: &HookSettings) -> Fate {
        match self.fates.next(settings) {
            // It is the one that another waits for.
            Fate::Swapped if self.waiting.is_some() => Fate::Sent,
            fate => fate,
        }
    }

    /// What sets out with this parcel, one after the other.
    fn take(&mut self, parcel: Parcel, fate: Fate) -> Vec<Parcel> {
        let ready = match fate {
            Fate::Lost => Vec::new(),
            Fate::Held => {
                self.held.push(parcel);
                Vec::new()
            }
            Fate::Swapped => {
                self.waiting = Some(parcel);
                Vec::new()
            }
            Fate::Sent | Fate::Doubled => [Some(parcel), self.waiting.take()].into_iter().flatten().collect(),
        };
        self.on_their_way += ready.len();
        ready
    }

    fn release(&mut self) -> Vec<Parcel> {
        let mut parcels = std::mem::take(&mut self.held);
        parcels.extend(self.waiting.take());
        parcels.sort_by_key(|parcel| std::cmp::Reverse(parcel.n));
        self.on_their_way += parcels.len();
        parcels
    }
}

/// Sends what there is to tell.
pub fn set_out(amocrm: &Arc<Amocrm>) {
    let now = (amocrm.clock)();
    let mut guard = amocrm.state();
    let state = &mut *guard;
    let news = std::mem::take(&mut state.world.news);
    let Some(settings) = state.settings.hooks.clone().filter(|settings| !settings.disabled) else { return };
    let settings = Arc::new(settings);
    let delay = Duration::from_millis(settings.delay_ms);
    for news in news.iter().filter(|news| settings.settings.contains(&news.what)) {
        let fate = state.hooks.fate(&settings);
        let at = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        let parcel = Parcel {
            n: state.hooks.record.note(news, fate, at),
            body: form::body(&state.world, news),
            times: if fate == Fate::Doubled { 2 } else { 1 },
            settings: Arc::clone(&settings),
        };
        let ready = state.hooks.take(parcel, fate);
        if !ready.is_empty() {
            tokio::spawn(deliver(Arc::clone(amocrm), ready, delay));
        }
    }
}

/// Sends what was kept back, one after the other and the newest first; how many these are.
pub fn release(amocrm: &Arc<Amocrm>) -> usize {
    let parcels = amocrm.state().hooks.release();
    let count = parcels.len();
    tokio::spawn(deliver(Arc::clone(amocrm), parcels, Duration::ZERO));
    count
}

async fn deliver(amocrm: Arc<Amocrm>, parcels: Vec<Parcel>, delay: Duration) {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let (sender, lane) = {
        let hooks = &amocrm.state().hooks;
        (hooks.sender.clone(), Arc::clone(&hooks.lane))
    };
    for parcel in parcels {
        // Nobody closes the lane; without it, hooks would only be sent too many at a time.
        let permit = lane.acquire().await;
        for _ in 0..parcel.times {
            for _ in 0..=u8::from(parcel.settings.retry) {
                let answer = post::post(&sender, &parcel.settings.url, parcel.body.clone()).await;
                amocrm.state().hooks.record.answered(parcel.n, answer);
                if answer.is_some_and(|status| (200..300).contains(&status)) {
                    break;
                }
            }
        }
        drop(permit);
        let mut state = amocrm.state();
        state.hooks.on_their_way = state.hooks.on_their_way.saturating_sub(1);
    }
}
