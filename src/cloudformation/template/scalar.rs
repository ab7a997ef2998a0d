//! What a scalar is: the one place that decides whether YAML makes text, a boolean, a number or nothing of some characters.
//!
//! CloudFormation reads YAML 1.1 without the tags binary, omap, pairs, set and timestamp, and without aliases and merges: its user guide says so
//! under "template formats". So `yes` is true, `0x1F` is 31 and `22:30` is 1350, while `2012-10-17` stays text. That it types as the YAML
//! readers of Java do was seen: an account's number `012345678901` became `1.2345678901E10`, a float for them alone.

/// A boolean or number, or text.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Its text; of a boolean or number the plainest form, as `true` or `31`.
    pub text: String,
    /// It is a boolean or number.
    pub typed: bool,
    /// Nothing but this text can become of it: it is quoted, or so written that no reader makes anything else of it.
    pub sure: bool,
}

/// What stands in a place for a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// Nothing.
    Null,
    /// Something.
    Scalar(Scalar),
}

impl Scalar {
    /// Text that is quoted, or tagged as text.
    pub fn quoted(text: String) -> Self {
        Self { text, typed: false, sure: true }
    }

    fn typed(text: String, written: &str) -> Self {
        let sure =
            text == written && (text == "true" || text == "false" || is_plain_integer(&text));
        Self { text, typed: true, sure }
    }
}

/// Reads a plain scalar of YAML.
pub fn read(text: &str) -> Read {
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Read::Null;
    }
    if let Some(truth) = boolean(text) {
        return Read::Scalar(Scalar::typed(truth.to_string(), text));
    }
    let number = may_be_number(text).then(|| integer(text).or_else(|| float(text))).flatten();
    Read::Scalar(match number {
        Some(number) => Scalar::typed(number, text),
        None => Scalar { text: text.into(), typed: false, sure: !is_ambiguous(text) },
    })
}

/// Reads what JSON writes without quotes.
pub fn read_json(text: &str) -> Read {
    match text {
        "null" => Read::Null,
        text => Read::Scalar(Scalar::typed(float(text).unwrap_or_else(|| text.into()), text)),
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn may_be_number(text: &str) -> bool {
    text.bytes().next().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.'))
}

/// The sign, as it is written before a plain number, and the rest.
fn signed(text: &str) -> (&'static str, &str) {
    match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

/// An integer of YAML 1.1 in decimal: binary, octal, hexadecimal, in sixties, or with `_` between digits.
fn integer(text: &str) -> Option<String> {
    let (sign, rest) = signed(text);
    let digits = rest.replace('_', "");
    let value = match rest.as_bytes() {
        [b'0', b'b', ..] => u128::from_str_radix(digits.get(2..)?, 2).ok()?.to_string(),
        [b'0', b'x', ..] => u128::from_str_radix(digits.get(2..)?, 16).ok()?.to_string(),
        [b'0', _, ..] => u128::from_str_radix(&digits, 8).ok()?.to_string(),
        [b'0'..=b'9', ..] if rest.contains(':') => sixties(&digits)?.to_string(),
        [b'0'..=b'9', ..] if digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        _ => return None,
    };
    Some(if value == "0" { value } else { format!("{sign}{value}") })
}

/// `22:30` as 1350.
fn sixties(digits: &str) -> Option<u128> {
    let mut parts = digits.split(':');
    let first = parts.next()?.parse().ok()?;
    parts.try_fold(first, |sum: u128, part| {
        let fits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let part = part.parse().ok().filter(|part: &u128| fits && *part < 60)?;
        sum.checked_mul(60)?.checked_add(part)
    })
}

/// A float of YAML 1.1, as written but for `_`, a needless `+` and a missing 0. Zeros at its end stay: whether they count has not been seen.
fn float(text: &str) -> Option<String> {
    let (sign, rest) = signed(text);
    if matches!(rest, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return Some(format!("{sign}{}", rest.to_ascii_lowercase()));
    }
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let power =
        |e: &str| signed(e).1.bytes().all(|b| b.is_ascii_digit()) && !signed(e).1.is_empty();
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let begins = whole.bytes().next().or(part.bytes().next()).is_some_and(|b| b.is_ascii_digit());
    if !begins || !exponent.is_none_or(power) {
        return None;
    }
    if whole.contains(':') && mantissa.contains('.') && exponent.is_none() && digits(part) {
        let (sixty, _) = (sixties(&whole.replace('_', ""))?, part);
        return Some(format!("{sign}{sixty}:.{}", part.replace('_', "")));
    }
    if !digits(whole) || !digits(part) {
        return None;
    }
    Some(format!("{sign}{}", spelled(whole, mantissa.contains('.').then_some(part), exponent)))
}

fn spelled(whole: &str, part: Option<&str>, exponent: Option<&str>) -> String {
    let or_zero =
        |digits: &str| if digits.is_empty() { "0".to_string() } else { digits.replace('_', "") };
    let part = part.map(|part| format!(".{}", or_zero(part))).unwrap_or_default();
    let exponent =
        exponent.map(|e| format!("e{}", e.strip_prefix('+').unwrap_or(e))).unwrap_or_default();
    format!("{}{part}{exponent}", or_zero(whole))
}

/// Digits that every reader takes for the same number, and prints so.
pub fn is_plain_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (1..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (!digits.starts_with('0') || text == "0")
}

/// Text that another reader of YAML types: dates, `y`, `=`.
fn is_ambiguous(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let number =
        lower.trim_start_matches(['+', '-', '.']).starts_with(|c: char| c.is_ascii_digit());
    ["y", "n", "=", "<<"].contains(&lower.as_str())
        || (number && lower.chars().all(|c| c.is_ascii_hexdigit() || "+-_:.xotz ".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> (String, bool) {
        match read(text) {
            Read::Null => ("null".into(), true),
            Read::Scalar(scalar) => (scalar.text, scalar.typed),
        }
    }

    #[test]
    fn plain_scalars_are_what_yaml_1_1_makes_of_them() {
        let typed = [
            ("yes", "true"),
            ("On", "true"),
            ("NO", "false"),
            ("off", "false"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("010", "8"),
            ("1_000", "1000"),
            ("22:30", "1350"),
            ("+1", "1"),
            ("-0", "0"),
            ("-12", "-12"),
            ("1:00:00", "3600"),
            ("1.50", "1.50"),
            ("+.5", "0.5"),
            ("1.", "1.0"),
            ("1e3", "1e3"),
            ("6.8523015E+5", "6.8523015e5"),
            ("-.INF", "-.inf"),
            (".NaN", ".nan"),
            ("012345678901", "012345678901"),
        ];
        for (text, value) in typed {
            assert_eq!(kind(text), (value.to_string(), true), "{text}");
        }
        for text in ["~", "null", "Null", "NULL", ""] {
            assert_eq!(read(text), Read::Null, "{text}");
        }
    }

    #[test]
    fn the_rest_is_text() {
        for text in [
            "2012-10-17",
            "2001-12-14t21:59:43.10-05:00",
            "y",
            "n",
            "yEs",
            "nUll",
            "1.2.3",
            "10.0.0.0/16",
            "00:30:00:00-1",
            "22:60",
            "-",
            "+",
            ".",
            "0x",
            "0b2",
            "1e",
            "t2.micro",
            "_1",
            "._1",
            "- 1",
        ] {
            assert_eq!(kind(text), (text.to_string(), false), "{text}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_not_sure() {
        let sure = |text: &str| matches!(read(text), Read::Scalar(Scalar { sure: true, .. }));
        for text in ["true", "false", "0", "443", "-1", "t2.micro", "10.0.0.0/16", "on it"] {
            assert!(sure(text), "{text}");
        }
        for text in [
            "yes",
            "True",
            "0x1f",
            "1_000",
            "1.5",
            "2012-10-17",
            "y",
            "=",
            "00",
            "1234567890123456",
        ] {
            assert!(!sure(text), "{text}");
        }
    }
}
