//! The fields of a body, in JSON or as a form. What they mean is for `form.rs` to say.

use serde_json::{Map, Value};

use crate::edge::errors::ApiError;

/// The fields of one body.
#[derive(Debug)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a body. Which of the two encodings it is in, its first character tells: pages name the wrong one often enough.
    pub fn parse(body: &[u8]) -> Result<Self, ApiError> {
        let body = body.trim_ascii();
        let is_json = body.first().is_some_and(|first| matches!(first, b'{' | b'['));
        if is_json {
            let read = serde_json::from_slice(body).map(Self);
            return read.map_err(|_| ApiError::invalid("body", "must be one JSON object, or a form"));
        }
        let mut fields = Map::new();
        for (name, value) in form_urlencoded::parse(body) {
            fields.insert(name.into_owned(), Value::String(value.into_owned()));
        }
        match fields.is_empty() {
            true => Err(ApiError::invalid("body", "must not be empty")),
            false => Ok(Self(fields)),
        }
    }

    /// A field as trimmed text; empty where it is missing. A number stands for its digits.
    pub fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// Whatever the page sent along: a JSON value, or a text that holds one, or any text; and single fields of a form as
    /// `metadata[name]`.
    pub fn metadata(&self) -> Option<Value> {
        let given = match self.0.get("metadata") {
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(Value::String(text)) => {
                Some(serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())))
            }
            Some(Value::Null) | None => None,
            Some(value) => Some(value.clone()),
        };
        let inner = |name: &str| name.strip_prefix("metadata[")?.strip_suffix(']').map(str::to_owned);
        let parts: Map<String, Value> =
            self.0.iter().filter_map(|(name, value)| Some((inner(name)?, value.clone()))).collect();
        given.or_else(|| (!parts.is_empty()).then_some(Value::Object(parts)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_forms_say_the_same() {
        for body in [
            r#" {"name": " Айгерим ", "phone": 77773886880, "metadata": {"score": "7"}}"#,
            "name=%D0%90%D0%B9%D0%B3%D0%B5%D1%80%D0%B8%D0%BC&phone=77773886880&metadata[score]=7",
            "name=%D0%90%D0%B9%D0%B3%D0%B5%D1%80%D0%B8%D0%BC&phone=77773886880&metadata=%7B%22score%22%3A%227%22%7D",
        ] {
            let fields = Fields::parse(body.as_bytes()).unwrap();
            assert_eq!((fields.text("name"), fields.text("phone")), ("Айгерим".into(), "77773886880".into()));
            assert_eq!(
                (fields.text("email"), fields.metadata()),
                (String::new(), Some(json!({"score": "7"})))
            );
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for body in ["", "  ", "[]", "[1]", "{", "{\"a\":", "{} x"] {
            assert!(Fields::parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
