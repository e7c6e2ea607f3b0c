//! `template.yaml` as it stands: which routes there are, and who may do what.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use crate::env::{env, root};
use crate::messengers::SENDER;

/// The template.
#[derive(Debug)]
pub struct Template(Value);

/// One route of the HTTP API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The method in capitals.
    pub method: String,
    /// The path, with parameters in braces.
    pub path: String,
    /// Whether it takes no token.
    pub is_public: bool,
}

impl Route {
    /// The path with a value in place of each parameter.
    pub fn filled(&self) -> String {
        filled(&self.path)
    }
}

/// A path with a value in place of each parameter.
pub fn filled(path: &str) -> String {
    let values = [
        ("{sale_id}", "1-1-express"),
        ("{job_id}", "1"),
        ("{account_id}", "1"),
        ("{id}", "1"),
        ("{section}", "teams"),
        ("{neighbour}", "openai"),
        ("{queue}", "hook-retry"),
        ("{id}", "1"),
    ];
    let filled = values.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!filled.contains('{'), "{path} has a parameter that is not known here");
    filled
}

impl Template {
    /// Reads it.
    pub fn read() -> Self {
        let text = std::fs::read_to_string(root().join("template.yaml")).expect("template.yaml");
        Self(serde_yaml_ng::from_str(&text).expect("template.yaml in YAML"))
    }

    fn functions(&self) -> impl Iterator<Item = &Value> {
        let resources = self.0["Resources"].as_mapping().expect("resources").values();
        resources.filter(|resource| resource["Type"] == "AWS::Serverless::Function")
    }

    /// The functions' names without the stack's.
    pub fn function_names(&self) -> BTreeSet<String> {
        self.functions().map(|function| self.function_name(function)).collect()
    }

    /// The names, without the stack's, of the queues that have dead letters.
    pub fn queues_with_dead_letters(&self) -> BTreeSet<String> {
        let resources = self.0["Resources"].as_mapping().expect("resources").values();
        let queues = resources.map(|resource| &resource["Properties"]);
        let queues = queues.filter(|queue| queue.get("RedrivePolicy").is_some());
        let name = |queue: &Value| self.text(&queue["QueueName"]);
        queues
            .map(|queue| name(queue).strip_prefix(&env().function("")).expect("the stack's name").to_owned())
            .collect()
    }

    fn function_name(&self, function: &Value) -> String {
        let name = self.text(&function["Properties"]["FunctionName"]);
        name.strip_prefix(&env().function("")).expect("the stack's name first").to_owned()
    }

    /// Every route but the one that takes all other paths.
    pub fn routes(&self) -> BTreeSet<Route> {
        let events = self.functions().filter_map(|function| function["Properties"]["Events"].as_mapping());
        let events = events.flat_map(|events| events.values()).filter(|event| event["Type"] == "HttpApi");
        let routes = events.map(|event| &event["Properties"]).filter(|event| event.get("Path").is_some());
        routes
            .map(|event| Route {
                method: event["Method"].as_str().expect("a method").to_uppercase(),
                path: event["Path"].as_str().expect("a path").to_owned(),
                is_public: event["Auth"]["Authorizer"] == "NONE",
            })
            .collect()
    }

    /// What each function may do: its name, `service:Action`, and the resource as the gate names it.
    pub fn grants(&self) -> BTreeSet<(String, String, String)> {
        let mut grants = BTreeSet::new();
        for function in self.functions() {
            let policies = function["Properties"].get("Policies").and_then(Value::as_sequence);
            let statements = policies.into_iter().flatten().flat_map(|policy| {
                policy["Statement"].as_sequence().expect("statements of one's own, no managed policy")
            });
            for statement in statements {
                assert_eq!(statement["Effect"], "Allow", "{statement:?}");
                let resource = self.text(&statement["Resource"]);
                for action in statement["Action"].as_sequence().expect("a list of actions") {
                    let action = action.as_str().expect("an action").to_owned();
                    assert!(!action.contains('*'), "a wildcard: {action}");
                    grants.insert((self.function_name(function), action, resource.clone()));
                }
            }
        }
        grants
    }

    /// A text with its intrinsic functions resolved, as far as names of tables and queues need it.
    fn text(&self, value: &Value) -> String {
        let Value::Tagged(tagged) = value else { return value.as_str().expect("a text").to_owned() };
        let inner = tagged.value.as_str().expect("an intrinsic function of a text");
        if tagged.tag == "Ref" || tagged.tag == "GetAtt" {
            return self.name_of(inner);
        }
        assert!(tagged.tag == "Sub", "{:?} is not known here", tagged.tag);
        let mut text = String::new();
        let mut rest = inner;
        while let Some((before, after)) = rest.split_once("${") {
            let (reference, after) = after.split_once('}').expect("a closing brace");
            text += before;
            text += &self.name_of(reference);
            rest = after;
        }
        let text = text + rest;
        // A secret's address ends in six characters that nobody knows before it is there; the gate speaks of its name.
        let secret = text.split_once(":secret:").and_then(|(_, name)| name.strip_suffix("-??????"));
        let name = secret.or_else(|| text.split_once(":identity/").map(|(_, name)| name));
        name.map_or(text.clone(), str::to_owned)
    }

    /// The physical name of a resource; its ARN stands for it.
    fn name_of(&self, reference: &str) -> String {
        match reference {
            "AWS::StackName" => return env().get("STACK_NAME").to_owned(),
            "AWS::Partition" | "AWS::Region" | "AWS::AccountId" => return String::new(),
            "EmailFrom" => return SENDER.to_owned(),
            _ => {}
        }
        let id = reference.strip_suffix(".Arn").unwrap_or(reference);
        let properties = &self.0["Resources"][id]["Properties"];
        let name = ["TableName", "QueueName", "TopicName"].into_iter().find_map(|name| properties.get(name));
        self.text(name.unwrap_or_else(|| panic!("{reference} has no name")))
    }
}
