//! A zip of a few files that is the same for the same files: their order, times and modes are given, and nothing of this machine is in it.

use std::io::Write;

use anyhow::Context;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use time::OffsetDateTime;

/// A file in an archive.
pub struct File<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub mode: u32,
}

/// Version 2.0 of the format, which has deflation and no more than is needed here.
const VERSION: u16 = 20;
/// Made on Unix: then the mode is read.
const UNIX: u16 = 3 << 8;
const REGULAR: u32 = 0o100_000;
const DEFLATED: u16 = 8;

/// Packs the files in their order.
pub fn zip(files: &[File], time: i64) -> anyhow::Result<Vec<u8>> {
    let stamp = stamp(time)?;
    let (mut archive, mut index) = (Vec::new(), Vec::new());
    for file in files {
        let packed = deflate(file.bytes)?;
        let place = size(archive.len())?;
        let entry = entry(file, &packed, stamp)?;
        archive.extend(b"PK\x03\x04");
        archive.extend(&entry);
        archive.extend(file.name.as_bytes());
        archive.extend(&packed);
        index.extend(b"PK\x01\x02");
        index.extend((UNIX | VERSION).to_le_bytes());
        index.extend(&entry);
        // No comment, the first disk, no inner attributes.
        index.extend([0; 6]);
        index.extend(((REGULAR | file.mode) << 16).to_le_bytes());
        index.extend(place.to_le_bytes());
        index.extend(file.name.as_bytes());
    }
    let (count, place, length) =
        (u16::try_from(files.len())?, size(archive.len())?, size(index.len())?);
    archive.extend(index);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    archive.extend([length.to_le_bytes(), place.to_le_bytes()].concat());
    archive.extend([0; 2]);
    Ok(archive)
}

/// What stands of a file before its content and in the index, from the version on up to the lengths of its name and of nothing more.
fn entry(file: &File, packed: &[u8], (day, hour): (u16, u16)) -> anyhow::Result<Vec<u8>> {
    let mut crc = Crc::new();
    crc.update(file.bytes);
    let mut entry = Vec::new();
    for field in [VERSION, 0, DEFLATED, hour, day] {
        entry.extend(field.to_le_bytes());
    }
    for field in [crc.sum(), size(packed.len())?, size(file.bytes.len())?] {
        entry.extend(field.to_le_bytes());
    }
    for field in [u16::try_from(file.name.len())?, 0] {
        entry.extend(field.to_le_bytes());
    }
    Ok(entry)
}

fn deflate(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn size(length: usize) -> anyhow::Result<u32> {
    u32::try_from(length).context("an archive holds less than 4 GiB")
}

/// A time as a zip tells it, by day and by two seconds.
fn stamp(time: i64) -> anyhow::Result<(u16, u16)> {
    let at = OffsetDateTime::from_unix_timestamp(time)?;
    let year = u16::try_from(at.year() - 1980).context("a zip tells no time before 1980")?;
    let day = year << 9 | u16::from(u8::from(at.month())) << 5 | u16::from(at.day());
    let hour =
        u16::from(at.hour()) << 11 | u16::from(at.minute()) << 5 | u16::from(at.second() / 2);
    Ok((day, hour))
}
