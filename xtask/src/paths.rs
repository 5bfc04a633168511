//! Where things are in the repository.

use std::path::{Path, PathBuf};

/// The places that the commands read and write.
pub struct Paths {
    /// The repository.
    pub root: PathBuf,
    /// The release page.
    pub dist: PathBuf,
    /// The unoptimised page.
    pub dev_dist: PathBuf,
    /// Tools installed for this repository alone.
    pub tools: PathBuf,
    /// Cargo's output, and ours.
    pub target: PathBuf,
}

impl Paths {
    /// The repository that this program was built from.
    pub fn of_this_repository() -> Self {
        Self::below(Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(1).map(Path::to_path_buf).unwrap_or_default())
    }

    /// A repository at this place.
    pub fn below(root: PathBuf) -> Self {
        let target = root.join("target");
        Self { dist: root.join("dist"), dev_dist: target.join("dev-dist"), tools: target.join("tools"), target, root }
    }
}
