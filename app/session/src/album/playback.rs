//! What becomes of an album where albums are played as such: one gain for all songs, so that they keep their differences; elsewhere a gain for
//! each. Rules and targets are those of the dated list of destinations.

use super::level::Level;
use crate::destination::{AlbumRule, Destination, Playback, destinations};

/// What a place does to an album.
#[derive(Clone, Debug, PartialEq)]
pub struct AlbumPlayback {
    /// The place.
    pub place: &'static Destination,
    /// Its gain: the least and the greatest that any song gets.
    pub gain_db: [f64; 2],
    /// The loudness at which the songs are heard: the softest and the loudest.
    pub heard_lufs: [f64; 2],
}

impl AlbumPlayback {
    /// Whether all songs get the same gain.
    pub fn is_one_gain(&self) -> bool {
        self.place.album.is_some()
    }
}

/// What a place does to songs of these levels that make an album of this level. `None` when they are silent.
pub fn at(place: &'static Destination, songs: &[Level], whole: Level) -> Option<AlbumPlayback> {
    let heard: Vec<&Level> = songs.iter().filter(|level| level.lufs.is_finite()).collect();
    let loudest = heard.iter().map(|level| level.lufs).fold(f64::NEG_INFINITY, f64::max);
    let gain = |level: &Level| match place.album {
        Some(AlbumRule::Whole) => place.gain_db(whole.lufs, whole.peak_dbtp),
        Some(AlbumRule::Loudest) => place.gain_db(loudest, whole.peak_dbtp),
        None => place.gain_db(level.lufs, level.peak_dbtp),
    };
    let ends = |values: Vec<f64>| {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        [least, values.into_iter().fold(f64::NEG_INFINITY, f64::max)]
    };
    let gain_db = ends(heard.iter().map(|level| gain(level)).collect());
    let heard_lufs = ends(heard.iter().map(|level| level.lufs + gain(level)).collect());
    (!heard.is_empty()).then_some(AlbumPlayback { place, gain_db, heard_lufs })
}

/// What every place that turns anything up or down does to an album; those with one gain first.
pub fn everywhere(songs: &[Level], whole: Level) -> Vec<AlbumPlayback> {
    let turns = |place: &&Destination| !matches!(place.playback, Playback::None | Playback::File);
    let mut all: Vec<AlbumPlayback> = destinations().iter().filter(turns).filter_map(|place| at(place, songs, whole)).collect();
    all.sort_by_key(|playback| !playback.is_one_gain());
    all
}
