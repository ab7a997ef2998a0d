//! The table that is printed: a figure, its limit, and the floor beside it.

use std::fmt;

use anyhow::bail;

/// One measure.
pub struct Row {
    measure: String,
    unit: &'static str,
    quilt: Option<f64>,
    limit: Option<f64>,
    floor: Option<f64>,
    peer: Option<f64>,
}

impl Row {
    /// A measure without figures yet.
    pub fn new(measure: &str, unit: &'static str) -> Self {
        Self {
            measure: measure.to_owned(),
            unit,
            quilt: None,
            limit: None,
            floor: None,
            peer: None,
        }
    }

    /// What the provider takes; none where it cannot be measured.
    pub fn quilt(self, figure: impl Into<Option<f64>>) -> Self {
        Self { quilt: figure.into(), ..self }
    }

    /// The most it may take.
    pub fn limit(self, figure: impl Into<Option<f64>>) -> Self {
        Self { limit: figure.into(), ..self }
    }

    /// What `terraform_data` takes.
    pub fn floor(self, figure: impl Into<Option<f64>>) -> Self {
        Self { floor: figure.into(), ..self }
    }

    /// What another provider takes, where one was named.
    pub fn peer(self, figure: impl Into<Option<f64>>) -> Self {
        Self { peer: figure.into(), ..self }
    }

    fn broken(&self) -> bool {
        self.quilt.zip(self.limit).is_some_and(|(figure, limit)| figure > limit)
    }

    fn figure(&self, figure: Option<f64>) -> String {
        let decimals = match self.unit {
            "s" => 3,
            "×" => 2,
            "" => 0,
            _ => 1,
        };
        figure.map_or_else(String::new, |figure| {
            format!("{figure:.decimals$} {}", self.unit).trim_end().to_owned()
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let verdict = if self.broken() { ", **broken**" } else { "" };
        let limit = self
            .limit
            .map_or_else(String::new, |limit| format!("≤ {}{verdict}", self.figure(Some(limit))));
        write!(
            f,
            "| {} | {} | {limit} | {} |",
            self.measure,
            self.figure(self.quilt),
            self.figure(self.floor)
        )
    }
}

/// All measures, in the order in which they were taken.
#[derive(Default)]
pub struct Table {
    lines: Vec<String>,
    broken: usize,
    /// There is a column for another provider.
    peer: bool,
}

impl Table {
    /// An empty one, with a column for another provider or without.
    pub fn new(peer: bool) -> Self {
        Self { peer, ..Self::default() }
    }

    /// Adds a measure.
    pub fn add(&mut self, row: Row) {
        self.broken += usize::from(row.broken());
        let peer = if self.peer { format!(" {} |", row.figure(row.peer)) } else { String::new() };
        self.lines.push(format!("{row}{peer}"));
    }

    /// Adds rows that another program wrote, and whether a limit among them is broken.
    pub fn take(&mut self, rows: &str, broken: bool) {
        self.broken += usize::from(broken);
        let rest = if self.peer { " | |" } else { " |" };
        self.lines.extend(
            rows.lines().filter(|line| line.starts_with('|')).map(|line| format!("{line}{rest}")),
        );
    }

    /// An error where a limit is broken.
    pub fn judge(&self) -> anyhow::Result<()> {
        match self.broken {
            0 => Ok(()),
            _ => bail!(
                "a limit is broken; the table says which. On a busy machine measure again before you look for a cause"
            ),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (peer, line) = if self.peer { (" peer |", "---|") } else { ("", "") };
        writeln!(f, "| measure | quilt | limit | terraform_data |{peer}\n|---|---|---|---|{line}")?;
        write!(f, "{}", self.lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_limit_is_told_and_fails() {
        let mut table = Table::default();
        table.add(Row::new("plan", "s").quilt(0.5).limit(0.6).floor(0.2));
        assert!(table.judge().is_ok());
        table.add(Row::new("peak", "MiB").quilt(41.0).limit(40.0));
        assert!(table.judge().is_err());
        assert!(table.to_string().ends_with("| plan | 0.500 s | ≤ 0.600 s | 0.200 s |\n| peak | 41.0 MiB | ≤ 40.0 MiB, **broken** |  |"));
    }

    #[test]
    fn a_peer_has_a_column() {
        let mut table = Table::new(true);
        table.add(Row::new("plan", "s").quilt(0.5).peer(0.7));
        table.take("| read | 1 ms | |", false);
        assert_eq!(
            table.to_string(),
            "| measure | quilt | limit | terraform_data | peer |\n|---|---|---|---|---|\n| plan | 0.500 s |  |  | 0.700 s |\n| read | 1 ms | | | |"
        );
    }

    #[test]
    fn what_was_not_measured_breaks_nothing() {
        let mut table = Table::default();
        table.add(Row::new("peak", "MiB").quilt(None).limit(40.0));
        assert!(table.judge().is_ok());
    }
}
