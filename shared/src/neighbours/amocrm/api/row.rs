//! A row of an answer as the tree of texts that a hook about the same thing is read as, so that both are understood in
//! the same way and one odd value spoils nothing but itself.

use serde_json::Value;

use crate::neighbours::amocrm::body::Node;

/// The tree of a row. What is `null` is empty, which is the same as absent.
pub(super) fn tree(row: Value) -> Node {
    match row {
        Value::Object(members) => {
            Node::Map(members.into_iter().map(|(key, value)| (key, tree(value))).collect())
        }
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            Node::Map(items.map(|(index, value)| (index.to_string(), tree(value))).collect())
        }
        Value::String(text) => Node::Text(text),
        Value::Number(number) => Node::Text(number.to_string()),
        Value::Bool(truth) => Node::Text(u8::from(truth).to_string()),
        Value::Null => Node::Text(String::new()),
    }
}

/// Whether what stands there is a truth.
pub(super) fn is_true(row: &Node, key: &str) -> bool {
    row.text(key) == Some("1")
}

/// What is embedded in a row under this name.
pub(super) fn embedded<'a>(row: &'a Node, name: &str) -> impl Iterator<Item = &'a Node> {
    let list = row.get("_embedded").and_then(|embedded| embedded.get(name));
    list.into_iter().flat_map(Node::children).map(|(_, entry)| entry)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::neighbours::amocrm::body::parse;

    #[test]
    fn a_row_is_the_tree_of_a_hook_with_the_same_in_it() {
        let row = json!({"id": 7, "price": "5000", "ok": true, "off": false, "list": [1, {"a": [2.5]}]});
        assert_eq!(tree(row.clone()), parse(row.to_string().as_bytes()).root);
        let nothing = tree(json!({"none": null, "list": []}));
        assert_eq!((nothing.text("none"), nothing.get("list").unwrap().children().count()), (None, 0));
    }
}
