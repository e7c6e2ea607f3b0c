//! The size of a function as Lambda stores it.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use flate2::{Compression, write::DeflateEncoder};

use crate::error::{Doing, Result};

/// What a zip adds to its only member, `bootstrap`: two headers, two names and the end record.
const ENVELOPE: u64 = 30 + 46 + 2 * 9 + 22;

/// Bytes of the zip that holds this binary, deflated as `zip` does it by default.
pub fn zipped(binary: &Path) -> Result<u64> {
    let doing = || format!("deflate {}", binary.display());
    let content = fs::read(binary).doing(doing())?;
    let mut deflated = DeflateEncoder::new(Counter(0), Compression::default());
    deflated.write_all(&content).doing(doing())?;
    Ok(deflated.finish().doing(doing())?.0 + ENVELOPE)
}

/// Keeps nothing but the count.
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
