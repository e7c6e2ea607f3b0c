//! The sample bodies of `events/`, sent as they are but for the ids, which are made new so that a body can be sent again.

use std::collections::BTreeMap;
use std::path::Path;

use crate::env::root;
use crate::form;
use crate::hook::{Route, fresh_id};

/// A sample body with ids of its own.
#[derive(Debug, Clone)]
pub struct Golden {
    /// The door it goes to.
    pub route: Route,
    /// Its bytes.
    pub body: Vec<u8>,
    /// Its content type.
    pub content_type: &'static str,
}

/// The ids that samples were given anew, so that several samples about one deal stay about one deal.
#[derive(Debug, Default)]
pub struct Ids(BTreeMap<String, String>);

impl Ids {
    /// The new id in place of a sample's.
    pub fn of(&self, old: &str) -> u64 {
        self.0[old].parse().unwrap()
    }
}

/// The names of all samples of a route.
pub fn names(route: Route) -> Vec<String> {
    let folder = root().join("events").join(route.function());
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().expect("a name of text")).collect();
    names.sort();
    names
}

/// A sample; ids that `ids` has not met yet are made new.
pub fn read(route: Route, name: &str, ids: &mut Ids) -> Golden {
    let file = root().join("events").join(route.function()).join(name);
    let body = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let is_json = Path::new(name).extension().is_some_and(|extension| extension == "jsonbody");
    let olds = if is_json { in_json(&body) } else { in_form(&body) };
    let body = olds.into_iter().fold(body, |body, old| {
        let new = ids.0.entry(old.clone()).or_insert_with(|| like(&old));
        replace(&body, old.as_bytes(), new.as_bytes())
    });
    let content_type = if is_json { "application/json" } else { "application/x-www-form-urlencoded" };
    Golden { route, body, content_type }
}

/// The values that tell what the body is about.
fn in_form(body: &[u8]) -> Vec<String> {
    let pairs = form::decode(body);
    let parts =
        |key: &str| key.split('[').map(|part| part.trim_end_matches(']').to_owned()).collect::<Vec<_>>();
    let is_id = |key: &str| {
        let parts = parts(key);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        matches!(
            parts.as_slice(),
            ["leads" | "contacts" | "message", _, _, "id"]
                | ["leads", "note", _, "note", "id"]
                | ["unsorted", _, _, "uid"]
                | ["event", "data", "id"]
        )
    };
    let ids: Vec<String> =
        pairs.iter().filter(|(key, _)| is_id(key)).map(|(_, value)| value.clone()).collect();
    if !ids.is_empty() {
        return ids;
    }
    // A lead without an id is told apart by its time.
    let times = pairs.into_iter().filter(|(key, _)| key.ends_with("][last_modified]"));
    times.map(|(_, value)| value).collect()
}

fn in_json(body: &[u8]) -> Vec<String> {
    let body: serde_json::Value = serde_json::from_slice(body).expect("a sample in JSON");
    let actions = body["leads"].as_object().expect("leads").values();
    let leads = actions.flat_map(|leads| leads.as_array().expect("a list of leads"));
    leads.map(|lead| lead["id"].as_str().expect("an id").to_owned()).collect()
}

/// Another value of the same kind: a time, an id that no number holds, a number, or a text that ends in digits.
fn like(old: &str) -> String {
    let is_number = old.bytes().all(|byte| byte.is_ascii_digit());
    match old.len() {
        10 if is_number => fastrand::u32(1_200_000_000..1_795_000_000).to_string(),
        ..=16 if is_number => fresh_id().to_string(),
        _ if is_number => format!("3{:029}", fastrand::u64(..)),
        length => format!("{:0length$}", fresh_id()),
    }
}

fn replace(body: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(body.len());
    let mut rest = body;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(old) {
            replaced.extend(new);
            rest = after;
        } else {
            replaced.push(rest[0]);
            rest = &rest[1..];
        }
    }
    replaced
}
