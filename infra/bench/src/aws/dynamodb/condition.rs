//! Condition expressions: `attribute_exists`, `attribute_not_exists` and comparisons of top-level attributes, joined by
//! `AND` and `OR`, with brackets. Whole numbers compare as numbers, all else as text.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    Item,
    item::{name_of, number, text},
    key_condition::tokens,
};
use crate::aws::Refusal;

/// Whether a write's condition holds for the item as it is. A condition of another form is refused.
pub fn holds(request: &Value, item: Option<&Item>) -> Result<bool, Refusal> {
    let Some(expression) = request["ConditionExpression"].as_str() else { return Ok(true) };
    let tokens = tokens(expression);
    let mut condition = Condition { request, item, tokens: &tokens };
    condition.any().filter(|_| condition.tokens.is_empty()).ok_or_else(|| {
        Refusal::new("ValidationException", format!("the bench does not understand `{expression}`"))
    })
}

struct Condition<'a> {
    request: &'a Value,
    item: Option<&'a Item>,
    tokens: &'a [&'a str],
}

impl<'a> Condition<'a> {
    // Every term is read to its end, whatever the ones before it came to.
    fn any(&mut self) -> Option<bool> {
        let mut holds = self.all()?;
        while self.takes("OR") {
            holds |= self.all()?;
        }
        Some(holds)
    }

    fn all(&mut self) -> Option<bool> {
        let mut holds = self.term()?;
        while self.takes("AND") {
            holds &= self.term()?;
        }
        Some(holds)
    }

    fn term(&mut self) -> Option<bool> {
        if self.takes("(") {
            let holds = self.any()?;
            return self.takes(")").then_some(holds);
        }
        for (function, wanted) in [("attribute_exists", true), ("attribute_not_exists", false)] {
            if self.takes(function) {
                self.takes("(").then_some(())?;
                let exists = self.operand()?.is_some();
                return self.takes(")").then_some(exists == wanted);
            }
        }
        let left = self.operand()?;
        let sign = self.take()?;
        let right = self.operand()?;
        let accepts: fn(Ordering) -> bool = match sign {
            "=" => Ordering::is_eq,
            "<" => Ordering::is_lt,
            "<=" => Ordering::is_le,
            ">" => Ordering::is_gt,
            ">=" => Ordering::is_ge,
            _ => return None,
        };
        // An attribute that is absent meets no comparison.
        Some(left.zip(right).and_then(|(left, right)| compare(left, right)).is_some_and(accepts))
    }

    /// A value of the request, or the item's attribute, if it has one.
    fn operand(&mut self) -> Option<Option<&'a Value>> {
        let token = self.take()?;
        if token.starts_with(':') {
            return self.request["ExpressionAttributeValues"].get(token).map(Some);
        }
        let name = name_of(self.request, token)?;
        Some(self.item.and_then(|item| item.get(name)))
    }

    fn takes(&mut self, token: &str) -> bool {
        let is_next = self.tokens.first().is_some_and(|next| next.eq_ignore_ascii_case(token));
        if is_next {
            self.tokens = &self.tokens[1..];
        }
        is_next
    }

    fn take(&mut self) -> Option<&'a str> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }
}

/// Nothing where the two are of different kinds, which is true of no comparison.
fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (number(left), number(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        (None, None) => Some(text(left)?.cmp(text(right)?)),
        _ => None,
    }
}
