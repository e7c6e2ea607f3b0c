//! The sandbox's amoCRM as a test works with it: a turn at it, what it holds of a person, what it was asked and how it
//! goes wrong, and the leads that wait for it.
//!
//! There is one account, and all functions share its limit. So leads wait in the queue while no test has the turn, and
//! whatever waited before is forgotten when one gets it: other tests send forms too.

mod account;
mod jobs;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::RwLockWriteGuard;

use crate::env::{env, root};
use crate::sandbox::{control, take_back};
use crate::stack::{FORMS, Stack};
use crate::{aws, events, leads, outbox, pulling, schedules, wait};

pub use account::Asked;
pub use jobs::{attempt, deliver};

/// So many ids a test may give to people and deals.
const OWN_IDS: u64 = 1_000;

/// A turn at amoCRM. What the test made of it is taken back when this is dropped, also by a failing test.
#[derive(Debug)]
pub struct Crm {
    /// The stack.
    pub stack: Stack,
    first_id: u64,
    _forms: RwLockWriteGuard<'static, ()>,
}

impl Drop for Crm {
    fn drop(&mut self) {
        for what in ["faults", "settings", "block", "world"] {
            take_back(&format!("/control/amocrm/{what}"));
        }
    }
}

impl Crm {
    /// A turn at the account as it is by default.
    pub async fn open() -> Self {
        let forms = FORMS.write().await;
        Self::begin(Stack::open().await, forms, None).await
    }

    /// A turn at an account like this.
    pub async fn of(world: &Value) -> Self {
        let forms = FORMS.write().await;
        Self::begin(Stack::open().await, forms, Some(world)).await
    }

    /// A turn without any other test on the stack, for who breaks more than amoCRM.
    pub async fn alone() -> Self {
        let forms = FORMS.write().await;
        Self::begin(Stack::alone().await, forms, None).await
    }

    async fn begin(stack: Stack, forms: RwLockWriteGuard<'static, ()>, world: Option<&Value>) -> Self {
        // The ledger remembers deals by their ids for ever; a new world would begin with the same ones.
        let first_id = fastrand::u64(100_000..4_000_000) * OWN_IDS;
        let crm = Self { stack, first_id, _forms: forms };
        schedules::stop().await;
        deliver(false).await;
        pulling::purge(jobs::QUEUE).await;
        jobs::until_nobody_writes().await;
        jobs::forget().await;
        for pk in
            ["breaker#amocrm", "amocrm#state", "rate#amocrm", "lock#amocrm-token", "settings#payment_stages"]
        {
            let key = json!({"TableName": env().get("TABLE_SETTINGS"), "Key": {"pk": {"S": pk}}});
            aws::dynamodb("DeleteItem", &key).await;
        }
        for what in ["faults", "settings", "block", "world"] {
            control("DELETE", &format!("/control/amocrm/{what}"), None).await;
        }
        if let Some(world) = world {
            control("PUT", "/control/amocrm/world", Some(world)).await;
        }
        crm.add(&json!({"leads": [{"id": first_id + OWN_IDS, "name": "The last one before this test"}]}))
            .await;
        store_secret(&long_lived()).await;
        crm.forget_asked().await;
        crm.forget_known().await;
        crm
    }

    /// An id that nothing has had yet.
    pub fn id(&self, n: u64) -> u64 {
        assert!(n < OWN_IDS, "{n} is too large");
        self.first_id + n
    }

    /// Has the functions forget what they know of the account: pipelines for ten minutes, the token for one. Nobody is at
    /// work meanwhile, or the lead would be lost to the queue for as long as its message is hidden.
    pub async fn forget_known(&self) {
        deliver(false).await;
        jobs::until_nobody_writes().await;
        for function in [jobs::WRITER, "pipeline-check"] {
            pulling::kill(function).await;
        }
        deliver(true).await;
    }

    /// Lets nothing more go to amoCRM: to be called at the end of a test.
    pub async fn end(self) {
        deliver(false).await;
        jobs::until_nobody_writes().await;
        store_secret(&long_lived()).await;
    }

    /// Waits until amoCRM was told of a lead, and returns the lead.
    pub async fn until_written(&self, id: &str) -> Value {
        self.until_lead(id, "to be in amoCRM", |lead| lead["status"] == "in_crm").await
    }

    /// Waits until a lead is so.
    pub async fn until_lead(&self, id: &str, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        wait::until(&format!("lead {id} {what}"), async || Some(leads::lead(id).await).filter(&is_so)).await
    }

    /// Waits until an attempt with a lead that waits has ended with this in its error.
    pub async fn until_put_off(&self, id: &str, error: &str) -> Value {
        let is_so = |lead: &Value| lead["crm"]["last_error"].as_str().is_some_and(|of| of.contains(error));
        self.until_lead(id, &format!("to be put off for {error}"), |lead| is_so(lead)).await
    }

    /// Waits until everything that can be done now is done.
    pub async fn until_idle(&self) {
        wait::until("the writer's queue to be worked off", async || jobs::is_idle().await.then_some(()))
            .await;
    }

    /// Ends the locks of a lead's person, as the time of a dead writer's would.
    pub async fn forget_locks(&self, lead: &str) {
        let lead = leads::lead(lead).await;
        for (kind, field) in [("phone", "phone"), ("email", "email")] {
            let hash = hex::encode(Sha256::digest(lead[field].as_str().expect("a text")));
            let key = json!({"pk": {"S": format!("lock#{kind}#{hash}")}, "sk": {"S": "lock"}});
            aws::dynamodb("DeleteItem", &json!({"TableName": env().get("TABLE_LEADS"), "Key": key})).await;
        }
    }

    /// Lets the time pass for which leads were put off, and sweeps.
    pub async fn sweep(&self) -> Value {
        jobs::make_due().await;
        outbox::sweep().await
    }

    /// Waits until amoCRM was told of all these leads. What was put off goes as soon as nothing else is left to do.
    pub async fn until_all_written(&self, ids: &[String]) {
        wait::until(&format!("{} leads to be in amoCRM", ids.len()), async || {
            let mut waiting = vec![];
            for id in ids {
                if leads::lead(id).await["status"] != "in_crm" {
                    waiting.push(id);
                }
            }
            if jobs::is_idle().await {
                for id in &waiting {
                    jobs::bring(id).await;
                }
            }
            waiting.is_empty().then_some(())
        })
        .await;
    }

    /// Configures which stage a payment method means.
    pub async fn configure_stages(&self, stages: &Value) {
        let document =
            json!({"version": 1, "value": {"pipeline_id": PIPELINE, "stages": stages}}).to_string();
        let item = json!({"pk": {"S": "settings#payment_stages"}, "document": {"S": document}});
        let put = json!({"TableName": env().get("TABLE_SETTINGS"), "Item": item});
        aws::dynamodb("PutItem", &put).await;
    }

    /// The breaker.
    pub async fn breaker(&self) -> Value {
        setting("breaker#amocrm").await.as_ref().map_or(Value::Null, events::document)
    }

    /// Waits until the breaker is so.
    pub async fn until_breaker(&self, state: &str) {
        wait::until(&format!("amoCRM's breaker to be {state}"), async || {
            (self.breaker().await["state"] == state).then_some(())
        })
        .await;
    }

    /// What is known to be wrong with amoCRM.
    pub async fn problem(&self) -> String {
        let state = setting("amocrm#state").await.as_ref().map_or(Value::Null, events::document);
        state["problem"].as_str().unwrap_or_default().to_owned()
    }
}

/// What every token and key begins with that a test makes up.
pub const MADE_UP: &str = "e2e-made-up-";

/// The pipeline of the funnel.
pub const PIPELINE: u64 = 10_350_882;

/// The token of the default world.
pub fn long_lived() -> Value {
    let file = root().join("infra/sandbox/worlds/amocrm.json");
    let world = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let world: Value = serde_json::from_str(&world).expect("a world in JSON");
    json!({ "access_token": world["tokens"]["long_lived"][0] })
}

/// Exchanges what the secret holds.
pub async fn store_secret(secret: &Value) {
    aws::put_secret(env().get("SECRET_AMOCRM"), secret).await;
}

/// What the secret holds.
pub async fn secret() -> Value {
    aws::secret(env().get("SECRET_AMOCRM")).await
}

/// Ends the time for which the breaker lets nobody through.
pub async fn end_cool_down() {
    pulling::end_cool_down_of("amocrm").await;
}

async fn setting(pk: &str) -> Option<Value> {
    let input =
        json!({"TableName": env().get("TABLE_SETTINGS"), "Key": {"pk": {"S": pk}}, "ConsistentRead": true});
    aws::dynamodb("GetItem", &input).await.get_mut("Item").map(Value::take)
}
