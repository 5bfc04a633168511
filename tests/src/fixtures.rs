//! Audio files of a few kilobytes, written by hand where the bits matter and by ffmpeg where only the format does.

use crate::temporary::TemporaryFolder;
use std::f64::consts::TAU;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A folder of test audio.
pub struct Fixtures(TemporaryFolder);

/// How the samples of a WAV are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Depth {
    /// 16-bit integers.
    Int16,
    /// 24-bit integers.
    Int24,
    /// 32-bit floats.
    Float32,
}

/// Deterministic noise, white, in −1 to 1: a linear congruential generator (Numerical Recipes' constants).
pub fn noise(seed: u32, frames: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // The low bits of such a generator repeat soon: 24 from the top fill a float.
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..frames).map(|_| next()).collect()
}

/// A sine of `frequency_hz` at half of full scale.
pub fn sine(frequency_hz: f64, rate_hz: u32, frames: usize) -> Vec<f32> {
    (0..frames).map(|frame| ((TAU * frequency_hz * frame as f64 / f64::from(rate_hz)).sin() * 0.5) as f32).collect()
}

impl Fixtures {
    /// An empty folder.
    #[expect(clippy::new_without_default, reason = "it makes a folder on disk")]
    pub fn new() -> Self {
        Self(TemporaryFolder::new("fixtures"))
    }

    /// Where a fixture of this name is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes bytes as they are.
    pub fn raw(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// Writes a WAV of these channels, all of one length.
    pub fn wav(&self, name: &str, rate_hz: u32, depth: Depth, channels: &[Vec<f32>]) -> PathBuf {
        let (tag, bytes_each) = match depth {
            Depth::Int16 => (1u16, 2u16),
            Depth::Int24 => (1, 3),
            Depth::Float32 => (3, 4),
        };
        let mut data = Vec::new();
        for frame in 0..channels.first().map_or(0, Vec::len) {
            for channel in channels {
                write_sample(&mut data, depth, channel[frame]);
            }
        }
        let count = u16::try_from(channels.len()).unwrap_or_else(|_| panic!("{} channels", channels.len()));
        let mut file = Vec::from(*b"RIFF");
        file.extend((36 + data.len() as u32).to_le_bytes());
        file.extend(b"WAVEfmt ");
        file.extend(16u32.to_le_bytes());
        file.extend([tag, count].map(u16::to_le_bytes).concat());
        file.extend([rate_hz, rate_hz * u32::from(count * bytes_each)].map(u32::to_le_bytes).concat());
        file.extend([count * bytes_each, bytes_each * 8].map(u16::to_le_bytes).concat());
        file.extend(b"data");
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        self.raw(name, &file)
    }

    /// Lets ffmpeg turn a fixture into another format, which the new name's extension says.
    pub fn converted(&self, from: &str, name: &str, arguments: &[&str]) -> PathBuf {
        let path = self.path(name);
        let status = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-i"])
            .arg(self.path(from))
            .args(arguments)
            .arg(&path)
            .status()
            .unwrap_or_else(|error| panic!("ffmpeg: {error}. cargo xtask test installs it."));
        assert!(status.success(), "ffmpeg cannot make {name}");
        path
    }

    /// Eight files as a musician's folder may hold them: formats, rates, depths and channels all mixed, 2 s each.
    pub fn mixed_stems(&self) -> Vec<PathBuf> {
        let tone = |frequency_hz: f64, rate_hz: u32| sine(frequency_hz, rate_hz, 2 * rate_hz as usize);
        let noise_48k = |seed: u32| noise(seed, 96_000).iter().map(|sample| sample * 0.25).collect::<Vec<f32>>();
        let kick = self.wav("Kick.wav", 48_000, Depth::Int24, &[tone(60.0, 48_000)]);
        let snare = self.wav("Snare.wav", 48_000, Depth::Float32, &[noise_48k(1), noise_48k(2)]);
        let bass = self.wav("Bass.wav", 44_100, Depth::Int16, &[tone(98.0, 44_100), tone(98.0, 44_100)]);
        let lead = self.wav("Lead.wav", 96_000, Depth::Int24, &[tone(660.0, 96_000), tone(663.0, 96_000)]);
        vec![
            kick,
            snare.clone(),
            bass,
            lead.clone(),
            self.converted("Kick.wav", "Piano.aiff", &[]),
            self.converted("Snare.wav", "Cymbals.flac", &["-sample_fmt", "s16"]),
            self.converted("Lead.wav", "Vocal.mp3", &["-ar", "44100", "-b:a", "128k"]),
            self.converted("Lead.wav", "Pad.ogg", &["-ar", "48000", "-c:a", "libvorbis"]),
        ]
    }
}

fn write_sample(data: &mut Vec<u8>, depth: Depth, sample: f32) {
    let integer = |bits: u32| {
        let scale = f64::from(1u32 << (bits - 1));
        (f64::from(sample) * scale).round().clamp(-scale, scale - 1.0) as i32
    };
    match depth {
        Depth::Int16 => data.extend(&integer(16).to_le_bytes()[..2]),
        Depth::Int24 => data.extend(&integer(24).to_le_bytes()[..3]),
        Depth::Float32 => data.extend(sample.to_le_bytes()),
    }
}
