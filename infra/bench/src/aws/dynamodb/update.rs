//! Update expressions: `ADD name :n`, `REMOVE name`, and `SET name = operand [+|- operand]`, where an operand is a
//! value, a name or `if_not_exists(name, operand)`. Whole numbers and top-level names only.

use serde_json::{Value, json};

use super::{
    Item,
    item::{name_of, number},
    key_condition::tokens,
};
use crate::aws::Refusal;

/// Changes the item as the request's `UpdateExpression` says.
pub fn apply(item: &mut Item, request: &Value) -> Result<(), Refusal> {
    let Some(expression) = request["UpdateExpression"].as_str() else { return Ok(()) };
    let tokens = tokens(expression);
    let mut update = Update { item, request, tokens: &tokens };
    update.run().ok_or_else(|| {
        Refusal::new("ValidationException", format!("the bench does not understand `{expression}`"))
    })
}

struct Update<'a> {
    item: &'a mut Item,
    request: &'a Value,
    tokens: &'a [&'a str],
}

impl<'a> Update<'a> {
    fn run(&mut self) -> Option<()> {
        while let Some(clause) = self.take() {
            loop {
                match clause.to_ascii_uppercase().as_str() {
                    "ADD" => self.add()?,
                    "SET" => self.set()?,
                    "REMOVE" => self.remove()?,
                    _ => return None,
                }
                if self.tokens.first() != Some(&",") {
                    break;
                }
                self.take();
            }
        }
        Some(())
    }

    fn add(&mut self) -> Option<()> {
        let name = self.name()?;
        let step = number(&self.operand()?)?;
        let old = self.item.get(&name).map_or(Some(0), number)?;
        self.item.insert(name, json!({ "N": (old + step).to_string() }));
        Some(())
    }

    fn set(&mut self) -> Option<()> {
        let name = self.name()?;
        self.expect("=")?;
        let mut value = self.operand()?;
        if let Some(sign @ ("+" | "-")) = self.tokens.first().copied() {
            self.take();
            let (left, right) = (number(&value)?, number(&self.operand()?)?);
            let sum = if sign == "+" { left + right } else { left - right };
            value = json!({ "N": sum.to_string() });
        }
        self.item.insert(name, value);
        Some(())
    }

    fn remove(&mut self) -> Option<()> {
        let name = self.name()?;
        self.item.remove(&name);
        Some(())
    }

    fn operand(&mut self) -> Option<Value> {
        if self.tokens.first()?.starts_with(':') {
            let value = self.take()?;
            return self.request["ExpressionAttributeValues"].get(value).cloned();
        }
        if *self.tokens.first()? == "if_not_exists" {
            self.take();
            self.expect("(")?;
            let name = self.name()?;
            self.expect(",")?;
            let default = self.operand()?;
            self.expect(")")?;
            return Some(self.item.get(&name).cloned().unwrap_or(default));
        }
        let name = self.name()?;
        self.item.get(&name).cloned()
    }

    fn name(&mut self) -> Option<String> {
        let token = self.take()?;
        name_of(self.request, token).map(str::to_owned)
    }

    fn expect(&mut self, token: &str) -> Option<()> {
        (self.take()? == token).then_some(())
    }

    fn take(&mut self) -> Option<&'a str> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }
}
