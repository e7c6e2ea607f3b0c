//! The record of what the functions used, for tests of least privilege and of round trips.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::call::{Call, Need};

/// Everything called since the last clearing. Counts only: bodies are never kept.
#[derive(Default)]
pub struct Calls {
    needs: BTreeMap<(Operation, Need), u64>,
    requests: BTreeMap<Operation, Requests>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Operation {
    function: String,
    service: String,
    operation: String,
}

#[derive(Default)]
struct Requests {
    count: u64,
    faulted: u64,
}

impl Calls {
    /// Adds a call; `faulted` when a fault answered in AWS's stead.
    pub fn note(&mut self, call: &Call, faulted: bool) {
        let operation = Operation {
            function: call.function.clone(),
            service: call.service.clone(),
            operation: call.operation.clone(),
        };
        for need in &call.needs {
            *self.needs.entry((operation.clone(), need.clone())).or_default() += 1;
        }
        let requests = self.requests.entry(operation).or_default();
        requests.count += 1;
        requests.faulted += u64::from(faulted);
    }

    /// Starts over.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The record as the control API answers it.
    pub fn report(&self) -> Value {
        let calls = self.needs.iter().map(|((of, need), count)| {
            json!({
                "function": of.function, "service": of.service, "operation": of.operation,
                "action": need.action, "resource": need.resource, "count": count,
            })
        });
        let requests = self.requests.iter().map(|(of, seen)| {
            json!({
                "function": of.function, "service": of.service, "operation": of.operation,
                "count": seen.count, "faulted": seen.faulted,
            })
        });
        json!({ "calls": calls.collect::<Vec<_>>(), "requests": requests.collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_permissions_and_round_trips_apart() {
        let need = |action: &str| Need { action: action.into(), resource: "sales".into() };
        let call = Call {
            function: "funnel".into(),
            service: "dynamodb".into(),
            operation: "TransactWriteItems".into(),
            needs: vec![need("PutItem"), need("PutItem"), need("DeleteItem")],
        };
        let mut calls = Calls::default();
        calls.note(&call, false);
        calls.note(&call, true);
        let report = calls.report();
        assert_eq!(report["calls"][0]["action"], "DeleteItem");
        assert_eq!(report["calls"][1]["count"], 4);
        assert_eq!(report["requests"][0]["count"], 2);
        assert_eq!(report["requests"][0]["faulted"], 1);
        calls.clear();
        assert_eq!(calls.report(), json!({"calls": [], "requests": []}));
    }
}
