//! Builds what is measured, visibly, with the commands a person would type.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    error::{BenchError, Doing, Result},
    programs::Program,
};

/// The functions that bring spend in; all of them are weighed, some are run.
pub const SPEND: [&str; 5] =
    ["facebook-pull", "facebook-refresh-run", "facebook-plan", "facebook-discover", "exchange-rates"];

/// What else is measured.
const PACKAGES: [&str; 4] = ["bench-empty", "bench-bare", "amocrm-sales-webhook", "funnel"];

/// Builds the release binaries and says in which folder they are: the one of this very program.
pub fn binaries() -> Result<PathBuf> {
    if cfg!(debug_assertions) {
        return Err(BenchError::DebugBuild);
    }
    build(PACKAGES.iter().chain(&SPEND))?;
    // Not with the others: they would be built with every feature of a dependency that it asks for, which a deploy does not.
    build(["sandbox"].iter())?;
    let myself = env::current_exe().doing("find this program")?;
    Ok(myself.parent().map(Path::to_path_buf).unwrap_or_default())
}

fn build<'a>(packages: impl Iterator<Item = &'a &'a str>) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["build", "--release"]).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")));
    for package in packages {
        command.args(["-p", package]);
    }
    run(command)
}

/// Installs and bundles the Node hook, or says why it cannot be compared with on this machine.
pub fn node(output: &Path) -> std::result::Result<Program, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    let node = Command::new("node").args(["-p", "process.execPath"]).stderr(Stdio::inherit()).output();
    let node = node.map_err(|cause| format!("no node here: {cause}"))?;
    let path = String::from_utf8_lossy(&node.stdout).trim().to_owned();
    if !installed(&folder) {
        npm(&folder, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    }
    npm(&folder, &["run", "--silent", "build"])?;
    // The heap limits that Lambda's own Node runtime derives from 256 MB of memory.
    let heap = ["--max-semi-space-size=12", "--max-old-space-size=231"].map(OsString::from);
    let command =
        [path.into()].into_iter().chain(heap).chain([folder.join("dist/bootstrap.cjs").into()]).collect();
    Ok(Program::new("node", command, output))
}

/// Whether node_modules was made from the lock file as it is.
fn installed(folder: &Path) -> bool {
    let changed = |path: &str| fs::metadata(folder.join(path)).and_then(|file| file.modified()).ok();
    match (changed("package-lock.json"), changed("node_modules/.package-lock.json")) {
        (Some(lock), Some(installed)) => installed >= lock,
        _ => false,
    }
}

fn npm(folder: &Path, arguments: &[&str]) -> std::result::Result<(), String> {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(folder);
    run(command).map_err(|cause| cause.to_string())
}

fn run(mut command: Command) -> Result<()> {
    let words: Vec<_> = [command.get_program()]
        .into_iter()
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect();
    let shown = words.join(" ");
    eprintln!("$ {shown}");
    let status = command.status().doing(format!("run `{shown}`"))?;
    if status.success() { Ok(()) } else { Err(BenchError::Command(shown)) }
}
