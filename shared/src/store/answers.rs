//! Answers that were worked out a moment ago, in the settings table: `pk` is `answer#<hash of the question>`.
//!
//! `body` is the answer's text, compressed; `version` stands for all that it was made from. An answer is good while the
//! version is still the present one, and no longer than five minutes. What is kept here is only a saving: whoever asks
//! must be able to do without it.

use std::io::{Read, Write};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::StoreError;
use super::document::Item;
use crate::edge::caller::Scope;

/// How long an answer is good.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// An item holds 400 KB; the rest is for keys and names.
const MOST_BYTES: usize = 380_000;

/// A question as its hash. Whoever may see the same figures shares the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionKey(String);

impl QuestionKey {
    /// The question that these parameters put to a function on behalf of this scope.
    pub fn new(function: &str, scope: &Scope, parameters: &[(&str, &str)]) -> Self {
        let owners = scope.owners().iter().map(|owner| ("owner", owner.key()));
        let mut hasher = Sha256::new();
        // Each text is preceded by its length, so that no two questions run together into the same bytes.
        for (name, value) in
            [("function", function)].into_iter().chain(owners).chain(parameters.iter().copied())
        {
            for text in [name, value] {
                hasher.update((text.len() as u64).to_be_bytes());
                hasher.update(text);
            }
        }
        Self(hex::encode(hasher.finalize()))
    }

    fn item_key(&self) -> Item {
        Item::from([("pk".to_owned(), AttributeValue::S(format!("answer#{}", self.0)))])
    }
}

/// An answer that is still good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its text.
    pub body: String,
    /// When it was worked out.
    pub made_at: DateTime<Utc>,
}

/// Whether an answer was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It was.
    Kept,
    /// It does not fit an item.
    TooLarge,
}

/// Keeps answers.
#[derive(Debug, Clone)]
pub struct Answers {
    client: Client,
    table: String,
}

impl Answers {
    /// Over this table.
    pub fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The answer to a question, if one is kept that is still good.
    pub async fn find(
        &self,
        question: &QuestionKey,
        version: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>, StoreError> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(question.item_key()))
            .send()
            .await
            .map_err(|error| StoreError::call("reading a kept answer", &error))?;
        found.item.as_ref().map_or(Ok(None), |item| judge(item, version, now))
    }

    /// Keeps an answer in place of the one before.
    pub async fn keep(
        &self,
        question: &QuestionKey,
        version: &str,
        answer: &Answer,
    ) -> Result<Keeping, StoreError> {
        let Some(item) = item(question, version, answer)? else { return Ok(Keeping::TooLarge) };
        let sent = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        sent.map(|_| Keeping::Kept).map_err(|error| StoreError::call("keeping an answer", &error))
    }
}

fn item(question: &QuestionKey, version: &str, answer: &Answer) -> Result<Option<Item>, StoreError> {
    let body = compress(&answer.body).map_err(|error| StoreError::item("compressing an answer", &error))?;
    if body.len() > MOST_BYTES {
        return Ok(None);
    }
    let number = |number: i64| AttributeValue::N(number.to_string());
    let mut item = question.item_key();
    item.extend(
        [
            ("version", AttributeValue::S(version.to_owned())),
            ("body", AttributeValue::B(Blob::new(body))),
            ("made_at", number(answer.made_at.timestamp_millis())),
            ("expires_at", number((answer.made_at + LIFETIME).timestamp())),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    Ok(Some(item))
}

/// The answer that an item holds, if it is good: the store deletes what has expired only some time later.
fn judge(item: &Item, version: &str, now: DateTime<Utc>) -> Result<Option<Answer>, StoreError> {
    let broken = |problem: &str| StoreError::item("reading a kept answer", &problem);
    let is_present =
        item.get("version").and_then(|held| held.as_s().ok()).is_some_and(|held| held == version);
    let made_at = item.get("made_at").and_then(|at| at.as_n().ok()?.parse().ok());
    let made_at =
        made_at.and_then(DateTime::from_timestamp_millis).ok_or_else(|| broken("it lacks a time"))?;
    if !is_present || now >= made_at + LIFETIME {
        return Ok(None);
    }
    let body = item.get("body").and_then(|body| body.as_b().ok()).ok_or_else(|| broken("it lacks a body"))?;
    let mut text = String::new();
    GzDecoder::new(body.as_ref())
        .read_to_string(&mut text)
        .map_err(|error| StoreError::item("reading a kept answer", &error))?;
    Ok(Some(Answer { body: text, made_at }))
}

fn compress(text: &str) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(vec![], Compression::fast());
    encoder.write_all(text.as_bytes())?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::Rules;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn question(parameters: &[(&str, &str)]) -> QuestionKey {
        QuestionKey::new("facebook-insights", &Scope::everything(&Rules::default()), parameters)
    }

    fn answer() -> Answer {
        Answer { body: "{\"rows\":[\"имя\"]}".to_owned(), made_at: at("2026-11-20T05:00:00.250Z") }
    }

    #[test]
    fn an_answer_is_good_for_five_minutes_and_for_its_version() {
        let item = item(&question(&[]), "v1", &answer()).unwrap().unwrap();
        let judged = |version: &str, now: &str| judge(&item, version, at(now)).unwrap();
        assert_eq!(judged("v1", "2026-11-20T05:05:00.249Z"), Some(answer()));
        assert_eq!(judged("v1", "2026-11-20T05:05:00.250Z"), None);
        assert_eq!(judged("v2", "2026-11-20T05:00:01Z"), None);
        assert_eq!(item["expires_at"], AttributeValue::N("1795151100".to_owned()));
        assert_eq!(item["pk"].as_s().unwrap().len(), "answer#".len() + 64);
    }

    #[test]
    fn what_is_broken_is_an_error_and_no_answer() {
        let mut item = item(&question(&[]), "v1", &answer()).unwrap().unwrap();
        item.insert("body".to_owned(), AttributeValue::B(Blob::new(b"not gzip".to_vec())));
        assert!(judge(&item, "v1", at("2026-11-20T05:00:01Z")).is_err());
        assert!(judge(&Item::new(), "v1", at("2026-11-20T05:00:01Z")).is_err());
    }

    #[test]
    fn what_does_not_fit_is_not_kept() {
        // Hashes do not compress below half of their digits.
        let text: String = (0_u32..20_000).map(|n| hex::encode(Sha256::digest(n.to_be_bytes()))).collect();
        let of_length = |length: usize| Answer { body: text[..length].to_owned(), ..answer() };
        assert!(item(&question(&[]), "v1", &of_length(400_000)).unwrap().is_some());
        assert_eq!(item(&question(&[]), "v1", &of_length(1_200_000)).unwrap(), None);
    }

    #[test]
    fn other_questions_have_other_keys() {
        let keys = [
            question(&[]),
            question(&[("from", "2026-11-01")]),
            question(&[("from", "2026-11-02")]),
            question(&[("fro", "m2026-11-01")]),
            QuestionKey::new("facebook-campaigns", &Scope::everything(&Rules::default()), &[]),
        ];
        for (n, key) in keys.iter().enumerate() {
            assert!(keys[n + 1..].iter().all(|other| other != key));
        }
        assert_eq!(question(&[("from", "2026-11-01")]), keys[1]);
    }
}
