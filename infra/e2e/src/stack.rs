//! The stack under test, through its front door.

use std::net::{IpAddr, Ipv4Addr};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use tokio::sync::{OnceCell, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::client;
use crate::document::Document;
use crate::env::env;
use crate::hook::{Hook, Route};
use crate::people::Caller;
use crate::{Answer, Deal, crm, faults, schedules, wait};

/// Faults hit whoever calls, so a test that switches them on has the stack to itself.
static TURN: RwLock<()> = RwLock::const_new(());

/// There is one amoCRM. Who has a turn at it (`crm`) writes; who sends forms that are of no matter to it reads. Always
/// taken before the stack.
pub(crate) static FORMS: RwLock<()> = RwLock::const_new(());

static DOCUMENT: OnceCell<Document> = OnceCell::const_new();

/// The stack, for the length of one test.
#[derive(Debug)]
pub struct Stack {
    client: Client,
    turn: Turn,
    _forms: Option<RwLockReadGuard<'static, ()>>,
}

#[derive(Debug)]
#[expect(dead_code, reason = "held, not read")]
enum Turn {
    Shared(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
    Borrowed,
}

impl Stack {
    /// The stack, shared with other tests.
    pub async fn open() -> Self {
        begin().await;
        Self { client: from_address(None), turn: Turn::Shared(TURN.read().await), _forms: None }
    }

    /// The same, for who sends forms.
    pub async fn for_forms() -> Self {
        let forms = FORMS.read().await;
        Self { _forms: Some(forms), ..Self::open().await }
    }

    /// The stack without any other test on it.
    pub async fn alone() -> Self {
        begin().await;
        Self { client: from_address(None), turn: Turn::Alone(TURN.write().await), _forms: None }
    }

    /// Whether no other test is on it.
    pub fn is_alone(&self) -> bool {
        matches!(self.turn, Turn::Alone(_))
    }

    /// The same stack, seen from another address: limits count by address. Not longer than `self` is held.
    #[must_use]
    pub fn from_elsewhere(&self) -> Self {
        let byte = || fastrand::u8(1..=254);
        let address = Ipv4Addr::new(127, byte(), byte(), byte());
        Self { client: from_address(Some(address.into())), turn: Turn::Borrowed, _forms: None }
    }

    /// Asks.
    pub async fn get(&self, caller: &Caller, path: &str) -> Answer {
        self.send("GET", path, caller, None).await
    }

    /// Sends JSON.
    pub async fn post_json(&self, caller: &Caller, path: &str, body: &Value) -> Answer {
        self.send("POST", path, caller, Some(("application/json", body.to_string().into_bytes()))).await
    }

    /// Sends JSON and claims to do so for another address.
    pub async fn post_claiming(&self, address: &str, path: &str, body: &Value) -> Answer {
        let url = format!("{}{path}", env().get("BASE_URL"));
        let request = self.client.post(&url).header("x-forwarded-for", address).json(body);
        let answer = received(format!("POST {path}"), request).await;
        answer.assert_common();
        answer
    }

    /// Sends a hook, as amoCRM does.
    pub async fn hook(&self, hook: &Hook) -> Answer {
        self.hook_body(hook.route, hook.body()).await
    }

    /// Sends a body to a route's webhook, as amoCRM does.
    pub async fn hook_body(&self, route: Route, body: Vec<u8>) -> Answer {
        self.hook_as(route, "application/x-www-form-urlencoded", body).await
    }

    /// Sends a body of some type to a route's webhook, with the live key.
    pub async fn hook_as(&self, route: Route, content_type: &str, body: Vec<u8>) -> Answer {
        let path = format!("{}?key={}", route.path(), env().get("WEBHOOK_KEY"));
        self.send("POST", &path, &Caller::Nobody, Some((content_type, body))).await
    }

    /// Sends anything. Every answer is checked against the published document and for what no answer may hold.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        caller: &Caller,
        body: Option<(&str, Vec<u8>)>,
    ) -> Answer {
        // Signing in sends a request of its own, which needs no token.
        let token = Box::pin(caller.token(self)).await;
        let answer = self.raw(method, path, token.as_deref(), body, &[]).await;
        self.assert_described(method, path, &answer).await;
        answer
    }

    /// Posts a body with these headers and without a token.
    pub async fn post_with(
        &self,
        path: &str,
        content_type: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let answer = self.raw("POST", path, None, Some((content_type, body)), headers).await;
        self.assert_described("POST", path, &answer).await;
        answer
    }

    /// Asks as a browser does before it sends something to another origin than the page's.
    pub async fn preflight(&self, path: &str, origin: &str) -> Answer {
        let asked = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type,idempotency-key"),
        ];
        self.raw("OPTIONS", path, None, None, &asked).await
    }

    async fn assert_described(&self, method: &str, path: &str, answer: &Answer) {
        answer.assert_common();
        let plain = path.split('?').next().unwrap_or_default();
        self.document().await.assert_describes(method, plain, answer);
    }

    /// The published document.
    pub async fn document(&self) -> &'static Document {
        DOCUMENT
            .get_or_init(async || {
                let answer = self.raw("GET", "/api/openapi.json", None, None, &[]).await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                Document::new(answer.json())
            })
            .await
    }

    async fn raw(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<(&str, Vec<u8>)>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = format!("{}{path}", env().get("BASE_URL"));
        let mut request = self.client.request(method.parse::<Method>().unwrap(), &url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some((content_type, body)) = body {
            request = request.header("content-type", content_type).body(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let asked = format!("{method} {path}").replace(env().get("WEBHOOK_KEY"), "…");
        received(asked, request).await
    }

    /// A sale's page, as the admin sees it.
    pub async fn sale(&self, id: &str) -> Answer {
        self.get(&Caller::Admin, &format!("/api/traffic-dashboard/sales/{id}")).await
    }

    /// Waits until a sale is in the ledger, and returns its page.
    pub async fn until_sold(&self, deal: Deal, product: &str) -> Value {
        let id = deal.sale(product);
        let what = format!("sale {id}");
        let page =
            wait::until(&what, async || Some(self.sale(&id).await).filter(|answer| answer.status != 404));
        page.await.ok()
    }
}

/// Before the first test: no fault of a run that was killed is left, and where all tests run, the record of calls starts
/// with them, so that what an earlier version of the functions called is not held against this one.
async fn begin() {
    static BEGUN: OnceCell<()> = OnceCell::const_new();
    BEGUN
        .get_or_init(async || {
            faults::clear().await;
            // A schedule that nobody waits for would tell the chat of what other tests break.
            schedules::stop().await;
            // Leads of tests that are not about amoCRM stay where they are.
            crm::deliver(false).await;
            let is_filtered = std::env::args().skip(1).any(|argument| !argument.starts_with('-'));
            if !is_filtered {
                faults::forget_calls().await;
            }
        })
        .await;
}

async fn received(asked: String, request: RequestBuilder) -> Answer {
    let answer = request.send().await;
    let answer = answer
        .unwrap_or_else(|error| panic!("{asked}: no answer ({}); is the stack up?", error.without_url()));
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = answer.bytes().await.expect("a whole answer").to_vec();
    Answer { asked, status, headers, body }
}

fn from_address(address: Option<IpAddr>) -> Client {
    client::builder().local_address(address).build().unwrap()
}
