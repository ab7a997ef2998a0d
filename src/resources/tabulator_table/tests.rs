//! The life of a `quilt_tabulator_table` against a registry in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::catalog::fake::Registry;
use crate::kinds::resource::Resource;
use crate::outcome::CatalogErrorKind;
use crate::resources::catalog::tests::said as told;
use crate::tf::{Report, Value, known};

type Stage = crate::resources::stage::Stage<TabulatorTableResource>;

fn registry() -> Registry {
    Registry::default().buckets(&["data"])
}

fn stage(registry: &Registry) -> Stage {
    Stage::of(TabulatorTableResource, Fake::default().with_registry(registry))
}

fn column(name: &str, kind: &str) -> TableColumn {
    TableColumn { name: known(name), r#type: known(kind), ..TableColumn::default() }
}

fn columns(columns: &[(&str, &str)]) -> Value<Vec<TableColumn>> {
    Value::Value(columns.iter().map(|(name, kind)| column(name, kind)).collect())
}

fn csv() -> TableParser {
    TableParser { format: known("csv"), header: true.into(), ..TableParser::default() }
}

fn source() -> TableSource {
    TableSource {
        package_name: known("^lab/(?<study>.+)$"),
        logical_key: known("\\.csv$"),
        ..TableSource::default()
    }
}

fn config() -> TabulatorTableState {
    TabulatorTableState {
        bucket: known("data"),
        name: known("samples"),
        schema: columns(&[("id", "STRING"), ("weight", "FLOAT")]),
        source: Value::Value(source()),
        parser: Value::Value(csv()),
        ..TabulatorTableState::default()
    }
}

fn named(name: &str) -> TabulatorTableState {
    TabulatorTableState { name: known(name), ..config() }
}

fn wider() -> TabulatorTableState {
    TabulatorTableState {
        schema: columns(&[("id", "STRING"), ("weight", "DOUBLE"), ("day", "DATE")]),
        continue_on_error: true.into(),
        ..config()
    }
}

fn said(stage: &Stage) -> String {
    told(&stage.said)
}

#[tokio::test(start_paused = true)]
async fn a_table_lives() {
    let registry = registry();
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    assert_eq!(
        registry.table("data", "samples").unwrap(),
        "schema:\n  - name: \"id\"\n    type: \"STRING\"\n  - name: \"weight\"\n    type: \"FLOAT\"\nsource:\n  type: quilt-packages\n  package_name: \"^lab/(?<study>.+)$\"\n  \
         logical_key: \"\\\\.csv$\"\nparser:\n  format: \"csv\"\n  header: true\n"
    );
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    stage.apply(&wider()).await;
    assert_eq!(stage.changes(&wider()).await, [""; 0]);
    let renamed = TabulatorTableState { name: known("all_samples"), ..wider() };
    let planned = stage.plan(&renamed).await;
    assert!(planned.replace.is_empty(), "{:?}", planned.replace);
    stage.apply(&renamed).await;
    assert_eq!(stage.changes(&renamed).await, [""; 0]);
    assert_eq!(stage.get().id, known("data/all_samples"));

    for id in ["data/all_samples", "data.example.com/data/all_samples"] {
        stage.import(id).await;
        assert!(!stage.said.failed(), "{}", said(&stage));
        assert_eq!(stage.changes(&renamed).await, [""; 0], "after an import of {id}");
    }
    stage.destroy().await;
    assert!(stage.state.is_none() && registry.table("data", "all_samples").is_none());
    let writes = [
        "set_table data/samples",
        "set_table data/samples",
        "rename_table data/samples all_samples",
    ];
    assert_eq!(registry.writes(), [&writes[..], &["remove_table data/all_samples"]].concat());
}

#[tokio::test(start_paused = true)]
async fn another_bucket_replaces_it() {
    let registry = registry().buckets(&["other"]);
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    let planned = stage.plan(&TabulatorTableState { bucket: known("other"), ..config() }).await;
    assert_eq!(planned.replace.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn another_layout_is_no_change_and_another_meaning_is_one() {
    let mut registry = registry();
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    let text = "# By hand\nparser: {format: csv, header: yes}\nsource: {type: quilt-packages, package_name: '^lab/(?<study>.+)$', logical_key: '\\.csv$'}\n\
                schema:\n- {name: id, type: STRING}\n- {name: weight, type: FLOAT}\n";
    registry = registry.tables("data", "samples", text);
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    registry = registry.tables("data", "samples", &text.replace("FLOAT", "INT"));
    assert_eq!(stage.changes(&config()).await, ["config", "schema"]);
    stage.apply(&config()).await;
    // What we have no words for is seen, and taken away.
    registry = registry.tables("data", "samples", &text.replace("csv,", "csv, quote: q,"));
    assert_eq!(stage.changes(&config()).await, ["config"]);
    stage.apply(&config()).await;
    registry = registry.tables("data", "samples", "nothing of ours");
    assert_eq!(stage.changes(&config()).await, ["config"]);
    stage.apply(&config()).await;
    registry.drop_table("data", "samples");
    stage.refresh().await;
    assert!(stage.state.is_none(), "it is gone, and will be set anew");
}

#[tokio::test(start_paused = true)]
async fn what_was_not_answered_is_looked_for_and_done_once() {
    let registry = registry();
    let mut stage = stage(&registry);
    for call in ["set_table", "rename_table", "remove_table"] {
        registry.fails_stored(call);
    }
    stage.apply(&config()).await;
    stage.apply(&named("other")).await;
    stage.destroy().await;
    assert!(stage.state.is_none(), "{}", said(&stage));
    registry.fails("set_table", CatalogErrorKind::Fault, 1);
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(stage.said.failed() && stage.state.is_none());
    stage.apply(&config()).await;
    assert_eq!(registry.writes().len(), 5, "{:?}", registry.writes());
}

#[tokio::test(start_paused = true)]
async fn one_that_is_there_is_taken_over_where_it_is_as_it_is_to_be() {
    let registry = registry();
    stage(&registry).apply(&config()).await;
    let mut second = stage(&registry);
    second.apply(&config()).await;
    assert_eq!(second.get().adopted, true.into());
    assert_eq!(registry.writes(), ["set_table data/samples"]);
    let mut third = stage(&registry);
    third.plan(&wider()).await;
    let said = said(&third);
    assert!(said.contains("name | There is a Tabulator table samples of the bucket data already"));
    assert!(said.contains("id = \"data.example.com/data/samples\""), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_another_table_has_is_refused_at_plan() {
    let registry = registry();
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    let registry = registry.tables("data", "other", "of somebody else");
    stage.plan(&named("other")).await;
    assert!(said(&stage).contains("name | The bucket data has another Tabulator table other"));
    registry.drop_table("data", "other");
    stage.apply(&named("other")).await;
}

#[tokio::test(start_paused = true)]
async fn a_table_goes_with_its_bucket() {
    let registry = registry();
    let mut stage = stage(&registry);
    stage.apply(&config()).await;
    registry.drop_bucket("data");
    stage.destroy().await;
    assert!(stage.state.is_none() && !stage.said.failed(), "{}", said(&stage));
    stage.apply_in(&stage.fake.cx(), &config()).await;
    assert!(
        said(&stage)
            .contains("bucket | The catalog data.example.com does not have the bucket data.")
    );
    let registry = registry.buckets(&["data"]);
    stage.apply(&config()).await;
    registry.drop_bucket("data");
    stage.refresh().await;
    assert!(stage.state.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_older_quilt_and_a_refusal_are_told() {
    let registry = registry();
    let mut stage = stage(&registry);
    registry.fails("tables", CatalogErrorKind::Old, 2);
    stage.plan(&config()).await;
    assert!(said(&stage).contains("they came with 1.55"), "{}", said(&stage));
    let odd = named("a$b");
    let mut other = self::stage(&self::registry());
    other.apply_in(&other.fake.cx(), &odd).await;
    assert!(said(&other).starts_with("name | The catalog"), "{}", said(&other));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_is_said_offline() {
    let parser = |parser| TabulatorTableState { parser: Value::Value(parser), ..config() };
    let schema = |all: &[(&str, &str)]| TabulatorTableState { schema: columns(all), ..config() };
    let source = |source| TabulatorTableState { source: Value::Value(source), ..config() };
    for (config, words) in [
        (named("a/b"), "name | Not the name of a table"),
        (
            TabulatorTableState { bucket: known(""), ..config() },
            "bucket | The table is of no bucket",
        ),
        (schema(&[]), "schema | The table has no columns"),
        (schema(&[("1a", "INT")]), "schema[0].name | Not the name of a column"),
        (schema(&[("Id", "INT")]), "schema[0].name | A column that Athena may not find"),
        (schema(&[("a", "INT"), ("a", "INT")]), "schema[1].name | Two columns have this name"),
        (
            schema(&[("a", "int")]),
            "schema[0].type | `int` is not the type of a column | Types are in capitals: write `INT`.",
        ),
        (
            schema(&[("a", "TEXT")]),
            "schema[0].type | `TEXT` is not the type of a column | Write one of BOOLEAN,",
        ),
        (
            source(TableSource { package_name: known(""), ..self::source() }),
            "source.package_name | `package_name` is empty",
        ),
        (
            source(TableSource { r#type: known("s3"), ..self::source() }),
            "source.type | Not a source of tables",
        ),
        (
            parser(TableParser { format: known("tsv"), ..csv() }),
            "parser.format | `tsv` is no format",
        ),
        (
            parser(TableParser { format: known("parquet"), ..csv() }),
            "parser.header | `header` is for `csv` alone",
        ),
        (
            parser(TableParser { delimiter: known("||"), ..csv() }),
            "parser.delimiter | Not one character",
        ),
    ] {
        let mut d = Diagnostics::default();
        Resource::validate(&TabulatorTableResource, &config, &mut d);
        assert!(told(&d).starts_with(words), "{words}: {}", told(&d));
    }
    let mut d = Diagnostics::default();
    let open = TabulatorTableState { schema: Value::Unknown, source: Value::Unknown, ..config() };
    Resource::validate(&TabulatorTableResource, &open, &mut d);
    Resource::validate(&TabulatorTableResource, &config(), &mut d);
    assert!(!d.failed() && d.warnings.is_empty(), "{}", told(&d));
}
