//! How a mix would be heard elsewhere: through the curve of a device, as loud as without it.
//!
//! The first guess of the level is that of pink noise; then it is measured while it plays. From one device to the next, two rows of filters
//! run side by side for the length of a cross-fade.

use alloc::boxed::Box;

use super::devices::{DEVICES, Device, MOST_FILTERS};
use super::glide::Glide;
use super::level_match::LevelMatch;
use crate::engine::{BLOCK_FRAMES, Ramp, StereoBlock};
use crate::primitives::svf::SvfCoefficients;
use crate::units::{db_to_gain, gain_to_db, ms_to_frames, power_to_db};

/// Length of the fade from one device to another.
const FADE_MS: f64 = 20.0;
/// Length of a step of the matched level.
const LEVEL_MS: f64 = 100.0;
/// States below this (−400 dB) are silence.
const FLUSH_BELOW: f32 = 1e-20;
/// The bands of the first guess: third octaves from 20 Hz.
const GUESS_BANDS: usize = 30;

/// A filter with the states of both sides.
#[derive(Clone, Copy)]
struct Section {
    c: SvfCoefficients,
    states: [[f32; 2]; 2],
}

impl Section {
    const REST: Self = Self { c: SvfCoefficients::IDENTITY, states: [[0.0; 2]; 2] };

    #[inline(always)]
    fn next(&mut self, side: usize, x: f32) -> f32 {
        let [s1, s2] = self.states[side];
        let v = x - s2;
        self.states[side] = [s1 + (self.c.band * v - self.c.leak * s1), s2 + (self.c.band * s1 + self.c.low * v)];
        self.c.direct * x + self.c.first * s1 + self.c.error * v
    }

    fn flush(&mut self) {
        for state in self.states.iter_mut().flatten() {
            if !(state.abs() > FLUSH_BELOW && state.is_finite()) {
                *state = 0.0;
            }
        }
    }
}

/// A device at work; 0 is none.
struct Voice {
    choice: usize,
    width: f32,
    sections: [Section; MOST_FILTERS],
    used: usize,
    gain: Glide<1>,
}

impl Voice {
    fn new(rate_hz: f64) -> Self {
        let gain = Glide::new([1.0], ms_to_frames(LEVEL_MS, rate_hz));
        Self { choice: 0, width: 1.0, sections: [Section::REST; MOST_FILTERS], used: 0, gain }
    }

    fn become_device(&mut self, choice: usize, rate_hz: f64) {
        let device = choice.checked_sub(1).and_then(|at| DEVICES.get(at));
        *self = Self { choice, ..Self::new(rate_hz) };
        if let Some(device) = device {
            self.width = device.width;
            self.used = device.filters.len();
            for (section, filter) in self.sections.iter_mut().zip(device.filters) {
                section.c = SvfCoefficients::new(&filter.design(rate_hz));
            }
            self.gain = Glide::new([db_to_gain(guess_db(device, rate_hz)) as f32], ms_to_frames(LEVEL_MS, rate_hz));
        }
    }

    fn process(&mut self, [left, right]: [f32; 2]) -> [f32; 2] {
        if self.choice == 0 {
            return [left, right];
        }
        let (mid, side) = (0.5 * (left + right), 0.5 * self.width * (left - right));
        let mut out = [mid + side, mid - side];
        for section in &mut self.sections[..self.used] {
            out = [section.next(0, out[0]), section.next(1, out[1])];
        }
        out
    }
}

/// What makes pink noise as loud as before.
fn guess_db(device: &Device, rate_hz: f64) -> f64 {
    let bands = (0..GUESS_BANDS).map(|band| 20.0 * libm::pow(10.0, band as f64 / 10.0)).filter(|hz| *hz < 0.45 * rate_hz);
    let (sum, count) = bands.fold((0.0, 0.0), |(sum, count), hz| (sum + device.power(hz, rate_hz), count + 1.0));
    -power_to_db(sum / count)
}

/// See the module's text.
pub struct Translation {
    rate_hz: f64,
    wanted: usize,
    voices: [Voice; 2],
    /// Share of the second voice.
    second: Ramp,
    /// Taken when the first device is wanted.
    level: Option<Box<LevelMatch>>,
    plain: StereoBlock,
    /// What leaves the device that is heard alone, without its gain.
    bare: StereoBlock,
}

impl Translation {
    /// None.
    pub fn new(rate_hz: f64) -> Self {
        let second = Ramp::new(0.0, ms_to_frames(FADE_MS, rate_hz));
        Self {
            rate_hz,
            wanted: 0,
            voices: [Voice::new(rate_hz), Voice::new(rate_hz)],
            second,
            level: None,
            plain: StereoBlock::new(),
            bare: StereoBlock::new(),
        }
    }

    /// The device that is wanted, 0 for none; may take memory.
    pub fn want(&mut self, choice: usize) {
        self.wanted = choice;
        if choice > 0 && self.level.is_none() {
            self.level = Some(Box::new(LevelMatch::new(self.rate_hz)));
        }
    }

    /// What the device is turned by, dB.
    pub fn gain_db(&self) -> f64 {
        let [gain] = self.voices[self.current()].gain.target();
        gain_to_db(f64::from(gain))
    }

    /// Another sound begins.
    pub fn restart(&mut self) {
        self.level.iter_mut().for_each(|level| level.restart());
    }

    fn current(&self) -> usize {
        usize::from(self.second.value() >= 0.5)
    }

    fn is_idle(&self) -> bool {
        self.second.is_settled() && self.wanted == 0 && self.voices[self.current()].choice == 0
    }

    /// Changes a block in place.
    pub fn process(&mut self, block: &mut StereoBlock) {
        if self.is_idle() {
            return;
        }
        let current = self.current();
        if self.second.is_settled() && self.voices[current].choice != self.wanted {
            self.voices[1 - current].become_device(self.wanted, self.rate_hz);
            self.second.go(1.0 - current as f32);
            self.restart();
        }
        let is_alone = self.second.is_settled();
        let current = self.current();
        self.plain.copy_from(block);
        for frame in 0..BLOCK_FRAMES {
            let share = self.second.tick();
            let sound = [self.plain.left[frame], self.plain.right[frame]];
            let mut heard = [0.0; 2];
            for (at, voice) in self.voices.iter_mut().enumerate() {
                if is_alone && at != current {
                    continue;
                }
                let share = if at == 0 { 1.0 - share } else { share };
                let [gain] = voice.gain.tick();
                let out = voice.process(sound);
                (self.bare.left[frame], self.bare.right[frame]) = (out[0], out[1]);
                heard = [heard[0] + out[0] * gain * share, heard[1] + out[1] * gain * share];
            }
            (block.left[frame], block.right[frame]) = (heard[0], heard[1]);
        }
        self.voices.iter_mut().flat_map(|voice| &mut voice.sections).for_each(Section::flush);
        if is_alone {
            self.follow_level(current);
        }
    }

    /// Measures the device without its gain against the sound without the device.
    fn follow_level(&mut self, current: usize) {
        let voice = &mut self.voices[current];
        let Some(level) = self.level.as_mut().filter(|_| voice.choice != 0) else { return };
        if level.process([&self.plain.left, &self.plain.right], [&self.bare.left, &self.bare.right])
            && let Some(gain_db) = level.gain_db()
        {
            voice.gain.go([db_to_gain(gain_db) as f32]);
        }
    }
}
