//! What the writer is told: what our own functions send (`JobMessage`), and what a person may say beside that.

use serde::Deserialize;

/// A message of the writer's queue, as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Job {
    /// amoCRM is to be told of this lead.
    Lead {
        /// Its id.
        lead_id: String,
        /// Whether it goes though it has failed: only a person says so.
        #[serde(default)]
        again: bool,
    },
    /// amoCRM, which did not answer as it should, is to be tried.
    Probe {
        /// Always true.
        probe: bool,
    },
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;
    use crate::store::leads::JobMessage;
    use crate::store::queue;

    fn read(message: impl serde::Serialize + Debug) -> Job {
        queue::read(&serde_json::to_string(&message).unwrap()).unwrap()
    }

    #[test]
    fn what_our_own_functions_send_is_understood_and_only_a_person_says_again() {
        let job = |again| Job::Lead { lead_id: "018f".to_owned(), again };
        assert_eq!(read(JobMessage::of("018f")), job(false));
        assert_eq!(read(JobMessage::PROBE), Job::Probe { probe: true });
        assert_eq!(queue::read(r#"{"lead_id": "018f", "again": true}"#), Ok(job(true)));
        assert!(queue::read::<Job>(r#"{"again": true}"#).is_err());
    }
}
