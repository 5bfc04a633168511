//! Where the tests find the page and put their pictures.

use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(1).map(Path::to_path_buf).unwrap_or_default()
}

/// The built page: `HEADROOM_DIST`, or the release page of `cargo xtask build`.
pub fn dist() -> PathBuf {
    let dist = std::env::var_os("HEADROOM_DIST").map_or_else(|| root().join("dist"), PathBuf::from);
    assert!(dist.join("index.html").is_file(), "There is no page in {}: run cargo xtask build first.", dist.display());
    dist
}

/// The folder with real and broken audio, where the machine has it.
pub fn material() -> Option<PathBuf> {
    std::env::var_os("HEADROOM_MATERIAL").map(PathBuf::from)
}

/// Where a screenshot goes.
pub fn screen(name: &str) -> PathBuf {
    let folder = root().join("target/screens");
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    folder.join(format!("{name}.png"))
}
