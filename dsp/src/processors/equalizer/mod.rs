//! Equalizer: twelve bands of minimum phase in front of or behind anything else.
//!
//! Bells, shelves, cuts of 6 to 96 dB/oct (Butterworth, the sharpest pair scaled by Q), notch, band pass and tilt; 10 Hz to
//! 30 kHz (kept below 0.49 of the rate), ±30 dB, Q 0.025 to 40; each band on both channels, one of them, mid or side. Filters
//! are M. Vicanek's matched designs in 64-bit numbers, run as state-variable filters in 32-bit ones, all bands of both channels in
//! one wavefront. Bells, shelves and tilts can be dynamic (`dynamics`): the level in the band, of the key if there is one, moves the gain
//! by up to ±30 dB. Auto gain takes back what the curve adds to pink noise. Bands that leave the sound as it is (off, or 0 dB)
//! cost nothing, and with none at work the output is the input. Left and right bands come before mid and side bands.
//!
//! No latency in minimum phase. In linear phase (`linear_phase`) the same curve is one symmetric filter of 4096, 16384 or 65536 taps: half of
//! them and a block of 1024 frames are its latency. Dynamic bands then stand still, and left and right bands are left out beside mid and
//! side bands.
//!
//! One band can be listened to alone (`band_listen`).
//!
//! Continuous values glide within one call, dynamic gains within a grain of 16 frames. What changes the build (on, shape, slope, placement,
//! dynamic) cross-fades from the old row of filters to the new one, once its filters are filled and its dynamic bands have heard as much as
//! they remember; until then the old row goes on as ever. A change meanwhile waits for the end.

mod auto_gain;
mod band_listen;
mod bands;
mod declaration;
mod dynamic_rows;
mod dynamics;
mod linear_phase;
mod phase;
mod rows;

use alloc::vec::Vec;

pub use bands::{Response, response_db};
pub use declaration::{
    AUTO_GAIN, BAND_LISTEN, BAND_PARAMS, BANDS, GAIN_SCALE, OUTPUT, PHASE, PHASES, PLACEMENTS, SHAPES, SLOPES, SPEC, band_index, band_param,
};
pub use dynamics::SLOPE as DYNAMIC_SLOPE;

use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::ballistics::pole;
use crate::primitives::fade::{Fade, Line};
use crate::primitives::lanes::F4;
use crate::primitives::{INPUT_LIMIT, OUTPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, ms_to_frames};
use auto_gain::AutoGain;
use band_listen::BandListen;
use bands::Band;
use dynamic_rows::DynamicRows;
use dynamics::{BandDynamics, GRAIN_FRAMES};
use phase::Phase;

/// States are flushed each time this many frames have passed.
const FLUSH_FRAMES: usize = 256;
/// How long a change of the build cross-fades.
const FADE_MS: f64 = 10.0;
/// How long filters that come are filled before they are heard, at most: the time in which they fall by 60 dB.
const LONGEST_FILLING_MS: f64 = 150.0;
/// The share of the time in which a filter falls by 100 dB in which it falls by 60.
const FILLING_SHARE: f64 = 0.6;
/// The longest tail that is reported, in seconds.
const LONGEST_TAIL_S: f64 = 60.0;

/// See the module's text.
pub struct Equalizer {
    rate_hz: f64,
    values: Vec<f32>,
    bands: [Band; BANDS],
    /// Bands whose values moved, one bit each.
    moved: u32,
    row: DynamicRows,
    /// Bands that were on when the row was made, one bit each.
    on: u32,
    /// The row that fades out.
    old_row: DynamicRows,
    fade_frames: usize,
    /// Frames until the new row is heard alone; more than the fade while its filters are filled.
    fade_left: usize,
    /// Frames since the last flush.
    since_flush: usize,
    output: Line,
    auto_gain: AutoGain,
    /// What auto gain makes of the sound, and where it goes.
    auto: f32,
    auto_target: f32,
    auto_share: f32,
    auto_on: Fade,
    phase: Phase,
    band_listen: BandListen,
    scratch: [[f32; FLUSH_FRAMES]; 2],
}

/// Every band moved.
const ALL_BANDS: u32 = (1 << BANDS) - 1;

impl Equalizer {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let values: Vec<f32> = SPEC.params.iter().map(|param| param.default).collect();
        let bands = core::array::from_fn(|band| Band::read(&values, band, rate_hz));
        let fade_frames = ms_to_frames(FADE_MS, rate_hz).max(1);
        let mut equalizer = Self {
            rate_hz,
            values,
            bands,
            moved: 0,
            row: DynamicRows::new(rate_hz),
            on: 0,
            old_row: DynamicRows::new(rate_hz),
            fade_frames,
            fade_left: 0,
            since_flush: 0,
            output: Line::new(1.0),
            auto_gain: AutoGain::new(rate_hz),
            auto: 1.0,
            auto_target: 1.0,
            auto_share: pole(FADE_MS, rate_hz),
            auto_on: Fade::new(false, fade_frames),
            phase: Phase::new(fade_frames),
            band_listen: BandListen::new(fade_frames),
            scratch: [[0.0; FLUSH_FRAMES]; 2],
        };
        equalizer.reset();
        equalizer
    }

    /// Reads what was set; bands that are as they were count as not moved. A dynamic band that is to be built otherwise is left as it is until
    /// its row comes.
    fn read_moved(&mut self) {
        for band in 0..BANDS {
            if self.moved & 1 << band != 0 {
                let values = Band::read(&self.values, band, self.rate_hz);
                if values == self.bands[band] {
                    self.moved &= !(1 << band);
                } else {
                    self.bands[band] = values;
                    if values.build() == self.row.build(band) {
                        self.row.dynamics[band].read(&values);
                    }
                }
            }
        }
    }

    fn build_differs(&self) -> bool {
        self.bands.iter().enumerate().any(|(number, band)| band.build() != self.row.build(number))
    }

    /// Makes the rows anew; dynamic bands take the gain that they stand at.
    fn rebuild(&mut self) {
        self.row.rebuild(&self.bands);
        self.on = (0..BANDS).filter(|band| self.bands[*band].is_on()).fold(0, |bits, band| bits | 1 << band);
        self.auto_target = self.auto_gain.gain(&self.row.rows);
    }

    fn begin_fade(&mut self) {
        core::mem::swap(&mut self.row, &mut self.old_row);
        let were_on = self.on;
        self.row.adopt_dynamics(&self.bands, &self.old_row);
        self.rebuild();
        self.row.rows.adopt(&self.old_row.rows);
        self.fade_left = self.fade_frames + self.filling_frames(were_on);
    }

    /// How long the bands that come or changed need; one that was on but flat is only leaving 0 dB, and is heard at once.
    fn filling_frames(&self, were_on: u32) -> usize {
        let needs = |band: &usize| {
            let (new, old) = (self.row.build(*band), self.old_row.build(*band));
            new != old && !(old.is_none() && were_on & 1 << band != 0)
        };
        let longest = ms_to_frames(LONGEST_FILLING_MS, self.rate_hz) as f64;
        let filling = |band: usize| (FILLING_SHARE * self.bands[band].ring_frames()).min(longest) + self.row.settling_frames(band);
        (0..BANDS).filter(needs).map(filling).fold(0.0, f64::max) as usize
    }

    /// Takes over what moved; says which bands are on their way, over so many frames.
    fn take_moves(&mut self, frames: usize) -> u32 {
        if self.moved == 0 {
            return 0;
        }
        self.read_moved();
        self.row.find_dynamic();
        if self.fade_left == 0 && self.build_differs() {
            self.begin_fade();
            for band in (0..BANDS).filter(|band| self.row.build(*band) != self.old_row.build(*band)) {
                // It comes in as it shall be.
                self.moved &= !(1 << band);
            }
        }
        for band in 0..BANDS {
            if self.moved & 1 << band != 0 {
                self.row.glide(band, &self.bands[band], frames);
                if self.fade_left > 0 {
                    // While the new row is filled the old one is what is heard.
                    self.old_row.follow_values(band, &self.bands[band]);
                    self.old_row.glide(band, &self.bands[band], frames);
                }
            }
        }
        self.auto_target = self.auto_gain.gain(&self.row.rows);
        core::mem::take(&mut self.moved)
    }

    /// Lets the dynamic bands hear some frames of a grain.
    fn listen(&mut self, key: [&[f32]; 2]) {
        self.row.listen(key, &mut self.scratch);
        if self.fade_left > 0 {
            self.old_row.listen(key, &mut self.scratch);
        }
    }

    /// Ends a grain.
    fn follow(&mut self, gliding: u32) {
        self.row.follow(gliding);
        if self.fade_left > 0 {
            self.old_row.follow(gliding);
        }
    }

    fn run_faded(&mut self, left: &mut [f32], right: &mut [f32], moves: bool) {
        let frames = left.len();
        let [old_left, old_right] = &mut self.scratch;
        let (old_left, old_right) = (&mut old_left[..frames], &mut old_right[..frames]);
        old_left.copy_from_slice(left);
        old_right.copy_from_slice(right);
        self.old_row.rows.run(old_left, old_right, moves);
        self.row.rows.run(left, right, moves);
        for (new, old) in [(left, old_left), (right, old_right)] {
            for (frame, (new, old)) in new.iter_mut().zip(old).enumerate() {
                let share = (self.fade_frames + frame + 1).saturating_sub(self.fade_left) as f32 / self.fade_frames as f32;
                *new = *old + share * (*new - *old);
            }
        }
        self.fade_left -= frames;
        if self.fade_left == 0 && self.build_differs() {
            self.begin_fade();
        }
    }

    fn apply_output(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.output.rests_at(1.0) && self.auto_on.is_off() {
            return;
        }
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let number = F4::splat((frame + 1) as f32);
            let share = self.auto_on.advance();
            self.auto += self.auto_share * (self.auto_target - self.auto);
            let gain = self.output.at(number).lane(0, 0) * (1.0 + share * (self.auto - 1.0));
            *l *= gain;
            *r *= gain;
        }
    }

    /// Runs the bands over a whole call.
    fn run(&mut self, left: &mut [f32], right: &mut [f32], key: Option<Key<'_>>, gliding: u32) {
        let frames = left.len();
        let mut at = 0;
        while at < frames && !(self.row.rows.is_empty() && self.fade_left == 0) {
            let is_dynamic = self.row.is_dynamic() || self.fade_left > 0 && self.old_row.is_dynamic();
            let mut length = (FLUSH_FRAMES - self.since_flush).min(frames - at);
            if is_dynamic {
                length = length.min(GRAIN_FRAMES - self.since_flush % GRAIN_FRAMES);
            }
            if self.fade_left > 0 {
                length = length.min(self.fade_left);
            }
            let span = at..at + length;
            if is_dynamic {
                let heard =
                    key.map_or([&left[span.clone()], &right[span.clone()]], |key| [&key.left[span.clone()], &key.right[span.clone()]]);
                self.listen(heard);
            }
            let moves = is_dynamic || gliding != 0;
            if self.fade_left > 0 {
                self.run_faded(&mut left[span.clone()], &mut right[span], moves);
            } else {
                self.row.rows.run(&mut left[span.clone()], &mut right[span], moves);
            }
            at += length;
            self.since_flush += length;
            if is_dynamic && self.since_flush.is_multiple_of(GRAIN_FRAMES) {
                self.follow(gliding);
            }
            if self.since_flush == FLUSH_FRAMES {
                self.since_flush = 0;
                self.flush();
            }
        }
    }

    /// Runs a call by the phase that is heard.
    fn run_phase(&mut self, left: &mut [f32], right: &mut [f32], key: Option<Key<'_>>, gliding: u32) {
        let frames = left.len();
        let mut at = 0;
        while at < frames {
            if self.phase.take_wanted(&self.row.rows.curves) {
                self.rebuild();
                self.fade_left = 0;
            }
            let span = at..frames.min(at.saturating_add(self.phase.steady_frames()));
            let (left, right) = (&mut left[span.clone()], &mut right[span.clone()]);
            if let Some(linear) = self.phase.linear() {
                self.fade_left = 0;
                linear.aim(&self.row.rows.curves);
                linear.process(left, right);
            } else {
                let key = key.map(|key| Key { left: &key.left[span.clone()], right: &key.right[span.clone()] });
                self.run(left, right, key, gliding);
            }
            self.phase.fade(left, right);
            at = span.end;
        }
        for band in (0..BANDS).filter(|band| gliding & 1 << band != 0) {
            self.row.rows.arrive(band);
            self.old_row.rows.arrive(band);
        }
    }

    fn flush(&mut self) {
        self.row.flush();
        if self.fade_left > 0 {
            self.old_row.flush();
        }
    }
}

impl Processor for Equalizer {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        self.moved = ALL_BANDS;
        self.read_moved();
        self.moved = 0;
        self.row.dynamics.iter_mut().for_each(BandDynamics::reset);
        self.rebuild();
        self.fade_left = 0;
        self.since_flush = 0;
        self.output.end();
        self.auto = self.auto_target;
        self.auto_on.settle();
        self.phase.reset(&self.row.rows.curves);
        self.band_listen.read(&self.values, self.rate_hz);
        self.band_listen.reset();
    }

    fn latency_frames(&self) -> usize {
        self.phase.latency_frames()
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        if self.values[BAND_LISTEN] > 0.0 || index == BAND_LISTEN {
            self.band_listen.read(&self.values, self.rate_hz);
        }
        match index {
            OUTPUT => self.output.aim(db_to_gain(value as f64) as f32),
            GAIN_SCALE => self.moved = ALL_BANDS,
            AUTO_GAIN => self.auto_on.turn(value >= 0.5),
            PHASE => self.phase.want(value as usize),
            BAND_LISTEN => {}
            _ => self.moved |= 1 << (index / BAND_PARAMS),
        }
    }

    fn process(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        let gliding = self.take_moves(frames);
        self.run_phase(left, right, key, gliding);
        self.output.begin(frames);
        self.apply_output(left, right);
        self.output.end();
        self.band_listen.process(left, right);
        silence_beyond(OUTPUT_LIMIT, left);
        silence_beyond(OUTPUT_LIMIT, right);
    }

    fn take_reduction_db(&mut self) -> f32 {
        self.row.dynamics.iter_mut().map(BandDynamics::take_lowest_db).fold(0.0, f32::min)
    }

    fn tail_frames(&self) -> usize {
        let longest = self.bands.iter().map(Band::ring_frames).fold(0.0, f64::max);
        longest.min(LONGEST_TAIL_S * self.rate_hz) as usize + self.phase.tail_frames()
    }
}
