//! The methods: sending a message, asking for its fate, asking for the balance.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::faults::no_money;
use super::message::{Fate, segments, wrong_number};
use super::reply::{BOUNDS, FORMAT, METHOD, MISSING, NOT_FOUND, Reply};
use super::{Message, State};

/// What any call may carry.
const COMMON: [&str; 3] = ["apiKey", "output", "api"];
/// So many ids are answered at once.
const MOST_IDS: usize = 100;
/// In minutes: from an hour to three days.
const VALIDITY: std::ops::RangeInclusive<u32> = 60..=4320;

/// Carries out a call whose key is right. `edge` is as faults name it.
pub fn carry_out(
    state: &mut State,
    edge: &str,
    given: &BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Reply {
    if given.get("output").is_some_and(|output| output != "json") {
        return Reply::refused(FORMAT, "the sandbox does not play other formats than json");
    }
    let known: &[&str] = match edge {
        "sendSmsMessage" => &["recipient", "text", "from", "params[validity]"],
        "getSmsStatus" => &["ids"],
        "getOwnBalance" => &[],
        _ => return Reply::refused(METHOD, "the sandbox does not play this method"),
    };
    // An array's items are named `ids[0]`.
    let base = |name: &str| if name.starts_with("ids[") { "ids".to_owned() } else { name.to_owned() };
    let strange =
        given.keys().find(|name| !COMMON.contains(&name.as_str()) && !known.contains(&base(name).as_str()));
    if let Some(name) = strange {
        return Reply::refused(BOUNDS, &format!("the sandbox does not play {name}"));
    }
    match edge {
        "sendSmsMessage" => send(state, given, now).unwrap_or_else(|refusal| refusal),
        "getSmsStatus" => statuses(state, given),
        _ => Reply::done(json!({ "balance": money(state.settings.balance), "currency": "KZT" })),
    }
}

fn send(state: &mut State, given: &BTreeMap<String, String>, now: DateTime<Utc>) -> Result<Reply, Reply> {
    let field = |name: &str| given.get(name).map(String::as_str).filter(|value| !value.trim().is_empty());
    let missing = |name: &str| Reply::refused(MISSING, &format!("Required parameter is missing: {name}"));
    let recipient = given.get("recipient").ok_or_else(|| missing("recipient"))?;
    given.get("text").ok_or_else(|| missing("text"))?;
    if let Some(problem) = wrong_number(recipient) {
        return Err(Reply::invalid("recipient", problem));
    }
    let text = field("text").ok_or_else(|| Reply::invalid("text", "Text must not be empty"))?;
    let from = field("from");
    if from.is_some_and(|from| !state.settings.senders.contains(from)) {
        return Err(Reply::invalid("from", "Sender name is not registered"));
    }
    let validity = match field("params[validity]").map(str::parse::<u32>) {
        None => None,
        Some(Ok(minutes)) if VALIDITY.contains(&minutes) => Some(minutes),
        Some(_) => return Err(Reply::invalid("validity", "Validity must be from 60 to 4320 minutes")),
    };
    let (encoding, segments) = segments(text);
    let price = state.settings.price * Decimal::from(segments);
    if price > state.settings.balance {
        return Err(no_money());
    }
    state.settings.balance -= price;
    state.last += 1;
    let id = state.last;
    let undeliverable = state.settings.undeliverable.contains(recipient);
    let sent = now.format("%Y-%m-%d %H:%M:%S").to_string();
    state.fates.insert(id, Fate { segments, undeliverable, sent, polls: 0 });
    let message = Message {
        message_id: id.to_string(),
        recipient: recipient.clone(),
        text: text.to_owned(),
        from: from.map(str::to_owned),
        validity,
        segments,
        encoding,
    };
    state.messages.note(now, message);
    Ok(Reply::done(
        json!({ "campaignId": (100_000 + id).to_string(), "messageId": id.to_string(), "status": 2 }),
    ))
}

fn statuses(state: &mut State, given: &BTreeMap<String, String>) -> Reply {
    let ids = given.iter().filter(|(name, _)| name.starts_with("ids"));
    let ids = ids.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|id| !id.is_empty());
    let ids = ids.collect::<Vec<_>>();
    if ids.is_empty() {
        return Reply::refused(NOT_FOUND, "No message ids");
    }
    if ids.len() > MOST_IDS {
        return Reply::refused(BOUNDS, "More than 100 message ids");
    }
    let known = ids.into_iter().filter_map(|id| {
        let id = id.parse().ok()?;
        Some(state.fates.get_mut(&id)?.report(id))
    });
    Reply::done(Value::Array(known.collect()))
}

fn money(mut amount: Decimal) -> String {
    amount.rescale(2);
    amount.to_string()
}
