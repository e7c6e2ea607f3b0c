//! The body of a hook as a tree of texts: PHP's form encoding, or JSON with the same nesting.
//!
//! Never fails on content. What it cannot place is left out and said in `problems`.

use indexmap::IndexMap;
use serde_json::Value;

/// Real bodies nest 8 levels deep.
const MAX_DEPTH: usize = 16;
/// A full deal has some 200 pairs; amoCRM groups a few deals into one body.
const MAX_PAIRS: usize = 20_000;

/// Stands before the text where a program took it for a file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A text, or named children in the order in which they came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A value.
    Text(String),
    /// What stood in brackets.
    Map(IndexMap<String, Node>),
}

impl Default for Node {
    fn default() -> Self {
        Self::Map(IndexMap::new())
    }
}

impl Node {
    /// The child of this name.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(children) => children.get(key),
            Self::Text(_) => None,
        }
    }

    /// The child's text, trimmed. Empty is the same as absent: PHP drops nulls, amoCRM sends both.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// The node's own text, trimmed and not empty.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Self::Map(_) => None,
        }
    }

    /// The children with their names; a text has none.
    pub fn children(&self) -> impl Iterator<Item = (&str, &Self)> {
        let children = match self {
            Self::Map(children) => Some(children),
            Self::Text(_) => None,
        };
        children.into_iter().flatten().map(|(key, node)| (key.as_str(), node))
    }
}

/// A body that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Its tree.
    pub root: Node,
    /// What had to be left out.
    pub problems: Vec<String>,
    /// It holds more than is read of any body: what was read of it is not to be relied on.
    pub cut: bool,
}

/// Reads a body, whatever it is.
pub fn parse(bytes: &[u8]) -> Body {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = bytes.trim_ascii_start();
    if text.first() == Some(&b'{') { parse_json(text) } else { parse_form(bytes) }
}

fn parse_form(bytes: &[u8]) -> Body {
    let mut body = Body::default();
    let (mut deep, mut not_utf8) = (0, false);
    for (place, (key, value)) in form_urlencoded::parse(bytes).enumerate() {
        if place == MAX_PAIRS {
            body.cut = true;
            body.problems.push(format!("more than {MAX_PAIRS} pairs"));
            break;
        }
        not_utf8 |= has_replacement(&key) || has_replacement(&value);
        if !insert(&mut body.root, &key, value.into_owned()) {
            deep += 1;
        }
    }
    body.problems.extend(too_deep(deep));
    if not_utf8 {
        body.problems.push("not all of it is UTF-8; the broken characters were replaced".to_owned());
    }
    body
}

fn too_deep(values: usize) -> Vec<String> {
    let said = || format!("{values} values nested deeper than {MAX_DEPTH} levels were left out");
    (values > 0).then(said).into_iter().collect()
}

fn has_replacement(text: &str) -> bool {
    !text.is_ascii() && text.contains(char::REPLACEMENT_CHARACTER)
}

/// `leads[status][0][id]` as its four parts. Brackets that do not pair up belong to the name.
fn segments(key: &str) -> impl Iterator<Item = &str> + Clone {
    let nested = key.split_once('[').and_then(|(name, rest)| Some((name, rest.strip_suffix(']')?)));
    let (name, inner) = nested.map_or((key, None), |(name, inner)| (name, Some(inner)));
    std::iter::once(name).chain(inner.into_iter().flat_map(|inner| inner.split("][")))
}

/// Puts a value where its key says, unless that is too deep.
fn insert(root: &mut Node, key: &str, value: String) -> bool {
    let path = segments(key);
    if path.clone().nth(MAX_DEPTH).is_some() {
        return false;
    }
    let mut node = root;
    for (level, segment) in path.enumerate() {
        // As PHP has it: brackets after a plain value make it an array, a plain value after brackets replaces them.
        if !matches!(node, Node::Map(_)) {
            *node = Node::default();
        }
        let Node::Map(children) = node else { return false };
        let place = place_of(children, segment, level > 0);
        node = &mut children[place];
    }
    *node = Node::Text(value);
    true
}

/// The place of a child, which is made if there is none. A field's pairs follow each other, so it is mostly the last.
fn place_of(children: &mut IndexMap<String, Node>, segment: &str, below_top: bool) -> usize {
    let last = children.len().wrapping_sub(1);
    if segment.is_empty() && below_top {
        let free =
            (children.len()..).map(|index| index.to_string()).find(|index| !children.contains_key(index));
        return children.insert_full(free.unwrap_or_default(), Node::default()).0;
    }
    if children.last().is_some_and(|(key, _)| key == segment) {
        return last;
    }
    match children.get_index_of(segment) {
        Some(place) => place,
        None => children.insert_full(segment.to_owned(), Node::default()).0,
    }
}

fn parse_json(text: &[u8]) -> Body {
    match serde_json::from_slice::<Value>(text) {
        Ok(value) => {
            let (mut pairs, mut deep) = (0, 0);
            let root = from_json(value, 0, &mut pairs, &mut deep).unwrap_or_default();
            let cut = pairs > MAX_PAIRS;
            let mut problems = too_deep(deep);
            if cut {
                problems.push(format!("more than {MAX_PAIRS} values"));
            }
            Body { root, problems, cut }
        }
        Err(error) => {
            let problem = format!("not JSON from line {}, column {} on", error.line(), error.column());
            Body { problems: vec![problem], ..Body::default() }
        }
    }
}

fn from_json(value: Value, depth: usize, pairs: &mut usize, deep: &mut usize) -> Option<Node> {
    if depth > MAX_DEPTH {
        *deep += 1;
        return None;
    }
    let mut child = |key: String, value| Some((key, from_json(value, depth + 1, pairs, deep)?));
    match value {
        Value::Object(members) => {
            Some(Node::Map(members.into_iter().filter_map(|(k, v)| child(k, v)).collect()))
        }
        Value::Array(items) => {
            let items = items.into_iter().enumerate();
            Some(Node::Map(items.filter_map(|(index, v)| child(index.to_string(), v)).collect()))
        }
        scalar => {
            *pairs += 1;
            match scalar {
                Value::String(text) => Some(Node::Text(text)),
                Value::Number(number) => Some(Node::Text(number.to_string())),
                Value::Bool(truth) => Some(Node::Text(u8::from(truth).to_string())),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leaf<'a>(body: &'a Body, path: &[&str]) -> Option<&'a str> {
        path.iter().try_fold(&body.root, |node, key| node.get(key))?.as_text()
    }

    #[test]
    fn nesting_is_read_from_plain_and_from_encoded_brackets() {
        for form in
            ["leads[status][0][id]=7", "leads%5Bstatus%5D%5B0%5D%5Bid%5D=7", "leads%5bstatus%5d[0]%5Bid]=+7"]
        {
            assert_eq!(leaf(&parse(form.as_bytes()), &["leads", "status", "0", "id"]), Some("7"), "{form}");
        }
    }

    #[test]
    fn spaces_cyrillic_newlines_and_escapes_are_decoded() {
        let body = parse("a=%D0%B7%D0%B0+%D0%BF%0Ax%2By%C2%A0z&b=%zz%4".as_bytes());
        assert_eq!(leaf(&body, &["a"]), Some("за п\nx+y\u{a0}z"));
        assert_eq!(leaf(&body, &["b"]), Some("%zz%4"), "a broken escape stays as it is");
    }

    #[test]
    fn scalars_missing_values_empty_and_repeated_keys_are_tolerated() {
        let body = parse(b"v[0]=1&v[7]=2&w&x=&y=1&y[a]=2&z[a]=1&z=2&l[1]=z&l[]=a&l[]=b&bad[=1&[=2&]=3&=4");
        assert_eq!((leaf(&body, &["v", "0"]), leaf(&body, &["v", "7"])), (Some("1"), Some("2")));
        assert_eq!((leaf(&body, &["w"]), leaf(&body, &["x"])), (None, None));
        assert_eq!((leaf(&body, &["y", "a"]), leaf(&body, &["z"])), (Some("2"), Some("2")));
        let list: Vec<_> =
            body.root.get("l").unwrap().children().filter_map(|(_, child)| child.as_text()).collect();
        assert_eq!(list, ["z", "a", "b"]);
        assert_eq!(leaf(&body, &["bad["]), Some("1"));
    }

    #[test]
    fn what_is_too_deep_is_left_out_and_said() {
        let deep = format!("leads{}=1&a=2", "[x]".repeat(1_000));
        let body = parse(deep.as_bytes());
        assert_eq!(leaf(&body, &["a"]), Some("2"));
        assert_eq!(body.root.get("leads"), None);
        assert_eq!(body.problems.len(), 1);
        let json = format!("{}1{}", "{\"a\":".repeat(1_000), "}".repeat(1_000));
        assert!(!parse(json.as_bytes()).problems.is_empty());
        let wide = format!("{}[{}0]{}", "{\"a\":".repeat(20), "0,".repeat(50_000), "}".repeat(20));
        assert_eq!(parse(wide.as_bytes()).problems.len(), 1);
    }

    #[test]
    fn a_body_of_too_many_pairs_is_cut_and_says_so() {
        let body = parse("a=1&".repeat(100_000).as_bytes());
        assert!(body.cut);
        assert!(!parse("a=1&".repeat(20_000).as_bytes()).cut);
    }

    #[test]
    fn json_of_the_same_nesting_is_the_same_tree() {
        let form = parse(b"leads[status][0][id]=7&leads[status][0][price]=5000&leads[status][0][ok]=1");
        let json = parse(br#" {"leads":{"status":[{"id":7,"price":"5000","ok":true,"none":null}]}}"#);
        assert_eq!(form.root, json.root);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            parse(&bytes);
        }

        #[test]
        fn what_is_encoded_reads_back(path in prop::collection::vec("[a-z0-9_]{1,6}", 1..8), value in "\\PC{0,30}") {
            let key = format!("{}{}", path[0], path[1..].iter().map(|p| format!("[{p}]")).collect::<String>());
            let form = form_urlencoded::Serializer::new(String::new()).append_pair(&key, &value).finish();
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            let body = parse(form.as_bytes());
            let trimmed = Some(value.trim()).filter(|text| !text.is_empty());
            prop_assert_eq!(leaf(&body, &keys), trimmed);
        }
    }
}
