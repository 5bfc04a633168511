//! What stands between the mix and the speakers: the fades of start, seek and stop, the listening controls, and the safety clamp.

use super::{MONITOR_PARAMS, monitor_param};
use crate::engine::{BLOCK_FRAMES, Ramp, StereoBlock};
use crate::units::{db_to_gain, ms_to_frames};

/// Length of the fades around a start, a seek, a stop and a hold.
const GATE_MS: f64 = 5.0;
/// Length of the fade from one setting of the listening controls to another.
const CONTROL_MS: f64 = 20.0;
/// How far dim turns down.
const DIM_DB: f64 = -20.0;
/// Nothing louder than this leaves: it protects ears and speakers from a runaway, and no mix comes near it.
const SAFETY_DB: f64 = 18.0;

/// Indices of the words of [`monitor_param::CHANNEL`].
mod channel {
    pub const LEFT: usize = 1;
    pub const RIGHT: usize = 2;
    pub const MID: usize = 3;
    pub const SIDE: usize = 4;
}

/// What goes from left and right to left (first row) and right (second row).
type Matrix = [[f32; 2]; 2];

/// See the module's text.
pub struct Monitor {
    values: [f32; MONITOR_PARAMS.len()],
    from: Matrix,
    to: Matrix,
    /// Share of `to`.
    control: Ramp,
    gate: Ramp,
    /// The frame given out last.
    last: [f32; 2],
    /// What was given out last before sound failed to come, let go to zero by `fall`.
    falling: [f32; 2],
    fall: Ramp,
    ceiling: f32,
}

impl Monitor {
    /// Closed, with all controls at their defaults.
    pub fn new(rate_hz: f64) -> Self {
        let gate_frames = ms_to_frames(GATE_MS, rate_hz);
        let mut values = [0.0; MONITOR_PARAMS.len()];
        for (value, spec) in values.iter_mut().zip(MONITOR_PARAMS) {
            *value = spec.default;
        }
        let matrix = matrix_of(&values);
        Self {
            values,
            from: matrix,
            to: matrix,
            control: Ramp::new(1.0, ms_to_frames(CONTROL_MS, rate_hz)),
            gate: Ramp::new(0.0, gate_frames),
            last: [0.0; 2],
            falling: [0.0; 2],
            fall: Ramp::new(0.0, gate_frames),
            ceiling: db_to_gain(SAFETY_DB) as f32,
        }
    }

    /// Sets one of [`MONITOR_PARAMS`]; unknown indices are ignored.
    pub fn set(&mut self, index: usize, value: f32) {
        let (Some(spec), Some(slot)) = (MONITOR_PARAMS.get(index), self.values.get_mut(index)) else {
            return;
        };
        *slot = spec.clamp(value);
        self.from = self.matrix_now(self.control.value());
        self.to = matrix_of(&self.values);
        self.control.set(0.0);
        self.control.go(1.0);
    }

    /// Lets sound through, or fades it out.
    pub fn open(&mut self, open: bool) {
        self.gate.go(if open { 1.0 } else { 0.0 });
    }

    /// Closed at once: nothing is heard now, and what comes next fades in.
    pub fn shut(&mut self) {
        self.gate.set(0.0);
        self.last = [0.0; 2];
    }

    /// Whether nothing is heard.
    pub fn is_silent(&self) -> bool {
        self.gate.rests_at(0.0) && self.fall.rests_at(0.0)
    }

    /// A block of the mix as it is heard.
    pub fn process(&mut self, mix: &StereoBlock, out: &mut StereoBlock) {
        for frame in 0..BLOCK_FRAMES {
            let matrix = if self.control.is_settled() { self.to } else { self.ticked_matrix() };
            let gate = self.gate.tick();
            let fall = self.fall.tick();
            let (left, right) = (mix.left[frame], mix.right[frame]);
            let heard = |row: [f32; 2], falling: f32| (left * row[0] + right * row[1]) * gate + falling * fall;
            out.left[frame] = self.safe(heard(matrix[0], self.falling[0]));
            out.right[frame] = self.safe(heard(matrix[1], self.falling[1]));
        }
        self.last = [out.left[BLOCK_FRAMES - 1], out.right[BLOCK_FRAMES - 1]];
    }

    /// A block without sound: what was heard last goes to zero, and what comes next fades in.
    pub fn rest(&mut self, out: &mut StereoBlock) {
        if !self.gate.rests_at(0.0) {
            self.gate.set(0.0);
            self.falling = self.last;
            self.fall.set(1.0);
            self.fall.go(0.0);
        }
        for (left, right) in out.left.iter_mut().zip(&mut out.right) {
            let fall = self.fall.tick();
            *left = self.falling[0] * fall;
            *right = self.falling[1] * fall;
        }
    }

    fn ticked_matrix(&mut self) -> Matrix {
        let share = self.control.tick();
        self.matrix_now(share)
    }

    fn matrix_now(&self, share: f32) -> Matrix {
        let mut matrix = self.to;
        for (row, (from, to)) in matrix.iter_mut().zip(self.from.iter().zip(&self.to)) {
            *row = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
        }
        matrix
    }

    fn safe(&self, sample: f32) -> f32 {
        if sample.is_finite() { sample.clamp(-self.ceiling, self.ceiling) } else { 0.0 }
    }
}

fn matrix_of(values: &[f32]) -> Matrix {
    let is_on = |index: usize| values[index] >= 0.5;
    let mut matrix = [[1.0, 0.0], [0.0, 1.0]];
    if is_on(monitor_param::SWAP) {
        matrix.swap(0, 1);
    }
    let [left, right] = matrix;
    let blend = |sign: f32| [0.5 * (left[0] + sign * right[0]), 0.5 * (left[1] + sign * right[1])];
    matrix = match values[monitor_param::CHANNEL] as usize {
        channel::LEFT => [left; 2],
        channel::RIGHT => [right; 2],
        channel::MID => [blend(1.0); 2],
        channel::SIDE => [blend(-1.0); 2],
        _ if is_on(monitor_param::MONO) => [blend(1.0); 2],
        _ => matrix,
    };
    let dim = if is_on(monitor_param::DIM) { db_to_gain(DIM_DB) } else { 1.0 };
    let mute = if is_on(monitor_param::MUTE) { 0.0 } else { 1.0 };
    let gain = (db_to_gain(f64::from(values[monitor_param::LEVEL])) * dim * mute) as f32;
    matrix.map(|row| row.map(|share| share * gain))
}
