//! What a person probably meant who has misspelt a name.

/// The name that was probably meant.
pub fn near<'a>(name: &str, all: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    all.clone()
        .find(|known| known.eq_ignore_ascii_case(name))
        .or_else(|| all.clone().find(|known| distance(known, name) <= 2.min(name.len() / 2)))
}

/// How many letters must change to make one name of the other; at most 3 are counted.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return 3;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_a_little_are_found() {
        let all = ["Size", "Host"];
        for (written, meant) in [
            ("size", Some("Size")),
            ("Siez", Some("Size")),
            ("Hots", Some("Host")),
            ("Else", None),
            ("Ho", None),
        ] {
            assert_eq!(near(written, all.into_iter()), meant, "{written}");
        }
    }
}
