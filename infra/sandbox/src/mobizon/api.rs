//! From a request to an answer: the key, a fault, the method.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::get;

use super::faults::Kind;
use super::reply::{LOGIN, Reply};
use super::send::carry_out;
use super::{Asked, Mobizon};
use crate::faults::{name, page};
use crate::serve::hang_up;

const FORM: &str = "application/x-www-form-urlencoded";

/// Everything below `/sms`. Names in the path are case-insensitive.
pub fn router(mobizon: Arc<Mobizon>) -> Router {
    Router::new().route("/sms/{*path}", get(take).post(take)).with_state(mobizon)
}

async fn take(
    Shared(mobizon): Shared<Arc<Mobizon>>,
    Path(path): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let edge = edge(&path);
    let mut given = pairs(query.unwrap_or_default().as_bytes());
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with(FORM) {
        given.extend(pairs(&body));
    }
    let recipient = given.get("recipient").cloned();
    let key = match given.get("apiKey") {
        None => "none",
        Some(key) if *key == mobizon.state().settings.api_key => "ok",
        Some(_) => "wrong",
    };
    let fault = match key {
        "ok" => mobizon.state().faults.take(&edge, recipient.as_deref()),
        _ => None,
    };
    let asked = Asked {
        edge: edge.clone(),
        method: method.to_string(),
        recipient,
        status: None,
        code: None,
        fault: fault.as_ref().and_then(name),
        key,
    };
    let n = mobizon.state().requests.note((mobizon.clock)(), asked);
    let call = Call { mobizon: &mobizon, n, edge, given };
    if key != "ok" {
        return call.say(&Reply::refused(LOGIN, "Login failed"));
    }
    call.answer(fault).await
}

/// One call whose key is right.
struct Call<'a> {
    mobizon: &'a Mobizon,
    n: u64,
    edge: String,
    given: BTreeMap<String, String>,
}

impl Call<'_> {
    async fn answer(self, fault: Option<Kind>) -> Response {
        match fault {
            Some(Kind::HangUp {}) => return hang_up(),
            Some(Kind::Html {}) => return self.ended(page(StatusCode::BAD_GATEWAY), None),
            Some(Kind::Later { status: Some(_) }) => {
                return self.ended(page(StatusCode::SERVICE_UNAVAILABLE), None);
            }
            Some(Kind::Raw(raw)) => return self.ended(raw.response(), None),
            Some(Kind::LostAnswer {}) => {
                self.carry_out();
                return hang_up();
            }
            // A caller who leaves before has not been served: nothing is carried out.
            Some(Kind::Hang { seconds }) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            Some(kind) => {
                if let Some(reply) = kind.reply() {
                    return self.say(&reply);
                }
            }
            None => {}
        }
        let reply = self.carry_out();
        self.say(&reply)
    }

    fn carry_out(&self) -> Reply {
        let now = (self.mobizon.clock)();
        carry_out(&mut self.mobizon.state(), &self.edge, &self.given, now)
    }

    fn say(&self, reply: &Reply) -> Response {
        self.ended(reply.response(), Some(reply.code))
    }

    fn ended(&self, response: Response, code: Option<u16>) -> Response {
        if let Some(asked) = self.mobizon.state().requests.get_mut(self.n) {
            asked.status = Some(response.status().as_u16());
            asked.code = code;
        }
        response
    }
}

/// The method as faults and the record name it; the path itself for one that is not played.
fn edge(path: &str) -> String {
    let path = path.to_lowercase();
    match path.trim_end_matches('/') {
        "service/message/sendsmsmessage" => "sendSmsMessage".to_owned(),
        "service/message/getsmsstatus" => "getSmsStatus".to_owned(),
        "service/user/getownbalance" => "getOwnBalance".to_owned(),
        other => other.to_owned(),
    }
}

fn pairs(text: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(text).into_owned().collect()
}
