//! A FLAC of four minutes at another rate than the song's, from the chooser to the track, against ffmpeg with soxr.

use std::process::{Command, Stdio};
use std::time::Instant;

use tests::fixtures::{Depth, Fixtures, noise};
use tests::sound::WORK;

use crate::figure::Figure;
use crate::nodes::against;
use crate::on_page;

const SECONDS: u32 = 240;
const SONG_HZ: u32 = 48_000;
const ROUNDS: usize = 3;

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let fixtures = Fixtures::new();
    let first = fixtures.wav("First.wav", SONG_HZ, Depth::Int16, &[noise(1, SONG_HZ as usize)]);
    // A new name and a new seed each round: what is in the store already is not decoded again.
    let flacs: Vec<_> = (0..ROUNDS).map(|round| flac(&fixtures, round)).collect();
    let theirs: Option<Vec<f64>> = flacs.iter().map(|path| ffmpeg(path)).collect();
    let Some(theirs) = theirs else {
        println!("Import of a FLAC against ffmpeg with soxr: absent, this ffmpeg has no soxr.");
        return Vec::new();
    };
    let ours = on_page(async |page, _| {
        page.add_audio(&[first]).await;
        page.get_within(&[("group", "First")], WORK).await;
        let mut times = Vec::new();
        for (round, path) in flacs.iter().enumerate() {
            let start = Instant::now();
            page.add_audio(std::slice::from_ref(path)).await;
            page.get_within(&[("group", &format!("Long {round}"))], WORK).await;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times
    });
    against("Import of 4 minutes of FLAC, 44.1 to 48 kHz", ours, ("ffmpeg with soxr", theirs), "1, limit 0.5")
}

fn flac(fixtures: &Fixtures, round: usize) -> std::path::PathBuf {
    let path = fixtures.path(&format!("Long {round}.flac"));
    let source = |side: usize| format!("anoisesrc=color=pink:amplitude=0.2:sample_rate=44100:duration={SECONDS}:seed={}", 2 * round + side);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-y", "-f", "lavfi", "-i", &source(1), "-f", "lavfi", "-i", &source(2)]);
    ffmpeg.args(["-filter_complex", "[0][1]amerge=inputs=2", "-sample_fmt", "s16"]).arg(&path).stdin(Stdio::null());
    assert!(ffmpeg.status().is_ok_and(|status| status.success()), "ffmpeg made no FLAC");
    path
}

/// Milliseconds, `None` where it cannot.
fn ffmpeg(path: &std::path::Path) -> Option<f64> {
    let start = Instant::now();
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(path).args(["-af", &format!("aresample=resampler=soxr:osr={SONG_HZ}"), "-f", "f32le", "-y"]);
    let status = ffmpeg.arg("/dev/null").stdin(Stdio::null()).status().ok()?;
    status.success().then(|| start.elapsed().as_secs_f64() * 1e3)
}
