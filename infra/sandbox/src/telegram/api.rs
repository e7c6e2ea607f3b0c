//! From a request to an answer: the token, a fault, the method.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::any;
use serde_json::{Map, Value, json};

use super::faults::Kind;
use super::refusal::{Refusal, done};
use super::send::Draft;
use super::{Asked, State, Telegram};
use crate::faults::{Kind as _, name, page};
use crate::serve::hang_up;

/// Everything below `/telegram`.
pub fn router(telegram: Arc<Telegram>) -> Router {
    Router::new().route("/telegram/{bot}/{method}", any(take)).with_state(telegram)
}

async fn take(
    Shared(telegram): Shared<Arc<Telegram>>,
    Path((bot, method)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let given = parameters(query.as_deref().unwrap_or_default(), &headers, &body);
    let chat = given.as_ref().ok().and_then(|given| given.get("chat_id")).map(plain);
    // Names of methods are case-insensitive; one that is not known is told as it came.
    let known = Kind::EDGES.iter().find(|known| known.eq_ignore_ascii_case(&method));
    let edge = known.map_or(method.as_str(), |known| *known);
    let right = bot.strip_prefix("bot") == Some(telegram.state().settings.token.as_str());
    let fault = if right { telegram.state().faults.take(edge, chat.as_deref()) } else { None };
    let asked = Asked {
        method: edge.to_owned(),
        chat_id: chat.clone(),
        status: None,
        description: None,
        fault: fault.as_ref().and_then(name),
        token: if right { "ok" } else { "wrong" },
    };
    let n = telegram.state().requests.note((telegram.clock)(), asked);
    let call = Call { telegram: &telegram, n, edge, chat: chat.unwrap_or_default(), given };
    if !right {
        return call.say(Err(Refusal::new(StatusCode::UNAUTHORIZED, "Unauthorized")));
    }
    call.answer(fault).await
}

/// One call whose token is right.
struct Call<'a> {
    telegram: &'a Telegram,
    n: u64,
    edge: &'a str,
    chat: String,
    given: Result<Map<String, Value>, Refusal>,
}

impl Call<'_> {
    async fn answer(mut self, fault: Option<Kind>) -> Response {
        match fault {
            Some(Kind::HangUp {}) => return hang_up(),
            Some(Kind::BadGateway {}) => return self.ended(page(StatusCode::BAD_GATEWAY), None),
            Some(Kind::Raw(raw)) => return self.ended(raw.response(), None),
            Some(Kind::LostAnswer {}) => {
                // What it would have said, is not said.
                drop(self.carry_out());
                return hang_up();
            }
            // A caller who leaves before has not been served: nothing is carried out.
            Some(Kind::Hang { seconds }) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            Some(kind) => {
                if let Some(refusal) = kind.refusal() {
                    return self.say(Err(refusal));
                }
            }
            None => {}
        }
        let result = self.carry_out();
        self.say(result)
    }

    fn carry_out(&mut self) -> Result<Value, Refusal> {
        let given = std::mem::replace(&mut self.given, Ok(Map::new()))?;
        let now = (self.telegram.clock)();
        let mut guard = self.telegram.state();
        let state: &mut State = &mut guard;
        match self.edge {
            "getMe" => Ok(state.settings.bot.user()),
            "getChat" => {
                let chat = state.settings.chat(&self.chat);
                chat.map(|chat| json!(chat)).ok_or_else(|| Refusal::bad_request("chat not found"))
            }
            "sendMessage" => {
                let draft = Draft::read(&given)?;
                if self.chat.is_empty() {
                    return Err(Refusal::bad_request("chat_id is empty"));
                }
                draft.send(state, &self.chat, now)
            }
            _ => Err(Refusal::new(StatusCode::NOT_FOUND, "Not Found")),
        }
    }

    fn say(&self, result: Result<Value, Refusal>) -> Response {
        match result {
            Ok(result) => self.ended(done(&result), None),
            Err(refusal) => self.ended(refusal.response(), Some(refusal.description)),
        }
    }

    fn ended(&self, response: Response, description: Option<String>) -> Response {
        if let Some(asked) = self.telegram.state().requests.get_mut(self.n) {
            asked.status = Some(response.status().as_u16());
            asked.description = description;
        }
        response
    }
}

/// From the query and from a form or JSON body.
fn parameters(query: &str, headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let pairs = |text: &[u8]| {
        form_urlencoded::parse(text)
            .map(|(name, value)| (name.into_owned(), json!(value)))
            .collect::<Map<_, _>>()
    };
    let mut given = pairs(query.as_bytes());
    if body.is_empty() {
        return Ok(given);
    }
    if kind.starts_with("application/json") {
        let body = serde_json::from_slice::<Map<String, Value>>(body)
            .map_err(|_| Refusal::bad_request("can't parse JSON object"))?;
        given.extend(body);
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        given.extend(pairs(body));
    } else {
        return Err(Refusal::not_played("this content type"));
    }
    Ok(given)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
