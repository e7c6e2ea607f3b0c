//! The AWS gate of the sandbox: faults that a test switches on, and the record of who called what.

use serde_json::{Value, json};

use crate::sandbox::{control, take_back};
use crate::stack::Stack;
use crate::wait;

/// Faults that are switched off when this is dropped, also by a failing test.
#[derive(Debug)]
pub struct Faults(());

/// One fault: these functions' calls of this service go wrong in this way.
pub fn fault(kind: &str, service: &str, function: &str) -> Value {
    json!({"kind": kind, "service": service, "function": function})
}

impl Faults {
    /// Switches these on and all others off. Only a test that is alone on the stack may: the gate has one list.
    pub async fn on(stack: &Stack, faults: &[Value]) -> Self {
        assert!(stack.is_alone(), "faults hit everybody; take the stack with Stack::alone");
        control("PUT", "/gate/faults", Some(&json!({ "faults": faults }))).await;
        Self(())
    }

    /// How many calls each of them broke so far.
    pub async fn hits(&self) -> Vec<u64> {
        let report = control("GET", "/gate/faults", None).await;
        report["faults"].as_array().unwrap().iter().map(|fault| fault["hits"].as_u64().unwrap()).collect()
    }

    /// Waits until the fault at this place has broken a call.
    pub async fn until_hit(&self, place: usize) {
        wait::until("a call that the fault breaks", async || self.hits().await[place].checked_sub(1)).await;
    }

    /// Switches all off.
    pub async fn off(self) {
        clear().await;
    }
}

/// Switches all faults off.
pub async fn clear() {
    control("DELETE", "/gate/faults", None).await;
}

/// Starts the record of calls anew.
pub async fn forget_calls() {
    control("DELETE", "/gate/calls", None).await;
}

impl Drop for Faults {
    fn drop(&mut self) {
        take_back("/gate/faults");
    }
}

/// What the functions called since the record was last started anew: function, `service:Action`, resource.
pub async fn calls() -> Vec<(String, String, String)> {
    let report = control("GET", "/gate/calls", None).await;
    let text = |call: &Value, name: &str| call[name].as_str().unwrap().to_owned();
    let calls = report["calls"].as_array().unwrap().iter().map(|call| {
        let action = format!("{}:{}", text(call, "service"), text(call, "action"));
        (text(call, "function"), action, text(call, "resource"))
    });
    calls.collect()
}

/// How often a function called an operation.
pub async fn count_of(function: &str, operation: &str) -> u64 {
    let report = control("GET", "/gate/calls", None).await;
    let requests = report["requests"].as_array().unwrap();
    let of = requests.iter().filter(|of| of["function"] == function && of["operation"] == operation);
    of.map(|of| of["count"].as_u64().unwrap()).sum()
}
