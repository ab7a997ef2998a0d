//! What was found, in words: for an error, and for a person at a terminal.

use time::OffsetDateTime;

use super::{Diagnosis, Finding};

/// A text that ends as a sentence does.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', ')', '!', '?']) { text.to_string() } else { format!("{text}.") }
}

/// " at 10:12:05 UTC"; nothing where it is not known.
pub(super) fn time(seconds: f64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(seconds as i64).ok().filter(|_| seconds > 0.0);
    at.map(|at| format!(" at {:02}:{:02}:{:02} UTC", at.hour(), at.minute(), at.second()))
        .unwrap_or_default()
}

/// What lies behind the first cause, after it; empty where nothing was found.
pub fn behind(diagnosis: &Diagnosis) -> String {
    let mut text: String =
        diagnosis.findings.iter().map(|f| format!("\n\n{}", paragraph(f))).collect();
    if let Some(class) = diagnosis.class {
        text.push_str(&format!("\n\nKind of cause: {}", class.words()));
    }
    text
}

fn paragraph(finding: &Finding) -> String {
    let mut lines = vec![finding.what.clone()];
    lines.extend(finding.details.iter().map(|detail| format!("- {detail}")));
    if let Some(log) = &finding.log {
        let stream = log.stream.as_ref().map(|s| format!(", stream {s}")).unwrap_or_default();
        lines.push(format!("The end of its log (group {}{stream}):", log.group));
        lines.extend(log.lines.iter().map(|line| format!("    {line}")));
    }
    lines.extend(finding.link.clone());
    lines.join("\n")
}
