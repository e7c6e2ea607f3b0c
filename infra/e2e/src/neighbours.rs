//! All neighbours at once as a test of tokens and secrets works with them: what they take for good, how they go wrong, what
//! they were asked; and the secrets that the functions know them by.

use serde_json::{Map, Value, json};

use crate::env::{env, root};
use crate::people::Caller;
use crate::sandbox::{control, take_back};
use crate::stack::Stack;
use crate::{Answer, Crm, aws, graph, pulling, wait, world};

const HEALTH: &str = "/api/admin/token-health";
const SECRETS: &str = "/api/admin/secrets";

/// Each neighbour's name, in paths and in the names of secrets.
pub const NAMES: [&str; 6] = ["facebook", "amocrm", "telegram", "sms", "openai", "supabase"];

/// What of the sandbox is taken back.
const CHANGED: [&str; 8] = [
    "graph/faults",
    "graph/world",
    "telegram/faults",
    "telegram/settings",
    "sms/faults",
    "sms/settings",
    "openai/faults",
    "openai/settings",
];

/// A turn at all neighbours, without any other test on the stack. What the test made of them is taken back when this is
/// dropped, also by a failing test; the secrets are put back when the next turn begins, and by [`Neighbours::end`].
#[derive(Debug)]
pub struct Neighbours {
    /// amoCRM, and the stack.
    pub crm: Crm,
}

impl Drop for Neighbours {
    fn drop(&mut self) {
        for what in CHANGED {
            take_back(&format!("/control/{what}"));
        }
    }
}

impl Neighbours {
    /// A turn with all neighbours as they are by default, and a secret for each.
    pub async fn alone() -> Self {
        let neighbours = Self { crm: Crm::alone().await };
        for what in CHANGED {
            control("DELETE", &format!("/control/{what}"), None).await;
        }
        graph::enter(&world::world(&[])).await;
        pulling::forget().await;
        put_back().await;
        for name in NAMES {
            forget(&format!("token-health#{name}")).await;
            forget(&format!("lock#secret-{name}")).await;
        }
        neighbours
    }

    /// The stack.
    pub fn stack(&self) -> &Stack {
        &self.crm.stack
    }

    /// Puts the secrets back and has every function forget the others.
    pub async fn end(self) {
        put_back().await;
        for function in ["notification-sender", "facebook-pull", "facebook-refresh-run", "facebook-discover"]
        {
            pulling::kill(function).await;
        }
    }

    /// Has the tokens checked now, however short a time ago that was done.
    pub async fn check(&self) -> Map<String, Value> {
        forget("token-health#run").await;
        self.check_again().await
    }

    /// Has them checked, if that was not just done.
    pub async fn check_again(&self) -> Map<String, Value> {
        by_name(&self.stack().post_json(&Caller::Admin, HEALTH, &json!({})).await.ok())
    }

    /// How they stand by the last check.
    pub async fn told(&self) -> Map<String, Value> {
        by_name(&self.stack().get(&Caller::Admin, HEALTH).await.ok())
    }

    /// Stores fields of a neighbour's secret.
    pub async fn put(&self, caller: &Caller, name: &str, fields: &Value) -> Answer {
        let body = Some(("application/json", fields.to_string().into_bytes()));
        self.stack().send("PUT", &format!("{SECRETS}/{name}"), caller, body).await
    }

    /// What of a neighbour's secret may be shown.
    pub async fn shown(&self, name: &str) -> Value {
        self.stack().get(&Caller::Admin, &format!("{SECRETS}/{name}")).await.ok()["secret"].take()
    }

    /// All rows of all pages of the audit, the newest first.
    pub async fn audit(&self, question: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (vec![], String::new());
        loop {
            let path = format!("/api/admin/audit?{question}{cursor}");
            let page = self.stack().get(&Caller::Admin, &path).await.ok();
            rows.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }
}

/// Has a neighbour go wrong in this way at every call.
pub async fn fail(name: &str, fault: &Value) {
    control("PUT", &format!("/control/{name}/faults"), Some(&json!({ "faults": [fault] }))).await;
}

/// Ends that.
pub async fn heal(name: &str) {
    control("DELETE", &format!("/control/{name}/faults"), None).await;
}

/// Makes these settings of a neighbour; parts left out are the default world's.
pub async fn set(name: &str, settings: &Value) {
    control("PUT", &format!("/control/{name}/settings"), Some(settings)).await;
}

/// How often a neighbour was asked at an edge.
pub async fn asked(name: &str, list: &str, edge: &str) -> usize {
    let record = control("GET", &format!("/control/{name}/{list}"), None).await;
    let requests = record["requests"].as_array().expect("requests");
    requests.iter().filter(|request| request["edge"] == edge || request["method"] == edge).count()
}

/// What the stack's secret of a neighbour holds.
pub async fn kept(name: &str) -> Value {
    aws::secret(env().get(&variable(name))).await
}

/// Has the store hold another one, past the route.
pub async fn store(name: &str, secret: &Value) {
    aws::put_secret(env().get(&variable(name)), secret).await;
}

/// Takes an item out of the settings table.
pub async fn forget(pk: &str) {
    let key = json!({"TableName": env().get("TABLE_SETTINGS"), "Key": {"pk": {"S": pk}}});
    aws::dynamodb("DeleteItem", &key).await;
}

/// The secret of each neighbour by the sandbox's default worlds.
pub fn default(name: &str) -> Value {
    let file = |name: &str| {
        let file = root().join(format!("infra/sandbox/worlds/{name}.json"));
        let world =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        serde_json::from_str::<Value>(&world).expect("a world in JSON")
    };
    match name {
        "facebook" => {
            let world = file("school");
            json!({
                "access_token": world["token"]["access_token"],
                "app_id": world["app"]["id"], "app_secret": world["app"]["secret"],
            })
        }
        "amocrm" => json!({ "access_token": file("amocrm")["tokens"]["long_lived"][0] }),
        "telegram" => {
            let world = file("telegram");
            json!({"bot_token": world["token"], "chat_id": world["chats"][0]["id"].to_string()})
        }
        "sms" => {
            let world = file("sms");
            json!({"api_key": world["api_key"], "from": world["senders"][0]})
        }
        "openai" => json!({ "api_key": file("openai")["api_key"] }),
        "supabase" => {
            let world = file("supabase");
            json!({"landing_key": world["landing"]["key"], "tripwire_key": world["tripwire"]["key"]})
        }
        other => panic!("{other} is no neighbour"),
    }
}

async fn put_back() {
    for name in NAMES {
        store(name, &default(name)).await;
    }
}

fn variable(name: &str) -> String {
    format!("SECRET_{}", name.to_uppercase())
}

fn by_name(answer: &Value) -> Map<String, Value> {
    let tokens = answer["tokens"].as_array().expect("tokens").iter();
    tokens.map(|token| (token["name"].as_str().expect("a name").to_owned(), token.clone())).collect()
}

/// Waits until a function's log has a line with this text.
pub async fn until_logged(function: &str, text: &str) {
    let group = format!("/aws/lambda/{}", env().function(function));
    wait::until(&format!("{function} to log {text}"), async || {
        let input = json!({"logGroupName": group, "filterPattern": format!("\"{text}\"")});
        let page = aws::logs("FilterLogEvents", &input).await;
        page["events"].as_array().is_some_and(|events| !events.is_empty()).then_some(())
    })
    .await;
}
