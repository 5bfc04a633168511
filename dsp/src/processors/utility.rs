//! Utility: plain repairs at any place of a chain.
//!
//! DC removal (first-order high-pass at 5 Hz, in 64-bit numbers), then one 2 × 2 matrix made of swap, polarity, mono, width
//! (side against mid, 0 to 200 %) and gain (−60 to 24 dB, the lowest is silence), then a delay of 0 to 500 ms. Switches glide
//! through the matrix within 10 ms; the delay crosses over between two taps. At its defaults the output is the input. The delay is an
//! effect: it is not reported as latency.

use alloc::vec::Vec;

use super::{Key, Processor, Stereo};
use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Unit};
use crate::primitives::dc_removal::DcRemoval;
use crate::primitives::delay_line::SwitchedDelay;
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, ms_to_frames};

mod index {
    pub const GAIN: usize = 0;
    pub const POLARITY_LEFT: usize = 1;
    pub const POLARITY_RIGHT: usize = 2;
    pub const SWAP: usize = 3;
    pub const MONO: usize = 4;
    pub const WIDTH: usize = 5;
    pub const REMOVE_DC: usize = 6;
    pub const DELAY: usize = 7;
}

/// Lowest gain, which is silence.
const LOWEST_DB: f32 = -60.0;
/// Longest delay.
const LONGEST_DELAY_MS: f32 = 500.0;
/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// Its declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "utility",
    name: "Utility",
    short_name: "Utility",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::new("gain", "Gain", Unit::Db, LOWEST_DB, 24.0, 0.0, "Level of both channels; the lowest is silence.")
            .stepped(0.5, 0.1, 3.0)
            .flag(Flags::BIPOLAR.and(Flags::MIN_IS_SILENCE)),
        ParamSpec::toggle("polarity_left", "Polarity left", false, "Turns the left channel upside down."),
        ParamSpec::toggle("polarity_right", "Polarity right", false, "Turns the right channel upside down."),
        ParamSpec::toggle("swap", "Swap", false, "Exchanges left and right."),
        ParamSpec::toggle("mono", "Mono", false, "Gives both channels the mean of left and right."),
        ParamSpec::new("width", "Width", Unit::Percent, 0.0, 200.0, 100.0, "Side signal against mid: 0 % is mono.").stepped(5.0, 1.0, 25.0),
        ParamSpec::toggle("remove_dc", "Remove DC", false, "Takes away a constant offset and what is below 5 Hz."),
        ParamSpec::new("delay", "Delay", Unit::Ms, 0.0, LONGEST_DELAY_MS, 0.0, "Shifts the sound later, to line tracks up.")
            .stepped(1.0, 0.1, 10.0)
            .unsmoothed(),
    ],
    presets: &[
        Preset { name: "Mono", values: &[("mono", 1.0)] },
        Preset { name: "Wide", values: &[("width", 140.0)] },
        Preset { name: "Narrow", values: &[("width", 60.0)] },
        Preset { name: "Flip polarity", values: &[("polarity_left", 1.0), ("polarity_right", 1.0)] },
        Preset { name: "Swap sides", values: &[("swap", 1.0)] },
        Preset { name: "Remove DC", values: &[("remove_dc", 1.0)] },
        Preset { name: "Half level", values: &[("gain", -6.0)] },
    ],
    help: "Gain, polarity, width and other plain repairs.",
};

/// Left to left, right to left, left to right, right to right.
type Matrix = [f32; 4];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0];

#[inline(always)]
fn mix_by([a, b, c, d]: Matrix, left: &mut f32, right: &mut f32) {
    (*left, *right) = (a * *left + b * *right, c * *left + d * *right);
}

/// See the module's text.
pub struct Utility {
    rate_hz: f64,
    values: Vec<f32>,
    matrix: Matrix,
    target: Matrix,
    /// Frames over which the matrix still glides.
    glide_left: usize,
    fade_frames: usize,
    has_moved: bool,
    has_switched: bool,
    dc: DcRemoval,
    delay: SwitchedDelay,
}

impl Utility {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz).max(1);
        Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            matrix: IDENTITY,
            target: IDENTITY,
            glide_left: 0,
            fade_frames,
            has_moved: false,
            has_switched: false,
            dc: DcRemoval::new(rate_hz, fade_frames),
            delay: SwitchedDelay::new(ms_to_frames(LONGEST_DELAY_MS as f64, rate_hz), fade_frames),
        }
    }

    fn is_on(&self, index: usize) -> bool {
        self.values[index] >= 0.5
    }

    /// The matrix that the values ask for: swap first, then polarity, mono and width, gain last.
    fn wanted_matrix(&self) -> Matrix {
        let sign = |index| if self.is_on(index) { -1.0 } else { 1.0 };
        let (left, right) = (sign(index::POLARITY_LEFT), sign(index::POLARITY_RIGHT));
        let polarised = if self.is_on(index::SWAP) { [0.0, left, right, 0.0] } else { [left, 0.0, 0.0, right] };
        let width = if self.is_on(index::MONO) { 0.0 } else { self.values[index::WIDTH] / 100.0 };
        let (own, other) = (0.5 + 0.5 * width, 0.5 - 0.5 * width);
        let gain = if self.values[index::GAIN] <= LOWEST_DB { 0.0 } else { db_to_gain(self.values[index::GAIN] as f64) as f32 };
        let [a, b, c, d] = polarised;
        [own * a + other * c, own * b + other * d, other * a + own * c, other * b + own * d].map(|value| value * gain)
    }

    fn take_moves(&mut self, frames: usize) {
        if !self.has_moved {
            return;
        }
        self.target = self.wanted_matrix();
        let shortest = if self.has_switched { self.fade_frames } else { frames };
        self.glide_left = self.glide_left.max(shortest);
        (self.has_moved, self.has_switched) = (false, false);
    }

    fn apply_matrix(&mut self, left: &mut [f32], right: &mut [f32]) {
        let glides = self.glide_left.min(left.len());
        for (l, r) in left.iter_mut().zip(right.iter_mut()).take(glides) {
            let share = 1.0 / self.glide_left as f32;
            for (value, target) in self.matrix.iter_mut().zip(self.target) {
                *value += share * (target - *value);
            }
            self.glide_left -= 1;
            if self.glide_left == 0 {
                self.matrix = self.target;
            }
            mix_by(self.matrix, l, r);
        }
        if self.matrix == IDENTITY {
            return;
        }
        for (l, r) in left.iter_mut().zip(right).skip(glides) {
            mix_by(self.matrix, l, r);
        }
    }
}

impl Processor for Utility {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        self.target = self.wanted_matrix();
        self.matrix = self.target;
        self.glide_left = 0;
        (self.has_moved, self.has_switched) = (false, false);
        self.dc.reset();
        self.delay.reset();
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        match index {
            index::REMOVE_DC => self.dc.turn(value >= 0.5),
            index::DELAY => self.delay.aim(ms_to_frames(value as f64, self.rate_hz)),
            _ => {
                self.has_moved = true;
                self.has_switched |= SPEC.params[index].is_discrete();
            }
        }
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        self.take_moves(left.len());
        self.dc.process(left, right);
        self.apply_matrix(left, right);
        self.delay.process(left, right);
    }

    fn tail_frames(&self) -> usize {
        self.delay.delay_frames() + self.dc.tail_frames()
    }
}
