//! What names Quilt's objects and CloudFormation's stacks may have.

const OBJECT_RULE: &str = "A name has 3 to 20 characters: lower-case letters, digits and single hyphens, first a letter, last no hyphen.";
const STACK_RULE: &str =
    "The name of a stack has at most 128 characters: letters, digits and hyphens, first a letter.";

/// Checks the name of a Quilt object. Roles, the database, the search domain and buckets are named after it: the narrowest of their rules
/// holds.
pub fn check_object_name(name: &str) -> Result<(), String> {
    let wrong = begins_badly(name, |c| c.is_ascii_lowercase(), "lower-case letter")
        .or_else(|| stray(name, |c| c.is_ascii_lowercase()))
        .or_else(|| name.contains("--").then(|| format!("`{name}` has two hyphens in a row.")))
        .or_else(|| name.ends_with('-').then(|| format!("`{name}` ends with a hyphen.")))
        .or_else(|| length_off(name, 3, 20));
    verdict(wrong, OBJECT_RULE)
}

/// Checks the name of a CloudFormation stack.
pub fn check_stack_name(name: &str) -> Result<(), String> {
    let wrong = begins_badly(name, |c| c.is_ascii_alphabetic(), "letter")
        .or_else(|| stray(name, |c| c.is_ascii_alphabetic()))
        .or_else(|| length_off(name, 1, 128));
    verdict(wrong, STACK_RULE)
}

fn begins_badly(name: &str, letter: fn(char) -> bool, kind: &str) -> Option<String> {
    match name.chars().next() {
        None => Some("The name is empty.".into()),
        Some(first) if letter(first) => None,
        Some(_) => Some(format!("`{name}` does not begin with a {kind}.")),
    }
}

fn stray(name: &str, letter: fn(char) -> bool) -> Option<String> {
    let odd = name.chars().find(|&c| !letter(c) && !c.is_ascii_digit() && c != '-')?;
    Some(format!("`{name}` contains `{odd}`."))
}

fn length_off(name: &str, least: usize, most: usize) -> Option<String> {
    let length = name.chars().count();
    let off = !(least..=most).contains(&length);
    off.then(|| format!("`{name}` has {length} characters."))
}

fn verdict(wrong: Option<String>, rule: &str) -> Result<(), String> {
    wrong.map_or(Ok(()), |wrong| Err(format!("{wrong} {rule}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with the name, the rule left off.
    fn wrong(check: fn(&str) -> Result<(), String>, rule: &str, name: &str) -> String {
        let text = check(name).unwrap_err();
        text.strip_suffix(rule).unwrap().trim_end().to_string()
    }

    #[test]
    fn names_of_objects() {
        for good in ["abc", "quilt-prod", "q1-2-3", "abcdefghijklmnopqrst"] {
            assert_eq!(check_object_name(good), Ok(()));
        }
        for (name, text) in [
            ("", "The name is empty."),
            ("ab", "`ab` has 2 characters."),
            ("abcdefghijklmnopqrstu", "`abcdefghijklmnopqrstu` has 21 characters."),
            ("Quilt", "`Quilt` does not begin with a lower-case letter."),
            ("1quilt", "`1quilt` does not begin with a lower-case letter."),
            ("-quilt", "`-quilt` does not begin with a lower-case letter."),
            ("quiltProd", "`quiltProd` contains `P`."),
            ("quilt_prod", "`quilt_prod` contains `_`."),
            ("quilt prod", "`quilt prod` contains ` `."),
            ("kühl", "`kühl` contains `ü`."),
            ("quilt--prod", "`quilt--prod` has two hyphens in a row."),
            ("quilt-", "`quilt-` ends with a hyphen."),
        ] {
            assert_eq!(wrong(check_object_name, OBJECT_RULE, name), text);
        }
    }

    #[test]
    fn names_of_stacks() {
        for good in ["a", "Quilt-Prod", "q--1-", &"a".repeat(128)] {
            assert_eq!(check_stack_name(good), Ok(()));
        }
        let long = "a".repeat(129);
        for (name, text) in [
            ("", "The name is empty.".to_string()),
            ("1a", "`1a` does not begin with a letter.".into()),
            ("a_b", "`a_b` contains `_`.".into()),
            ("arn:aws", "`arn:aws` contains `:`.".into()),
            (&long, format!("`{long}` has 129 characters.")),
        ] {
            assert_eq!(wrong(check_stack_name, STACK_RULE, name), text);
        }
    }
}
