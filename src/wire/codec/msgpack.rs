//! MessagePack as Terraform writes it: numbers exact, unknown values as extensions.

use rmp::Marker;

use super::{Limits, Malformed, number};
use crate::tf::{Number, Object, Tree};

/// Reads one value that fills `bytes`.
pub fn read(bytes: &[u8]) -> Result<Tree, Malformed> {
    let mut reader = Reader { rest: bytes, limits: Limits::new() };
    let tree = reader.value()?;
    if reader.rest.is_empty() { Ok(tree) } else { Err(Malformed("bytes after the end of a value")) }
}

/// Writes one value.
pub fn write(tree: &Tree) -> Vec<u8> {
    let mut out = vec![];
    write_to(&mut out, tree);
    out
}

struct Reader<'a> {
    rest: &'a [u8],
    limits: Limits,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Result<Tree, Malformed> {
        use Marker as M;
        self.limits.count()?;
        let [marker] = self.bytes()?;
        Ok(match M::from_u8(marker) {
            M::Null => Tree::Null,
            M::True => Tree::Bool(true),
            M::False => Tree::Bool(false),
            M::FixPos(n) => whole(n),
            M::FixNeg(n) => whole(n),
            M::U8 => whole(u8::from_be_bytes(self.bytes()?)),
            M::U16 => whole(u16::from_be_bytes(self.bytes()?)),
            M::U32 => whole(u32::from_be_bytes(self.bytes()?)),
            M::U64 => Tree::Number(number::from_u64(u64::from_be_bytes(self.bytes()?))),
            M::I8 => whole(i8::from_be_bytes(self.bytes()?)),
            M::I16 => whole(i16::from_be_bytes(self.bytes()?)),
            M::I32 => whole(i32::from_be_bytes(self.bytes()?)),
            M::I64 => whole(i64::from_be_bytes(self.bytes()?)),
            M::F32 => fraction(f32::from_be_bytes(self.bytes()?).into())?,
            M::F64 => fraction(f64::from_be_bytes(self.bytes()?))?,
            M::FixStr(n) => Tree::String(self.string(n.into())?),
            M::Str8 => self.length8().and_then(|n| self.string(n)).map(Tree::String)?,
            M::Str16 => self.length16().and_then(|n| self.string(n)).map(Tree::String)?,
            M::Str32 => self.length32().and_then(|n| self.string(n)).map(Tree::String)?,
            M::FixArray(n) => self.list(n.into())?,
            M::Array16 => self.length16().and_then(|n| self.list(n))?,
            M::Array32 => self.length32().and_then(|n| self.list(n))?,
            M::FixMap(n) => self.map(n.into())?,
            M::Map16 => self.length16().and_then(|n| self.map(n))?,
            M::Map32 => self.length32().and_then(|n| self.map(n))?,
            M::FixExt1 => self.unknown(1)?,
            M::FixExt2 => self.unknown(2)?,
            M::FixExt4 => self.unknown(4)?,
            M::FixExt8 => self.unknown(8)?,
            M::FixExt16 => self.unknown(16)?,
            M::Ext8 => self.length8().and_then(|n| self.unknown(n))?,
            M::Ext16 => self.length16().and_then(|n| self.unknown(n))?,
            M::Ext32 => self.length32().and_then(|n| self.unknown(n))?,
            M::Bin8 | M::Bin16 | M::Bin32 | M::Reserved => {
                return Err(Malformed("a value of no type that Terraform has"));
            }
        })
    }

    fn slice(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(Malformed("a value is cut off"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Malformed("a value is cut off"))?;
        self.rest = rest;
        Ok(*taken)
    }

    fn length8(&mut self) -> Result<usize, Malformed> {
        self.bytes().map(|[n]| n.into())
    }

    fn length16(&mut self) -> Result<usize, Malformed> {
        self.bytes().map(|b| u16::from_be_bytes(b).into())
    }

    fn length32(&mut self) -> Result<usize, Malformed> {
        self.bytes().map(|b| u32::from_be_bytes(b) as usize)
    }

    fn string(&mut self, n: usize) -> Result<String, Malformed> {
        let bytes = self.slice(n)?;
        std::str::from_utf8(bytes).map(Into::into).map_err(|_| Malformed("a string is not UTF-8"))
    }

    /// An extension of any kind: a value Terraform will know later. What it says of that value already is not needed.
    fn unknown(&mut self, n: usize) -> Result<Tree, Malformed> {
        self.slice(1 + n)?;
        Ok(Tree::Unknown)
    }

    /// Each element takes a byte at least, so that no announced length is believed beyond what came.
    fn list(&mut self, n: usize) -> Result<Tree, Malformed> {
        if n > self.rest.len() {
            return Err(Malformed("a list is cut off"));
        }
        self.limits.down()?;
        let tree = if n == 2 && self.skip_type()? {
            self.value()?
        } else {
            Tree::List((0..n).map(|_| self.value()).collect::<Result<_, _>>()?)
        };
        self.limits.up();
        Ok(tree)
    }

    /// A value of dynamic type comes as a pair of its type, which is the only place for binary data, and itself.
    fn skip_type(&mut self) -> Result<bool, Malformed> {
        let Some((marker, rest)) = self.rest.split_first() else { return Ok(false) };
        let marker = Marker::from_u8(*marker);
        if !matches!(marker, Marker::Bin8 | Marker::Bin16 | Marker::Bin32) {
            return Ok(false);
        }
        self.rest = rest;
        let length = match marker {
            Marker::Bin8 => self.length8()?,
            Marker::Bin16 => self.length16()?,
            _ => self.length32()?,
        };
        self.slice(length)?;
        Ok(true)
    }

    fn map(&mut self, n: usize) -> Result<Tree, Malformed> {
        if n > self.rest.len() / 2 {
            return Err(Malformed("a map is cut off"));
        }
        self.limits.down()?;
        let entries = (0..n)
            .map(|_| Ok((self.key()?, self.value()?)))
            .collect::<Result<Object, Malformed>>()?;
        self.limits.up();
        Ok(Tree::Map(entries))
    }

    fn key(&mut self) -> Result<String, Malformed> {
        let [marker] = self.bytes()?;
        let length = match Marker::from_u8(marker) {
            Marker::FixStr(n) => n.into(),
            Marker::Str8 => self.length8()?,
            Marker::Str16 => self.length16()?,
            Marker::Str32 => self.length32()?,
            _ => return Err(Malformed("a key that is not a string")),
        };
        self.string(length)
    }
}

fn whole(n: impl Into<i64>) -> Tree {
    Tree::Number(Number::Int(n.into()))
}

fn fraction(n: f64) -> Result<Tree, Malformed> {
    number::from_f64(n).map(Tree::Number)
}

/// Writing to memory cannot fail, so the results are dropped.
fn write_to(out: &mut Vec<u8>, tree: &Tree) {
    use rmp::encode as e;
    match tree {
        Tree::Null => drop(e::write_nil(out)),
        Tree::Unknown => out.extend([0xd4, 0, 0]),
        Tree::Bool(b) => drop(e::write_bool(out, *b)),
        Tree::Number(Number::Int(n)) => drop(e::write_sint(out, *n)),
        Tree::Number(Number::Float(n)) => drop(e::write_f64(out, *n)),
        Tree::Number(Number::Decimal(text)) | Tree::String(text) => drop(e::write_str(out, text)),
        Tree::List(items) => {
            drop(e::write_array_len(out, items.len() as u32));
            items.iter().for_each(|item| write_to(out, item));
        }
        Tree::Map(entries) => {
            drop(e::write_map_len(out, entries.len() as u32));
            for (key, value) in entries {
                drop(e::write_str(out, key));
                write_to(out, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: Number) -> Tree {
        Tree::Number(n)
    }

    #[test]
    fn every_value_survives() {
        let list = Tree::List(vec![
            Tree::Unknown,
            Tree::Null,
            Tree::Bool(true),
            Tree::String("ä".repeat(300)),
        ]);
        let many = Tree::List((0..70_000).map(|n| number(Number::Int(n))).collect());
        let numbers = [
            Number::Int(0),
            Number::Int(-1),
            Number::Int(i64::MIN),
            Number::Int(i64::MAX),
            Number::Float(1.5),
            Number::Float(18446744073709551616.0),
        ];
        let tree = Tree::Map(
            [
                ("list".into(), list),
                ("many".into(), many),
                ("numbers".into(), Tree::List(numbers.map(number).to_vec())),
            ]
            .into(),
        );
        assert_eq!(read(&write(&tree)), Ok(tree));
    }

    #[test]
    fn a_decimal_travels_as_text() {
        assert_eq!(write(&number(Number::Decimal("1.1".into()))), b"\xa31.1");
    }

    #[test]
    fn integers_beyond_64_bits_stay_exact() {
        assert_eq!(
            read(b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
            Ok(number(Number::Decimal(u64::MAX.to_string())))
        );
    }

    #[test]
    fn a_float_that_is_whole_is_an_integer() {
        assert_eq!(read(&[0xcb, 0x40, 0x08, 0, 0, 0, 0, 0, 0]), Ok(number(Number::Int(3))));
        assert!(read(&[0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0]).is_err(), "infinity");
    }

    #[test]
    fn every_extension_is_unknown() {
        let refined = [0xc7, 3, 12, 0x81, 1, 0xc2];
        for bytes in
            [&[0xd4, 0, 0][..], &[0xc7, 0, 0], &refined, &[0xd5, 9, 1, 2], &[0xc8, 0, 1, 12, 5]]
        {
            assert_eq!(read(bytes), Ok(Tree::Unknown), "{bytes:x?}");
        }
    }

    #[test]
    fn a_dynamic_value_is_itself() {
        let mut bytes = vec![0x92, 0xc4, 8];
        bytes.extend(br#""string""#);
        bytes.extend(b"\xa1x");
        assert_eq!(read(&bytes), Ok("x".into()));
    }

    #[test]
    fn lies_about_lengths_take_no_memory() {
        for marker in [0xdb, 0xdd, 0xdf, 0xc6, 0xc9] {
            assert!(read(&[marker, 0xff, 0xff, 0xff, 0xff, 0]).is_err(), "{marker:x}");
        }
    }

    #[test]
    fn depth_and_number_have_limits() {
        let deep = [vec![0x91; 1_000_000], vec![0xc0]].concat();
        assert_eq!(read(&deep), Err(Malformed("values nested too deeply")));
        let mut many = vec![0xdd];
        many.extend(5_000_000u32.to_be_bytes());
        many.extend(vec![0xc0; 5_000_000]);
        assert_eq!(read(&many), Err(Malformed("too many values in one message")));
    }

    #[test]
    fn nonsense_is_an_error_and_never_a_panic() {
        for seed in 0..200_000u64 {
            let bytes: Vec<u8> = (0..12)
                .map(|i| (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(i * 5) >> 17) as u8)
                .collect();
            if let Ok(tree) = read(&bytes) {
                let once = write(&tree);
                assert_eq!(write(&read(&once).unwrap()), once);
            }
        }
        assert!(read(&[]).is_err());
        assert!(read(&[0xc0, 0xc0]).is_err());
    }
}
