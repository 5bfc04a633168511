//! Memory of all processes of a browser: each one's share of every page that it maps (PSS), added up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Mebibytes of the browser with this profile folder, every process of it counted.
pub fn of_browser(profile: &Path) -> f64 {
    let parents = parents();
    let root = parents.keys().copied().filter(|pid| is_browser(*pid, profile)).min();
    let mut family: BTreeSet<u32> = root.into_iter().collect();
    loop {
        let before = family.len();
        family.extend(parents.iter().filter(|(_, parent)| family.contains(parent)).map(|(pid, _)| *pid).collect::<Vec<_>>());
        if family.len() == before {
            break;
        }
    }
    family.into_iter().map(kibibytes).sum::<f64>() / 1024.0
}

/// Every process with its parent.
fn parents() -> BTreeMap<u32, u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(|pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in parentheses may hold anything.
        let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
        Some((pid, parent))
    })
    .collect()
}

fn is_browser(pid: u32, profile: &Path) -> bool {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line);
    line.contains(&*profile.to_string_lossy()) && !line.contains("--type=") && !line.contains("chromedriver")
}

fn kibibytes(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0.0)
}
