//! The child process.

use std::{
    fs::File,
    process::{ExitStatus, Stdio},
};

use tokio::process::{Child, Command};

use crate::{
    error::{BenchError, Doing, Result},
    programs::{Program, environment},
};

/// A started program; it ends with this value.
pub struct Running {
    child: Child,
    pid: u32,
    program: Program,
}

impl Running {
    /// Starts the program against the Runtime API and AWS at `address`.
    pub fn start(program: &Program, address: &str) -> Result<Self> {
        let log = || File::options().create(true).append(true).open(&program.log);
        let doing = || format!("start {:?} with its output in {}", program.command, program.log.display());
        let (name, arguments) = program.command.split_first().ok_or(BenchError::Proc("the command"))?;
        let child = Command::new(name)
            .args(arguments)
            .env_clear()
            .envs(environment(address, program))
            .stdin(Stdio::null())
            .stdout(log().doing(doing())?)
            .stderr(log().doing(doing())?)
            .kill_on_drop(true)
            .spawn()
            .doing(doing())?;
        let pid = child.id().ok_or(BenchError::Proc("the process id"))?;
        Ok(Self { child, pid, program: program.clone() })
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits for an end that nobody asked for.
    pub async fn ended(&mut self) -> String {
        self.child.wait().await.as_ref().map_or_else(ToString::to_string, ExitStatus::to_string)
    }

    /// Ends the process and waits for it.
    pub async fn stop(&mut self) -> Result<()> {
        self.child.kill().await.doing(format!("stop {}", self.program.name))
    }

    /// An error that names the program and its log.
    pub fn blame(&self, what: String) -> BenchError {
        BenchError::Program { program: self.program.name, what, log: self.program.log.display().to_string() }
    }
}
