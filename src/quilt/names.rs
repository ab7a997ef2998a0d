//! What names Quilt's objects and CloudFormation's stacks may have.

const OBJECT_RULE: &str = "A name has 3 to 20 characters: lower-case letters, digits and single hyphens. It begins with a letter and does not end with a hyphen.";
const STACK_RULE: &str = "The name of a stack has 128 characters at most: letters, digits and hyphens. It begins with a letter.";

/// Checks the name of a Quilt object. Roles, the database, the search domain and buckets are named after it: the narrowest of their rules
/// holds.
pub fn check_object_name(name: &str) -> Result<(), String> {
    let lower = |c: char| c.is_ascii_lowercase();
    let wrong = [
        begins_badly(name, lower, "lower-case letter"),
        stray(name, lower),
        name.contains("--").then(|| "has two hyphens in a row".into()),
        name.ends_with('-').then(|| "ends with a hyphen".into()),
        length_off(name, 3, 20),
    ];
    verdict(name, wrong, OBJECT_RULE)
}

/// What to say first where nothing of this name was found: that it is empty, or has a space that nobody sees.
pub fn unseen(name: &str) -> &'static str {
    match name {
        "" => "The name is empty. ",
        name if name.trim() != name => "The name has a space before or after it. ",
        _ => "",
    }
}

/// Checks the name of a CloudFormation stack.
pub fn check_stack_name(name: &str) -> Result<(), String> {
    let letter = |c: char| c.is_ascii_alphabetic();
    let wrong =
        [begins_badly(name, letter, "letter"), stray(name, letter), length_off(name, 1, 128)];
    verdict(name, wrong, STACK_RULE)
}

fn begins_badly(name: &str, letter: fn(char) -> bool, kind: &str) -> Option<String> {
    let badly = name.chars().next().is_some_and(|first| !letter(first));
    badly.then(|| format!("does not begin with a {kind}"))
}

fn stray(name: &str, letter: fn(char) -> bool) -> Option<String> {
    // Of a first one it is said how the name begins.
    let mut odd: Vec<_> =
        name.chars().skip(1).filter(|&c| !letter(c) && !c.is_ascii_digit() && c != '-').collect();
    odd.sort_unstable();
    odd.dedup();
    let said = |c: &char| if *c == ' ' { "a space".into() } else { format!("`{c}`") };
    let all: Vec<String> = odd.iter().map(said).collect();
    (!all.is_empty()).then(|| format!("contains {}", all.join(", ")))
}

fn length_off(name: &str, least: usize, most: usize) -> Option<String> {
    let length = name.chars().count();
    let off = !(least..=most).contains(&length);
    off.then(|| format!("has {length} characters"))
}

/// All that is wrong, at once, and the rule.
fn verdict<const N: usize>(
    name: &str,
    wrong: [Option<String>; N],
    rule: &str,
) -> Result<(), String> {
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    match (name, wrong.as_slice()) {
        (_, []) => Ok(()),
        ("", _) => Err(format!("The name is empty. {rule}")),
        (_, wrong) => Err(format!("`{name}` {}. {rule}", wrong.join(", "))),
    }
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
            ("quilt prod", "`quilt prod` contains a space."),
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
