//! The published OpenAPI document, and whether answers are what it says.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use jsonschema::{Draft, Validator};
use serde_json::Value;

use crate::Answer;

/// The keys of a path that are operations.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "patch", "head", "options"];

/// The document as the stack serves it.
#[derive(Debug)]
pub struct Document {
    /// Its JSON.
    pub root: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Document {
    /// Over the document's JSON.
    pub fn new(root: Value) -> Self {
        Self { root, validators: Mutex::default() }
    }

    /// Every path with its methods in capitals.
    pub fn routes(&self) -> BTreeMap<String, BTreeSet<String>> {
        let paths = self.root["paths"].as_object().expect("paths");
        let methods = |item: &Value| -> BTreeSet<String> {
            let keys = item.as_object().expect("operations").keys();
            keys.filter(|key| METHODS.contains(&key.as_str())).map(|key| key.to_uppercase()).collect()
        };
        paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect()
    }

    /// The template that a request fits, `/sales/{sale_id}` for `/sales/7`: one that answers to its method, as the gateway
    /// chooses, and among those names win over parameters.
    pub fn template_of(&self, method: &str, path: &str) -> Option<String> {
        let fits = |template: &String| {
            let (mut template, mut path) = (template.split('/'), path.split('/'));
            loop {
                match (template.next(), path.next()) {
                    (None, None) => return true,
                    (Some(wanted), Some(given))
                        if wanted == given || (wanted.starts_with('{') && !given.is_empty()) => {}
                    _ => return false,
                }
            }
        };
        let paths = self.root["paths"].as_object().expect("paths");
        let found = paths.iter().filter(|(template, _)| fits(template));
        let best = found.min_by_key(|(template, item)| {
            (item.get(method.to_lowercase()).is_none(), template.matches('{').count())
        });
        best.map(|(template, _)| template.clone())
    }

    /// Follows `$ref` inside the document.
    pub fn resolve<'a>(&'a self, mut value: &'a Value) -> &'a Value {
        while let Some(reference) = value["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').expect("a reference into this document");
            value = self.root.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"));
        }
        value
    }

    /// Asserts that an answer of a documented path is documented with its status, type and shape.
    pub fn assert_describes(&self, method: &str, path: &str, answer: &Answer) {
        let Some(template) = self.template_of(method, path) else { return };
        let item = &self.root["paths"][&template];
        // What a wrong method is told belongs to the path; the document writes it at each operation.
        let operation = match item.get(method.to_lowercase()) {
            Some(operation) => operation,
            None => {
                assert_eq!(answer.status, 405, "{}: undocumented method", answer.asked);
                let known = METHODS.iter().find_map(|method| item.get(*method));
                known.expect("an operation")
            }
        };
        let status = answer.status.to_string();
        let response = operation["responses"].get(&status);
        let response = response.unwrap_or_else(|| {
            panic!("{}: the document knows no answer {status}: {}", answer.asked, answer.shown())
        });
        let response = self.resolve(response);
        let told = answer.header("content-type").unwrap_or_default();
        let told = told.split(';').next().unwrap_or_default();
        let media = response["content"].get(told);
        let media = media.unwrap_or_else(|| panic!("{}: {status} is not documented as {told}", answer.asked));
        let has_schema = media["schema"] != Value::Null;
        if told == "application/json" {
            assert!(has_schema, "{}: {status} has no schema", answer.asked);
            let validator = self.validator(&media["schema"]);
            let body = answer.json();
            let problems: Vec<String> = validator
                .iter_errors(&body)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(
                problems.is_empty(),
                "{}: {status} is not as documented: {problems:#?}\n{}",
                answer.asked,
                answer.shown()
            );
        }
        for header in response["headers"].as_object().into_iter().flatten() {
            let required = self.resolve(header.1)["required"] == true;
            assert!(
                !required || answer.header(header.0).is_some(),
                "{}: no header {}",
                answer.asked,
                header.0
            );
        }
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap();
        let validator = validators.entry(schema.to_string()).or_insert_with(|| {
            // References lead into the document, so the schema is compiled as a part of it.
            let mut root = self.root.clone();
            root["allOf"] = serde_json::json!([schema]);
            let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
            Arc::new(options.build(&root).unwrap_or_else(|error| panic!("a schema cannot be used: {error}")))
        });
        Arc::clone(validator)
    }
}
