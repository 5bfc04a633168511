//! Real songs, where the machine has some (`HEADROOM_MATERIAL`, its folder `songs`): loudness against the `ebur128` crate, and the limiter
//! beside ffmpeg's alimiter and x42's dpl.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use dsp::meters::MasterMeter;
use media::decode::{Decoder, Samples};
use serde_json::{Value, json};

use super::Figure;
use super::music::fade;
use super::signal::{run_at, true_peak_db};
use super::support::Clip;

/// Seconds of a song that the limiters are given, and where they begin.
const FROM_S: usize = 30;
const LENGTH_S: usize = 10;
const PUSHES_DB: [f64; 3] = [3.0, 6.0, 10.0];
const CEILING_DB: f64 = -1.0;
const LIMIT_DB: f64 = 0.03;
/// A limiter is late by at most so many frames.
const LATEST: usize = 2_048;
/// Frames by which a limiter's lateness is found.
const ALIGNED: usize = 1 << 15;

/// A decoded song.
pub struct Song {
    /// The file's name.
    pub name: String,
    /// Both channels; a mono file's are equal.
    pub clip: Clip,
    /// Its rate.
    pub rate_hz: f64,
}

/// The songs' files by name, if there are any.
pub fn files() -> Vec<PathBuf> {
    let folder = std::env::var_os("HEADROOM_MATERIAL").map(|material| Path::new(&material).join("songs"));
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let is_audio =
        |path: &PathBuf| path.extension().is_some_and(|extension| ["ogg", "flac", "wav", "mp3"].iter().any(|known| extension == *known));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_audio).collect();
    files.sort();
    files
}

impl Song {
    /// Decodes at most so many seconds.
    pub fn open(path: &Path, seconds: usize) -> Self {
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = File::open(path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut decoder = Decoder::open(Box::new(file), &name).unwrap_or_else(|error| panic!("{error}"));
        let spec = decoder.spec();
        let (channels, wanted) = (usize::from(spec.channels), seconds * spec.rate_hz as usize);
        let mut clip = Clip::silence(0);
        while clip.frames() < wanted
            && let Some(piece) = decoder.next(&name).unwrap_or_else(|error| panic!("{error}"))
        {
            let samples = Samples::to_float(&piece, spec.format);
            clip.left.extend(samples.iter().step_by(channels));
            clip.right.extend(samples.iter().skip(channels - 1).step_by(channels));
        }
        Self { name, clip, rate_hz: f64::from(spec.rate_hz) }
    }

    fn excerpt(&self) -> Clip {
        let end = self.clip.frames().min((FROM_S + LENGTH_S) * self.rate_hz as usize);
        let range = end.saturating_sub(LENGTH_S * self.rate_hz as usize)..end;
        let mut clip = Clip { left: self.clip.left[range.clone()].to_vec(), right: self.clip.right[range].to_vec() };
        fade(&mut clip);
        clip
    }
}

/// What a limiter made of a song.
pub struct Row {
    song: String,
    push_db: f64,
    limiter: &'static str,
    excess_db: f64,
    lufs: f64,
    residual_db: f64,
}

impl Row {
    fn new(song: &str, push_db: f64, limiter: &'static str, input: &Clip, out: &Clip, rate_hz: f64) -> Self {
        let peak_db = true_peak_db(&out.left).max(true_peak_db(&out.right));
        let mut meter = MasterMeter::new(rate_hz);
        meter.process(&out.left, &out.right);
        let (lufs, residual_db) = (meter.integrated_lufs(), residual_db(input, out));
        Self { song: song.into(), push_db, limiter, excess_db: peak_db - CEILING_DB, lufs, residual_db }
    }

    /// For the report.
    pub fn to_json(&self) -> Value {
        json!({
            "song": self.song, "push_db": self.push_db, "limiter": self.limiter, "excess_db": self.excess_db, "lufs": self.lufs,
            "residual_db": self.residual_db
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { song, push_db, limiter, excess_db, lufs, residual_db } = self;
        write!(out, "{song:32} +{push_db:<3} {limiter:24} {excess_db:>8.4} dB {lufs:>7.2} LUFS {residual_db:>7.2} dB")
    }
}

/// A limiter by name: makes of a clip, a push and a rate what it gives, or nothing when the machine does not have it.
type Limiter = (&'static str, fn(&Clip, f64, f64) -> Option<Clip>);

const LIMITERS: [Limiter; 3] = [("Headroom", ours), ("ffmpeg alimiter", alimiter), ("x42 dpl, true peak", dpl)];

/// Every song, push and limiter, and the limiters that are absent.
pub fn limiters() -> (Vec<Row>, Vec<&'static str>) {
    let (mut rows, mut absent) = (Vec::new(), Vec::new());
    for path in files() {
        let song = Song::open(&path, FROM_S + LENGTH_S);
        let input = song.excerpt();
        for push_db in PUSHES_DB {
            for (name, limit) in LIMITERS {
                match limit(&input, push_db, song.rate_hz) {
                    Some(out) => rows.push(Row::new(&song.name, push_db, name, &input, &out, song.rate_hz)),
                    None if !absent.contains(&name) => absent.push(name),
                    None => {}
                }
            }
        }
    }
    (rows, absent)
}

/// Ours, by push: the song on which it is farthest above its ceiling.
pub fn figures(rows: &[Row]) -> Vec<Figure> {
    let worst = |push_db: f64| {
        let own = rows.iter().filter(|row| row.limiter == LIMITERS[0].0 && row.push_db == push_db);
        own.map(|row| row.excess_db).reduce(f64::max)
    };
    let figure =
        |push_db| Some(Figure::new(format!("Limiter, above the ceiling: songs at +{push_db} dB"), worst(push_db)?, LIMIT_DB, "dB"));
    PUSHES_DB.into_iter().filter_map(figure).collect()
}

fn ours(input: &Clip, push_db: f64, rate_hz: f64) -> Option<Clip> {
    let mut out = input.clone();
    let settings = [("gain", push_db as f32), ("ceiling", CEILING_DB as f32)];
    run_at("limiter", rate_hz, &settings, &mut out.left, &mut out.right);
    Some(out)
}

fn alimiter(input: &Clip, push_db: f64, rate_hz: f64) -> Option<Clip> {
    filtered(input, rate_hz, &format!("volume={push_db}dB,alimiter=limit={CEILING_DB}dB:level=disabled"))
}

fn dpl(input: &Clip, push_db: f64, rate_hz: f64) -> Option<Clip> {
    let controls = format!("gain={push_db}|threshold={CEILING_DB}|truepeak=1");
    filtered(input, rate_hz, &format!("lv2=p='http\\://gareus.org/oss/lv2/dpl#stereo':c={controls}"))
}

/// What a filter of ffmpeg makes of a clip.
fn filtered(input: &Clip, rate_hz: f64, filter: &str) -> Option<Clip> {
    let folder = std::env::temp_dir().join(format!("headroom-quality-{}", std::process::id()));
    fs::create_dir_all(&folder).ok()?;
    let (before, after) = (folder.join("before.f32"), folder.join("after.f32"));
    let frames = input.left.iter().zip(&input.right);
    let bytes: Vec<u8> = frames.flat_map(|(left, right)| [left.to_le_bytes(), right.to_le_bytes()]).flatten().collect();
    fs::write(&before, bytes).ok()?;
    let rate = rate_hz.to_string();
    let raw = ["-f", "f32le", "-ar", &rate, "-ac", "2"];
    let status = Command::new("ffmpeg")
        .args(["-v", "quiet", "-y"])
        .args(raw)
        .arg("-i")
        .arg(&before)
        .args(["-af", filter])
        .args(raw)
        .arg(&after)
        .status()
        .ok()?;
    let bytes = status.success().then(|| fs::read(&after).ok()).flatten();
    fs::remove_dir_all(&folder).ok()?;
    let samples: Vec<f32> = bytes?.chunks_exact(4).map(|word| f32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
    let side = |side: usize| samples.iter().skip(side).step_by(2).copied().collect();
    Some(Clip { left: side(0), right: side(1) })
}

/// What is left of the output after the input, in its place and at its level, is taken away; against that input.
fn residual_db(input: &Clip, out: &Clip) -> f64 {
    let late = lateness(input, out);
    let frames = input.frames().min(out.frames() - late);
    let pairs = || {
        let side = |x: &[f32], y: &[f32]| -> Vec<(f64, f64)> {
            x[..frames].iter().zip(&y[late..]).map(|(x, y)| (f64::from(*x), f64::from(*y))).collect()
        };
        [side(&input.left, &out.left), side(&input.right, &out.right)].concat()
    };
    let pairs = pairs();
    let level = pairs.iter().map(|(x, y)| x * y).sum::<f64>() / pairs.iter().map(|(x, _)| x * x).sum::<f64>();
    let rest: f64 = pairs.iter().map(|(x, y)| (y - level * x).powi(2)).sum();
    10.0 * (rest / pairs.iter().map(|(x, _)| (level * x).powi(2)).sum::<f64>()).log10()
}

/// Frames by which the output is late, where both are most alike.
fn lateness(input: &Clip, out: &Clip) -> usize {
    let start = input.frames() / 2;
    let x = &input.left[start..input.frames().min(start + ALIGNED)];
    let likeness = |late: usize| x.iter().zip(&out.left[start + late..]).map(|(x, y)| x * y).sum::<f32>();
    (0..LATEST).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meters::agreement;

    /// A minute each: enough for a range, and quick.
    const SECONDS: usize = 60;

    #[test]
    fn loudness_range_and_true_peak_of_real_songs_are_those_of_the_ebur128_crate() {
        let files = files();
        if files.is_empty() {
            println!("HEADROOM_MATERIAL names no folder with songs: skipped");
            return;
        }
        for path in files {
            let song = Song::open(&path, SECONDS);
            for figure in agreement(&song.name, &song.clip, song.rate_hz) {
                assert!(figure.passes(figure.value), "{}: off by {}", figure.name, figure.value);
            }
        }
    }
}
