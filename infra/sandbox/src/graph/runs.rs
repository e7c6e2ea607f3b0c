//! Asynchronous reports: started, polled, read.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// What is to become of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Done after so many polls that found it running.
    Slow(u32),
    Failed,
    Skipped,
}

/// A report that was asked for.
#[derive(Debug, Clone)]
pub struct Run {
    pub account_id: String,
    /// What its rows are made from.
    pub parameters: BTreeMap<String, String>,
    pub fate: Fate,
    started: DateTime<Utc>,
}

impl Run {
    /// Whether its rows can be read.
    pub fn is_done(&self) -> bool {
        self.fate == Fate::Slow(0)
    }
}

/// All reports since the world was made.
#[derive(Default)]
pub struct Runs {
    runs: HashMap<String, Run>,
}

impl Runs {
    /// Starts one, and gives its id.
    pub fn start(
        &mut self,
        account_id: &str,
        parameters: BTreeMap<String, String>,
        fate: Option<Fate>,
        now: DateTime<Utc>,
    ) -> String {
        let id = format!("6044{:012}", self.runs.len() + 1);
        // Without a fault the first poll finds it running.
        let fate = fate.unwrap_or(Fate::Slow(1));
        let run = Run { account_id: account_id.to_owned(), parameters, fate, started: now };
        self.runs.insert(id.clone(), run);
        id
    }

    /// The report with this id.
    pub fn get(&self, id: &str) -> Option<&Run> {
        self.runs.get(id)
    }

    /// Changes what becomes of a report that runs already.
    pub fn doom(&mut self, id: &str, fate: Fate) {
        if let Some(run) = self.runs.get_mut(id) {
            run.fate = fate;
        }
    }

    /// How far it is; asking moves it on. The last poll but one says completed, but not 100 percent.
    pub fn poll(&mut self, id: &str, now: DateTime<Utc>) -> Option<Value> {
        let run = self.runs.get_mut(id)?;
        let (status, percent) = match run.fate {
            Fate::Failed => ("Job Failed", 0),
            Fate::Skipped => ("Job Skipped", 0),
            Fate::Slow(0) => ("Job Completed", 100),
            Fate::Slow(1) => ("Job Completed", 97),
            Fate::Slow(left) => ("Job Running", 90 / left),
        };
        let mut answer = json!({
            "id": id, "account_id": run.account_id, "time_ref": run.started.timestamp(),
            "async_status": status, "async_percent_completion": percent,
        });
        match &mut run.fate {
            Fate::Slow(0) => answer["time_completed"] = json!(now.timestamp()),
            Fate::Slow(left) => *left -= 1,
            Fate::Skipped => {}
            Fate::Failed => {
                answer["error_code"] = json!(-3);
                answer["error_subcode"] = json!(1_504_045);
                answer["error_message"] = json!("The report could not be made");
                answer["error_user_title"] = json!("Report failed");
                answer["error_user_msg"] = json!("The report is too large. Ask for less.");
            }
        }
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_done_when_it_says_completed_and_hundred() {
        let now = "2026-11-20T12:00:00Z".parse().unwrap();
        let mut runs = Runs::default();
        let id = runs.start("1", BTreeMap::new(), Some(Fate::Slow(3)), now);
        let mut poll = || {
            let answer = runs.poll(&id, now).unwrap();
            (answer["async_status"].clone(), answer["async_percent_completion"].as_u64().unwrap())
        };
        let polls = (0..4).map(|_| poll()).collect::<Vec<_>>();
        let expected =
            [("Job Running", 30), ("Job Running", 45), ("Job Completed", 97), ("Job Completed", 100)];
        assert_eq!(polls, expected.map(|(status, percent)| (json!(status), percent)));
        assert!(runs.get(&id).unwrap().is_done());
    }
}
