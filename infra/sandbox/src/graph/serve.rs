//! From a request to an answer on the wire: admission, faults, limits, the edge, the headers.
//!
//! 1. The call is read and recorded; it counts as in flight until its answer is made or its caller is gone.
//! 2. Version, token and proof are checked.
//! 3. A block in force refuses it; else the score counts it and may open one; else a fault may strike.
//! 4. The edge answers from the world.
//! 5. Usage headers go on every answer, good or failed.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::any;
use futures::{StreamExt, stream};
use http_body_util::{BodyExt, Limited};

use super::call::Call;
use super::edges::{Scene, answer};
use super::faults::{Effect, Subject, effect};
use super::insights::window;
use super::paging::Size;
use super::record::End;
use super::reply::{Payload, Reply};
use super::runs::Fate;
use super::{Graph, State, auth};
use crate::serve::hang_up;

const MAX_BODY: usize = 1024 * 1024;

/// Everything below `/graph`.
pub fn router(graph: Arc<Graph>) -> Router {
    Router::new()
        .route("/graph", any(take))
        .route("/graph/{*path}", any(take))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(graph)
}

/// What is done with the call after admission.
enum Course {
    Refused(Reply),
    Struck(Effect),
    Open,
}

async fn take(Shared(graph): Shared<Arc<Graph>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else { return hang_up() };
    let call = Call::read(&parts, &body.to_bytes());
    let mut visit = Visit::begin(&graph, &call);
    match visit.admit() {
        Course::Refused(reply) => visit.send(reply),
        Course::Struck(Effect::Answer(reply, _)) => visit.send(reply),
        Course::Struck(Effect::HangUp) => {
            visit.end(None);
            hang_up()
        }
        Course::Struck(Effect::Hang(seconds)) => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            let reply = visit.open(None);
            visit.send(reply)
        }
        Course::Struck(Effect::Cut) => {
            let reply = visit.open(None);
            cut(visit.send(reply)).await
        }
        Course::Struck(Effect::Fate(fate)) => {
            let reply = visit.open(Some(fate));
            visit.send(reply)
        }
        Course::Open => {
            let reply = visit.open(None);
            visit.send(reply)
        }
    }
}

/// One call on its way. Dropping it, answered or not, ends its flight.
struct Visit<'a> {
    graph: &'a Graph,
    call: &'a Call,
    account: Option<String>,
    n: u64,
    fault: Option<super::faults::Kind>,
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.graph.state().record.leave(self.account.as_deref());
    }
}

impl<'a> Visit<'a> {
    fn begin(graph: &'a Graph, call: &'a Call) -> Self {
        let now = (graph.clock)();
        let mut state = graph.state();
        let run = state.runs.get(&call.address.node).map(|run| run.account_id.clone());
        let account = call.address.account_id().map(str::to_owned).or(run);
        let proof = auth::proof(call, &state.world);
        let n = state.record.arrive(call, account.as_deref(), proof, now);
        Self { graph, call, account, n, fault: None }
    }

    fn admit(&mut self) -> Course {
        let (call, edge) = (self.call, self.call.address.edge);
        let now = (self.graph.clock)();
        let mut guard = self.graph.state();
        let state = &mut *guard;
        state.trace += 1;
        let (trace, tier) = (state.trace, state.world.tier);
        let account = self.account.as_deref();
        // Asked first, so that a call in a block is counted whatever else is wrong with it.
        let refusal = state.usage.refuse(account, edge, tier, now);
        let error = auth::admit(call, &state.world).err();
        if let Some(refusal) = error.or(refusal) {
            return Course::Refused(refusal.reply(trace));
        }
        if let Err(refusal) = state.usage.spend(account, edge, tier, now) {
            return Course::Refused(refusal.reply(trace));
        }
        let subject = Subject {
            account_id: account,
            edge,
            days: window(&call.parameters),
            limit: call.get("limit").and_then(|text| text.parse().ok()).unwrap_or(25),
        };
        if let Some(fault) = state.faults.take(&subject) {
            self.fault = Some(fault.kind);
            let mut effect = effect(&fault, account, &call.address.node, tier, trace, now);
            if let Effect::Answer(_, block) = &mut effect
                && let Some((scope, block)) = block.take()
            {
                state.usage.block(scope, block);
            }
            return Course::Struck(effect);
        }
        Course::Open
    }

    /// The edge's own answer.
    fn open(&self, fate: Option<Fate>) -> Reply {
        let mut guard = self.graph.state();
        let state = &mut *guard;
        state.pages += 1;
        let world = Arc::clone(&state.world);
        let size = Size::of(state.pages, world.short_pages);
        let scene = Scene { world: &world, call: self.call, now: (self.graph.clock)(), size };
        match answer(&scene, &mut state.runs, fate) {
            Ok(body) => Reply::ok(body),
            Err(error) => error.reply(state.trace),
        }
    }

    fn end(&self, reply: Option<&Reply>) {
        let (code, subcode) = reply.map_or((None, None), Reply::codes);
        let end = End { status: reply.map(|reply| reply.status.as_u16()), code, subcode, fault: self.fault };
        self.graph.state().record.finish(self.n, &end);
    }

    fn send(&self, reply: Reply) -> Response {
        self.end(Some(&reply));
        let headers = self.headers(&mut self.graph.state(), &reply);
        let (kind, body) = match reply.body {
            Payload::Json(body) => ("application/json; charset=UTF-8", body.to_string()),
            Payload::Text(kind, body) => (kind, body),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = reply.status;
        *response.headers_mut() = headers;
        response.headers_mut().insert(axum::http::header::CONTENT_TYPE, HeaderValue::from_static(kind));
        overlay(response.headers_mut(), reply.headers);
        response
    }

    fn headers(&self, state: &mut State, reply: &Reply) -> HeaderMap {
        let now = (self.graph.clock)();
        let account = self.account.as_deref();
        let ads = account.and_then(|id| state.world.account(id)).map_or(0, |account| account.ad_count);
        let edge = self.call.address.edge;
        let told = state.usage.headers(account, edge, state.world.tier, ads, reply.codes(), now);
        let told = told.into_iter().chain([("facebook-api-version", auth::VERSION.to_owned())]);
        let mut headers = HeaderMap::new();
        overlay(&mut headers, told.map(|(name, value)| (name.to_owned(), Some(value))).collect());
        headers
    }
}

/// Sets headers, and takes away those without a value.
fn overlay(headers: &mut HeaderMap, changes: Vec<(String, Option<String>)>) {
    for (name, value) in changes {
        let Ok(name) = HeaderName::try_from(name) else { continue };
        match value.map(HeaderValue::try_from) {
            Some(Ok(value)) => headers.insert(name, value),
            Some(Err(_)) => continue,
            None => headers.remove(name),
        };
    }
}

/// The same answer, whose connection breaks in the middle of the body.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(body) = body.collect().await else { return hang_up() };
    let body = body.to_bytes();
    parts.headers.insert(axum::http::header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    let half: Bytes = body.slice(..body.len() / 2);
    let broken = stream::once(async { Ok(half) }).chain(stream::once(async {
        // What breaks at once takes the first half with it, unsent.
        tokio::task::yield_now().await;
        Err(crate::serve::HangUp)
    }));
    Response::from_parts(parts, Body::from_stream(broken))
}
