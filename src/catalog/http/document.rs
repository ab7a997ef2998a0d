//! One operation out of a file of several, with the fragments that it uses: an older registry refuses whatever it does not know in a document, and
//! every one a fragment that nothing uses.

use std::collections::BTreeMap;

/// The document of one operation.
pub fn of(file: &str, operation: &str) -> String {
    let all = definitions(file);
    let mut wanted = vec![operation];
    let mut next = 0;
    while let Some(text) = wanted.get(next).and_then(|name| all.get(name)) {
        for name in spreads(text) {
            if !wanted.contains(&name) {
                wanted.push(name);
            }
        }
        next += 1;
    }
    wanted.iter().filter_map(|name| all.get(name)).cloned().collect()
}

/// Operations and fragments by name. Each begins at the beginning of a line.
fn definitions(file: &str) -> BTreeMap<&str, String> {
    let (mut all, mut name) = (BTreeMap::<_, String>::new(), "");
    for line in file.lines() {
        let mut words = line.split([' ', '(', '{']);
        if let (Some("query" | "mutation" | "fragment"), Some(own)) = (words.next(), words.next()) {
            name = own;
        }
        let text = all.entry(name).or_default();
        text.push_str(line);
        text.push('\n');
    }
    all
}

/// The fragments that a text names; `... on T` names none.
fn spreads(text: &str) -> impl Iterator<Item = &str> {
    let names = text.lines().filter_map(|line| line.trim().strip_prefix("..."));
    names.filter(|name| !name.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "fragment A on T {\n  ...B\n}\n\nfragment B on T {\n  b\n}\n\nfragment C on T {\n  c\n}\n\nquery One($x: ID) {\n  ...A\n  ... on T {\n    ...A\n  }\n}\n\nmutation Two {\n  c\n}\n";

    #[test]
    fn an_operation_has_its_fragments_and_no_others() {
        let one = of(FILE, "One");
        let has = ["fragment A", "fragment B", "query One"].map(|word| one.matches(word).count());
        assert_eq!((has, one.contains("Two"), one.contains("fragment C")), ([1; 3], false, false));
        assert_eq!(of(FILE, "Two"), "mutation Two {\n  c\n}\n");
    }
}
