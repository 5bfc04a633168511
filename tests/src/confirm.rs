//! A ledger's figures against measurements that share nothing with it: libebur128 for loudness and true peak, plain sums for the offset, and a
//! transform of its own for tone and width, all of native renders of the song without the ledger's edit and with it.

use std::f64::consts::TAU;

use session::analysis::{BANDS, band_edges_hz, band_hz};
use session::assist::ledger::{Ledger, Move};
use session::assist::tone::{Shape, distance_db, excess};

use crate::masters::independent;

/// Both sides of a sound.
pub type Sound = [Vec<f32>; 2];
/// Of a third octave: power of both sides, and of the side signal.
type Thirds = [[f64; 2]; BANDS];

/// Length of a transform: longer than the one that the ledger is measured with.
const FRAMES: usize = 1 << 16;

/// A line of a ledger, claimed and measured, each before and after.
#[derive(Clone, Debug)]
pub struct Line {
    /// The move.
    pub title: String,
    /// What the ledger says.
    pub claimed: [f64; 2],
    /// What is measured.
    pub measured: [f64; 2],
    /// How far both may lie apart.
    tolerance: f64,
}

impl Line {
    /// Whether both are the same figures.
    pub fn is_confirmed(&self) -> bool {
        self.claimed.iter().zip(self.measured).all(|(claimed, measured)| (claimed - measured).abs() <= self.tolerance)
    }
}

/// What is measured of a ledger's song.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Integrated loudness with the moves.
    pub lufs: f64,
    /// True peak with the moves.
    pub peak_dbtp: f64,
    /// Distance of the tone to the target's before and after.
    pub tone_db: [f64; 2],
}

/// Measures what a ledger claims.
pub fn confirm(ledger: &Ledger, target: &[f64], [before, after]: [&Sound; 2], rate_hz: u32) -> Confirmed {
    let measured = [before, after].map(|sound| Measured::of(sound, rate_hz));
    let line = |row: &session::assist::ledger::Row| Line {
        title: row.what.title(row.amount),
        claimed: [row.before, row.after],
        measured: [0, 1].map(|at| measured[at].figure(&row.what, target)),
        tolerance: tolerance(&row.what),
    };
    Confirmed {
        lines: ledger.rows.iter().map(line).collect(),
        lufs: measured[1].lufs,
        peak_dbtp: measured[1].peak_dbtp,
        tone_db: [0, 1].map(|at| distance_db(&measured[at].levels_db(), target)),
    }
}

/// The transforms see the lowest bands, with few bins, a little differently.
fn tolerance(what: &Move) -> f64 {
    match what {
        Move::Loudness { .. } => 0.1,
        Move::RemoveOffset => 0.05,
        Move::MonoBelow(_) => 1.0,
        Move::Tone(_) => 0.5,
    }
}

struct Measured {
    lufs: f64,
    peak_dbtp: f64,
    offset: f64,
    thirds: Thirds,
}

impl Measured {
    fn of(sound: &Sound, rate_hz: u32) -> Self {
        let [lufs, _, peak_dbtp] = independent(sound, rate_hz);
        let mean = |side: &Vec<f32>| side.iter().map(|sample| f64::from(*sample)).sum::<f64>() / side.len() as f64;
        let offset = mean(&sound[0]).abs().max(mean(&sound[1]).abs());
        Self { lufs, peak_dbtp, offset, thirds: thirds(sound, rate_hz) }
    }

    fn levels_db(&self) -> Vec<f64> {
        self.thirds.iter().map(|powers| 10.0 * powers[0].max(1e-20).log10()).collect()
    }

    fn figure(&self, what: &Move, target: &[f64]) -> f64 {
        match what {
            Move::Loudness { .. } => self.lufs,
            Move::RemoveOffset => self.offset * 100.0,
            Move::MonoBelow(hz) => {
                let lows = self.thirds.iter().enumerate().filter(|(band, _)| band_hz(*band) < f64::from(*hz));
                let (all, side) = lows.fold((0.0, 0.0), |(all, side), (_, powers)| (all + powers[0], side + powers[1]));
                side / all * 100.0
            }
            Move::Tone(band) => {
                let excess = excess(&self.levels_db(), target);
                let reaches = |hz: f64| match band.shape {
                    Shape::LowShelf => (31.0..=f64::from(band.frequency_hz)).contains(&hz),
                    Shape::Bell => (hz / f64::from(band.frequency_hz)).log2().abs() <= 0.5,
                    Shape::HighShelf => (f64::from(band.frequency_hz)..=16_500.0).contains(&hz),
                };
                let reached: Vec<f64> = (0..BANDS).filter(|third| reaches(band_hz(*third))).map(|third| excess[third]).collect();
                reached.iter().sum::<f64>() / reached.len() as f64
            }
        }
    }
}

/// Powers by Hann windows that overlap by half; both sides go through one transform, the right one turned by a quarter.
fn thirds([left, right]: &Sound, rate_hz: u32) -> Thirds {
    let (hann, turns) = (hann(), turns());
    let bin_hz = f64::from(rate_hz) / FRAMES as f64;
    let mut bins = vec![[0.0; 2]; FRAMES / 2];
    for at in (0..(left.len() + 1).saturating_sub(FRAMES)).step_by(FRAMES / 2) {
        let frame = |frame: usize| [f64::from(left[at + frame]) * hann[frame], f64::from(right[at + frame]) * hann[frame]];
        let spectrum = transform((0..FRAMES).map(frame).collect(), &turns);
        for bin in 1..FRAMES / 2 {
            let ([a, b], [c, d]) = (spectrum[bin], spectrum[FRAMES - bin]);
            let (l, r) = ([(a + c) / 2.0, (b - d) / 2.0], [(b + d) / 2.0, (c - a) / 2.0]);
            bins[bin][0] += l[0] * l[0] + l[1] * l[1] + r[0] * r[0] + r[1] * r[1];
            bins[bin][1] += ((l[0] - r[0]).powi(2) + (l[1] - r[1]).powi(2)) / 2.0;
        }
    }
    std::array::from_fn(|band| between(&bins, band_edges_hz(band).map(|hz| hz / bin_hz)))
}

/// What lies between two places, counted in bins, each of which reaches half a bin to both sides.
fn between(bins: &[[f64; 2]], [from, to]: [f64; 2]) -> [f64; 2] {
    let share = |bin: usize| (to.min(bin as f64 + 0.5) - from.max(bin as f64 - 0.5)).max(0.0);
    bins.iter().enumerate().fold([0.0; 2], |[all, side], (bin, powers)| [all + share(bin) * powers[0], side + share(bin) * powers[1]])
}

fn hann() -> Vec<f64> {
    (0..FRAMES).map(|frame| 0.5 - 0.5 * (TAU * frame as f64 / FRAMES as f64).cos()).collect()
}

fn turns() -> Vec<[f64; 2]> {
    (0..FRAMES / 2).map(|at| (-TAU * at as f64 / FRAMES as f64).sin_cos()).map(|(sin, cos)| [cos, sin]).collect()
}

/// Cooley and Tukey's transform in place: in order of the bits turned round, then pairs, fours, eights.
fn transform(mut bins: Vec<[f64; 2]>, turns: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let count = bins.len();
    let bits = count.trailing_zeros();
    for at in 0..count {
        let other = at.reverse_bits() >> (usize::BITS - bits);
        if at < other {
            bins.swap(at, other);
        }
    }
    let mut half = 1;
    while half < count {
        let stride = count / (2 * half);
        for block in bins.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for (at, (a, b)) in low.iter_mut().zip(high).enumerate() {
                let [cos, sin] = turns[at * stride];
                let turned = [b[0] * cos - b[1] * sin, b[0] * sin + b[1] * cos];
                *b = [a[0] - turned[0], a[1] - turned[1]];
                *a = [a[0] + turned[0], a[1] + turned[1]];
            }
        }
        half *= 2;
    }
    bins
}
