//! Real songs, where the machine has some (`HEADROOM_MATERIAL`, its folder `songs`): each reaches the places that can be reached without
//! damage; the loud ones are reached or refused.

use std::path::Path;

use session::destination::destination;
use tests::masters::{analyse, independent, near, reach, song};
use tests::material::{decoded, name, songs};

/// Seconds of each song, and where they begin: long enough for gating and a limiter, short enough for every run.
const FROM_S: usize = 30;
const LENGTH_S: usize = 4;
/// Where every song must get.
pub const WITHIN_REACH: [&str; 3] = ["spotify", "apple_music", "ebu_r128"];
/// Where some cannot get undamaged.
pub const LOUD: [&str; 2] = ["cd", "club"];

/// A stretch of a song, both sides, and its rate.
pub fn stretch(path: &Path) -> ([Vec<f32>; 2], u32) {
    let (planes, rate_hz) = decoded(path, FROM_S + LENGTH_S);
    let frames = planes[0].len();
    let from = (FROM_S * rate_hz as usize).min(frames.saturating_sub(LENGTH_S * rate_hz as usize));
    (planes.map(|plane| plane[from..frames.min(from + LENGTH_S * rate_hz as usize)].to_vec()), rate_hz)
}

#[test]
fn every_song_reaches_the_streaming_places_and_loud_ones_are_reached_or_refused() {
    for path in songs() {
        let name = name(&path);
        let (planes, rate_hz) = stretch(&path);
        let before = analyse(&planes, rate_hz, 8_192);
        let (session, id, mut samples) = song(planes, rate_hz);
        for place in WITHIN_REACH.into_iter().chain(LOUD) {
            let wanted = destination(place).expect("a place");
            let reached = reach(&session, id, &mut samples, place, Some(before.integrated_lufs));
            let Some((planes, limiting, renders)) = reached else {
                assert!(LOUD.contains(&place), "{name} does not reach {}", wanted.name);
                println!("{name} {place}: refused, out of reach");
                continue;
            };
            let [integrated, _, peak] = independent(&planes, rate_hz);
            println!(
                "{name} {place}: {:.1} to {integrated:.2} LUFS, {peak:.2} dBTP, PLR {:.1}, {:.1} dB at most, damage {}, {renders} renders",
                before.integrated_lufs,
                peak - integrated,
                limiting.deepest_db,
                limiting.is_damage()
            );
            near(integrated, wanted.target_lufs, 0.1);
            assert!(peak <= wanted.peak_dbtp + 0.06, "{name} {place}: {peak} dBTP");
            assert!(LOUD.contains(&place) || !limiting.is_damage(), "{name} is damaged for {}", wanted.name);
        }
    }
}
