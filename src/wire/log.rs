//! The log: `tracing` events as the JSON lines on stderr that Terraform sorts by level.

use std::fmt;
use std::io::Write;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

use crate::aws::connect::UNHEARD;

use crate::outcome::Veil;

/// Terraform cuts a line in two at 64 KiB.
const LONGEST_LINE: usize = 60 << 10;
/// What is kept of the message of a longer one; JSON may write six letters for one.
const KEPT: usize = 8 << 10;

/// Starts the log at the level that Terraform's own environment asks for, without what is behind `veil`. Panics go to it as well.
pub fn start(veil: &Veil) {
    let asked = ["TF_LOG_PROVIDER", "TF_LOG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|level| !level.is_empty());
    let level = level(asked.as_deref());
    if level != LevelFilter::OFF {
        drop(tracing::subscriber::set_global_default(Lines { level, veil: veil.clone() }));
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a fault of the provider")));
}

/// Terraform takes what it does not know as "everything".
fn level(asked: Option<&str>) -> LevelFilter {
    let Some(asked) = asked else { return LevelFilter::OFF };
    match asked.to_ascii_lowercase().as_str() {
        "off" => LevelFilter::OFF,
        "error" => LevelFilter::ERROR,
        "warn" => LevelFilter::WARN,
        "info" => LevelFilter::INFO,
        "debug" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

/// Writes each event in one piece; knows no spans.
struct Lines {
    level: LevelFilter,
    veil: Veil,
}

impl Lines {
    /// Other people's code may log requests with what is secret in them: only its warnings are taken. Whoever finds credentials warns with
    /// what a program or a file holds: nothing of that is.
    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let most = match metadata.target() {
            target if ours(target).is_some() => self.level,
            target if target.starts_with(UNHEARD) => LevelFilter::OFF,
            _ => self.level.min(LevelFilter::WARN),
        };
        metadata.is_event() && *metadata.level() <= most
    }
}

/// The module within this provider.
fn ours(target: &str) -> Option<&str> {
    target.strip_prefix("quilt_provider")
}

impl Subscriber for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.wants(metadata) { Interest::always() } else { Interest::never() }
    }
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.wants(metadata)
    }
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }
    fn event(&self, event: &Event<'_>) {
        // A log that cannot be written is nobody's business.
        drop(std::io::stderr().lock().write_all(line(event, &self.veil).as_bytes()));
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn line(event: &Event<'_>, veil: &Veil) -> String {
    let mut fields = Fields { all: Map::new(), veil };
    event.record(&mut fields);
    let message =
        fields.all.remove("message").and_then(|m| m.as_str().map(String::from)).unwrap_or_default();
    let target = event.metadata().target();
    let module = ours(target)
        .map_or_else(|| target.into(), |inside| format!("quilt{inside}"))
        .replace("::", ".");
    let head = [
        ("@level", level_name(event.metadata().level()).into()),
        ("@message", message),
        ("@module", module),
        ("@timestamp", timestamp(OffsetDateTime::now_utc())),
    ];
    bounded(head, fields.all)
}

fn bounded(mut head: [(&str, String); 4], fields: Map<String, Value>) -> String {
    let text = |head: &[(&str, String); 4], fields| {
        let head = head.iter().map(|(name, value)| (name.to_string(), Value::from(value.as_str())));
        format!("{}\n", Value::Object(head.chain(fields).collect()))
    };
    let whole = text(&head, fields);
    if whole.len() <= LONGEST_LINE {
        return whole;
    }
    let message = &mut head[1].1;
    message.truncate(message.floor_char_boundary(KEPT));
    text(&head, [("cut".to_string(), Value::Bool(true))].into_iter().collect())
}

fn level_name(level: &Level) -> &'static str {
    match *level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// With exactly six digits of a second: Terraform takes nothing else.
fn timestamp(t: OffsetDateTime) -> String {
    let (date, (hour, minute, second, micro)) = (t.date(), t.to_hms_micro());
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}Z")
}

struct Fields<'a> {
    all: Map<String, Value>,
    veil: &'a Veil,
}

impl Fields<'_> {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.all.insert(field.name().into(), value.into());
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, self.veil.strike(&format!("{value:?}")));
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, self.veil.strike(value));
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_level() {
        let levels = [None, Some("off"), Some("WARN"), Some("Debug"), Some("JSON")].map(level);
        assert_eq!(
            levels,
            [
                LevelFilter::OFF,
                LevelFilter::OFF,
                LevelFilter::WARN,
                LevelFilter::DEBUG,
                LevelFilter::TRACE
            ]
        );
    }

    #[test]
    fn a_second_has_six_digits() {
        let t = OffsetDateTime::from_unix_timestamp_nanos(1_795_514_400_000_007_999).unwrap();
        assert_eq!(timestamp(t), "2026-11-24T10:00:00.000007Z");
    }

    #[test]
    fn no_line_is_longer_than_terraform_reads() {
        let head = |message: String| {
            [
                ("@level", "info".into()),
                ("@message", message),
                ("@module", "quilt".into()),
                ("@timestamp", "t".into()),
            ]
        };
        let short = bounded(
            head("m".into()),
            [("stack".to_string(), Value::from("prod"))].into_iter().collect(),
        );
        assert_eq!(
            short,
            "{\"@level\":\"info\",\"@message\":\"m\",\"@module\":\"quilt\",\"@timestamp\":\"t\",\"stack\":\"prod\"}\n"
        );
        for message in ["\u{1}".repeat(100_000), "ä".repeat(100_000)] {
            let long = bounded(head(message), Map::new());
            assert!(long.len() < 64 << 10 && long.ends_with("\n"), "{}", long.len());
            assert_eq!(serde_json::from_str::<Value>(&long).unwrap()["cut"], true);
        }
    }

    #[test]
    fn libraries_are_heard_from_warnings_on() {
        let heard = |target: &str| ours(target).is_some();
        assert!(heard("quilt_provider::deploy"));
        assert!(!heard("aws_smithy_runtime::client") && !heard("hyper"));
    }
}
