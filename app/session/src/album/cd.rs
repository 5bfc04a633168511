//! The grid of a CD: 75 sectors in a second, each of 588 frames at 44.1 kHz; a track begins where a sector does (IEC 60908).

use super::entries;
use crate::model::Session;

/// Sectors in a second.
pub const SECTORS_PER_S: u64 = 75;
/// The rate of a CD.
pub const RATE_HZ: u32 = 44_100;
/// Most tracks of a CD.
pub const MOST_TRACKS: usize = 99;
/// What a plant still presses: 79 min 57 s.
pub const LONGEST_S: u64 = 79 * 60 + 57;
/// A track is at least so long.
pub const SHORTEST_TRACK_S: u64 = 4;
/// Silence before the first track, which the writer adds.
pub const PREGAP_S: u64 = 2;

/// The frame at which a sector begins, at any rate; at 44.1 kHz the 588th, 1176th and so on.
pub fn frame_of(sector: u64, rate_hz: u32) -> u64 {
    let frames = (u128::from(sector) * u128::from(rate_hz) + u128::from(SECTORS_PER_S / 2)) / u128::from(SECTORS_PER_S);
    u64::try_from(frames).unwrap_or(u64::MAX)
}

/// The first sector that begins at a frame or after it.
pub fn sector_from(frame: u64, rate_hz: u32) -> u64 {
    let rate = u128::from(rate_hz.max(1));
    let mut sector = u64::try_from(u128::from(frame) * u128::from(SECTORS_PER_S) / rate).unwrap_or(u64::MAX);
    while frame_of(sector, rate_hz) < frame && sector < u64::MAX {
        sector += 1;
    }
    sector
}

/// Minutes, seconds and sectors: "04:12:00".
pub fn msf(sector: u64) -> String {
    let (seconds, rest) = (sector / SECTORS_PER_S, sector % SECTORS_PER_S);
    format!("{:02}:{:02}:{rest:02}", seconds / 60, seconds % 60)
}

/// A track in sectors from the album's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CdTrack {
    /// Its title.
    pub title: String,
    /// Where the silence before it begins, when there is any.
    pub gap: Option<u64>,
    /// Where it begins.
    pub start: u64,
    /// Where the next one begins, or the album ends.
    pub end: u64,
    /// Whether its clip lies on the grid.
    pub is_on_grid: bool,
}

/// The tracks of the session's album.
pub fn tracks(session: &Session) -> Vec<CdTrack> {
    let rate_hz = session.album.as_ref().and_then(|album| session.song(album.song)).map_or(RATE_HZ, |song| song.rate_hz);
    let entries = entries(session);
    let start = |at: usize| entries.get(at).map(|entry| sector_from(entry.clip.start, rate_hz));
    let sounds_until = |at: usize| sector_from(entries[at].clip.end(), rate_hz);
    let track = |at: usize| {
        let clip = entries[at].clip;
        let begins = sector_from(clip.start, rate_hz);
        let silent_from = at.checked_sub(1).map(sounds_until).filter(|silent| *silent < begins);
        CdTrack {
            title: entries[at].track.title.clone(),
            gap: silent_from,
            start: begins,
            end: start(at + 1).unwrap_or_else(|| sounds_until(at)),
            is_on_grid: frame_of(begins, rate_hz) == clip.start,
        }
    };
    (0..entries.len()).map(track).collect()
}

/// Something that a CD asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub what: &'static str,
    /// How the album has it.
    pub value: String,
    /// Whether that will do.
    pub is_met: bool,
}

fn minutes(sectors: u64) -> String {
    let seconds = sectors.div_ceil(SECTORS_PER_S);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// What a CD asks for, and how the tracks have it.
pub fn checks(tracks: &[CdTrack]) -> Vec<Check> {
    let whole = tracks.last().map_or(0, |track| track.end);
    let on_grid = tracks.iter().filter(|track| track.is_on_grid).count();
    let shortest = tracks.iter().map(|track| track.end - track.start).min().unwrap_or(0);
    let check = |what, value, is_met| Check { what, value, is_met };
    vec![
        check("Length, 79:57 at most", minutes(whole), !tracks.is_empty() && whole <= LONGEST_S * SECTORS_PER_S),
        check("Tracks, 99 at most", tracks.len().to_string(), (1..=MOST_TRACKS).contains(&tracks.len())),
        check("Starts on 1/75 s frames", format!("{on_grid} of {}", tracks.len()), on_grid == tracks.len()),
        check("Shortest track, at least 4 s", minutes(shortest), shortest >= SHORTEST_TRACK_S * SECTORS_PER_S),
        check("Pre-gap, added by the writer", format!("{PREGAP_S}.00 s"), true),
    ]
}
