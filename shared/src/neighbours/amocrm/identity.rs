//! What makes an event this very event.

use sha2::{Digest, Sha256};

use super::body::Node;
use crate::domain::event::{DealEvent, Happened};

/// Hashes the parts, each after its length, so that no two lists of parts read alike.
pub fn digest<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(&hash.finalize()[..16])
}

/// A hash of all that a node says. Indexes and the order of fields mean nothing across deliveries, and empty is
/// absent, so neither changes it.
pub fn facts(node: &Node) -> String {
    let mut canonical = String::with_capacity(4_096);
    write_canonical(node, &mut canonical);
    digest([canonical])
}

/// Each text after its length, the children of a node in an order of their own.
fn write_canonical(node: &Node, out: &mut String) {
    let Node::Map(children) = node else { return write_measured(node.as_text().unwrap_or_default(), out) };
    let write_child = |key: &str, child: &Node, out: &mut String| {
        let is_index = key.bytes().all(|byte| byte.is_ascii_digit());
        write_measured(if is_index { "" } else { key }, out);
        write_canonical(child, out);
    };
    out.push('{');
    let mut filled = children.iter().filter(|(_, child)| !is_empty(child));
    match (filled.next(), filled.next()) {
        (None, _) => {}
        (Some((key, child)), None) => write_child(key, child, out),
        (Some(first), Some(second)) => {
            let mut parts: Vec<String> = [first, second]
                .into_iter()
                .chain(filled)
                .map(|(key, child)| {
                    let mut part = String::new();
                    write_child(key, child, &mut part);
                    part
                })
                .collect();
            parts.sort_unstable();
            parts.iter().for_each(|part| out.push_str(part));
        }
    }
    out.push('}');
}

fn write_measured(text: &str, out: &mut String) {
    // The length first, so that no text can imitate the end of another.
    for byte in u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes() {
        out.push(char::from(byte));
    }
    out.push_str(text);
}

fn is_empty(node: &Node) -> bool {
    match node {
        Node::Text(text) => text.trim().is_empty(),
        Node::Map(children) => children.values().all(is_empty),
    }
}

/// The id of an event, and, where it has no time of its own, the id that all identical ones share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventId {
    /// This event's.
    pub id: String,
    /// That of its kind: only the time tells two of a kind apart.
    pub timeless: Option<String>,
}

/// Identifies an event by account, lead, route, action, stage, old stage, time and facts.
pub fn of_event(event: &DealEvent) -> EventId {
    let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
    let kind = [
        event.deal.account.to_string(),
        event.deal.lead.to_string(),
        event.route.as_str().to_owned(),
        event.action.as_str().to_owned(),
        number(event.stage),
        number(event.old_stage),
        event.facts.clone(),
    ];
    let of = |time: String| digest(kind.iter().chain([&time]));
    match event.happened {
        Happened::At(at) => EventId { id: of(at.timestamp().to_string()), timeless: None },
        Happened::OnArrival => EventId {
            id: of(format!("arrived {}", event.received_at.timestamp_millis())),
            timeless: Some(of("timeless".to_owned())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neighbours::amocrm::body::parse;

    fn facts_of(form: &str) -> String {
        facts(&parse(form.as_bytes()).root)
    }

    #[test]
    fn neither_the_order_nor_the_index_of_fields_changes_the_facts() {
        let one = "id=1&custom_fields[0][id]=5&custom_fields[0][name]=a&custom_fields[1][id]=6&price=0";
        let other =
            "price=0&custom_fields[8][id]=6&custom_fields[3][name]=a&custom_fields[3][id]=5&id=1&tags=";
        assert_eq!(facts_of(one), facts_of(other));
        assert_ne!(facts_of(one), facts_of("id=1&price=0"));
        assert_ne!(facts_of("a=1&b=2"), facts_of("a=2&b=1"));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
        assert_ne!(facts_of("a=b%22,%22c"), facts_of("a=b&c="));
    }
}
