//! The `fields` parameter: names, with nested ones in braces, and nothing is answered that was not asked for.

use serde_json::{Map, Value};

use super::errors::GraphError;

/// A field that was asked for, with those asked of the object behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub nested: Vec<Field>,
}

/// Reads `id,name,creative{id,url_tags}`. Empty text is no field.
pub fn parse(text: &str) -> Result<Vec<Field>, GraphError> {
    let mut rest = text;
    let fields = list(&mut rest)?;
    if rest.is_empty() { Ok(fields) } else { Err(syntax(text, rest)) }
}

fn list(rest: &mut &str) -> Result<Vec<Field>, GraphError> {
    let mut fields = Vec::new();
    loop {
        let end = rest.find([',', '{', '}']).unwrap_or(rest.len());
        let name = rest[..end].trim().to_owned();
        *rest = &rest[end..];
        let mut nested = Vec::new();
        if let Some(inner) = rest.strip_prefix('{') {
            *rest = inner;
            nested = list(rest)?;
            *rest = rest.strip_prefix('}').ok_or_else(|| syntax(inner, rest))?;
        }
        let known = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !known || (name.is_empty() && !nested.is_empty()) {
            return Err(syntax(&name, rest));
        }
        if !name.is_empty() {
            fields.push(Field { name, nested });
        }
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None => return Ok(fields),
        }
    }
}

fn syntax(text: &str, rest: &str) -> GraphError {
    let at = text.len().saturating_sub(rest.len());
    GraphError::new(
        2500,
        format!("Syntax error \"Expected end of string instead of \"{rest}\".\" at character {at}: {text}"),
    )
}

/// The object's value of each field. `value` gives `Err` for a field that the kind of object does not have, and
/// `Ok(None)` for one without a value here.
pub fn select(
    fields: &[Field],
    id: &str,
    value: impl Fn(&Field) -> Result<Option<Value>, GraphError>,
) -> Result<Value, GraphError> {
    let mut answer = Map::new();
    for field in fields {
        if let Some(value) = value(field)? {
            answer.insert(field.name.clone(), value);
        }
    }
    answer.insert("id".to_owned(), Value::from(id));
    Ok(Value::Object(answer))
}

/// The error for a field that objects of this kind do not have.
pub fn unknown(name: &str, kind: &str) -> GraphError {
    super::errors::invalid(format!("Tried accessing nonexistent field ({name}) on node type ({kind})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(fields: &[Field]) -> String {
        let shown = fields.iter().map(|field| match field.nested.as_slice() {
            [] => field.name.clone(),
            nested => format!("{}<{}>", field.name, shown(nested)),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn braces_nest() {
        let fields = parse("id,creative{id,url_tags},campaign{name,x{y}},name").unwrap();
        assert_eq!(shown(&fields), "id creative<id url_tags> campaign<name x<y>> name");
        assert_eq!(shown(&parse(" id , name ,").unwrap()), "id name");
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn what_does_not_close_is_an_error() {
        for text in ["creative{id", "id}", "{id}", "a b", "insights.limit(5)"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
