//! A row of second-order filters for two channels, as many of them side by side as a processor has lanes.
//!
//! A recursive filter waits for itself, so lanes beside it are free: the two channels of two sections fill a vector ([`sections`]), and the vectors
//! of a pass of up to eight sections follow one another tile by tile of four frames ([`pass`]). Filters that stand still are held in coordinates
//! that take fewer operations; they change over when coefficients begin to move and when they have come to rest.

mod pass;
mod sections;

use alloc::vec::Vec;

use super::svf::SvfCoefficients;
use pass::{MAX_VECTORS, PASS_SECTIONS, Pass};
use sections::{CHANNELS, HALVES, Sections};

/// A row of filters; room for its sections is made once.
#[derive(Clone)]
pub struct Cascade {
    passes: Vec<Pass>,
    sections: usize,
}

impl Cascade {
    /// An empty row with room for this many sections.
    pub fn new(max_sections: usize) -> Self {
        Self { passes: alloc::vec![Pass::new(MAX_VECTORS); max_sections.div_ceil(PASS_SECTIONS)], sections: 0 }
    }

    /// How many sections there are.
    pub fn sections(&self) -> usize {
        self.sections
    }

    /// The passes that have sections.
    fn working(&mut self) -> &mut [Pass] {
        let count = self.sections.div_ceil(PASS_SECTIONS);
        &mut self.passes[..count]
    }

    /// Makes it `sections` long (at most its room), all passing everything unchanged, without any sound in them.
    pub fn rebuild(&mut self, sections: usize) {
        self.sections = sections.min(self.passes.len() * PASS_SECTIONS);
        let sections = self.sections;
        for (index, pass) in self.working().iter_mut().enumerate() {
            *pass = Pass::new((sections - index * PASS_SECTIONS).min(PASS_SECTIONS).div_ceil(HALVES));
        }
    }

    /// The vector that a section stands in, and the lane of its channel.
    fn lane_of(&mut self, section: usize, channel: usize) -> (&mut Sections, usize) {
        let pass = &mut self.passes[section / PASS_SECTIONS];
        let (vector, lane) = pass.place(section % PASS_SECTIONS, channel);
        (&mut pass.sections[vector], lane)
    }

    /// Where a section's coefficients shall go over the coming glide.
    pub fn aim(&mut self, section: usize, channel: usize, coefficients: SvfCoefficients) {
        let (sections, lane) = self.lane_of(section, channel);
        for (target, value) in sections.targets.iter_mut().zip(coefficients.to_array()) {
            *target = target.with_lane(0, lane, value);
        }
    }

    /// Sends a section's coefficients on their way, alone: there after so many frames of [`Cascade::run_moving`], when
    /// [`Cascade::arrive`] has to be called.
    pub fn glide(&mut self, section: usize, channel: usize, coefficients: SvfCoefficients, frames: usize) {
        self.aim(section, channel, coefficients);
        let (sections, lane) = self.lane_of(section, channel);
        for index in 0..SvfCoefficients::COUNT {
            let way = sections.targets[index].lane(0, lane) - sections.coefficients[index].lane(0, lane);
            sections.steps[index] = sections.steps[index].with_lane(0, lane, way / frames.max(1) as f32);
        }
    }

    /// Ends a section's glide exactly where it went.
    pub fn arrive(&mut self, section: usize, channel: usize) {
        let (sections, lane) = self.lane_of(section, channel);
        sections.steps = sections.steps.map(|step| step.with_lane(0, lane, 0.0));
        let targets = sections.targets.map(|target| target.lane(0, lane));
        if sections.coefficients.iter().zip(targets).any(|(coefficient, target)| coefficient.lane(0, lane) != target) {
            self.passes[section / PASS_SECTIONS].release();
            let (sections, lane) = self.lane_of(section, channel);
            for (coefficient, target) in sections.coefficients.iter_mut().zip(targets) {
                *coefficient = coefficient.with_lane(0, lane, target);
            }
        }
    }

    /// Filters both channels in place while sections glide by themselves.
    pub fn run_moving(&mut self, left: &mut [f32], right: &mut [f32]) {
        self.working().iter_mut().for_each(|pass| pass.run_moving(left, right));
    }

    /// Takes all coefficients at once.
    pub fn settle(&mut self) {
        self.passes.iter_mut().for_each(Pass::settle);
    }

    /// Takes over sound and running coefficients of a section of another row.
    pub fn adopt(&mut self, section: usize, other: &Self, other_section: usize) {
        let other_pass = &other.passes[other_section / PASS_SECTIONS];
        self.passes[section / PASS_SECTIONS].release();
        for channel in 0..CHANNELS {
            let (other_vector, other_lane) = other_pass.place(other_section % PASS_SECTIONS, channel);
            let from = &other_pass.sections[other_vector];
            let (to, lane) = self.lane_of(section, channel);
            to.set_states(lane, other_pass.moving_states(other_vector, other_lane));
            let from = from.coefficients.iter().chain(&from.targets).chain(&from.steps);
            let to = to.coefficients.iter_mut().chain(&mut to.targets).chain(&mut to.steps);
            for (to, from) in to.zip(from) {
                *to = to.with_lane(0, lane, from.lane(0, other_lane));
            }
        }
    }

    /// Filters both channels in place; `glide_frames` when coefficients are on their way: the frames until they arrive, these included.
    pub fn run(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        self.working().iter_mut().for_each(|pass| pass.run(left, right, glide_frames));
    }

    /// Puts out what faded below −400 dB, and what is not a number; call it at fixed frames.
    pub fn flush(&mut self) {
        self.working().iter_mut().flat_map(Pass::working).for_each(Sections::flush);
    }

    /// Forgets all sound.
    pub fn silence(&mut self) {
        self.passes.iter_mut().flat_map(|pass| &mut pass.sections).for_each(Sections::silence);
    }
}
