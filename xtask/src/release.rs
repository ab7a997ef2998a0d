//! A release: archives as the registries want them, with their sums, signature, manifest and bills of materials, and an OCI image layout.

mod archive;
mod build;
mod changelog;
mod image;
mod platform;
mod sbom;
mod sums;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use time::{Date, OffsetDateTime, UtcOffset};

use crate::{root, setup};
use platform::Platform;

const BINARY: &str = "terraform-provider-quilt";
/// What a release is called that no date is known of: the first day that a zip can tell.
const UNDATED: i64 = 315_532_800;

/// What a person may ask for.
pub struct Options {
    version: String,
    changelog: PathBuf,
    out: Option<PathBuf>,
    binaries: Vec<(Platform, PathBuf)>,
    platforms: Vec<Platform>,
    key: Option<String>,
    binaries_only: bool,
    date: bool,
}

impl Options {
    /// Reads the words after `release`.
    pub fn parse(words: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self {
            version: env!("CARGO_PKG_VERSION").into(),
            changelog: "CHANGELOG.md".into(),
            out: None,
            binaries: Vec::new(),
            platforms: Vec::new(),
            key: None,
            binaries_only: false,
            date: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} needs a value"));
            match *word {
                "--version" => options.version = value()?.trim_start_matches('v').into(),
                "--changelog" => options.changelog = value()?.into(),
                "--out" => options.out = Some(value()?.into()),
                "--binary" => options.binaries.push(named_binary(value()?)?),
                "--platform" => options.platforms.push(Platform::named(value()?)?),
                "--gpg-key" => options.key = Some((*value()?).into()),
                "--binaries-only" => options.binaries_only = true,
                "--date" => options.date = true,
                other => bail!("release has no option {other}; `cargo xtask` lists them"),
            }
        }
        ensure!(
            options.binaries.is_empty() || options.platforms.is_empty(),
            "--platform is built and --binary is taken as it is: name one or the other"
        );
        Ok(options)
    }
}

/// `FILE` for this machine, or `OS_ARCH=FILE` for any.
fn named_binary(word: &str) -> anyhow::Result<(Platform, PathBuf)> {
    let (platform, file) = match word.split_once('=') {
        Some((name, file)) => (Platform::named(name)?, file),
        None => (Platform::host()?, word),
    };
    ensure!(Path::new(file).is_file(), "{file} is no file");
    Ok((platform, file.into()))
}

/// What all files of a release share.
struct Release {
    version: String,
    /// When it was made, as its files tell it, in seconds since 1970.
    time: i64,
    folder: PathBuf,
}

impl Release {
    /// The name of a file of the release.
    fn name(&self, end: &str) -> String {
        format!("{BINARY}_{}_{end}", self.version)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let file = self.folder.join(name);
        fs::write(&file, bytes).with_context(|| format!("{} cannot be written", file.display()))
    }
}

/// One file of the provider.
struct Binary {
    platform: Platform,
    /// In Rust's words.
    target: &'static str,
    file: PathBuf,
}

/// Makes the release, or dates it.
pub fn run(options: &Options) -> anyhow::Result<()> {
    if options.date {
        let today = changelog::date(&options.changelog, &options.version, today()?)?;
        println!(
            "{} says {today} now. Commit it, and tag v{}.",
            options.changelog.display(),
            options.version
        );
        return Ok(());
    }
    let day = changelog::day(&options.changelog, &options.version)?;
    ensure!(
        day.is_some() || options.key.is_none(),
        "{} has no date in {}, and only what is released is signed. Date it by `cargo xtask release --date`, and commit that.",
        options.version,
        options.changelog.display()
    );
    let release = Release {
        version: options.version.clone(),
        time: time(day)?,
        folder: fresh(
            options.out.clone().unwrap_or_else(|| format!("dist/{}", options.version).into()),
        )?,
    };
    let binaries = binaries(options, &release)?;
    match options.binaries_only {
        true => lay_out(&binaries, &release)?,
        false => pack(&binaries, &release, options.key.as_deref())?,
    }
    tell(options, &release, &binaries, day);
    Ok(())
}

/// What the files of a release say of when they were made: the day of the changelog, unless `SOURCE_DATE_EPOCH` says otherwise.
fn time(day: Option<Date>) -> anyhow::Result<i64> {
    let Ok(said) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(day.map_or(UNDATED, |day| day.midnight().assume_utc().unix_timestamp()));
    };
    let time = said.parse().ok().filter(|time| *time >= UNDATED);
    time.with_context(|| {
        format!("SOURCE_DATE_EPOCH is {said}; seconds from 1980 on are what an archive can tell")
    })
}

/// Today, where `SOURCE_DATE_EPOCH` names no other day.
fn today() -> anyhow::Result<Date> {
    match std::env::var_os("SOURCE_DATE_EPOCH") {
        Some(_) => Ok(OffsetDateTime::from_unix_timestamp(time(None)?)?.date()),
        None => Ok(OffsetDateTime::now_utc().to_offset(UtcOffset::UTC).date()),
    }
}

/// The folder, made and empty: what an earlier release left would be taken for a part of this one.
fn fresh(folder: PathBuf) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let folder = folder.canonicalize()?;
    ensure!(
        folder.read_dir()?.next().is_none(),
        "{} is not empty. Remove what is in it, or name another folder by --out.",
        folder.display()
    );
    Ok(folder)
}

/// The binaries that are given, or those that can be built here.
fn binaries(options: &Options, release: &Release) -> anyhow::Result<Vec<Binary>> {
    if !options.binaries.is_empty() {
        let given = options.binaries.iter();
        let mut all: Vec<_> = given
            .map(|(platform, file)| Binary {
                platform: *platform,
                target: platform.targets[0],
                file: file.clone(),
            })
            .collect();
        all.sort_by_key(|binary| binary.platform);
        ensure!(
            all.windows(2).all(|pair| pair[0].platform != pair[1].platform),
            "a platform has two binaries"
        );
        return Ok(all);
    }
    ensure!(
        options.version == env!("CARGO_PKG_VERSION"),
        "Cargo.toml says {}, so {} cannot be built from here",
        env!("CARGO_PKG_VERSION"),
        options.version
    );
    setup::run()?;
    build::all(&options.platforms, release.time)
}

/// Each binary in a folder of its platform, for a machine that makes a release of many.
fn lay_out(binaries: &[Binary], release: &Release) -> anyhow::Result<()> {
    for binary in binaries {
        let place = release.folder.join(binary.platform.to_string());
        fs::create_dir(&place)?;
        fs::copy(&binary.file, place.join(binary.platform.file(&release.version)))?;
    }
    Ok(())
}

fn pack(binaries: &[Binary], release: &Release, key: Option<&str>) -> anyhow::Result<()> {
    let mut archives = Vec::new();
    for binary in binaries {
        let bytes = fs::read(&binary.file)
            .with_context(|| format!("{} cannot be read", binary.file.display()))?;
        let bill = sbom::write(binary, &bytes, release)?;
        release.write(&release.name(&format!("{}.cdx.json", binary.platform)), bill.as_bytes())?;
        let files = [
            archive::File {
                name: "LICENSE",
                bytes: &fs::read(root().join("LICENSE"))?,
                mode: 0o644,
            },
            archive::File {
                name: &binary.platform.file(&release.version),
                bytes: &bytes,
                mode: 0o755,
            },
        ];
        let name = release.name(&format!("{}.zip", binary.platform));
        let zip = archive::zip(&files, release.time)?;
        release.write(&name, &zip)?;
        archives.push((binary.platform, name, zip));
    }
    sums::write(&archives, release, key)?;
    image::write(&archives, release)
}

/// What was made of what, and what was not.
fn tell(options: &Options, release: &Release, binaries: &[Binary], day: Option<Date>) {
    println!("\n{BINARY} {} in {}:", release.version, release.folder.display());
    let built = options.binaries.is_empty();
    for platform in platform::ALL {
        let found = binaries.iter().find(|binary| binary.platform == platform);
        let told = found.map_or_else(|| left_out(options, platform), |found| made(found, built));
        println!("  {platform:<14} {told}");
    }
    if options.key.is_none() && !options.binaries_only {
        println!("Not signed: no --gpg-key was given. The registries take a signed release only.");
    }
    if day.is_none() {
        println!(
            "{} has no date in {}: this is a rehearsal. `cargo xtask release --date` dates it.",
            release.version,
            options.changelog.display()
        );
    }
}

fn made(binary: &Binary, built: bool) -> String {
    let glibc = "; it needs this machine's glibc or a newer one, and does not run on Alpine";
    match binary.target {
        _ if !built => format!("of {}", binary.file.display()),
        target if target.ends_with("linux-gnu") => format!("built for {target}{glibc}"),
        target => format!("built for {target}"),
    }
}

fn left_out(options: &Options, platform: Platform) -> String {
    match platform.way() {
        _ if !options.binaries.is_empty() || !options.platforms.is_empty() => {
            "not asked for".into()
        }
        Ok(_) => "not made".into(),
        Err(why) => format!("not built: {why}"),
    }
}
