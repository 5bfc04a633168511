//! Real songs, where the machine has some (`HEADROOM_MATERIAL`, its folder `songs`).

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use media::decode::Decoder;

use crate::places;

/// The songs in order of their names; none where there is no material.
pub fn songs() -> Vec<PathBuf> {
    let Some(material) = places::material() else {
        println!("HEADROOM_MATERIAL is not set: no song is tried");
        return Vec::new();
    };
    let entries = fs::read_dir(material.join("songs")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut songs: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|extension| extension == "ogg")).collect();
    songs.sort();
    songs
}

/// A song's name.
pub fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Both sides of a song, a song of one channel on both, up to so many seconds; and its rate.
pub fn decoded(path: &Path, most_s: usize) -> ([Vec<f32>; 2], u32) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut decoder = Decoder::open(Box::new(file), &name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let (rate_hz, channels) = (decoder.spec().rate_hz, usize::from(decoder.spec().channels));
    let mut planes = [Vec::new(), Vec::new()];
    while planes[0].len() < most_s.saturating_mul(rate_hz as usize)
        && let Some(samples) = decoder.next(&name).unwrap_or_else(|error| panic!("{name}: {error}"))
    {
        for frame in samples.to_float(decoder.spec().format).chunks_exact(channels) {
            planes[0].push(frame[0]);
            planes[1].push(frame[channels - 1]);
        }
    }
    (planes, rate_hz)
}
