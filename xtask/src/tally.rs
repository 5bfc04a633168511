//! Counts what passed and what failed, and closes a run with the line that says so.

use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The outcome of a run so far.
#[derive(Debug, Default)]
pub struct Tally {
    passed: usize,
    failed: usize,
    failures: Vec<String>,
    durations: Vec<(String, Duration)>,
}

/// Numbers out of one line of the Rust test runner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
}

impl Counts {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    pub fn from_line(line: &str) -> Option<Self> {
        let mut counts = Self::default();
        let (_, numbers) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        for part in numbers.split(';') {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => counts.passed = number.parse().ok()?,
                Some((number, "failed")) => counts.failed = number.parse().ok()?,
                _ => {}
            }
        }
        Some(counts)
    }
}

impl Tally {
    /// Does a step, which counts as what it counted, and as one pass or failure at least.
    pub fn step(&mut self, name: &str, act: impl FnOnce(&mut Counts) -> Result<(), String>) -> bool {
        println!("\n── {name}");
        let (start, mut counts) = (Instant::now(), Counts::default());
        let outcome = act(&mut counts);
        self.durations.push((name.to_owned(), start.elapsed()));
        if let Err(reason) = &outcome {
            println!("{reason}");
            self.failures.push(format!("{name}: {reason}"));
            counts.failed = counts.failed.max(1);
        }
        if counts == Counts::default() {
            counts.passed = 1;
        }
        self.passed += counts.passed;
        self.failed += counts.failed;
        outcome.is_ok() && counts.failed == 0
    }

    /// Prints the durations, what failed, and the closing line.
    pub fn close(self) -> ExitCode {
        println!("\n── Durations");
        for (name, duration) in &self.durations {
            println!("{:>6.1} s  {name}", duration.as_secs_f64());
        }
        for failure in &self.failures {
            println!("failed: {failure}");
        }
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 && self.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_line_gives_its_numbers() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.52s";
        assert_eq!(Counts::from_line(line), Some(Counts { passed: 12, failed: 3 }));
        assert_eq!(Counts::from_line("test session::result ... ok"), None);
    }

    #[test]
    fn a_step_counts_as_one_failure_even_when_it_counted_none() {
        let mut tally = Tally::default();
        assert!(tally.step("compiles", |_| Ok(())));
        assert!(!tally.step("tests", |counts| {
            counts.passed = 4;
            Err("exit status 101".into())
        }));
        assert_eq!((tally.passed, tally.failed), (5, 1));
    }
}
