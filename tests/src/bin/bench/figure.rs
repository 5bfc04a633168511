//! A measurement: its values, and what is aimed at.

use std::fmt;
use std::path::Path;

use serde_json::json;

/// See the module's text.
pub struct Figure {
    name: String,
    unit: &'static str,
    values: Vec<f64>,
    aim: &'static str,
}

impl Figure {
    /// A figure of one or several measurements; the median stands for them.
    pub fn new(name: impl Into<String>, unit: &'static str, values: impl Into<Vec<f64>>, aim: &'static str) -> Self {
        let mut values = values.into();
        values.sort_by(f64::total_cmp);
        Self { name: name.into(), unit, values, aim }
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.values.get(self.values.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn spread(&self) -> Option<(f64, f64)> {
        let ends = (*self.values.first()?, *self.values.last()?);
        (self.values.len() > 1).then_some(ends)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:72} {:>10.2} {:4}", self.name, self.median(), self.unit)?;
        if let Some((least, most)) = self.spread() {
            write!(out, "  {least:.2} to {most:.2} in {}", self.values.len())?;
        }
        if self.aim.is_empty() { Ok(()) } else { write!(out, "  aim {}", self.aim) }
    }
}

/// Writes all of them.
pub fn write(figures: &[Figure], path: &Path) -> Result<(), String> {
    let row = |figure: &Figure| json!({ "name": figure.name, "unit": figure.unit, "median": figure.median(), "values": figure.values, "aim": figure.aim });
    let rows: Vec<_> = figures.iter().map(row).collect();
    std::fs::write(path, serde_json::Value::from(rows).to_string()).map_err(|error| format!("{}: {error}", path.display()))
}
