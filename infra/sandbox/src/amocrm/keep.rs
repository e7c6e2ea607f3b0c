//! The world on disk, so that it outlives the sandbox as the tables outlive it: one file, written whole.
//!
//! Kept are the account with everything in it, its journal and its bin, and where hooks go. Tokens are not, nor limits,
//! faults, records and hooks that were kept back.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use super::Amocrm;
use super::settings::HookSettings;
use super::world::{World, Wrong};

/// Grows with every change of what is written.
const FORMAT: u32 = 1;
/// Nobody but the owner reads the file, for the address of hooks has their key in it.
const MODE: u32 = 0o600;
/// It is written no more often.
const PAUSE: Duration = Duration::from_secs(1);

/// Where the world is kept, and which of its states is there.
pub struct Keeper {
    path: PathBuf,
    /// Held while the file is written.
    written: Mutex<u64>,
}

/// What is in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    format: u32,
    pub hooks: Option<HookSettings>,
    pub world: World,
}

impl Keeper {
    /// For this file.
    pub fn new(path: PathBuf) -> Self {
        Self { path, written: Mutex::new(0) }
    }

    /// What is in the file; nothing where there is none.
    pub fn find(&self) -> Result<Option<Kept>, Wrong> {
        let wrong = |why: &dyn std::fmt::Display| {
            let path = self.path.display();
            Wrong(format!("amoCRM's world in {path} cannot be read: {why}; without the file it begins anew"))
        };
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(&error)),
        };
        let kept: Kept = serde_json::from_slice(&text).map_err(|error| wrong(&error))?;
        if kept.format != FORMAT {
            return Err(wrong(&format!("its format is {} and not {FORMAT}", kept.format)));
        }
        Ok(Some(kept))
    }
}

/// Writes the world whenever it has changed, until the program ends; at once nothing, where nothing is kept.
pub async fn keep(amocrm: Arc<Amocrm>) {
    while amocrm.keeper.is_some() {
        let begun = Instant::now();
        if let Err(error) = write_down(&amocrm).await {
            tracing::warn!(%error, "amoCRM's world is not kept");
        }
        // A large world takes its time, which the calls of a test need more.
        sleep(PAUSE.max(begun.elapsed() * 9)).await;
    }
}

/// Writes the world if it has changed since it was written; whether it had.
pub async fn write_down(amocrm: &Amocrm) -> io::Result<bool> {
    let Some(keeper) = &amocrm.keeper else { return Ok(false) };
    let mut written = keeper.written.lock().await;
    let (revision, kept) = {
        let state = amocrm.state();
        if state.revision == *written {
            return Ok(false);
        }
        let kept = Kept { format: FORMAT, hooks: state.settings.hooks.clone(), world: state.world.clone() };
        (state.revision, kept)
    };
    let path = keeper.path.clone();
    tokio::task::spawn_blocking(move || write(&path, &kept)).await??;
    *written = revision;
    Ok(true)
}

/// The new file takes the place of the old one when it is whole.
fn write(path: &Path, kept: &Kept) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let draft = PathBuf::from(name);
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(MODE).open(&draft)?;
    // The mode above is that of a new file only.
    file.set_permissions(Permissions::from_mode(MODE))?;
    let mut writer = BufWriter::new(file);
    serde_json::to_writer(&mut writer, kept)?;
    writer.flush()?;
    fs::rename(&draft, path)
}
