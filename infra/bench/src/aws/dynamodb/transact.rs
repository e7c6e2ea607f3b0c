//! `TransactWriteItems`: all conditions first, then all writes or none.

use serde_json::{Value, json};

use super::{Store, Write};
use crate::aws::Refusal;

const MOST_MEMBERS: usize = 100;

impl Store {
    pub(super) fn transact(&mut self, request: &Value) -> Result<Value, Refusal> {
        let members = request["TransactItems"]
            .as_array()
            .ok_or_else(|| Refusal::new("ValidationException", "no TransactItems"))?;
        let writes = members.iter().map(write_of).collect::<Result<Vec<_>, _>>()?;
        if writes.len() > MOST_MEMBERS {
            return Err(Refusal::new("ValidationException", "a transaction has too many members"));
        }
        let refused = writes.iter().map(|write| self.refuses(write)).collect::<Result<Vec<_>, _>>()?;
        if refused.iter().any(Option::is_some) {
            let codes: Vec<_> = refused
                .iter()
                .map(|member| if member.is_some() { "ConditionalCheckFailed" } else { "None" })
                .collect();
            let message = format!(
                "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
                codes.join(", ")
            );
            let reasons: Vec<_> = refused.into_iter().map(reason).collect();
            return Err(cancelled(message).with("CancellationReasons", json!(reasons)));
        }
        for write in writes {
            self.apply(write)?;
        }
        Ok(json!({}))
    }
}

fn write_of(member: &Value) -> Result<Write<'_>, Refusal> {
    let Some((kind, request)) = member.as_object().and_then(|one| one.iter().next()) else {
        return Err(Refusal::new("ValidationException", "an empty member"));
    };
    match kind.as_str() {
        "Put" => Write::put(request),
        "Update" => Write::update(request),
        "Delete" => Write::delete(request),
        "ConditionCheck" => Write::check(request),
        other => Err(Refusal::new("ValidationException", format!("unknown member {other}"))),
    }
}

fn reason(member: Option<Option<&super::Item>>) -> Value {
    match member {
        None => json!({ "Code": "None" }),
        Some(None) => {
            json!({ "Code": "ConditionalCheckFailed", "Message": "The conditional request failed" })
        }
        Some(Some(item)) => json!({
            "Code": "ConditionalCheckFailed",
            "Message": "The conditional request failed",
            "Item": item,
        }),
    }
}

/// DynamoDB spells the message of this one error with a capital.
fn cancelled(message: String) -> Refusal {
    Refusal::new("TransactionCanceledException", message.clone()).with("Message", json!(message))
}
