//! From a request to an answer on the wire.
//!
//! 1. The call is read and recorded; it counts as in flight until its answer is made or its caller is gone.
//! 2. The limits count it, and may refuse it or everybody.
//! 3. The token is checked.
//! 4. A fault may strike.
//! 5. The edge answers from the world, and may change it; hooks about the change set out.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State as Shared};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::any;
use futures::{StreamExt, stream};
use http_body_util::{BodyExt, Limited};

use super::address::Edge;
use super::call::Call;
use super::edges::{Scene, answer};
use super::faults::{Effect, Kind};
use super::problem::unauthorized;
use super::reply::Reply;
use super::{Amocrm, hooks};
use crate::serve::hang_up;

const MAX_BODY: usize = 4 * 1024 * 1024;

/// Everything below `/amocrm`.
pub fn router(amocrm: Arc<Amocrm>) -> Router {
    Router::new()
        .route("/amocrm", any(take))
        .route("/amocrm/{*path}", any(take))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(amocrm)
}

async fn take(Shared(amocrm): Shared<Arc<Amocrm>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else { return hang_up() };
    let call = Call::read(&parts, &body.to_bytes());
    let mut visit = Visit::begin(&amocrm, &call);
    let effect = match visit.admit() {
        Ok(None) => return visit.send(visit.open()),
        Ok(Some(effect)) => effect,
        Err(refusal) => return visit.send(refusal),
    };
    match effect {
        Effect::Answer(reply) => visit.send(reply),
        Effect::HangUp => visit.silent(&[]),
        Effect::LostAnswer => {
            let reply = visit.open();
            visit.silent(&reply.made)
        }
        Effect::Hang(seconds) => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            visit.send(visit.open())
        }
        Effect::Cut => cut(visit.send(visit.open())),
    }
}

/// One call on its way. Dropping it, answered or not, ends its flight.
struct Visit<'a> {
    amocrm: &'a Arc<Amocrm>,
    call: &'a Call,
    n: u64,
    fault: Option<Kind>,
    refusal: Option<Reply>,
    ended: bool,
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        let mut state = self.amocrm.state();
        if !self.ended {
            // The caller went away first.
            state.record.finish(self.n, self.call.address.edge, None, self.fault, &[]);
        }
        state.record.leave();
    }
}

impl<'a> Visit<'a> {
    fn begin(amocrm: &'a Arc<Amocrm>, call: &'a Call) -> Self {
        let mut guard = amocrm.state();
        let state = &mut *guard;
        // Read under the lock, so that arrivals are counted in their order.
        let now = (amocrm.clock)();
        let token = state.tokens.carried(call.token.as_deref());
        let opens = token.opens();
        let n = state.record.arrive(call, token, now);
        let inside = call.address.edge != Edge::Token;
        let mut refusal = inside.then(|| state.limits.arrive(opens, &state.settings, now)).flatten();
        if inside && !opens {
            refusal = refusal.or_else(|| Some(unauthorized().reply()));
        }
        drop(guard);
        Self { amocrm, call, n, fault: None, refusal, ended: false }
    }

    /// Nothing where the edge is to answer.
    fn admit(&mut self) -> Result<Option<Effect>, Reply> {
        if let Some(refusal) = self.refusal.take() {
            return Err(refusal);
        }
        let fault = self.amocrm.state().faults.take(self.call);
        self.fault = fault.as_ref().map(|fault| fault.kind);
        Ok(fault.map(|fault| fault.effect()))
    }

    /// The edge's own answer.
    fn open(&self) -> Reply {
        let now = (self.amocrm.clock)().timestamp();
        let mut guard = self.amocrm.state();
        let state = &mut *guard;
        let query = self.call.query.clone().without_filters(&state.settings.disabled_filters);
        let scene = Scene { call: self.call, query, settings: &state.settings, now };
        let reply = answer(&scene, &mut state.world, &mut state.tokens);
        state.revision += u64::from(self.call.address.edge.writes());
        drop(guard);
        hooks::set_out(self.amocrm);
        reply.unwrap_or_else(super::problem::Problem::reply)
    }

    fn silent(&mut self, made: &[u64]) -> Response {
        self.end(None, made);
        hang_up()
    }

    fn end(&mut self, status: Option<u16>, made: &[u64]) {
        self.ended = true;
        self.amocrm.state().record.finish(self.n, self.call.address.edge, status, self.fault, made);
    }

    fn send(&mut self, reply: Reply) -> Response {
        self.end(Some(reply.status.as_u16()), &reply.made);
        let length = reply.body.len();
        let mut response = Response::new(Body::from(reply.body));
        *response.status_mut() = reply.status;
        if let Some(kind) = reply.kind {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        let request_id =
            HeaderValue::try_from(format!("{:016x}", crate::dice::throw(&[&self.n.to_string()])));
        if let Ok(id) = request_id {
            response.headers_mut().insert("x-request-id", id);
        }
        for (name, value) in reply.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// The same answer, whose connection breaks in the middle of the body.
fn cut(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let broken = stream::once(async move {
        let whole = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        Ok::<Bytes, crate::serve::HangUp>(whole.slice(..whole.len() / 2))
    });
    let end = stream::once(async {
        // What breaks at once takes the first half with it, unsent.
        tokio::task::yield_now().await;
        Err(crate::serve::HangUp)
    });
    Response::from_parts(parts, Body::from_stream(broken.chain(end)))
}
