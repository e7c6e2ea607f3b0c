//! The programs that are compared, and how each is started.

use std::{ffi::OsString, path::Path, path::PathBuf, time::Duration};

use sha2::{Digest, Sha256};

/// The webhook key that every measured hook carries.
pub const KEY: &str = "bench-key-0123456789abcdef0123456789abcdef";

/// A function's timeout where `template.yaml` names no other.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The tables of the fake DynamoDB; only the names that functions read from their environment.
pub const TABLES: [(&str, &str); 7] = [
    ("TABLE_EVENTS", "bench-events"),
    ("TABLE_SALES", "bench-sales"),
    ("TABLE_COUNTERS", "bench-counters"),
    ("TABLE_ADS", "bench-ads"),
    ("TABLE_LEADS", "bench-leads"),
    ("TABLE_NOTIFICATIONS", "bench-notifications"),
    ("TABLE_SETTINGS", "bench-settings"),
];

/// One executable that speaks the Runtime API.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name in the report.
    pub name: &'static str,
    /// The executable and its arguments.
    pub command: Vec<OsString>,
    /// Where its output goes.
    pub log: PathBuf,
    /// How long an event may take; the deadline that it is handed over with says so.
    pub timeout: Duration,
    /// What its environment holds besides what every program's does.
    pub variables: Vec<(&'static str, String)>,
}

impl Program {
    /// A release binary of this workspace.
    pub fn binary(name: &'static str, package: &str, folder: &Path) -> Self {
        Self::new(name, vec![folder.join(package).into()], folder)
    }

    /// Any command.
    pub fn new(name: &'static str, command: Vec<OsString>, folder: &Path) -> Self {
        let log = folder.join(format!("bench-{name}.log"));
        Self { name, command, log, timeout: TIMEOUT, variables: Vec::new() }
    }

    /// The same with another timeout.
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// The same with one more variable.
    pub fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((variable, value.into()));
        self
    }
}

/// The whole environment of a program under test: nothing is inherited, so no run depends on who runs it, and no
/// real credential can get in.
pub fn environment(address: &str, program: &Program) -> Vec<(&'static str, String)> {
    let name = program.name;
    let queue = |name: &str| format!("http://{address}/000000000000/bench-{name}");
    let mut all = vec![
        ("AWS_LAMBDA_RUNTIME_API", address.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", name.to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}")),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "bench".to_owned()),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON".to_owned()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
        ("AWS_DEFAULT_REGION", "eu-central-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "bench".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "bench".to_owned()),
        ("AWS_SESSION_TOKEN", "bench".to_owned()),
        ("AWS_ENDPOINT_URL", format!("http://{address}")),
        ("LANG", "en_US.UTF-8".to_owned()),
        ("TZ", ":UTC".to_owned()),
        ("WEBHOOK_KEY_DIGESTS", hex::encode(Sha256::digest(KEY))),
        ("AMOCRM_ACCOUNTS", "29600001:example".to_owned()),
        ("QUEUE_HOOK_RETRY", queue("hook-retry")),
        ("QUEUE_NOTIFICATIONS", queue("notifications")),
        ("QUEUE_FACEBOOK_PULL", queue("facebook-pull")),
        ("QUEUE_FACEBOOK_PULL_DLQ", queue("facebook-pull-dlq")),
        ("SECRET_FACEBOOK", "bench-facebook".to_owned()),
    ];
    all.extend(TABLES.map(|(variable, table)| (variable, table.to_owned())));
    all.extend(program.variables.iter().cloned());
    all
}
