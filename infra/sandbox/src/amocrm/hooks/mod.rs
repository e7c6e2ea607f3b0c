//! Hooks: what changed is told to the address in the settings, in the background and in no promised order, as the
//! real ones are. Where they go is a secret and is not written down.

mod form;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use chrono::SecondsFormat;
use http_body_util::Full;
use hyper::Request;
use hyper::header::{CONTENT_TYPE, USER_AGENT};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde_json::{Value, json};

use super::Amocrm;
use super::settings::HookSettings;
use super::world::What;

/// So many hooks are kept.
const KEPT: usize = 5000;
/// amoCRM waits no longer for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

type Sender = Client<HttpConnector, Full<Bytes>>;

/// What was sent and how.
pub struct Hooks {
    sender: Sender,
    count: u64,
    /// Counts from the last change of the settings, for what befalls every so many.
    turn: u64,
    on_their_way: u64,
    sent: VecDeque<Sent>,
}

/// One hook as the control API tells it.
#[derive(Serialize)]
struct Sent {
    n: u64,
    at: String,
    hook: What,
    lead_id: u64,
    lost: bool,
    /// The status of each attempt; null where no answer came in time.
    answers: Vec<Option<u16>>,
}

/// One hook on its way.
struct Parcel {
    n: u64,
    body: String,
    times: u64,
}

impl Default for Hooks {
    fn default() -> Self {
        // A hook opens a connection of its own, which also spares it those that the other side has closed.
        let sender = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        Self { sender, count: 0, turn: 0, on_their_way: 0, sent: VecDeque::new() }
    }
}

impl Hooks {
    /// The record as the control API answers it.
    pub fn report(&self) -> Value {
        json!({ "hooks": self.sent, "on_their_way": self.on_their_way })
    }

    /// Forgets what was sent.
    pub fn clear(&mut self) {
        self.sent.clear();
    }

    /// Counts anew what befalls every so many.
    pub fn restart(&mut self) {
        self.turn = 0;
    }

    fn pack(&mut self, hook: What, lead_id: u64, at: String, settings: &HookSettings) -> u64 {
        self.count += 1;
        self.turn += 1;
        let every = |n: u64| n > 0 && self.turn.is_multiple_of(n);
        let lost = every(settings.lose);
        let times = if lost { 0 } else { 1 + u64::from(every(settings.duplicate)) };
        self.sent.push_back(Sent { n: self.count, at, hook, lead_id, lost, answers: Vec::new() });
        if self.sent.len() > KEPT {
            self.sent.pop_front();
        }
        self.on_their_way += u64::from(!lost);
        times
    }

    fn answered(&mut self, n: u64, answer: Option<u16>) {
        if let Some(sent) = self.sent.iter_mut().rev().find(|sent| sent.n == n) {
            sent.answers.push(answer);
        }
    }
}

/// Sends what there is to tell.
pub fn set_out(amocrm: &Arc<Amocrm>) {
    let now = (amocrm.clock)();
    let mut guard = amocrm.state();
    let state = &mut *guard;
    let news = std::mem::take(&mut state.world.news);
    let Some(settings) = state.settings.hooks.clone().filter(|settings| !settings.disabled) else { return };
    for news in news.iter().filter(|news| settings.settings.contains(&news.what)) {
        let at = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        let times = state.hooks.pack(news.what, news.lead.id, at, &settings);
        if times > 0 {
            let parcel = Parcel { n: state.hooks.count, body: form::body(&state.world, news), times };
            tokio::spawn(deliver(Arc::clone(amocrm), settings.clone(), parcel));
        }
    }
}

async fn deliver(amocrm: Arc<Amocrm>, settings: HookSettings, parcel: Parcel) {
    if settings.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(settings.delay_ms)).await;
    }
    let sender = amocrm.state().hooks.sender.clone();
    for _ in 0..parcel.times {
        for _ in 0..=u8::from(settings.retry) {
            let answer = post(&sender, &settings.url, parcel.body.clone()).await;
            amocrm.state().hooks.answered(parcel.n, answer);
            if answer.is_some_and(|status| (200..300).contains(&status)) {
                break;
            }
        }
    }
    let mut state = amocrm.state();
    state.hooks.on_their_way = state.hooks.on_their_way.saturating_sub(1);
}

async fn post(sender: &Sender, url: &str, body: String) -> Option<u16> {
    let request = Request::post(url)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(USER_AGENT, "amoCRM-WebHook-client/2.0")
        .body(Full::new(Bytes::from(body)))
        .ok()?;
    let answer = tokio::time::timeout(PATIENCE, sender.request(request)).await;
    answer.ok()?.ok().map(|answer| answer.status().as_u16())
}
