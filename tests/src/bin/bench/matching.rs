//! Songs brought to other songs' tone and loudness: the Equalizer that match tone fits and the limiter, against matchering (Python), on real
//! songs where the machine has some (`HEADROOM_MATERIAL`, its folder `songs`).
//!
//! What both make is measured alike: the mean distance in dB of the powers in critical bands, each sound's relative to its own mean; loudness
//! and true peak by libebur128.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use media::decode::Decoder;
use media::survey::critical_bands;
use serde_json::json;
use session::Edit;
use session::assist::tone::{self, Options};
use session::model::Insert;
use session::survey::{erb_edge_hz, power_db};
use tests::fixtures::{Depth, Fixtures};
use tests::masters::{analyse, independent, reach_level, song};
use tests::places;
use tests::wav::Wav;

use crate::figure::Figure;

/// Pairs: the first songs of the folder towards the last.
const PAIRS: usize = 4;
/// Frames that are analysed at once.
const PIECE_FRAMES: usize = 8_192;
/// The largest true peak of what ours makes.
const PEAK_DBTP: f64 = -1.0;
/// Bands up to here count: coded songs have nothing above.
const HIGHEST_HZ: f64 = 16_000.0;
/// The whole way, as far as ten bands go.
const WHOLE: Options = Options { amount: 1.0, limit_db: 15.0, smoothing: 0 };

/// Both sides of a sound, and its rate.
type Sound = ([Vec<f32>; 2], u32);
/// A song with its name, and the one that it is brought to.
type Pair = [(String, Sound); 2];

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let songs = songs();
    if songs.len() < 2 * PAIRS {
        println!("Match tone: absent, HEADROOM_MATERIAL names no folder with {} songs.", 2 * PAIRS);
        return Vec::new();
    }
    let fixtures = Fixtures::new();
    let read = |path: &PathBuf| (name_of(path), decoded(path));
    let targets = songs[..PAIRS].iter().map(read);
    let references = songs[songs.len() - PAIRS..].iter().map(read);
    let pairs: Vec<Pair> = targets.zip(references).map(|(own, reference)| [own, reference]).collect();
    let theirs = matchering(&fixtures, &pairs);
    if theirs.is_none() {
        println!("Match tone against matchering: absent, matchering is not here; cargo xtask bench --match --install-peers fetches it.");
    }
    let figures = pairs.iter().enumerate().flat_map(|(at, [(name, own), (to, reference)])| {
        let title = format!("{name} to {to}");
        let before = Figure::new(format!("{title}: tone before"), "dB", [distance_db(own, reference)], "");
        let made = [("Headroom", ours(own, reference)), ("matchering", theirs.as_ref().map(|files| wav(&files[at])))];
        let rows = made.into_iter().filter_map(|(who, sound)| sound.map(|sound| rows(&format!("{title}, {who}"), &sound, reference)));
        [before].into_iter().chain(rows.flatten()).collect::<Vec<_>>()
    });
    figures.collect()
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

/// The song through the Equalizer and the limiter; `None` when the loudness cannot be reached under the peak.
fn ours((planes, rate_hz): &Sound, (reference, reference_hz): &Sound) -> Option<Sound> {
    let (own, wanted) = (analyse(planes, *rate_hz, PIECE_FRAMES), analyse(reference, *reference_hz, PIECE_FRAMES));
    let bands = tone::bands(&tone::spectrum(&own), &tone::spectrum(&wanted), *rate_hz, &WHOLE);
    let (mut session, id, mut samples) = song(planes.clone(), *rate_hz);
    let master = session.song(id).and_then(|song| song.master()).map(|strip| strip.id)?;
    let mut insert = Insert::new(&mut session.ids(), "equalizer");
    insert.values = tone::values(&bands);
    session.apply(&Edit::AddInsert { song: id, strip: master, at: 0, insert }).ok()?;
    let made = reach_level(&session, id, &mut samples, [wanted.integrated_lufs, PEAK_DBTP], None);
    if made.is_none() {
        println!("{:.1} LUFS under {PEAK_DBTP} dBTP is out of the limiter's reach.", wanted.integrated_lufs);
    }
    made.map(|(planes, ..)| (planes, *rate_hz))
}

/// The files that matchering makes, if it is here.
fn matchering(fixtures: &Fixtures, pairs: &[Pair]) -> Option<Vec<PathBuf>> {
    let stored = |name: &str, (planes, rate_hz): &Sound| fixtures.wav(name, *rate_hz, Depth::Float32, planes);
    let jobs: Vec<[PathBuf; 3]> = pairs
        .iter()
        .enumerate()
        .map(|(at, [(_, own), (_, reference)])| {
            let files = [stored(&format!("{at} target.wav"), own), stored(&format!("{at} reference.wav"), reference)];
            let [own, reference] = files;
            [own, reference, fixtures.path(&format!("{at} result.wav"))]
        })
        .collect();
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

fn songs() -> Vec<PathBuf> {
    let folder = places::material().map(|material| material.join("songs"));
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut songs: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|extension| extension == "ogg")).collect();
    songs.sort();
    songs
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn decoded(path: &PathBuf) -> Sound {
    let name = name_of(path);
    let file = File::open(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut decoder = Decoder::open(Box::new(file), &name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let spec = decoder.spec();
    let channels = usize::from(spec.channels);
    let mut planes = [Vec::new(), Vec::new()];
    while let Some(samples) = decoder.next(&name).unwrap_or_else(|error| panic!("{name}: {error}")) {
        for frame in samples.to_float(spec.format).chunks_exact(channels) {
            planes[0].push(frame[0]);
            planes[1].push(frame[channels - 1]);
        }
    }
    (planes, spec.rate_hz)
}

fn wav(path: &Path) -> Sound {
    let wav = Wav::read(path);
    let side = |at: usize| wav.samples.iter().skip(at).step_by(wav.channels).copied().collect();
    ([side(0), side(wav.channels - 1)], wav.rate_hz)
}
