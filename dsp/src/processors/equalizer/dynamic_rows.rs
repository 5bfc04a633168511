//! A row of all bands' filters with what moves those of its dynamic bands.

use alloc::vec::Vec;

use super::bands::{Band, Build};
use super::declaration::BANDS;
use super::dynamics::{BandDynamics, GRAIN_FRAMES};
use super::rows::Rows;

/// See the module's text.
pub struct DynamicRows {
    pub rows: Rows,
    pub dynamics: Vec<BandDynamics>,
    /// Bands that are dynamic, one bit each.
    dynamic: u32,
}

impl DynamicRows {
    /// Without a band at work.
    pub fn new(rate_hz: f64) -> Self {
        Self { rows: Rows::new(), dynamics: (0..BANDS).map(|_| BandDynamics::new(rate_hz)).collect(), dynamic: 0 }
    }

    /// How a band is built.
    pub fn build(&self, band: usize) -> Option<Build> {
        self.rows.curves.builds[band]
    }

    /// Whether any band is dynamic.
    pub fn is_dynamic(&self) -> bool {
        self.dynamic != 0
    }

    fn is_band_dynamic(&self, band: usize) -> bool {
        self.dynamic & 1 << band != 0
    }

    /// Finds the bands that are dynamic.
    pub fn find_dynamic(&mut self) {
        let is_dynamic = |band: &usize| self.dynamics[*band].is_on && self.build(*band).is_some_and(|build| build.is_dynamic);
        self.dynamic = (0..BANDS).filter(is_dynamic).fold(0, |bits, band| bits | 1 << band);
    }

    /// Builds all bands anew at their values, without any sound; dynamic ones take the gain that they stand at.
    pub fn rebuild(&mut self, bands: &[Band; BANDS]) {
        self.dynamics.iter_mut().zip(bands).for_each(|(dynamics, band)| dynamics.read(band));
        self.rows.rebuild(bands);
        for (band, dynamics) in self.dynamics.iter().enumerate().filter(|(_, dynamics)| dynamics.is_on) {
            self.rows.glide_section(band, 0, dynamics.coefficients(), 1);
            self.rows.arrive(band);
        }
        self.find_dynamic();
    }

    /// Stands, where bands are to be built as in the old row, where that one stands, and at rest elsewhere; to be rebuilt then.
    pub fn adopt_dynamics(&mut self, bands: &[Band; BANDS], old: &Self) {
        for (band, (dynamics, values)) in self.dynamics.iter_mut().zip(bands).enumerate() {
            if old.build(band) == values.build() {
                dynamics.adopt(&old.dynamics[band]);
            } else {
                dynamics.reset();
            }
        }
    }

    /// Takes what a dynamic band's values moved to, as long as it has any.
    pub fn follow_values(&mut self, band: usize, values: &Band) {
        if self.is_band_dynamic(band) && values.dynamics().is_some() {
            self.dynamics[band].read(values);
        }
    }

    /// Sends a band towards these values, to be there after so many frames.
    pub fn glide(&mut self, band: usize, values: &Band, frames: usize) {
        self.rows.glide(band, values, frames);
        if self.is_band_dynamic(band) {
            self.rows.glide_section(band, 0, self.dynamics[band].coefficients(), frames);
        }
    }

    /// Frames after which a band's gain stands where it would had it always been dynamic; none for one that is not.
    pub fn settling_frames(&self, band: usize) -> f64 {
        if self.is_band_dynamic(band) { self.dynamics[band].settling_frames() } else { 0.0 }
    }

    /// Lets the dynamic bands hear some frames of a grain; `scratch` has room for as many.
    pub fn listen<const ROOM: usize>(&mut self, key: [&[f32]; 2], scratch: &mut [[f32; ROOM]; 2]) {
        let frames = key[0].len();
        for band in 0..BANDS {
            if let Some(build) = self.build(band).filter(|_| self.is_band_dynamic(band)) {
                let scratch = scratch.each_mut().map(|side| &mut side[..frames]);
                self.dynamics[band].listen(&build, key, scratch);
            }
        }
    }

    /// Ends a grain: every dynamic band goes to where its level asks, unless its values are on their way.
    pub fn follow(&mut self, gliding: u32) {
        for band in 0..BANDS {
            if let Some(build) = self.build(band).filter(|_| self.is_band_dynamic(band)) {
                let coefficients = self.dynamics[band].follow(&build);
                if gliding & 1 << band == 0 {
                    self.rows.arrive(band);
                    self.rows.glide_section(band, 0, coefficients, GRAIN_FRAMES);
                }
            }
        }
    }

    /// Puts out what faded; call it at fixed frames.
    pub fn flush(&mut self) {
        self.rows.flush();
        self.dynamics.iter_mut().filter(|dynamics| dynamics.is_on).for_each(BandDynamics::flush);
    }
}
