//! Writes the demo song's stems and a plain sum of them as 32-bit float WAV files into a folder, and prints how long each took.
//!
//! `cargo run --release -p media --example demo_stems -- FOLDER`

use std::io::Write;

fn wav(path: &std::path::Path, channels: &[Vec<f32>], rate_hz: u32) -> std::io::Result<()> {
    let (count, frames) = (channels.len() as u32, channels[0].len() as u32);
    let data = frames * count * 4;
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    out.write_all(b"RIFF")?;
    out.write_all(&(36 + data).to_le_bytes())?;
    out.write_all(b"WAVEfmt \x10\0\0\0\x03\0")?;
    out.write_all(&(count as u16).to_le_bytes())?;
    out.write_all(&rate_hz.to_le_bytes())?;
    out.write_all(&(rate_hz * count * 4).to_le_bytes())?;
    out.write_all(&(count as u16 * 4).to_le_bytes())?;
    out.write_all(b"\x20\0data")?;
    out.write_all(&data.to_le_bytes())?;
    for frame in 0..frames as usize {
        for channel in channels {
            out.write_all(&channel[frame].to_le_bytes())?;
        }
    }
    out.flush()
}

fn main() -> std::io::Result<()> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_string()));
    let mut sum = vec![vec![0.0; media::demo::score::SONG_FRAMES]; 2];
    let mut all = std::time::Duration::ZERO;
    for spec in media::demo::STEMS {
        let start = std::time::Instant::now();
        let stem = (spec.render)();
        let took = start.elapsed();
        all += took;
        let peak = stem.iter().flatten().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        println!("{:12} {:4} ms, peak {:.1} dBFS", spec.name, took.as_millis(), 20.0 * peak.log10());
        for (side, out) in sum.iter_mut().enumerate() {
            for (out, sample) in out.iter_mut().zip(&stem[side.min(stem.len() - 1)]) {
                *out += 0.25 * sample;
            }
        }
        wav(&folder.join(format!("{}.wav", spec.name)), &stem, media::demo::score::RATE_HZ)?;
    }
    println!("all {} ms", all.as_millis());
    wav(&folder.join("sum.wav"), &sum, media::demo::score::RATE_HZ)
}
