//! What can stop a bench. A budget that is exceeded is no error: it is a row of the report.

use std::io;

/// Result of everything in this program.
pub type Result<T> = std::result::Result<T, BenchError>;

/// One variant per cause that the person at the terminal can act on.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The bench itself was built without optimisation, and would look for its programs in the wrong folder.
    #[error("build the bench with --release: figures of a debug build say nothing")]
    DebugBuild,
    /// A file, socket or process could not be used.
    #[error("{doing}: {cause}")]
    Io {
        /// What was being done, and to what.
        doing: String,
        /// What the system said.
        cause: io::Error,
    },
    /// A command that prepares the bench failed.
    #[error("`{0}` failed")]
    Command(String),
    /// The program under test ended or stayed silent.
    #[error("{program} {what}; its output is in {log}")]
    Program {
        /// The program's name.
        program: &'static str,
        /// What it did or failed to do.
        what: String,
        /// Where its output went.
        log: String,
    },
    /// The sandbox, which plays Facebook, did not do what it was asked.
    #[error("the sandbox: {0}; its output is in bench-sandbox.log beside the binaries")]
    Sandbox(String),
    /// Something in /proc did not read as expected.
    #[error("cannot read {0} of the program under test")]
    Proc(&'static str),
}

/// Names what was being done when an I/O error came.
pub trait Doing<T> {
    /// Turns the error into ours.
    fn doing(self, what: impl Into<String>) -> Result<T>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|cause| BenchError::Io { doing: what.into(), cause })
    }
}
