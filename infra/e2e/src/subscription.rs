//! What the sandbox's amoCRM tells by hooks, and how badly; the record knows which change had none.

use serde_json::{Value, json};

use crate::env::env;
use crate::hook::Route;
use crate::sandbox::control;
use crate::wait;

/// A hook that was to be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Telling {
    /// The deal.
    pub lead: u64,
    /// When it changed, in Unix seconds.
    pub at: i64,
    /// What was to be told, by amoCRM's name.
    pub what: String,
    /// Whether it has arrived.
    pub arrived: bool,
}

/// Has hooks of these kinds sent to the route of all sales, with these misfortunes (`lose`, `hold`, …).
pub async fn subscribe(kinds: &[&str], misfortunes: &Value) {
    let url = format!("{}{}?key={}", env().get("BASE_URL"), Route::Sales.path(), env().get("WEBHOOK_KEY"));
    let mut hooks = json!({"url": url, "settings": kinds, "retry": true});
    let more = misfortunes.as_object().expect("settings").clone();
    hooks.as_object_mut().expect("settings").extend(more);
    control("PUT", "/control/amocrm/settings", Some(&json!({ "hooks": hooks }))).await;
}

/// Waits until everything that is on its way has arrived.
pub async fn until_arrived() {
    wait::until("the hooks to arrive", async || (record().await["on_their_way"] == 0).then_some(())).await;
}

/// Every hook since the record was last forgotten.
pub async fn told() -> Vec<Telling> {
    let record = record().await;
    let hooks = record["hooks"].as_array().expect("hooks").iter();
    let telling = |hook: &Value| Telling {
        lead: hook["lead_id"].as_u64().expect("a lead"),
        at: hook["updated_at"].as_i64().expect("a time"),
        what: hook["hook"].as_str().expect("a name").to_owned(),
        arrived: hook["answers"].as_array().expect("answers").contains(&json!(200)),
    };
    hooks.map(telling).collect()
}

/// Sends what was kept back, the newest first; how many these were.
pub async fn release() -> u64 {
    let released = control("POST", "/control/amocrm/hooks/release", None).await;
    until_arrived().await;
    released["released"].as_u64().expect("a count")
}

/// Forgets the record, and what is kept back.
pub async fn forget() {
    control("DELETE", "/control/amocrm/hooks", None).await;
}

async fn record() -> Value {
    control("GET", "/control/amocrm/hooks", None).await
}
