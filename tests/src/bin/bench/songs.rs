//! What becomes of real songs: each with the chain "Gentle glue" brought to the loudness of places soft and loud, before and after. The
//! whole songs go natively through the same feeder, engine, meters and solver as in the page.

use std::path::Path;

use session::chain_preset::{self, CHAIN_PRESETS};
use session::destination::destination;
use session::model::{Session, SongId};
use tests::masters::{analyse, reach, song};
use tests::material;

use crate::figure::Figure;

const CHAIN: &str = "Gentle glue";
/// Places that every song must reach, then loud ones.
const PLACES: [&str; 5] = ["spotify", "apple_music", "ebu_r128", "cd", "club"];
const REACHED_BY_ALL: usize = 3;
const PIECE_FRAMES: usize = 8_192;

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let songs = material::songs();
    if songs.is_empty() {
        return Vec::new();
    }
    println!("{:30} {:11} {:>12} {:>11} {:>12} {:>11} {:>17}", "song", "for", "LUFS", "LRA LU", "dBTP", "PLR LU", "limiting dB");
    let reached: Vec<[bool; PLACES.len()]> = songs.iter().map(|path| of_song(path)).collect();
    let figure = |(at, place): (usize, &str)| {
        let name = destination(place).map_or(place, |place| place.name.as_str());
        let count = reached.iter().filter(|reached| reached[at]).count();
        Figure::new(format!("Songs that reach {name} undamaged"), "", [count as f64], if at < REACHED_BY_ALL { "all" } else { "" })
    };
    let mut figures: Vec<Figure> = PLACES.into_iter().enumerate().map(figure).collect();
    figures.push(Figure::new("Songs that were tried", "", [songs.len() as f64], ""));
    figures
}

fn of_song(path: &Path) -> [bool; PLACES.len()] {
    let name = material::name(path);
    let (planes, rate_hz) = material::decoded(path, usize::MAX);
    let before = analyse(&planes, rate_hz, PIECE_FRAMES);
    let (session, id, mut samples) = song(planes, rate_hz);
    let session = with_chain(session, id);
    PLACES.map(|place| {
        let Some((planes, limiting, _)) = reach(&session, id, &mut samples, place, None) else {
            println!("{name:30} {place:11} out of reach");
            return false;
        };
        let after = analyse(&planes, rate_hz, PIECE_FRAMES);
        let pair = |from: f64, to: f64| format!("{from:.1} {to:.1}");
        println!(
            "{name:30} {place:11} {:>12} {:>11} {:>12} {:>11} {:>17}{}",
            pair(before.integrated_lufs, after.integrated_lufs),
            pair(before.range_lu, after.range_lu),
            pair(before.true_peak_dbtp, after.true_peak_dbtp),
            pair(before.plr_lu(), after.plr_lu()),
            format!("{:.1}, mean {:.1}", limiting.deepest_db, limiting.mean_db),
            if limiting.is_damage() { " refused: damage" } else { "" }
        );
        !limiting.is_damage()
    })
}

fn with_chain(mut session: Session, song: SongId) -> Session {
    let preset = CHAIN_PRESETS.iter().find(|preset| preset.name == CHAIN);
    let edit = preset.and_then(|preset| chain_preset::apply(&session, song, preset));
    let applied = edit.map(|edit| session.apply(&edit));
    assert!(matches!(applied, Some(Ok(_))), "the chain {CHAIN} is not there");
    session
}
