//! The signals: steps of a 1 kHz sine, tones between the samples, and one loud period in a soft one.

use alloc::vec::Vec;
use core::f64::consts::{FRAC_PI_2, PI, TAU};

use crate::units::db_to_gain;
use libm::{cos, sin};

/// Seconds, and the peak level in dBFS of the sine; −∞ is silence.
pub type Part = (f64, f64);

/// What a case plays, the same on both channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sound {
    /// Parts one after the other, so many times.
    Steps(&'static [Part], usize),
    /// Silence of the take's number times so many seconds, then parts.
    Delayed(f64, &'static [Part]),
    /// Twenty stretches of so many seconds: in stretch i silence of i times `delay_s`, a tone of `tone_s` at −38 + i dB, silence.
    Rising {
        /// How much later each tone begins.
        delay_s: f64,
        /// A tone's length; a stretch is twice as long.
        tone_s: f64,
    },
    /// A second of a sine whose period is so many frames, with faded edges.
    Tone {
        /// Frames of a period.
        period: f64,
        /// Peak, linear.
        gain: f64,
        /// Phase at the first frame.
        degrees: f64,
    },
    /// A sixth of the rate at half scale with one period of a quarter of the rate at full scale, made at four times the rate and
    /// decimated with an offset of the take's number.
    LoudPeriod,
}

const SILENCE_DB: f64 = f64::NEG_INFINITY;
const SINE_HZ: f64 = 1_000.0;
/// Stretches of rising tones, and the level of the first.
const STRETCHES: usize = 20;
const FIRST_DB: f64 = -38.0;
/// Edges of the tones between samples.
const EDGE_S: f64 = 0.01;
const TONE_S: f64 = 1.0;
/// The loud period's signal, before decimation by four, and its low-pass.
const PERIOD_S: f64 = 0.1;
const DECIMATION: usize = 4;
const LOW_PASS_TAPS: usize = 401;
const LOW_PASS_SHARE: f64 = 0.45 / DECIMATION as f64;

impl Sound {
    /// Part `index` of a take.
    fn part(&self, take: usize, index: usize) -> Option<Part> {
        match *self {
            Self::Steps(parts, times) => (index < parts.len() * times).then(|| parts[index % parts.len()]),
            Self::Delayed(delay_s, parts) => match index {
                0 => Some((delay_s * take as f64, SILENCE_DB)),
                _ => parts.get(index - 1).copied(),
            },
            Self::Rising { delay_s, tone_s } => {
                let stretch = index / 3;
                let delay = delay_s * stretch as f64;
                let parts = [(delay, SILENCE_DB), (tone_s, FIRST_DB + stretch as f64), (tone_s - delay, SILENCE_DB)];
                (stretch < STRETCHES).then(|| parts[index % 3])
            }
            Self::Tone { .. } | Self::LoudPeriod => None,
        }
    }
}

/// A take being played.
pub struct Playback {
    sound: Sound,
    take: usize,
    rate_hz: f64,
    /// The next part, the frames left of the running one, and its gain.
    next: usize,
    left: usize,
    gain: f64,
    frame: usize,
    /// The signals that are made at once.
    made: Vec<f32>,
}

impl Playback {
    /// From its beginning.
    pub fn new(sound: &Sound, take: usize, rate_hz: f64) -> Self {
        let made = match *sound {
            Sound::Tone { period, gain, degrees } => tone(period, gain, degrees, rate_hz),
            Sound::LoudPeriod => loud_period(take, rate_hz),
            _ => Vec::new(),
        };
        Self { sound: *sound, take, rate_hz, next: 0, left: 0, gain: 0.0, frame: 0, made }
    }

    /// Writes the next frames and says how many; 0 at the end.
    pub fn fill(&mut self, out: &mut [f32]) -> usize {
        let mut count = 0;
        for sample in out {
            let Some(value) = self.sample() else {
                break;
            };
            *sample = value;
            count += 1;
        }
        count
    }

    fn sample(&mut self) -> Option<f32> {
        let frame = self.frame;
        if matches!(self.sound, Sound::Tone { .. } | Sound::LoudPeriod) {
            self.frame += 1;
            return self.made.get(frame).copied();
        }
        while self.left == 0 {
            let (seconds, level_db) = self.sound.part(self.take, self.next)?;
            self.left = libm::round(seconds * self.rate_hz) as usize;
            self.gain = db_to_gain(level_db);
            self.next += 1;
        }
        self.left -= 1;
        self.frame += 1;
        Some(if self.gain == 0.0 { 0.0 } else { (self.gain * sin(TAU * SINE_HZ * frame as f64 / self.rate_hz)) as f32 })
    }
}

fn tone(period: f64, gain: f64, degrees: f64, rate_hz: f64) -> Vec<f32> {
    let length = libm::round(TONE_S * rate_hz) as usize;
    let sample = |frame: usize| {
        let edge = (frame.min(length - 1 - frame) as f64 / (EDGE_S * rate_hz)).min(1.0);
        let phase = TAU * frame as f64 / period + degrees * PI / 180.0;
        (gain * edge * edge * (3.0 - 2.0 * edge) * sin(phase)) as f32
    };
    (0..length).map(sample).collect()
}

/// The phase runs on through both seams.
fn loud_period(offset: usize, rate_hz: f64) -> Vec<f32> {
    let length = DECIMATION * libm::round(PERIOD_S * rate_hz) as usize;
    let (mut phase, mut loud) = (0.0, 0.0);
    let source: Vec<f64> = (0..length)
        .map(|at| {
            let is_loud = at >= length / 2 && loud < TAU;
            let step = if is_loud { FRAC_PI_2 } else { PI / 3.0 } / DECIMATION as f64;
            loud += if is_loud { step } else { 0.0 };
            let edge = (at.min(length - 1 - at) as f64 / (EDGE_S * rate_hz)).min(1.0);
            let value = edge * if is_loud { sin(phase) } else { 0.5 * sin(phase) };
            phase += step;
            value
        })
        .collect();
    let filter = low_pass();
    let half = LOW_PASS_TAPS / 2;
    let sample = |at: usize| {
        let products = filter.iter().enumerate().filter_map(|(tap, gain)| Some(gain * source.get((at + tap).checked_sub(half)?)?));
        products.sum::<f64>() as f32
    };
    (offset..length).step_by(DECIMATION).map(sample).collect()
}

/// A sinc under a Blackman window, of unit gain at DC.
fn low_pass() -> Vec<f64> {
    let middle = (LOW_PASS_TAPS - 1) as f64 / 2.0;
    let tap = |tap: usize| {
        let x = tap as f64 - middle;
        let sinc = if x == 0.0 { 2.0 * LOW_PASS_SHARE } else { sin(TAU * LOW_PASS_SHARE * x) / (PI * x) };
        sinc * (0.42 + 0.5 * cos(PI * x / middle) + 0.08 * cos(TAU * x / middle))
    };
    let taps: Vec<f64> = (0..LOW_PASS_TAPS).map(tap).collect();
    let sum: f64 = taps.iter().sum();
    taps.into_iter().map(|tap| tap / sum).collect()
}
