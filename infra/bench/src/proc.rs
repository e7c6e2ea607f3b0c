//! What the kernel says a process has used.

use std::{fs, io, time::Duration};

use crate::error::{BenchError, Doing, Result};

/// Memory in kibibytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// The most that was ever resident (`VmHWM`).
    pub peak_kib: u64,
    /// What is resident now (`VmRSS`).
    pub resident_kib: u64,
}

/// Processor time of all living threads, to the nanosecond. `/proc/<pid>/stat` counts in ticks of 10 ms, which is
/// too coarse for events of half a millisecond.
pub fn cpu_time(pid: u32) -> Result<Duration> {
    let folder = format!("/proc/{pid}/task");
    let mut total = 0;
    for thread in fs::read_dir(&folder).doing(format!("list {folder}"))? {
        let path = thread.doing(format!("list {folder}"))?.path().join("schedstat");
        match fs::read_to_string(&path) {
            Ok(text) => total += first_number(&text).ok_or(BenchError::Proc("schedstat"))?,
            // The thread ended since the folder was listed.
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(cause).doing(format!("read {}", path.display())),
        }
    }
    Ok(Duration::from_nanos(total))
}

/// Reads both memory figures.
pub fn memory(pid: u32) -> Result<Memory> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).doing(format!("read {path}"))?;
    let field = |name: &str| text.lines().find_map(|line| first_number(line.strip_prefix(name)?));
    Ok(Memory {
        peak_kib: field("VmHWM:").ok_or(BenchError::Proc("VmHWM"))?,
        resident_kib: field("VmRSS:").ok_or(BenchError::Proc("VmRSS"))?,
    })
}

/// The processor's name and how many of it there are.
pub fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name =
        info.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split(": ").nth(1));
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{count} × {}", name.unwrap_or("unknown processor"))
}

fn first_number(text: &str) -> Option<u64> {
    text.split_whitespace().next()?.parse().ok()
}
