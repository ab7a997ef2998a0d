//! The walls of the house: which way imports go, who may name which library, how large a file gets, what a served type owes.

mod circles;
mod titles;

use std::fs;
use std::path::{Path, PathBuf};

use quilt_provider::provider::Served;

/// The layers of the library, highest first; each may use its own and what stands below.
const LAYERS: [&[&str]; 17] = [
    &["wire", "cli"],
    &["provider"],
    &["lists"],
    &["resources", "data_sources", "functions", "actions", "ephemerals"],
    &["kinds"],
    &["preflight"],
    &["deploy"],
    &["diagnose"],
    &["wait"],
    &["cx"],
    &["catalog"],
    &["aws"],
    &["web"],
    &["quilt"],
    &["cloudformation"],
    &["outcome"],
    &["tf"],
];

/// Libraries, and the only places that may name them.
const OWNERS: [(&str, &[&str]); 8] = [
    ("aws_sdk_", &["src/aws/"]),
    ("aws_config", &["src/aws/"]),
    ("graphql_client", &["src/catalog/"]),
    ("granit_parser", &["src/cloudformation/template/", "src/quilt/yaml.rs"]),
    ("tonic", &["src/wire/", "build.rs"]),
    ("prost", &["src/wire/", "build.rs"]),
    // `main` chooses the backend for all; `aws/connect` reads authorities for the connections to AWS.
    ("rustls::", &["src/wire/", "src/main.rs", "src/aws/connect/http.rs"]),
    ("tf_provider", &["src/tf/"]),
];

/// Tables of what AWS says, each with its beginning and its end: the only place where these words are read.
const WORDS: [(&str, &str, &str); 4] = [
    ("src/cloudformation/status.rs", "\nstatuses! {", "\n}"),
    ("src/cloudformation/partition.rs", "name: \"aws\", ", "];"),
    ("src/cloudformation/prose.rs", "pub fn meaning(", "#[cfg(test)]"),
    ("src/aws/error.rs", "const OWN_BUCKET", "];"),
];

/// Who pauses, beside the life of the process in `wire/`: who waits for AWS, who asks it for many stacks, which takes
/// several questions together and keeps to a pace, and who asks a registry again that did not answer.
const PAUSES: [&str; 4] = [
    "src/aws/cloudformation/reader.rs",
    "src/aws/cloudformation/reader/pace.rs",
    "src/catalog/http/pace.rs",
    "src/wait.rs",
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 5] = ["utils", "util", "helpers", "common", "misc"];

const MOST_LINES: usize = 400;

/// A source file: its path from the root of the repository, and its text.
struct Source {
    path: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sources under these folders whose names end so.
fn sources(folders: &[&str], ends: &[&str]) -> Vec<Source> {
    let (mut waiting, mut found): (Vec<PathBuf>, _) =
        (folders.iter().map(|folder| root().join(folder)).collect(), Vec::new());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if ends.iter().any(|end| path.extension().is_some_and(|extension| extension == *end))
        {
            let text = fs::read_to_string(&path).unwrap();
            found.push(Source {
                path: path.strip_prefix(root()).unwrap().to_string_lossy().into_owned(),
                text,
            });
        }
    }
    assert!(!found.is_empty(), "sources in {folders:?}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

#[track_caller]
fn none(breaches: Vec<String>) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules of this package that a text names after `crate::`, braces opened.
fn uses(text: &str) -> Vec<String> {
    let first = |path: &str| {
        path.trim()
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let after = text.split("crate::").skip(1);
    after
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group
                .split_once("};")
                .map_or(group, |(inside, _)| inside)
                .split(',')
                .map(first)
                .collect(),
            None => vec![first(rest)],
        })
        .collect()
}

#[test]
fn imports_go_one_way() {
    let mut breaches = Vec::new();
    for source in sources(&["src"], &["rs"]) {
        let module = source
            .path
            .trim_start_matches("src/")
            .split(['/', '.'])
            .next()
            .unwrap_or_default()
            .to_owned();
        let Some(own) = layer(&module) else {
            assert!(
                ["lib", "main"].contains(&module.as_str()),
                "{} belongs to no layer",
                source.path
            );
            continue;
        };
        // The AWS in memory hands out whole contexts, to tests alone.
        if source.path == "src/aws/fake.rs" {
            continue;
        }
        let upward = uses(&source.text)
            .into_iter()
            .filter(|used| layer(used).is_some_and(|used| used < own));
        breaches.extend(
            upward.map(|used| format!("{} uses {used}, which stands above {module}", source.path)),
        );
    }
    none(breaches);
}

#[test]
fn libraries_are_named_at_the_edges() {
    let mut breaches = Vec::new();
    for source in sources(&["src", "build.rs"], &["rs"]) {
        // What only tests compile may speak to our edges from outside.
        let outside = source.path.contains("/tests/") || source.path.ends_with("/tests.rs");
        for (library, owners) in OWNERS.iter().filter(|_| !outside) {
            let named = source
                .text
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(*library));
            if named && !owners.iter().any(|owner| source.path.starts_with(owner)) {
                breaches.push(format!(
                    "{} names {library}; only {} may",
                    source.path,
                    owners.join(", ")
                ));
            }
        }
    }
    none(breaches);
}

#[test]
fn what_quilt_and_cloudformation_are_waits_for_nothing() {
    let quilt = sources(&["src/quilt", "src/cloudformation"], &["rs"]).into_iter();
    none(
        quilt
            .filter(|source| source.text.contains("async ") || source.text.contains(".await"))
            .map(|source| source.path)
            .collect(),
    );
}

/// What a file says outside of its tests; nothing for what only tests compile.
fn served(source: &Source) -> &str {
    let tests = ["/tests", "/fake", "/interrupted", "/reader/region"];
    match tests.iter().any(|part| source.path.contains(part)) {
        true => "",
        false => {
            let before = |text: &'_ str, mark| text.split(mark).next().map_or(0, str::len);
            let end = before(&source.text, "#[cfg(test)]\nmod tests {");
            &source.text[..end.min(before(&source.text, "#[cfg(test)]\npub mod fake {"))]
        }
    }
}

#[test]
fn words_of_aws_are_read_in_one_place() {
    let all = sources(&["src"], &["rs"]);
    let mut breaches = Vec::new();
    for (home, first, last) in WORDS {
        let text = fs::read_to_string(root().join(home)).unwrap();
        let (_, after) = text.split_once(first).unwrap();
        let words: Vec<_> =
            after.split_once(last).unwrap().0.split('"').skip(1).step_by(2).collect();
        assert!(words.len() > 10, "{home}: {words:?}");
        let words = words.into_iter().filter(|word| word.len() > 3);
        // One word may be a code and stand in prose as well.
        let homes = WORDS.map(|(home, ..)| home);
        for source in all.iter().filter(|source| !homes.contains(&source.path.as_str())) {
            let read = words.clone().filter(|word| served(source).contains(&format!("\"{word}\"")));
            breaches
                .extend(read.map(|word| format!("{} reads \"{word}\"; {home} does", source.path)));
        }
    }
    none(breaches);
}

#[test]
fn who_pauses_is_known() {
    let pause = "pending::<()>()";
    let all = sources(&["src"], &["rs"]).into_iter();
    let found = all
        .filter(|source| served(source).contains(pause) && !source.path.starts_with("src/wire/"));
    let found: Vec<_> = found.map(|source| source.path).collect();
    assert_eq!(found, PAUSES);
}

#[test]
fn files_stay_small_and_say_what_they_are() {
    let mut breaches = Vec::new();
    for source in sources(
        &[
            "src",
            "tests/acceptance",
            "tests/cloud",
            "tests/wire",
            "tests/house",
            "tests/house.rs",
            "xtask",
            "build.rs",
        ],
        &["rs", "py"],
    ) {
        let lines = source.text.lines().count();
        if lines > MOST_LINES {
            breaches.push(format!("{} has {lines} lines; {MOST_LINES} are the most", source.path));
        }
        if !source.text.starts_with("//! ")
            && !source.text.starts_with("\"\"\"")
            && !source.text.starts_with("#!")
        {
            breaches.push(format!(
                "{} does not begin with a sentence that says what it is",
                source.path
            ));
        }
        if source.path.split(['/', '.']).any(|part| EMPTY_NAMES.contains(&part)) {
            breaches.push(format!("{} has a name that says nothing", source.path));
        }
    }
    none(breaches);
}

#[test]
fn every_file_is_a_module() {
    let mut breaches = Vec::new();
    for source in sources(&["src", "tests"], &["rs"]) {
        let (stem, parents) = owners(&source.path);
        let named = format!("mod {stem};");
        let is_named = |parent: &String| {
            fs::read_to_string(root().join(parent)).is_ok_and(|text| text.contains(&named))
        };
        if !stem.is_empty() && !parents.iter().any(is_named) {
            breaches.push(format!(
                "{} is compiled by nobody: no `{named}` in {}",
                source.path,
                parents.join(" or ")
            ));
        }
    }
    none(breaches);
}

/// A file's name as a module, and the files that may name it; no name for the roots.
fn owners(path: &str) -> (String, Vec<String>) {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let (folder, stem) = path.rsplit_once('/').unwrap_or(("", path));
    match (folder, stem) {
        ("src" | "tests", "main" | "lib") => (String::new(), vec![]),
        ("src" | "tests", _) => {
            (stem.into(), vec![format!("{folder}/lib.rs"), format!("{folder}/main.rs")])
        }
        _ => (stem.into(), vec![format!("{folder}.rs"), format!("{folder}/mod.rs")]),
    }
}

#[test]
fn every_type_has_an_example_a_page_and_an_acceptance_test() {
    let tests: String =
        sources(&["tests/acceptance"], &["rs"]).into_iter().map(|source| source.text).collect();
    let mut owed = Vec::new();
    for name in Served::default().resources.iter().map(|resource| resource.name()) {
        let short = name.trim_start_matches("quilt_");
        for file in
            [format!("examples/resources/{name}/resource.tf"), format!("docs/resources/{short}.md")]
        {
            if !root().join(&file).is_file() {
                owed.push(format!("{name} lacks {file}"));
            }
        }
        if !tests.contains(&format!("resource \\\"{name}\\\"")) {
            owed.push(format!("{name} is applied by no acceptance test"));
        }
    }
    for name in Served::default().data_sources.iter().map(|source| source.name()) {
        let short = name.trim_start_matches("quilt_");
        for file in [
            format!("examples/data-sources/{name}/data-source.tf"),
            format!("docs/data-sources/{short}.md"),
        ] {
            if !root().join(&file).is_file() {
                owed.push(format!("{name} lacks {file}"));
            }
        }
        if !tests.contains(&format!("data \\\"{name}\\\"")) {
            owed.push(format!("{name} is read by no acceptance test"));
        }
    }
    for name in Served::default().lists.iter().map(|list| list.name()) {
        let short = name.trim_start_matches("quilt_");
        for file in [
            format!("examples/list-resources/{name}/list-resource.tfquery.hcl"),
            format!("docs/list-resources/{short}.md"),
        ] {
            if !root().join(&file).is_file() {
                owed.push(format!("{name} lacks {file}"));
            }
        }
        if !tests.contains(&format!("list \\\"{name}\\\"")) {
            owed.push(format!("{name} is listed by no acceptance test"));
        }
    }
    for name in Served::default().actions.iter().map(|action| action.name()) {
        let short = name.trim_start_matches("quilt_");
        for file in
            [format!("examples/actions/{name}/action.tf"), format!("docs/actions/{short}.md")]
        {
            if !root().join(&file).is_file() {
                owed.push(format!("{name} lacks {file}"));
            }
        }
        if !tests.contains(&format!("action(\"{name}\"")) {
            owed.push(format!("{name} is invoked by no acceptance test"));
        }
    }
    for name in Served::default().ephemerals.iter().map(|ephemeral| ephemeral.name()) {
        let short = name.trim_start_matches("quilt_");
        for file in [
            format!("examples/ephemeral-resources/{name}/ephemeral-resource.tf"),
            format!("docs/ephemeral-resources/{short}.md"),
        ] {
            if !root().join(&file).is_file() {
                owed.push(format!("{name} lacks {file}"));
            }
        }
        if !tests.contains(&format!("ephemeral \\\"{name}\\\"")) {
            owed.push(format!("{name} is opened by no acceptance test"));
        }
    }
    for name in Served::default().functions.iter().map(|function| function.name()) {
        for file in
            [format!("examples/functions/{name}/function.tf"), format!("docs/functions/{name}.md")]
        {
            if !root().join(&file).is_file() {
                owed.push(format!("{name} lacks {file}"));
            }
        }
        if !tests.contains(&format!("\"{name}\" => ")) {
            owed.push(format!("the answer of {name}'s example is checked by no acceptance test"));
        }
    }
    none(owed);
}
