//! All bands' filters: first those on left and right, then those on mid and side.

use super::bands::{Band, Build, MAX_BAND_SECTIONS};
use super::declaration::BANDS;
use crate::primitives::cascade::Cascade;
use crate::primitives::filter_design::Biquad;
use crate::primitives::svf::SvfCoefficients;

/// How the bands are built and what filters they are.
#[derive(Clone, PartialEq)]
pub struct Curves {
    pub builds: [Option<Build>; BANDS],
    designs: [[Biquad; MAX_BAND_SECTIONS]; BANDS],
}

impl Curves {
    /// No band at work.
    pub const FLAT: Self = Self { builds: [None; BANDS], designs: [[Biquad::IDENTITY; MAX_BAND_SECTIONS]; BANDS] };

    /// |H|² of each band at work, with how it is built, where cos ω and cos 2ω are these.
    fn powers(&self, cosines: [f64; 2]) -> impl Iterator<Item = (Build, f64)> {
        self.builds.iter().zip(&self.designs).filter_map(move |(build, designs)| {
            let build = (*build)?;
            Some((build, designs[..build.sections()].iter().map(|design| design.power_at(cosines)).product()))
        })
    }

    /// |H|² of all bands; those on a part of the stereo signal count half.
    pub fn power_at(&self, cosines: [f64; 2]) -> f64 {
        self.powers(cosines).map(|(build, power)| if build.works_on(0) && build.works_on(1) { power } else { 0.5 + 0.5 * power }).product()
    }

    /// |H|² of the bands on left and right, or on mid and side, per channel; bands of the other pair are left out unless they work on both.
    pub fn channel_powers_at(&self, cosines: [f64; 2], is_mid_side: bool) -> [f64; 2] {
        let mut products = [1.0; 2];
        for (build, power) in self.powers(cosines) {
            let is_common = build.works_on(0) && build.works_on(1);
            for (channel, product) in products.iter_mut().enumerate() {
                if is_common || build.is_mid_side() == is_mid_side && build.works_on(channel) {
                    *product *= power;
                }
            }
        }
        products
    }

    /// Whether a band works on mid or side, and whether one works on left or right.
    pub fn pairs(&self) -> [bool; 2] {
        let any = |is_mid_side| {
            let mut working = self.builds.iter().flatten();
            working.any(|build| build.is_mid_side() == is_mid_side && !(build.works_on(0) && build.works_on(1)))
        };
        [any(true), any(false)]
    }
}

/// See the module's text.
pub struct Rows {
    pub curves: Curves,
    /// First section of each band within its row.
    starts: [usize; BANDS],
    sides: Cascade,
    mid_side: Cascade,
}

impl Rows {
    pub fn new() -> Self {
        let room = BANDS * MAX_BAND_SECTIONS;
        Self { curves: Curves::FLAT, starts: [0; BANDS], sides: Cascade::new(room), mid_side: Cascade::new(room) }
    }

    fn row(&mut self, build: &Build) -> &mut Cascade {
        if build.is_mid_side() { &mut self.mid_side } else { &mut self.sides }
    }

    /// Builds all bands anew at their values, without any sound.
    pub fn rebuild(&mut self, bands: &[Band; BANDS]) {
        let mut lengths = [0; 2];
        for (band, values) in bands.iter().enumerate() {
            self.curves.builds[band] = values.build();
            if let Some(build) = values.build() {
                let length = &mut lengths[usize::from(build.is_mid_side())];
                self.starts[band] = *length;
                *length += build.sections();
            }
        }
        self.sides.rebuild(lengths[0]);
        self.mid_side.rebuild(lengths[1]);
        for (band, values) in bands.iter().enumerate() {
            self.glide(band, values, 1);
        }
        self.sides.settle();
        self.mid_side.settle();
        for band in 0..BANDS {
            self.arrive(band);
        }
    }

    /// Sends a band's coefficients towards these values, to be there after so many frames.
    pub fn glide(&mut self, band: usize, values: &Band, frames: usize) {
        let Some(build) = self.curves.builds[band] else {
            return;
        };
        // A dynamic band stands a hair's breadth from flat, where it still is a filter.
        let values = if build.is_dynamic { values.moved_by(0.0) } else { *values };
        for section in 0..build.sections() {
            self.curves.designs[band][section] = values.design(&build, section);
            let coefficients = SvfCoefficients::new(&self.curves.designs[band][section]);
            self.glide_section(band, section, coefficients, frames);
        }
    }

    /// The same for one section of a band.
    pub fn glide_section(&mut self, band: usize, section: usize, coefficients: SvfCoefficients, frames: usize) {
        let Some(build) = self.curves.builds[band] else {
            return;
        };
        let place = self.starts[band] + section;
        for channel in 0..2 {
            let coefficients = if build.works_on(channel) { coefficients } else { SvfCoefficients::IDENTITY };
            self.row(&build).glide(place, channel, coefficients, frames);
        }
    }

    /// Ends a band's glide.
    pub fn arrive(&mut self, band: usize) {
        let Some(build) = self.curves.builds[band] else {
            return;
        };
        let start = self.starts[band];
        for place in start..start + build.sections() {
            for channel in 0..2 {
                self.row(&build).arrive(place, channel);
            }
        }
    }

    /// Keeps the sound of bands that are built as they were.
    pub fn adopt(&mut self, old: &Self) {
        for band in 0..BANDS {
            if let Some(build) = self.curves.builds[band].filter(|build| old.curves.builds[band] == Some(*build)) {
                let (start, old_start) = (self.starts[band], old.starts[band]);
                let old_row = if build.is_mid_side() { &old.mid_side } else { &old.sides };
                for section in 0..build.sections() {
                    self.row(&build).adopt(start + section, old_row, old_start + section);
                }
            }
        }
    }

    /// Whether no band works.
    pub fn is_empty(&self) -> bool {
        self.sides.sections() + self.mid_side.sections() == 0
    }

    /// Filters both channels in place; `moves` while any band glides.
    pub fn run(&mut self, left: &mut [f32], right: &mut [f32], moves: bool) {
        let pass = |row: &mut Cascade, left: &mut [f32], right: &mut [f32]| {
            if moves { row.run_moving(left, right) } else { row.run(left, right, None) }
        };
        pass(&mut self.sides, left, right);
        if self.mid_side.sections() > 0 {
            for (l, r) in left.iter_mut().zip(right.iter_mut()) {
                (*l, *r) = (0.5 * (*l + *r), 0.5 * (*l - *r));
            }
            pass(&mut self.mid_side, left, right);
            for (m, s) in left.iter_mut().zip(right.iter_mut()) {
                (*m, *s) = (*m + *s, *m - *s);
            }
        }
    }

    /// Puts out what faded; call it at fixed frames.
    pub fn flush(&mut self) {
        self.sides.flush();
        self.mid_side.flush();
    }
}
