//! What the changelog says of a version: that it is there, and of which day.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use time::Date;
use time::macros::format_description;

/// What stands where a date will.
const OPEN: &str = "Unreleased";
/// Where the releases are, by their tags.
const RELEASES: &str = "https://github.com/quiltdata/terraform-provider-quilt/releases/tag/";

/// The day of a version; `None`: it is in work still. A version of which nothing is written is no version.
pub fn day(file: &Path, version: &str) -> anyhow::Result<Option<Date>> {
    let text = read(file)?;
    let (_, said) = heading(&text, version).with_context(|| {
        format!("{} has no `## [{version}]`: write what it changes first", file.display())
    })?;
    if said == OPEN {
        return Ok(None);
    }
    let day = Date::parse(said, format_description!("[year]-[month]-[day]"));
    Ok(Some(
        day.with_context(|| format!("{}: `{said}` is no day, as 2026-01-31 is", file.display()))?,
    ))
}

/// Writes a day where none is, and returns the line.
pub fn date(file: &Path, version: &str, day: Date) -> anyhow::Result<String> {
    ensure!(self::day(file, version)?.is_none(), "{version} has its date already");
    let text = read(file)?;
    let Some((line, _)) = heading(&text, version) else { bail!("{version} is gone") };
    let dated = line.replace(OPEN, &day.to_string());
    let text = format!("{}{}", text.replacen(line, &dated, 1), address(&text, version));
    fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(dated)
}

/// What makes a link of the version's heading: its release, which is there from that day on. The links stand together at the end.
fn address(text: &str, version: &str) -> String {
    let apart =
        if text.lines().last().is_some_and(|line| line.starts_with('[')) { "" } else { "\n" };
    format!("{apart}[{version}]: {RELEASES}v{version}\n")
}

/// The line that begins a version's part, and what it says of its day.
fn heading<'a>(text: &'a str, version: &str) -> Option<(&'a str, &'a str)> {
    let begins = format!("## [{version}] - ");
    text.lines().find_map(|line| Some((line, line.strip_prefix(&begins)?.trim())))
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
