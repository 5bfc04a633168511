//! The loudness of an album's songs: what brings each to the anchor's, with the differences that are intended, and how loud the whole is.
//!
//! A gain moves integrated loudness and true peak by as many dB (BS.1770-5, but for the gate at −70 LUFS). What the shared master chain does to
//! a song is in its level where that was measured behind it.

use crate::model::ClipId;

/// How loud a song is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Integrated loudness; negative infinity for silence.
    pub lufs: f64,
    /// Largest true peak.
    pub peak_dbtp: f64,
    /// Largest short-term loudness.
    pub short_term_lufs: f64,
}

impl Level {
    /// What a file measures under a gain.
    pub fn of(analysis: &crate::analysis::Analysis, gain_db: f64) -> Self {
        Self {
            lufs: analysis.integrated_lufs + gain_db,
            peak_dbtp: analysis.true_peak_dbtp + gain_db,
            short_term_lufs: analysis.short_term_max_lufs + gain_db,
        }
    }
}

/// A song of the album and how loud it is now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The song.
    pub clip: ClipId,
    /// Its gain.
    pub gain_db: f64,
    /// How much louder than the anchor it is meant to be.
    pub offset_lu: f64,
    /// Its level with that gain.
    pub level: Level,
}

/// What is to be done to a song.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// The song.
    pub clip: ClipId,
    /// Its new gain.
    pub gain_db: f64,
    /// Its loudness with it.
    pub lufs: f64,
    /// Its true peak with it, where nothing limits it.
    pub peak_dbtp: f64,
}

impl Move {
    /// How much a limiter at this ceiling has to take at the highest peak.
    pub fn limited_db(&self, ceiling_dbtp: f64) -> f64 {
        (self.peak_dbtp - ceiling_dbtp).max(0.0)
    }
}

/// The gains that bring every song to the anchor's loudness, their offsets kept; the anchor itself stays as it is. Silent songs stay too.
/// `None` when the anchor is not there or silent.
pub fn bring(songs: &[Standing], anchor: ClipId) -> Option<Vec<Move>> {
    let (least_db, most_db) = crate::rules::CLIP_GAIN_DB;
    let anchor = songs.iter().find(|song| song.clip == anchor && song.level.lufs.is_finite())?;
    let zero_lufs = anchor.level.lufs - anchor.offset_lu;
    let heard = songs.iter().filter(|song| song.level.lufs.is_finite());
    let moved = heard.map(|song| {
        let wanted_db = song.gain_db + zero_lufs + song.offset_lu - song.level.lufs;
        let gain_db = if song.clip == anchor.clip { song.gain_db } else { wanted_db.clamp(f64::from(least_db), f64::from(most_db)) };
        let by_db = gain_db - song.gain_db;
        Move { clip: song.clip, gain_db, lufs: song.level.lufs + by_db, peak_dbtp: song.level.peak_dbtp + by_db }
    });
    Some(moved.collect())
}

/// How far a song is from where the anchor and its own offset want it.
pub fn off_by_lu(songs: &[Standing], anchor: ClipId, clip: ClipId) -> Option<f64> {
    let find = |wanted| songs.iter().find(|song| song.clip == wanted && song.level.lufs.is_finite());
    let (anchor, song) = (find(anchor)?, find(clip)?);
    Some((song.level.lufs - song.offset_lu) - (anchor.level.lufs - anchor.offset_lu))
}

/// The loudness of songs one after another, from the loudness and length of each: the mean of their power over time. The gate over the whole
/// (10 LU under its loudness) is taken song by song, so a song that soft does not count.
pub fn whole_lufs(songs: &[(f64, u64)]) -> f64 {
    let mean = |gate_lufs: f64| {
        let counted = songs.iter().filter(|(lufs, frames)| *lufs > gate_lufs && *frames > 0);
        let (power, frames) = counted
            .fold((0.0, 0.0), |(power, all), (lufs, frames)| (power + libm::pow(10.0, lufs / 10.0) * *frames as f64, all + *frames as f64));
        10.0 * libm::log10(power / frames)
    };
    let ungated = mean(-70.0);
    if ungated.is_finite() { mean((ungated - 10.0).max(-70.0)) } else { f64::NEG_INFINITY }
}

/// The level of the whole album.
pub fn whole(songs: &[(Level, u64)]) -> Level {
    let highest = |read: fn(&Level) -> f64| songs.iter().map(|(level, _)| read(level)).fold(f64::NEG_INFINITY, f64::max);
    let lufs: Vec<(f64, u64)> = songs.iter().map(|(level, frames)| (level.lufs, *frames)).collect();
    Level { lufs: whole_lufs(&lufs), peak_dbtp: highest(|level| level.peak_dbtp), short_term_lufs: highest(|level| level.short_term_lufs) }
}
