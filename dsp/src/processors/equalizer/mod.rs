//! Equalizer: twelve bands of minimum phase in front of or behind anything else.
//!
//! Bells, shelves, cuts of 6 to 96 dB/oct (Butterworth, the sharpest pair scaled by Q), notch, band pass and tilt; 10 Hz to
//! 30 kHz (kept below 0.49 of the rate), ±30 dB, Q 0.025 to 40; each band on both channels, one of them, mid or side. Filters
//! are M. Vicanek's matched designs in 64-bit numbers, run as state-variable filters in 32-bit ones, all bands of both channels in
//! one wavefront. No latency. Bands that leave the sound as it is (off, or 0 dB) cost nothing, and with none at work the
//! output is the input. Left and right bands come before mid and side bands.
//!
//! Continuous values glide within one call. What changes the build (on, shape, slope, placement) cross-fades from the old row of
//! filters to the new one; a change during a fade waits for its end.

mod bands;
mod declaration;

use alloc::vec::Vec;

pub use bands::{Response, response_db};
pub use declaration::{BAND_PARAMS, BANDS, GAIN_SCALE, OUTPUT, PLACEMENTS, SHAPES, SLOPES, SPEC, band_index, band_param};

use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::cascade::Cascade;
use crate::primitives::svf::SvfCoefficients;
use crate::primitives::{INPUT_LIMIT, OUTPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, ms_to_frames};
use bands::{Band, Build, MAX_BAND_SECTIONS};

/// States are flushed each time this many frames have passed.
const FLUSH_FRAMES: usize = 256;
/// How long a change of the build cross-fades.
const FADE_MS: f64 = 10.0;
/// The longest tail that is reported, in seconds.
const LONGEST_TAIL_S: f64 = 60.0;

/// All bands' filters: first those on left and right, then those on mid and side.
struct Rows {
    builds: [Option<Build>; BANDS],
    /// First section of each band within its row.
    starts: [usize; BANDS],
    sides: Cascade,
    mid_side: Cascade,
}

impl Rows {
    fn new() -> Self {
        let room = BANDS * MAX_BAND_SECTIONS;
        Self { builds: [None; BANDS], starts: [0; BANDS], sides: Cascade::new(room), mid_side: Cascade::new(room) }
    }

    fn row(&mut self, build: &Build) -> &mut Cascade {
        if build.is_mid_side() { &mut self.mid_side } else { &mut self.sides }
    }

    fn rebuild(&mut self, bands: &[Band; BANDS]) {
        let mut lengths = [0; 2];
        for (band, values) in bands.iter().enumerate() {
            self.builds[band] = values.build();
            if let Some(build) = values.build() {
                let length = &mut lengths[usize::from(build.is_mid_side())];
                self.starts[band] = *length;
                *length += build.sections();
            }
        }
        self.sides.rebuild(lengths[0]);
        self.mid_side.rebuild(lengths[1]);
        for (band, values) in bands.iter().enumerate() {
            self.aim(band, values);
        }
        self.sides.settle();
        self.mid_side.settle();
    }

    /// Sends a band's coefficients towards these values.
    fn aim(&mut self, band: usize, values: &Band) {
        let Some(build) = self.builds[band] else {
            return;
        };
        let start = self.starts[band];
        for section in 0..build.sections() {
            let coefficients = SvfCoefficients::new(&values.design(&build, section));
            for channel in 0..2 {
                let coefficients = if build.works_on(channel) { coefficients } else { SvfCoefficients::IDENTITY };
                self.row(&build).aim(start + section, channel, coefficients);
            }
        }
    }

    /// Keeps the sound of bands that are built as they were.
    fn adopt(&mut self, old: &Self) {
        for band in 0..BANDS {
            if let Some(build) = self.builds[band].filter(|build| old.builds[band] == Some(*build)) {
                let (start, old_start) = (self.starts[band], old.starts[band]);
                let old_row = if build.is_mid_side() { &old.mid_side } else { &old.sides };
                for section in 0..build.sections() {
                    self.row(&build).adopt(start + section, old_row, old_start + section);
                }
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.sides.sections() + self.mid_side.sections() == 0
    }

    fn run(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        self.sides.run(left, right, glide_frames);
        if self.mid_side.sections() > 0 {
            for (l, r) in left.iter_mut().zip(right.iter_mut()) {
                (*l, *r) = (0.5 * (*l + *r), 0.5 * (*l - *r));
            }
            self.mid_side.run(left, right, glide_frames);
            for (m, s) in left.iter_mut().zip(right.iter_mut()) {
                (*m, *s) = (*m + *s, *m - *s);
            }
        }
    }

    fn flush(&mut self) {
        self.sides.flush();
        self.mid_side.flush();
    }
}

/// See the module's text.
pub struct Equalizer {
    rate_hz: f64,
    values: Vec<f32>,
    bands: [Band; BANDS],
    /// Bands whose values moved, one bit each.
    moved: u32,
    rows: Rows,
    /// The row that fades out.
    old_rows: Rows,
    fade_frames: usize,
    fade_left: usize,
    /// Frames since the last flush.
    since_flush: usize,
    output: f32,
    output_target: f32,
    scratch: [[f32; FLUSH_FRAMES]; 2],
}

/// Every band moved.
const ALL_BANDS: u32 = (1 << BANDS) - 1;

impl Equalizer {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let values: Vec<f32> = SPEC.params.iter().map(|param| param.default).collect();
        let bands = core::array::from_fn(|band| Band::read(&values, band, rate_hz));
        let mut equalizer = Self {
            rate_hz,
            values,
            bands,
            moved: 0,
            rows: Rows::new(),
            old_rows: Rows::new(),
            fade_frames: ms_to_frames(FADE_MS, rate_hz).max(1),
            fade_left: 0,
            since_flush: 0,
            output: 1.0,
            output_target: 1.0,
            scratch: [[0.0; FLUSH_FRAMES]; 2],
        };
        equalizer.reset();
        equalizer
    }

    fn read_moved(&mut self) {
        for band in 0..BANDS {
            if self.moved & 1 << band != 0 {
                self.bands[band] = Band::read(&self.values, band, self.rate_hz);
            }
        }
    }

    fn build_differs(&self) -> bool {
        self.bands.iter().zip(&self.rows.builds).any(|(band, build)| band.build() != *build)
    }

    fn begin_fade(&mut self) {
        core::mem::swap(&mut self.rows, &mut self.old_rows);
        self.rows.rebuild(&self.bands);
        self.rows.adopt(&self.old_rows);
        self.fade_left = self.fade_frames;
    }

    /// Takes over what moved; says whether coefficients are on their way.
    fn take_moves(&mut self) -> bool {
        if self.moved == 0 {
            return false;
        }
        self.read_moved();
        if self.fade_left == 0 && self.build_differs() {
            self.begin_fade();
        }
        for band in 0..BANDS {
            if self.moved & 1 << band != 0 {
                self.rows.aim(band, &self.bands[band]);
            }
        }
        self.moved = 0;
        true
    }

    fn run_faded(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        let frames = left.len();
        let [old_left, old_right] = &mut self.scratch;
        let (old_left, old_right) = (&mut old_left[..frames], &mut old_right[..frames]);
        old_left.copy_from_slice(left);
        old_right.copy_from_slice(right);
        self.old_rows.run(old_left, old_right, None);
        self.rows.run(left, right, glide_frames);
        let done = self.fade_frames - self.fade_left;
        for (new, old) in [(left, old_left), (right, old_right)] {
            for (frame, (new, old)) in new.iter_mut().zip(old).enumerate() {
                let share = (done + frame + 1) as f32 / self.fade_frames as f32;
                *new = *old + share * (*new - *old);
            }
        }
        self.fade_left -= frames;
        if self.fade_left == 0 && self.build_differs() {
            self.begin_fade();
        }
    }

    fn apply_output(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.output == 1.0 && self.output_target == 1.0 {
            return;
        }
        let step = (self.output_target - self.output) / left.len().max(1) as f32;
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let gain = self.output + step * (frame + 1) as f32;
            *l *= gain;
            *r *= gain;
        }
        self.output = self.output_target;
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
        self.rows.rebuild(&self.bands);
        self.fade_left = 0;
        self.since_flush = 0;
        self.output = self.output_target;
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        match index {
            OUTPUT => self.output_target = db_to_gain(value as f64) as f32,
            GAIN_SCALE => self.moved = ALL_BANDS,
            _ => self.moved |= 1 << (index / BAND_PARAMS),
        }
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let glides = self.take_moves();
        let frames = left.len().min(right.len());
        let mut at = 0;
        while at < frames && !(self.rows.is_empty() && self.fade_left == 0) {
            let mut length = (FLUSH_FRAMES - self.since_flush).min(frames - at);
            let glide_frames = glides.then_some(frames - at);
            if self.fade_left > 0 {
                length = length.min(self.fade_left);
                self.run_faded(&mut left[at..at + length], &mut right[at..at + length], glide_frames);
            } else {
                self.rows.run(&mut left[at..at + length], &mut right[at..at + length], glide_frames);
            }
            at += length;
            self.since_flush += length;
            if self.since_flush == FLUSH_FRAMES {
                self.since_flush = 0;
                self.rows.flush();
                self.old_rows.flush();
            }
        }
        self.apply_output(left, right);
        silence_beyond(OUTPUT_LIMIT, left);
        silence_beyond(OUTPUT_LIMIT, right);
    }

    fn tail_frames(&self) -> usize {
        let longest = self.bands.iter().map(Band::ring_frames).fold(0.0, f64::max);
        longest.min(LONGEST_TAIL_S * self.rate_hz) as usize
    }
}
