//! The stack's variables: from the environment, else from the file that `E2E_ENV` names, else from `.local/test/env`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The variables of the stack under test.
#[derive(Debug)]
pub struct Env(BTreeMap<String, String>);

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout")
}

/// The variables, read once.
pub fn env() -> &'static Env {
    static ENV: OnceLock<Env> = OnceLock::new();
    ENV.get_or_init(Env::read)
}

/// The files that a variable names, one behind another as in `PATH`; nothing where it is not set.
pub fn files(name: &str) -> Option<Vec<PathBuf>> {
    let (_, value) = std::env::vars_os().find(|(of, _)| of == name)?;
    Some(std::env::split_paths(&value).collect())
}

/// A number that is set for a run of the tests.
pub fn number(name: &str) -> Option<usize> {
    std::env::vars().find(|(of, _)| of == name)?.1.parse().ok()
}

impl Env {
    fn read() -> Self {
        let outer: BTreeMap<String, String> = std::env::vars().collect();
        if outer.contains_key("BASE_URL") {
            return Self(outer);
        }
        let file = outer.get("E2E_ENV").map_or(".local/test/env", String::as_str);
        let file = root().join(file);
        let text = std::fs::read_to_string(&file).unwrap_or_else(|_| {
            panic!(
                "there is no stack to test: {} is not there. Start one with \
                 `make up LOCAL_DIR=.local/test PORT=9480 DEMO=0`, or name another stack's file in E2E_ENV",
                file.display()
            )
        });
        let lines = text.lines().filter_map(|line| line.split_once('='));
        Self(lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// One of them, which has to be there.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("the stack's environment does not name {name}"))
    }

    /// A function's name in AWS.
    pub fn function(&self, folder: &str) -> String {
        format!("{}-{folder}", self.get("STACK_NAME"))
    }

    /// Everything that nobody may find in an answer or a log.
    pub fn secrets(&self) -> Vec<&str> {
        let is_secret = |name: &str| {
            ["WEBHOOK_KEY", "AWS_SECRET_ACCESS_KEY", "ADMIN_PASSWORD"].contains(&name)
                || name.starts_with("BUYER_PASSWORD_")
        };
        self.0.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.as_str()).collect()
    }

    /// The teams that have a buyer.
    pub fn teams(&self) -> Vec<String> {
        self.0
            .keys()
            .filter_map(|name| name.strip_prefix("BUYER_EMAIL_"))
            .map(|team| team.to_lowercase().replace('_', "-"))
            .collect()
    }
}
