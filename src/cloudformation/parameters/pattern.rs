//! Patterns of templates: Java's, judged here only where both engines read them alike.

/// CloudFormation matches whole values. A pattern that our engine does not read, or reads in another way, is left to CloudFormation.
pub(super) fn matches(pattern: &str, value: &str) -> bool {
    if !alike(pattern) {
        return true;
    }
    regex_lite::Regex::new(&format!("^(?:{pattern})$")).map_or(true, |r| r.is_match(value))
}

/// Java joins a class inside a class, so that `[[:alpha:]]` is one of six characters there, cuts classes with `&&`, and means Unicode by `(?U)`.
fn alike(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let (mut at, mut class) = (0, false);
    while let Some(byte) = bytes.get(at) {
        let rest = &pattern.as_bytes()[at + 1..];
        match byte {
            b'\\' => at += 1,
            b'[' if class => return false,
            b'[' => class = true,
            b']' => class = false,
            b'&' if class && rest.starts_with(b"&") => return false,
            b'(' if !class && rest.starts_with(b"?") && !plain_group(rest) => return false,
            _ => {}
        }
        at += 1;
    }
    true
}

/// A group without a name, of which nothing is kept, or one that does not care for case.
fn plain_group(rest: &[u8]) -> bool {
    [b"?:".as_slice(), b"?i:", b"?i)", b"?s)", b"?m)"]
        .iter()
        .any(|beginning| rest.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_java_reads_otherwise_is_left_to_cloudformation() {
        for pattern in [
            "[[:alpha:]]+",
            "(?U)\\w+",
            "[a-z&&[^b]]+",
            "[a[0-9]]+",
            "(?=a)b",
            "\\p{Alpha}+",
            "[\\w-.]+",
        ] {
            assert!(matches(pattern, "é!"), "{pattern}");
        }
    }

    #[test]
    fn the_rest_is_judged() {
        for (pattern, fits) in
            [("[a-z\\[&]+", "a[&"), ("(?i)abc", "ABC"), ("(?:a|b)+", "ab"), ("", "")]
        {
            assert!(matches(pattern, fits) && !matches(pattern, "9"), "{pattern}");
        }
    }
}
