//! Damage to something that was right: cut off, bits turned, parts doubled, dropped or exchanged.

use proptest::collection::vec;
use proptest::prelude::*;

/// One blow; places are parts of the whole.
#[derive(Clone, Debug)]
pub enum Blow {
    Cut(f64),
    Put(f64, u8),
    Turn(f64, u8),
    Drop(f64, usize),
    Double(f64, usize),
}

/// A few blows.
pub fn blows() -> impl Strategy<Value = Vec<Blow>> {
    let at = || 0.0..1.0f64;
    let one = prop_oneof![
        at().prop_map(Blow::Cut),
        (at(), any::<u8>()).prop_map(|(at, byte)| Blow::Put(at, byte)),
        (at(), 0..8u8).prop_map(|(at, bit)| Blow::Turn(at, bit)),
        (at(), 1..40usize).prop_map(|(at, n)| Blow::Drop(at, n)),
        (at(), 1..40usize).prop_map(|(at, n)| Blow::Double(at, n)),
    ];
    vec(one, 1..6)
}

/// The bytes after the blows.
pub fn damaged(bytes: &[u8], blows: &[Blow]) -> Vec<u8> {
    blows.iter().fold(bytes.to_vec(), |mut bytes, blow| {
        let place = |at: f64| (at * bytes.len() as f64) as usize;
        match *blow {
            _ if bytes.is_empty() => {}
            Blow::Cut(at) => bytes.truncate(place(at)),
            Blow::Put(at, byte) => bytes.insert(place(at), byte),
            Blow::Turn(at, bit) => {
                let place = place(at);
                bytes[place] ^= 1 << bit;
            }
            Blow::Drop(at, n) => {
                let start = place(at);
                bytes.drain(start..(start + n).min(bytes.len()));
            }
            Blow::Double(at, n) => {
                let start = place(at);
                let part = bytes[start..(start + n).min(bytes.len())].to_vec();
                bytes.splice(start..start, part);
            }
        }
        bytes
    })
}
