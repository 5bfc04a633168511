//! A row of second-order filters for two channels, computed as a wavefront.
//!
//! A recursive filter waits for itself, so lanes beside it are free: the two channels of up to eight sections fill sixteen lanes, and section k
//! works k frames behind section 0 inside one call. A call of n frames takes n + 7 steps, adds no latency, and at its
//! beginning and end holds the states of sections whose frame is not there, so a split leaves the bits alone.

use alloc::vec::Vec;

use super::lanes::{F4, Lanes, Mask, VECTOR_LANES};
use super::svf::SvfCoefficients;

/// Channels of every section.
const CHANNELS: usize = 2;
/// Vectors of the widest wavefront.
const MAX_VECTORS: usize = 4;
/// Sections of the widest wavefront.
pub const PASS_SECTIONS: usize = MAX_VECTORS * VECTOR_LANES / CHANNELS;
/// States below this (−400 dB) are flushed to zero before they become subnormal.
const FLUSH_BELOW: f32 = 1e-20;
/// States beyond this are no sound any more.
const STATE_LIMIT: f32 = 1e15;

/// Place of the input's share of the output among the coefficients: 1 in every bell, where the product can be left out.
const DIRECT: usize = 3;

/// A coefficient or state of all lanes of a pass; place p of V vectors is vector p mod V, lanes 0 and 1 for p < V, else 2 and 3.
type Bank = [F4; MAX_VECTORS];

#[derive(Clone)]
struct Pass {
    vectors: usize,
    coefficients: [Bank; SvfCoefficients::COUNT],
    targets: [Bank; SvfCoefficients::COUNT],
    /// What every frame of [`Cascade::run_moving`] adds.
    steps: [Bank; SvfCoefficients::COUNT],
    states: [Bank; 2],
}

fn gather<const V: usize>(bank: &Bank) -> Lanes<V> {
    Lanes::new(core::array::from_fn(|vector| bank[vector].to_arrays()[0]))
}

fn scatter<const V: usize>(lanes: Lanes<V>, bank: &mut Bank) {
    for (vector, place) in bank.iter_mut().take(V).enumerate() {
        *place = F4::vector_of(&lanes, vector);
    }
}

/// The section that each lane belongs to, as floats to compare with.
fn places<const V: usize>() -> Lanes<V> {
    Lanes::new(core::array::from_fn(|vector| {
        let (early, late) = (vector as f32, (vector + V) as f32);
        [early, early, late, late]
    }))
}

/// The lanes whose frame at this step lies inside the call.
#[inline(always)]
fn present<const V: usize>(places: Lanes<V>, step: usize, frames: usize) -> Mask<V> {
    let step = Lanes::splat(step as f32);
    step.ge(places).and(step.lt(places + Lanes::splat(frames as f32)))
}

/// The registers of a running wavefront.
struct Wave<const V: usize> {
    c: [Lanes<V>; SvfCoefficients::COUNT],
    glide: [Lanes<V>; SvfCoefficients::COUNT],
    s1: Lanes<V>,
    s2: Lanes<V>,
    out: Lanes<V>,
}

impl<const V: usize> Wave<V> {
    /// One step of all sections; with a mask, lanes outside keep states and coefficients.
    #[inline(always)]
    fn step<const GLIDES: bool, const UNITY: bool>(&mut self, left: f32, right: f32, mask: Option<Mask<V>>) {
        let hold = |new: Lanes<V>, old: Lanes<V>| mask.map_or(new, |mask| mask.select(new, old));
        if GLIDES {
            for (c, glide) in self.c.iter_mut().zip(self.glide) {
                *c = hold(*c + glide, *c);
            }
        }
        let [leak, band, low, direct, first, error] = self.c;
        let x = self.out.advance(F4::new([[left, right, 0.0, 0.0]]));
        let v = x - self.s2;
        self.out = if UNITY { x } else { direct * x } + (first * self.s1 + error * v);
        let s1 = self.s1 + (band * v - leak * self.s1);
        let s2 = self.s2 + (band * self.s1 + low * v);
        self.s1 = hold(s1, self.s1);
        self.s2 = hold(s2, self.s2);
    }

    fn run<const GLIDES: bool, const UNITY: bool>(&mut self, left: &mut [f32], right: &mut [f32]) {
        let frames = left.len().min(right.len());
        let behind = V * VECTOR_LANES / CHANNELS - 1;
        let places = places::<V>();
        for step in 0..behind.min(frames) {
            self.step::<GLIDES, UNITY>(left[step], right[step], Some(present(places, step, frames)));
        }
        for step in behind..frames {
            self.step::<GLIDES, UNITY>(left[step], right[step], None);
            (left[step - behind], right[step - behind]) = self.out.leaving();
        }
        for step in frames..frames + behind {
            self.step::<GLIDES, UNITY>(0.0, 0.0, Some(present(places, step, frames)));
            if step >= behind {
                (left[step - behind], right[step - behind]) = self.out.leaving();
            }
        }
    }
}

impl Pass {
    fn new() -> Self {
        let zero = [F4::splat(0.0); MAX_VECTORS];
        let identity = SvfCoefficients::IDENTITY.to_array().map(|value| [F4::splat(value); MAX_VECTORS]);
        Self { vectors: MAX_VECTORS, coefficients: identity, targets: identity, steps: [zero; SvfCoefficients::COUNT], states: [zero; 2] }
    }

    fn place(&self, section: usize, channel: usize) -> (usize, usize) {
        (section % self.vectors, section / self.vectors * CHANNELS + channel)
    }

    /// Runs the frames; when the coefficients glide they arrive after `glide_frames`.
    fn run<const V: usize>(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        let c = core::array::from_fn(|index| gather::<V>(&self.coefficients[index]));
        let mut wave = Wave { c, glide: c, s1: gather(&self.states[0]), s2: gather(&self.states[1]), out: Lanes::splat(0.0) };
        if let Some(glide_frames) = glide_frames {
            let share = Lanes::splat(1.0 / glide_frames as f32);
            wave.glide = core::array::from_fn(|index| (gather::<V>(&self.targets[index]) - c[index]) * share);
            wave.run::<true, false>(left, right);
            for (index, bank) in self.coefficients.iter_mut().enumerate() {
                scatter(wave.c[index], bank);
            }
            if glide_frames <= left.len() {
                self.coefficients = self.targets;
            }
        } else if wave.c[DIRECT] == Lanes::splat(1.0) {
            wave.run::<false, true>(left, right);
        } else {
            wave.run::<false, false>(left, right);
        }
        scatter(wave.s1, &mut self.states[0]);
        scatter(wave.s2, &mut self.states[1]);
    }

    /// Runs the frames while every coefficient makes its own step.
    fn run_moving<const V: usize>(&mut self, left: &mut [f32], right: &mut [f32]) {
        let c = core::array::from_fn(|index| gather::<V>(&self.coefficients[index]));
        let glide = core::array::from_fn(|index| gather::<V>(&self.steps[index]));
        let mut wave = Wave { c, glide, s1: gather(&self.states[0]), s2: gather(&self.states[1]), out: Lanes::splat(0.0) };
        wave.run::<true, false>(left, right);
        for (index, bank) in self.coefficients.iter_mut().enumerate() {
            scatter(wave.c[index], bank);
        }
        scatter(wave.s1, &mut self.states[0]);
        scatter(wave.s2, &mut self.states[1]);
    }

    fn flush(&mut self) {
        for state in self.states.iter_mut().flatten() {
            let sane = state.zero_beyond(STATE_LIMIT);
            *state = sane.abs().ge(F4::splat(FLUSH_BELOW)).keep(sane);
        }
    }
}

/// A row of filters; room for its sections is made once.
#[derive(Clone)]
pub struct Cascade {
    passes: Vec<Pass>,
    sections: usize,
}

impl Cascade {
    /// An empty row with room for this many sections.
    pub fn new(max_sections: usize) -> Self {
        Self { passes: alloc::vec![Pass::new(); max_sections.div_ceil(PASS_SECTIONS)], sections: 0 }
    }

    /// How many sections there are.
    pub fn sections(&self) -> usize {
        self.sections
    }

    /// Makes it `sections` long (at most its room), all passing everything unchanged, without any sound in them.
    pub fn rebuild(&mut self, sections: usize) {
        self.sections = sections.min(self.passes.len() * PASS_SECTIONS);
        for (index, pass) in self.passes.iter_mut().take(self.sections.div_ceil(PASS_SECTIONS)).enumerate() {
            *pass = Pass::new();
            pass.vectors = match self.sections - index * PASS_SECTIONS {
                1 | 2 => 1,
                3 | 4 => 2,
                _ => MAX_VECTORS,
            };
        }
    }

    /// Where a section's coefficients shall go over the coming glide.
    pub fn aim(&mut self, section: usize, channel: usize, coefficients: SvfCoefficients) {
        let pass = &mut self.passes[section / PASS_SECTIONS];
        let (vector, lane) = pass.place(section % PASS_SECTIONS, channel);
        for (bank, value) in pass.targets.iter_mut().zip(coefficients.to_array()) {
            bank[vector] = bank[vector].with_lane(0, lane, value);
        }
    }

    /// Sends a section's coefficients on their way, alone: there after so many frames of [`Cascade::run_moving`], when
    /// [`Cascade::arrive`] has to be called.
    pub fn glide(&mut self, section: usize, channel: usize, coefficients: SvfCoefficients, frames: usize) {
        self.aim(section, channel, coefficients);
        let pass = &mut self.passes[section / PASS_SECTIONS];
        let (vector, lane) = pass.place(section % PASS_SECTIONS, channel);
        for (index, steps) in pass.steps.iter_mut().enumerate() {
            let way = pass.targets[index][vector].lane(0, lane) - pass.coefficients[index][vector].lane(0, lane);
            steps[vector] = steps[vector].with_lane(0, lane, way / frames.max(1) as f32);
        }
    }

    /// Ends a section's glide exactly where it went.
    pub fn arrive(&mut self, section: usize, channel: usize) {
        let pass = &mut self.passes[section / PASS_SECTIONS];
        let (vector, lane) = pass.place(section % PASS_SECTIONS, channel);
        for index in 0..SvfCoefficients::COUNT {
            let target = pass.targets[index][vector].lane(0, lane);
            pass.coefficients[index][vector] = pass.coefficients[index][vector].with_lane(0, lane, target);
            pass.steps[index][vector] = pass.steps[index][vector].with_lane(0, lane, 0.0);
        }
    }

    /// Filters both channels in place while sections glide by themselves.
    pub fn run_moving(&mut self, left: &mut [f32], right: &mut [f32]) {
        for pass in self.passes.iter_mut().take(self.sections.div_ceil(PASS_SECTIONS)) {
            match pass.vectors {
                1 => pass.run_moving::<1>(left, right),
                2 => pass.run_moving::<2>(left, right),
                _ => pass.run_moving::<4>(left, right),
            }
        }
    }

    /// Takes all coefficients at once.
    pub fn settle(&mut self) {
        for pass in &mut self.passes {
            pass.coefficients = pass.targets;
        }
    }

    /// Takes over sound and running coefficients of a section of another row.
    pub fn adopt(&mut self, section: usize, other: &Self, other_section: usize) {
        let from = &other.passes[other_section / PASS_SECTIONS];
        let to = &mut self.passes[section / PASS_SECTIONS];
        for channel in 0..CHANNELS {
            let (from_vector, from_lane) = from.place(other_section % PASS_SECTIONS, channel);
            let (vector, lane) = to.place(section % PASS_SECTIONS, channel);
            let from_banks = from.states.iter().chain(&from.coefficients).chain(&from.targets).chain(&from.steps);
            let to_banks = to.states.iter_mut().chain(&mut to.coefficients).chain(&mut to.targets).chain(&mut to.steps);
            for (to_bank, from_bank) in to_banks.zip(from_banks) {
                to_bank[vector] = to_bank[vector].with_lane(0, lane, from_bank[from_vector].lane(0, from_lane));
            }
        }
    }

    /// Filters both channels in place; `glide_frames` when coefficients are on their way: the frames until they arrive, these included.
    pub fn run(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        for pass in self.passes.iter_mut().take(self.sections.div_ceil(PASS_SECTIONS)) {
            match pass.vectors {
                1 => pass.run::<1>(left, right, glide_frames),
                2 => pass.run::<2>(left, right, glide_frames),
                _ => pass.run::<4>(left, right, glide_frames),
            }
        }
    }

    /// Puts out what faded below −400 dB, and what is not a number; call it at fixed frames.
    pub fn flush(&mut self) {
        for pass in self.passes.iter_mut().take(self.sections.div_ceil(PASS_SECTIONS)) {
            pass.flush();
        }
    }

    /// Forgets all sound.
    pub fn silence(&mut self) {
        for pass in &mut self.passes {
            pass.states = [[F4::splat(0.0); MAX_VECTORS]; 2];
        }
    }
}
