//! What the functions of a stack did while it was tested: whom they called, and what they counted in their logs.
//!
//! The tests run on several stacks side by side. Each leaves its record, and what every function must have done it may
//! have done on any of them.

use std::collections::BTreeMap;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::template::Template;
use crate::{env, faults, logs};

/// A function, `service:Action`, and the resource.
pub type Call = (String, String, String);

/// The record of one stack, or of all together.
#[derive(Debug, Default)]
pub struct Record {
    /// Every call that was made at least once.
    pub calls: Vec<Call>,
    /// Of each function, how many lines it logged.
    pub lines: BTreeMap<String, u64>,
    /// Of each function, the sum of each metric.
    pub metrics: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Record {
    /// What the records say that `E2E_RECORDS` names, together; without it that of the stack.
    pub async fn of_all() -> Self {
        let Some(files) = env::files("E2E_RECORDS") else { return Self::of_stack().await };
        let mut all = Self::default();
        for file in files {
            let text =
                std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            all.add(Self::read(&serde_json::from_str(&text).expect("a record")));
        }
        all
    }

    /// What this stack says.
    pub async fn of_stack() -> Self {
        let functions = Template::read().function_names();
        let logs = join_all(functions.iter().map(|function| logs::of(function))).await;
        let mut record = Self { calls: faults::calls().await, ..Self::default() };
        for (function, lines) in functions.into_iter().zip(logs) {
            let metrics = record.metrics.entry(function.clone()).or_default();
            let read = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            for line in read.filter(|line| line.get("_aws").is_some()) {
                for (name, value) in line.as_object().expect("an object") {
                    *metrics.entry(name.clone()).or_default() += value.as_u64().unwrap_or_default();
                }
            }
            record.lines.insert(function, lines.len() as u64);
        }
        record
    }

    /// As it stands in a file.
    pub fn to_json(&self) -> Value {
        json!({"calls": self.calls, "lines": self.lines, "metrics": self.metrics})
    }

    fn read(file: &Value) -> Self {
        let part = |name: &str| file[name].clone();
        Self {
            calls: serde_json::from_value(part("calls")).expect("calls"),
            lines: serde_json::from_value(part("lines")).expect("lines"),
            metrics: serde_json::from_value(part("metrics")).expect("metrics"),
        }
    }

    fn add(&mut self, other: Self) {
        self.calls.extend(other.calls);
        for (function, lines) in other.lines {
            *self.lines.entry(function).or_default() += lines;
        }
        for (function, metrics) in other.metrics {
            let sums = self.metrics.entry(function).or_default();
            for (name, value) in metrics {
                *sums.entry(name).or_default() += value;
            }
        }
    }
}
