//! Songs brought to other songs' tone and loudness: what Match tone makes of them (its match filter and the limiter), against matchering
//! (Python), on real songs where the machine has some (`HEADROOM_MATERIAL`, its folder `songs`).
//!
//! The pairs: each of the last four songs of the folder, in order of their names, towards one of the first four, a minute from the middle of
//! each. A reference that is louder than any destination asks for is left out and named. What both make is measured alike: the mean distance in
//! dB of the powers in critical bands up to 16 kHz, each sound's relative to its own mean; loudness and true peak by libebur128.

use std::path::{Path, PathBuf};
use std::process::Command;

use media::matching::match_song;
use media::store::now;
use media::survey::critical_bands;
use serde_json::json;
use session::assist::matching::{Options, Order, Target, edit};
use session::destination::destinations;
use session::survey::{erb_edge_hz, power_db};
use tests::confirm::Sound as Planes;
use tests::fixtures::{Depth, Fixtures};
use tests::kept::Kept;
use tests::masters::{analyse, independent};
use tests::wav::Wav;
use tests::{material, places};

use crate::figure::Figure;

/// See the module's text.
const PAIRS: usize = 4;
/// Seconds of each song.
const LENGTH_S: usize = 60;
/// Frames that are analysed at once.
const PIECE_FRAMES: usize = 8_192;
/// The largest true peak of what ours makes.
const PEAK_DBTP: f64 = -1.0;
/// Bands up to here count: coded songs have nothing above.
const HIGHEST_HZ: f64 = 16_000.0;
/// Both sides of a sound, and its rate.
type Sound = (Planes, u32);

/// A song, and the one that it is brought to.
struct Pair {
    title: String,
    own: Sound,
    reference: Sound,
}

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let songs = material::songs();
    if songs.len() < 2 * PAIRS {
        println!("Match tone: absent, HEADROOM_MATERIAL names no folder with {} songs.", 2 * PAIRS);
        return Vec::new();
    }
    let fixtures = Fixtures::new();
    let (references, own) = (&songs[..PAIRS], &songs[songs.len() - PAIRS..]);
    let pairs: Vec<Pair> = own.iter().zip(references).filter_map(|(own, reference)| pair(own, reference)).collect();
    let theirs = matchering(&fixtures, &pairs);
    if theirs.is_none() {
        println!("Match tone against matchering: absent, matchering is not here; cargo xtask bench --match --install-peers fetches it.");
    }
    pairs.iter().enumerate().flat_map(|(at, pair)| of_pair(pair, theirs.as_ref().map(|files| wav(&files[at])))).collect()
}

/// Nothing where the reference is louder than any place wants.
fn pair(own: &Path, reference: &Path) -> Option<Pair> {
    let title = format!("{} to {}", material::name(own), material::name(reference));
    let pair = Pair { title, own: middle(own), reference: middle(reference) };
    let loudest_lufs = destinations().iter().map(|place| place.target_lufs).fold(f64::NEG_INFINITY, f64::max);
    let [lufs, ..] = independent(&pair.reference.0, pair.reference.1);
    let is_fair = lufs <= loudest_lufs;
    if !is_fair {
        println!("{}: left out, the reference has {lufs:.1} LUFS and no destination asks for more than {loudest_lufs}.", pair.title);
    }
    is_fair.then_some(pair)
}

fn of_pair(pair: &Pair, theirs: Option<Sound>) -> Vec<Figure> {
    let Pair { title, own, reference } = pair;
    let [lufs, wanted_lufs] = [own, reference].map(|(planes, rate_hz)| independent(planes, *rate_hz)[0]);
    println!("{title}: from {lufs:.1} to {wanted_lufs:.1} LUFS");
    let before = Figure::new(format!("{title}: tone before"), "dB", [distance_db(own, reference)], "");
    let made = [("Headroom", Some(ours(own, reference))), ("matchering", theirs)];
    let rows = made.into_iter().filter_map(|(who, sound)| sound.map(|sound| rows(&format!("{title}, {who}"), &sound, reference)));
    [before].into_iter().chain(rows.flatten()).collect()
}

fn rows(title: &str, sound: &Sound, reference: &Sound) -> [Figure; 3] {
    let [lufs, _, peak_dbtp] = independent(&sound.0, sound.1);
    let [wanted_lufs, ..] = independent(&reference.0, reference.1);
    [
        Figure::new(format!("{title}: tone"), "dB", [distance_db(sound, reference)], "half of matchering's, limit as much"),
        Figure::new(format!("{title}: loudness off"), "LU", [lufs - wanted_lufs], "0.1"),
        Figure::new(format!("{title}: true peak"), "dBTP", [peak_dbtp], "-1 at most"),
    ]
}

/// The whole way, as far as an Equalizer's bands go: matchering has no limit.
fn whole() -> Options {
    Options { limit_db: 30.0, smoothing: 0, is_fine: true, level: true, ..Options::default() }
}

/// The song as Match tone proposes it, rendered as an export is.
fn ours((planes, rate_hz): &Sound, (reference, reference_hz): &Sound) -> Sound {
    let wanted = analyse(reference, *reference_hz, PIECE_FRAMES);
    let target = Target::of(&[(&wanted, 1.0)]).expect("a reference that sounds");
    let mut kept = Kept::stereo(planes.clone(), *rate_hz);
    let order = Order { song: kept.song, target, options: whole(), peak_dbtp: PEAK_DBTP };
    let matched = now(match_song(&kept.session, &order, &mut kept.store, |_| true)).expect("a match");
    matched.notes.iter().for_each(|note| println!("{note}"));
    let edit = edit(&kept.session, kept.song, &matched.plan).expect("an edit");
    let mut session = kept.session.clone();
    session.apply(&edit).expect("an edit that fits");
    (kept.render(&session), *rate_hz)
}

/// The files that matchering makes, if it is here.
fn matchering(fixtures: &Fixtures, pairs: &[Pair]) -> Option<Vec<PathBuf>> {
    let stored = |name: &str, (planes, rate_hz): &Sound| fixtures.wav(name, *rate_hz, Depth::Float32, planes);
    let job = |(at, pair): (usize, &Pair)| {
        let own = stored(&format!("{at} target.wav"), &pair.own);
        let reference = stored(&format!("{at} reference.wav"), &pair.reference);
        [own, reference, fixtures.path(&format!("{at} result.wav"))]
    };
    let jobs: Vec<[PathBuf; 3]> = pairs.iter().enumerate().map(job).collect();
    let script = places::root().join("tests/src/bin/bench/matching.py");
    let mut python = Command::new("python3");
    python.arg(script).arg(json!(jobs).to_string()).env("PYTHONPATH", places::root().join("target/peers"));
    let output = python.output().ok()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        said.lines().last().into_iter().for_each(|line| println!("matchering: {line}"));
        return None;
    }
    Some(jobs.into_iter().map(|[.., result]| result).collect())
}

/// Mean distance of two sounds' powers in critical bands, each relative to its own mean.
fn distance_db(sound: &Sound, reference: &Sound) -> f64 {
    let levels = |(planes, rate_hz): &Sound| -> Vec<f64> {
        let powers = critical_bands([&planes[0], &planes[1]], *rate_hz);
        let counted = powers.into_iter().enumerate().filter(|(band, _)| erb_edge_hz(band + 1) <= HIGHEST_HZ);
        let levels: Vec<f64> = counted.map(|(_, power)| power_db(power)).collect();
        let mean = levels.iter().sum::<f64>() / levels.len() as f64;
        levels.into_iter().map(|level| level - mean).collect()
    };
    let (own, wanted) = (levels(sound), levels(reference));
    own.iter().zip(&wanted).map(|(own, wanted)| (own - wanted).abs()).sum::<f64>() / own.len() as f64
}

/// A stretch from a song's middle, or all of a shorter one.
fn middle(path: &Path) -> Sound {
    let (planes, rate_hz) = material::decoded(path, usize::MAX);
    let length = (LENGTH_S * rate_hz as usize).min(planes[0].len());
    let from = (planes[0].len() - length) / 2;
    (planes.map(|plane| plane[from..from + length].to_vec()), rate_hz)
}

fn wav(path: &Path) -> Sound {
    let wav = Wav::read(path);
    let side = |at: usize| wav.samples.iter().skip(at).step_by(wav.channels).copied().collect();
    ([side(0), side(wav.channels - 1)], wav.rate_hz)
}
