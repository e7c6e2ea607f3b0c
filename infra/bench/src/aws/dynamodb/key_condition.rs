//! Key conditions: comparisons, `BETWEEN` and `begins_with`, joined by `AND`. Keys compare as text.

use serde_json::Value;

use super::{
    Item,
    item::{name_of, text},
};

/// Splits an expression into names, values and signs.
pub fn tokens(expression: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_word(first) {
            rest.find(|character| !is_word(character)).unwrap_or(rest.len())
        } else if rest.starts_with("<=") || rest.starts_with(">=") {
            2
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '#' | ':')
}

/// One condition on one attribute.
#[derive(Debug)]
pub enum Term {
    /// `name BETWEEN low AND high`, both included; also equality.
    Between(String, String, String),
    /// `name < high`, or `<=`.
    Below(String, String, bool),
    /// `name > low`, or `>=`.
    Above(String, String, bool),
    /// `begins_with(name, prefix)`.
    Prefix(String, String),
}

impl Term {
    /// Whether an item meets it. An item without the attribute does not: it is not in the index either.
    pub fn holds(&self, item: &Item) -> bool {
        let (Self::Between(name, ..) | Self::Below(name, ..) | Self::Above(name, ..) | Self::Prefix(name, _)) =
            self;
        let Some(value) = item.get(name).and_then(text) else { return false };
        match self {
            Self::Between(_, low, high) => low.as_str() <= value && value <= high.as_str(),
            Self::Below(_, high, or_equal) => value < high.as_str() || *or_equal && value == high,
            Self::Above(_, low, or_equal) => value > low.as_str() || *or_equal && value == low,
            Self::Prefix(_, prefix) => value.starts_with(prefix),
        }
    }
}

/// Parses a request's `KeyConditionExpression`; nothing if it has a form that is not known here.
pub fn parse(request: &Value) -> Option<Vec<Term>> {
    let all = tokens(request["KeyConditionExpression"].as_str()?);
    let mut rest = all.as_slice();
    let mut terms = Vec::new();
    loop {
        let (term, after) = term(request, rest)?;
        terms.push(term);
        match after {
            [] => return Some(terms),
            [and, more @ ..] if and.eq_ignore_ascii_case("AND") => rest = more,
            _ => return None,
        }
    }
}

fn term<'a>(request: &Value, tokens: &'a [&'a str]) -> Option<(Term, &'a [&'a str])> {
    let name = |token: &str| name_of(request, token).map(str::to_owned);
    let value = |token: &str| text(&request["ExpressionAttributeValues"][token]).map(str::to_owned);
    Some(match tokens {
        ["begins_with", "(", what, ",", prefix, ")", rest @ ..] => {
            (Term::Prefix(name(what)?, value(prefix)?), rest)
        }
        [what, between, low, and, high, rest @ ..]
            if between.eq_ignore_ascii_case("BETWEEN") && and.eq_ignore_ascii_case("AND") =>
        {
            (Term::Between(name(what)?, value(low)?, value(high)?), rest)
        }
        [what, "=", equal, rest @ ..] => (Term::Between(name(what)?, value(equal)?, value(equal)?), rest),
        [what, sign @ ("<" | "<="), high, rest @ ..] => {
            (Term::Below(name(what)?, value(high)?, *sign == "<="), rest)
        }
        [what, sign @ (">" | ">="), low, rest @ ..] => {
            (Term::Above(name(what)?, value(low)?, *sign == ">="), rest)
        }
        _ => return None,
    })
}
