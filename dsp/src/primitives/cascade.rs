//! A row of second-order filters for two channels, as many of them side by side as a processor has lanes.
//!
//! A recursive filter waits for itself, so lanes beside it are free: the two channels of two sections fill a vector, and the vectors of a pass of
//! up to eight sections follow one another tile by tile of four frames. The first half of the pass's sections are the early lanes, the second half
//! the late ones, which work a tile behind inside one call. That adds no latency, and at its beginning and end the half whose frames are not
//! there keeps its states, so a split leaves the bits alone.

use alloc::vec::Vec;

use super::lanes::{F4, VECTOR_LANES};
use super::svf::{SteadyCoefficients, SvfCoefficients};

/// Channels of every section.
const CHANNELS: usize = 2;
/// Sections of a vector.
const HALVES: usize = VECTOR_LANES / CHANNELS;
/// Vectors of the widest pass.
const MAX_VECTORS: usize = 4;
/// Sections of the widest pass.
pub const PASS_SECTIONS: usize = MAX_VECTORS * HALVES;
/// Frames that a vector works on before the next one does: its coefficients are fetched once for all of them.
const TILE_FRAMES: usize = VECTOR_LANES;
/// How far the late sections are behind the early ones: far enough that they need not wait for them.
const BEHIND_TILES: usize = 2;
/// States below this (−400 dB) are flushed to zero before they become subnormal.
const FLUSH_BELOW: f32 = 1e-20;
/// States beyond this are no sound any more.
const STATE_LIMIT: f32 = 1e15;

/// The coefficients of a vector's lanes.
type Bank = [F4; SvfCoefficients::COUNT];

/// Which sections of a vector have frames to work on.
#[derive(Clone, Copy, PartialEq)]
enum Working {
    Early,
    Both,
    Late,
    None,
}

impl Working {
    #[inline(always)]
    fn of(early: bool, late: bool) -> Self {
        match (early, late) {
            (true, true) => Working::Both,
            (true, false) => Working::Early,
            (false, true) => Working::Late,
            (false, false) => Working::None,
        }
    }

    /// What has changed where there was work, and what was before elsewhere.
    #[inline(always)]
    fn merge(self, now: F4, before: F4) -> F4 {
        match self {
            Working::Early => now.with_high_of(before),
            Working::Both => now,
            Working::Late => before.with_high_of(now),
            Working::None => before,
        }
    }
}

/// Two sections of both channels: early left, early right, late left, late right.
#[derive(Clone)]
struct Sections {
    coefficients: Bank,
    targets: Bank,
    /// What every frame of a glide adds.
    steps: Bank,
    /// The coefficients in the coordinates of filters that stand still.
    steady: [F4; SteadyCoefficients::COUNT],
    /// In the coordinates of the form that the pass has.
    states: [F4; 2],
}

impl Sections {
    fn new() -> Self {
        let zero = F4::splat(0.0);
        let identity = SvfCoefficients::IDENTITY.to_array().map(F4::splat);
        let steady = [zero; SteadyCoefficients::COUNT];
        Self { coefficients: identity, targets: identity, steps: [zero; SvfCoefficients::COUNT], steady, states: [zero; 2] }
    }

    fn coefficients(&self, lane: usize) -> SvfCoefficients {
        SvfCoefficients::from_array(self.coefficients.map(|bank| bank.lane(0, lane)))
    }

    fn states(&self, lane: usize) -> [f32; 2] {
        self.states.map(|state| state.lane(0, lane))
    }

    fn set_states(&mut self, lane: usize, states: [f32; 2]) {
        for (state, value) in self.states.iter_mut().zip(states) {
            *state = state.with_lane(0, lane, value);
        }
    }

    /// Turns states and coefficients into those of filters that stand still.
    fn hold(&mut self) {
        for lane in 0..VECTOR_LANES {
            let coefficients = self.coefficients(lane);
            self.set_states(lane, coefficients.to_steady(self.states(lane)));
            for (steady, value) in self.steady.iter_mut().zip(coefficients.steady().to_array()) {
                *steady = steady.with_lane(0, lane, value);
            }
        }
    }

    /// Turns states into those of filters that move.
    fn release(&mut self) {
        for lane in 0..VECTOR_LANES {
            self.set_states(lane, self.coefficients(lane).from_steady(self.states(lane)));
        }
    }

    fn keep_states(&mut self, states: [F4; 2], working: Working) {
        self.states = core::array::from_fn(|index| working.merge(states[index], self.states[index]));
    }

    /// Filters a tile in place while the coefficients move.
    #[inline(always)]
    fn run_moving(&mut self, tile: &mut [F4], working: Working) {
        let (mut c, [mut s1, mut s2]) = (self.coefficients, self.states);
        for frame in tile {
            c = core::array::from_fn(|index| c[index] + self.steps[index]);
            let [leak, band, low, direct, first, error] = c;
            let v = *frame - s2;
            *frame = direct * *frame + (first * s1 + error * v);
            (s1, s2) = (s1 + (band * v - leak * s1), s2 + (band * s1 + low * v));
        }
        self.keep_states([s1, s2], working);
        self.coefficients = core::array::from_fn(|index| working.merge(c[index], self.coefficients[index]));
    }

    /// Filters a tile in place; with `UNITY` the input's share of the output is 1, as it is in every bell, and the product is left out.
    #[inline(always)]
    fn run_steady<const UNITY: bool>(&mut self, tile: &mut [F4], working: Working) {
        let [direct, error, drive, damp, pull] = self.steady;
        let [mut w1, mut w2] = self.states;
        for frame in tile {
            let x = *frame;
            let change = w1 + error * x;
            *frame = if UNITY { x } else { direct * x } + change;
            (w1, w2) = ((w1 + w2) + (drive * x - damp * w1), w2 - pull * change);
        }
        self.keep_states([w1, w2], working);
    }

    fn flush(&mut self) {
        for state in &mut self.states {
            let sane = state.zero_beyond(STATE_LIMIT);
            *state = sane.abs().ge(F4::splat(FLUSH_BELOW)).keep(sane);
        }
    }
}

/// How a pass holds its states.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Moving,
    Steady { is_unity: bool },
}

/// Up to eight sections: the first `vectors` of them are the early ones of the vectors, the rest the late ones.
#[derive(Clone)]
struct Pass {
    vectors: usize,
    form: Form,
    sections: [Sections; MAX_VECTORS],
}

impl Pass {
    fn new(vectors: usize) -> Self {
        Self { vectors, form: Form::Moving, sections: core::array::from_fn(|_| Sections::new()) }
    }

    /// The vector of a section, and the lane of its channel.
    fn place(&self, section: usize, channel: usize) -> (usize, usize) {
        (section % self.vectors, section / self.vectors * CHANNELS + channel)
    }

    fn working(&mut self) -> &mut [Sections] {
        &mut self.sections[..self.vectors]
    }

    /// A section's states as a moving one has them.
    fn moving_states(&self, vector: usize, lane: usize) -> [f32; 2] {
        let sections = &self.sections[vector];
        let states = sections.states(lane);
        if self.form == Form::Moving { states } else { sections.coefficients(lane).from_steady(states) }
    }

    /// Before coefficients move.
    fn release(&mut self) {
        if self.form != Form::Moving {
            self.form = Form::Moving;
            self.working().iter_mut().for_each(Sections::release);
        }
    }

    /// Whether the input's share of the output is 1 in all filters, which stand still from now on.
    fn hold(&mut self) -> bool {
        if let Form::Steady { is_unity } = self.form {
            return is_unity;
        }
        self.working().iter_mut().for_each(Sections::hold);
        let is_unity = self.working().iter().all(|sections| (0..VECTOR_LANES).all(|lane| sections.coefficients(lane).direct == 1.0));
        self.form = Form::Steady { is_unity };
        is_unity
    }

    /// Runs whole tiles, the late sections behind the early ones; `run` carries a tile through two sections.
    #[inline(always)]
    fn run_tiles(
        &mut self,
        left: &mut [[f32; TILE_FRAMES]],
        right: &mut [[f32; TILE_FRAMES]],
        run: impl Fn(&mut Sections, &mut [F4], Working),
    ) {
        let zero = F4::splat(0.0);
        let mut waiting = [[zero; CHANNELS]; BEHIND_TILES];
        let count = left.len().min(right.len());
        for at in 0..count + BEHIND_TILES {
            let is_early = at < count;
            let coming = if is_early { [F4::load(&left[at]), F4::load(&right[at])] } else { [zero; CHANNELS] };
            let mut tile = F4::transposed([coming[0], coming[1], waiting[0][0], waiting[0][1]]);
            let leaving = at.checked_sub(BEHIND_TILES);
            let working = Working::of(is_early, leaving.is_some());
            self.working().iter_mut().for_each(|sections| run(sections, &mut tile, working));
            let [early_left, early_right, late_left, late_right] = F4::transposed(tile);
            waiting.rotate_left(1);
            waiting[BEHIND_TILES - 1] = [early_left, early_right];
            if let Some(at) = leaving {
                late_left.store(&mut left[at]);
                late_right.store(&mut right[at]);
            }
        }
    }

    /// Runs what is less than a tile.
    #[inline(always)]
    fn run_rest(&mut self, left: &mut [f32], right: &mut [f32], run: impl Fn(&mut Sections, &mut [F4], Working)) {
        let frames = left.len();
        let zero = F4::splat(0.0);
        let mut tile = F4::transposed([F4::load_partial(left), F4::load_partial(right), zero, zero]);
        self.working().iter_mut().for_each(|sections| run(sections, &mut tile[..frames], Working::Early));
        let [early_left, early_right, ..] = F4::transposed(tile);
        let mut tile = F4::transposed([zero, zero, early_left, early_right]);
        self.working().iter_mut().for_each(|sections| run(sections, &mut tile[..frames], Working::Late));
        let [_, _, late_left, late_right] = F4::transposed(tile);
        late_left.store(left);
        late_right.store(right);
    }

    #[inline(always)]
    fn run_frames(&mut self, left: &mut [f32], right: &mut [f32], run: impl Fn(&mut Sections, &mut [F4], Working)) {
        let (left, left_rest) = left.as_chunks_mut();
        let (right, right_rest) = right.as_chunks_mut();
        self.run_tiles(left, right, &run);
        if !left_rest.is_empty() {
            self.run_rest(left_rest, right_rest, run);
        }
    }

    /// Runs the frames while every coefficient makes its own step; where none does, filters that stood still go on to.
    fn run_moving(&mut self, left: &mut [f32], right: &mut [f32]) {
        let zero = F4::splat(0.0);
        if self.working().iter().any(|sections| sections.steps.iter().any(|step| *step != zero)) {
            self.release();
        }
        match self.form {
            Form::Moving => self.run_frames(left, right, Sections::run_moving),
            Form::Steady { .. } => self.run_steady(left, right),
        }
    }

    fn run_steady(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.hold() {
            self.run_frames(left, right, Sections::run_steady::<true>);
        } else {
            self.run_frames(left, right, Sections::run_steady::<false>);
        }
    }

    /// Runs the frames; when the coefficients glide they arrive after `glide_frames`.
    fn run(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        if let Some(glide_frames) = glide_frames {
            let share = F4::splat(1.0 / glide_frames as f32);
            for sections in self.working() {
                sections.steps = core::array::from_fn(|index| (sections.targets[index] - sections.coefficients[index]) * share);
            }
            self.run_moving(left, right);
            if glide_frames <= left.len() {
                self.settle();
            }
        } else {
            self.run_steady(left, right);
        }
    }

    fn settle(&mut self) {
        if self.sections.iter().any(|sections| sections.coefficients != sections.targets) {
            self.release();
            for sections in &mut self.sections {
                sections.coefficients = sections.targets;
            }
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
        for sections in self.passes.iter_mut().flat_map(|pass| &mut pass.sections) {
            sections.states = [F4::splat(0.0); 2];
        }
    }
}
