//! The record of hooks: what was to be told, what befell it, and what the receiver answered.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Value, json};

use super::fate::Fate;
use crate::amocrm::world::{News, What};

/// So many hooks are kept.
const KEPT: usize = 20_000;

/// One hook as the control API tells it.
#[derive(Serialize)]
struct Sent {
    n: u64,
    at: String,
    hook: What,
    lead_id: u64,
    /// The deal's time when this was to be told.
    updated_at: i64,
    lost: bool,
    held: bool,
    swapped: bool,
    doubled: bool,
    /// The status of each attempt; null where no answer came in time.
    answers: Vec<Option<u16>>,
}

/// The hooks in their order.
#[derive(Default)]
pub struct Record {
    count: u64,
    sent: VecDeque<Sent>,
}

impl Record {
    /// Adds one and gives its number.
    pub fn note(&mut self, news: &News, fate: Fate, at: String) -> u64 {
        self.count += 1;
        self.sent.push_back(Sent {
            n: self.count,
            at,
            hook: news.what,
            lead_id: news.lead.id,
            updated_at: news.lead.updated_at,
            lost: fate == Fate::Lost,
            held: fate == Fate::Held,
            swapped: fate == Fate::Swapped,
            doubled: fate == Fate::Doubled,
            answers: Vec::new(),
        });
        if self.sent.len() > KEPT {
            self.sent.pop_front();
        }
        self.count
    }

    /// What an attempt was answered.
    pub fn answered(&mut self, n: u64, answer: Option<u16>) {
        // The numbers have no gaps.
        let place = self.sent.front().and_then(|first| usize::try_from(n.checked_sub(first.n)?).ok());
        if let Some(sent) = place.and_then(|place| self.sent.get_mut(place)) {
            sent.answers.push(answer);
        }
    }

    /// Forgets what was sent; the numbers go on.
    pub fn clear(&mut self) {
        self.sent.clear();
    }

    /// As the control API answers it.
    pub fn told(&self) -> Value {
        json!(self.sent)
    }
}
