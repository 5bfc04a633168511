//! What a lossy codec makes of a master: its decoder's output is laid over the master frame by frame, and then measured.
//!
//! A decoder is late by its encoder's priming, which not every browser tells, so the delay is found by normalised cross-correlation over the
//! master's loudest stretch: the lag k with the largest Σ a(n) b(n + k) / √Σ b(n + k)². A gain changes nothing in that.

mod ogg;

use realfft::RealFftPlanner;
use session::analysis::Analysis;

use crate::analysis::Analyser;
use crate::store::StoreError;
pub use ogg::ogg_opus;

/// No decoder is later, and none is earlier: AAC's priming is 2112 frames, Opus' 312.
pub const MOST_DELAY_FRAMES: usize = 1 << 13;
/// Frames over which the delay is found; as many are compared at a time.
const STRETCH_FRAMES: usize = 1 << 16;
/// Sums of squares below which there is nothing, −200 dB.
const SILENT_POWER: f64 = 1.0e-20;

/// Audio of two sides, wherever it lies.
pub trait Sides {
    /// How long it is.
    fn frames(&self) -> usize;
    /// Fills both sides with what begins at a frame: silence before the first frame and after the last one.
    fn read(&self, at: i64, left: &mut [f32], right: &mut [f32]);
}

impl Sides for [Vec<f32>; 2] {
    fn frames(&self) -> usize {
        self[0].len().min(self[1].len())
    }

    fn read(&self, at: i64, left: &mut [f32], right: &mut [f32]) {
        for (plane, side) in self.iter().zip([left, right]) {
            for (frame, sample) in side.iter_mut().enumerate() {
                let from = usize::try_from(at + frame as i64).ok();
                *sample = from.and_then(|from| plane.get(from)).copied().unwrap_or(0.0);
            }
        }
    }
}

/// A decoded master beside the one that was encoded, both at the codec's rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// How late the decoder is.
    pub delay_frames: i64,
    /// What it gives from there on, for as long as the master is.
    pub decoded: Analysis,
    /// Power of the difference over the master's, dB.
    pub change_db: f64,
}

/// Aligns and measures; `on_progress` is told how far it is and says whether to go on.
///
/// # Errors
/// When it is no longer wanted.
pub fn compare(
    master: &impl Sides,
    decoded: &impl Sides,
    rate_hz: u32,
    mut on_progress: impl FnMut(f32) -> bool,
) -> Result<Compared, StoreError> {
    let delay_frames = delay_frames(master, decoded);
    let mut analyser = Analyser::new(rate_hz);
    let (mut own, mut other) = (Piece::new(STRETCH_FRAMES), Piece::new(STRETCH_FRAMES));
    let (mut power, mut changed) = (0.0, 0.0);
    for at in (0..master.frames()).step_by(STRETCH_FRAMES) {
        let frames = STRETCH_FRAMES.min(master.frames() - at);
        own.read(master, at as i64, frames);
        other.read(decoded, at as i64 + delay_frames, frames);
        for (own, other) in own.sides().into_iter().zip(other.sides()) {
            for (own, other) in own.iter().zip(other) {
                let change = f64::from(own - other);
                (power, changed) = (power + f64::from(*own) * f64::from(*own), changed + change * change);
            }
        }
        let [left, right] = other.sides();
        analyser.push(left, right);
        if !on_progress((at + frames) as f32 / master.frames() as f32) {
            return Err(StoreError::Cancelled);
        }
    }
    let change_db = 10.0 * libm::log10(changed.max(SILENT_POWER) / power.max(SILENT_POWER));
    Ok(Compared { delay_frames, decoded: analyser.finish(), change_db })
}

/// A stretch of both sides.
struct Piece {
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Piece {
    fn new(frames: usize) -> Self {
        Self { left: vec![0.0; frames], right: vec![0.0; frames] }
    }

    fn read(&mut self, from: &impl Sides, at: i64, frames: usize) {
        self.left.resize(frames, 0.0);
        self.right.resize(frames, 0.0);
        from.read(at, &mut self.left, &mut self.right);
    }

    fn sides(&self) -> [&[f32]; 2] {
        [&self.left, &self.right]
    }

    fn sum(&self) -> Vec<f64> {
        self.left.iter().zip(&self.right).map(|(left, right)| f64::from(*left) + f64::from(*right)).collect()
    }

    fn power(&self) -> f64 {
        self.left.iter().chain(&self.right).map(|sample| f64::from(*sample) * f64::from(*sample)).sum()
    }
}

/// By how many frames the decoded master is later than the one that was encoded; 0 where nothing is alike.
fn delay_frames(master: &impl Sides, decoded: &impl Sides) -> i64 {
    let frames = STRETCH_FRAMES.min(master.frames());
    let mut piece = Piece::new(frames);
    let starts = (0..=master.frames() - frames).step_by(STRETCH_FRAMES / 2);
    let mut power_at = |at: usize| {
        piece.read(master, at as i64, frames);
        piece.power()
    };
    let loudest = starts.map(|at| (at, power_at(at))).max_by(|a, b| a.1.total_cmp(&b.1));
    let Some((at, _)) = loudest.filter(|(_, power)| *power > SILENT_POWER) else { return 0 };
    piece.read(master, at as i64, frames);
    let own = piece.sum();
    piece.read(decoded, at as i64 - MOST_DELAY_FRAMES as i64, frames + 2 * MOST_DELAY_FRAMES);
    best_lag(&own, &piece.sum()).map_or(0, |lag| lag as i64 - MOST_DELAY_FRAMES as i64)
}

/// The lag at which a stretch lies in a longer one; see the module's text.
fn best_lag(stretch: &[f64], longer: &[f64]) -> Option<usize> {
    let size = longer.len().next_power_of_two();
    let mut planner = RealFftPlanner::<f64>::new();
    let (forward, inverse) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
    let spectrum = |samples: &[f64]| {
        let mut input = samples.to_vec();
        input.resize(size, 0.0);
        let mut bins = forward.make_output_vec();
        forward.process(&mut input, &mut bins).ok().map(|()| bins)
    };
    let (own, mut product) = (spectrum(stretch)?, spectrum(longer)?);
    product.iter_mut().zip(&own).for_each(|(bin, own)| *bin *= own.conj());
    let mut correlation = inverse.make_output_vec();
    inverse.process(&mut product, &mut correlation).ok()?;
    let mut power: f64 = longer[..stretch.len()].iter().map(|sample| sample * sample).sum();
    let mut best = None::<(usize, f64)>;
    for (lag, correlation) in correlation.iter().enumerate().take(longer.len() - stretch.len() + 1) {
        if lag > 0 {
            let (gone, come) = (longer[lag - 1], longer[lag + stretch.len() - 1]);
            power += come * come - gone * gone;
        }
        let likeness = if power > SILENT_POWER { correlation / power.sqrt() } else { 0.0 };
        if likeness > best.map_or(0.0, |(_, most)| most) {
            best = Some((lag, likeness));
        }
    }
    best.map(|(lag, _)| lag)
}
