//! Tells whether the page's sources changed since it was built, so that a second start is quick.

use crate::{Outcome, paths::Paths};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Everything the page is made of.
const SOURCES: [&str; 8] = ["index.html", "Trunk.toml", "Cargo.toml", "Cargo.lock", ".cargo", "app", "dsp", "worklet"];

/// A number that changes when a name or the content of a source changes, or `salt` does.
pub fn of_page(paths: &Paths, salt: &str) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    salt.hash(&mut hasher);
    for source in SOURCES {
        add(&mut hasher, &paths.root, &paths.root.join(source)).map_err(|error| format!("{source}: {error}"))?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(hasher: &mut DefaultHasher, root: &Path, path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| add(hasher, root, entry));
    }
    path.strip_prefix(root).unwrap_or(path).hash(hasher);
    fs::read(path)?.hash(hasher);
    Ok(())
}
