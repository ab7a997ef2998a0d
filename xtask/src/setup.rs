//! Places the protobuf compiler where `.cargo/config.toml` points the build scripts.

use std::fs;
use std::path::Path;

use anyhow::Context;

/// Copies the compiler and its includes to `.tools`, unless they are there already.
pub fn run() -> anyhow::Result<()> {
    let tools = crate::root().join(".tools");
    place(&protoc_bin_vendored::protoc_bin_path()?, &tools.join("bin/protoc"))?;
    place_all(&protoc_bin_vendored::include_path()?, &tools.join("include"))
}

fn place_all(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            place_all(&entry.path(), &target)?
        } else {
            place(&entry.path(), &target)?
        }
    }
    Ok(())
}

/// Copies a file where it is missing or different; renaming keeps a build that runs meanwhile from seeing half of it.
fn place(from: &Path, to: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(from).with_context(|| format!("{} cannot be read", from.display()))?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let fresh = to.with_extension(format!("{}.new", std::process::id()));
    fs::create_dir_all(to.parent().unwrap_or(Path::new(".")))?;
    fs::copy(from, &fresh)
        .and_then(|_| fs::rename(&fresh, to))
        .with_context(|| format!("{} cannot be written", to.display()))
}
