//! Numbers as Terraform counts: decimals of any length, each value in one form only.

use super::Malformed;
use crate::tf::Number;

/// Powers of ten beyond this are refused: a few letters must not become megabytes of zeros.
const EXPONENT: i64 = 1000;

/// An integer without a sign.
pub fn from_u64(n: u64) -> Number {
    i64::try_from(n).map_or_else(|_| Number::Decimal(n.to_string()), Number::Int)
}

/// A binary fraction.
pub fn from_f64(n: f64) -> Result<Number, Malformed> {
    match n {
        n if !n.is_finite() => Err(Malformed("a number that is not finite")),
        // 2^63 is the first float that no i64 holds.
        n if n.fract() == 0.0 && (i64::MIN as f64..-(i64::MIN as f64)).contains(&n) => {
            Ok(Number::Int(n as i64))
        }
        n => Ok(Number::Float(n)),
    }
}

/// Decimal text, as `-12.50` or `1e3`.
pub fn from_text(text: &str) -> Result<Number, Malformed> {
    let plain = plain(text).ok_or(Malformed("a number that cannot be read"))?;
    if let Ok(n) = plain.parse() {
        return Ok(Number::Int(n));
    }
    Ok(match plain.parse() {
        Ok(n) if digits(n) == plain => Number::Float(n),
        _ => Number::Decimal(plain),
    })
}

/// Every digit of a float: the smallest has 1074 behind the point.
fn digits(n: f64) -> String {
    let all = format!("{n:.1074}");
    all.trim_end_matches('0').trim_end_matches('.').into()
}

/// The text without exponent, surplus zeros and the sign of zero.
fn plain(text: &str) -> Option<String> {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().ok().filter(|e: &i64| e.abs() <= EXPONENT)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = [whole, fraction].concat();
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let point = whole.len() as i64 + exponent;
    let padded = format!("{}{all}{}", zeros(-point), zeros(point - all.len() as i64));
    let (whole, fraction) = padded.split_at(point.max(0) as usize);
    Some(join(sign, whole.trim_start_matches('0'), fraction.trim_end_matches('0')))
}

fn zeros(n: i64) -> String {
    "0".repeat(n.max(0) as usize)
}

fn join(sign: &str, whole: &str, fraction: &str) -> String {
    match (whole, fraction) {
        ("", "") => "0".into(),
        ("", fraction) => format!("{sign}0.{fraction}"),
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_one_form() {
        for (text, number) in [
            ("0", Number::Int(0)),
            ("-0.0", Number::Int(0)),
            ("007", Number::Int(7)),
            ("1e3", Number::Int(1000)),
            ("12.50", Number::Float(12.5)),
            ("125E-1", Number::Float(12.5)),
            ("-0.25", Number::Float(-0.25)),
            ("25e-2", Number::Float(0.25)),
            ("1.1", Number::Decimal("1.1".into())),
            ("-110e-2", Number::Decimal("-1.1".into())),
            ("9223372036854775807", Number::Int(i64::MAX)),
            ("9223372036854775809", Number::Decimal("9223372036854775809".into())),
            ("18446744073709551616", Number::Float(18446744073709551616.0)),
            ("0.1234567890123456789012345", Number::Decimal("0.1234567890123456789012345".into())),
        ] {
            assert_eq!(from_text(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "-",
            ".",
            "e",
            "1e",
            "1e99999",
            "1e999999999999999999999",
            "0x1",
            "1_000",
            "inf",
            "NaN",
            "1.2.3",
            "+-1",
            "١",
        ] {
            assert!(from_text(text).is_err(), "{text}");
        }
        assert!(from_f64(f64::NAN).is_err());
        let first_beyond = -(i64::MIN as f64);
        assert_eq!(from_f64(first_beyond), Ok(Number::Float(first_beyond)));
        assert_eq!(from_f64(i64::MIN as f64), Ok(Number::Int(i64::MIN)));
    }
}
