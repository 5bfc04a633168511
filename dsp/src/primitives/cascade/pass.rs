//! Up to eight sections of a cascade in up to four vectors, which carry a tile of frames one after the other.
//!
//! The first half of the sections are the vectors' early ones, the second half the late ones, which work two tiles behind inside one call.
//! That adds no latency, and at a call's beginning and end the half whose frames are not there keeps its states, so a split leaves the bits
//! alone.

use super::sections::{CHANNELS, HALVES, Sections, Working};
use crate::primitives::lanes::{F4, VECTOR_LANES};

/// Vectors of the widest pass.
pub const MAX_VECTORS: usize = 4;
/// Sections of the widest pass.
pub const PASS_SECTIONS: usize = MAX_VECTORS * HALVES;
/// Frames that a vector works on before the next one does: its coefficients are fetched once for all of them.
const TILE_FRAMES: usize = VECTOR_LANES;
/// How far the late sections are behind the early ones: far enough that they need not wait for them.
const BEHIND_TILES: usize = 2;

/// How a pass holds its states.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Moving,
    Steady { is_unity: bool },
}

/// Up to eight sections: the first `vectors` of them are the early ones of the vectors, the rest the late ones.
#[derive(Clone)]
pub struct Pass {
    vectors: usize,
    form: Form,
    pub sections: [Sections; MAX_VECTORS],
}

impl Pass {
    /// Of this many vectors, all passing everything unchanged.
    pub fn new(vectors: usize) -> Self {
        Self { vectors, form: Form::Moving, sections: core::array::from_fn(|_| Sections::new()) }
    }

    /// The vector of a section, and the lane of its channel.
    pub fn place(&self, section: usize, channel: usize) -> (usize, usize) {
        (section % self.vectors, section / self.vectors * CHANNELS + channel)
    }

    /// The vectors that have sections.
    pub fn working(&mut self) -> &mut [Sections] {
        &mut self.sections[..self.vectors]
    }

    /// A section's states as a moving one has them.
    pub fn moving_states(&self, vector: usize, lane: usize) -> [f32; 2] {
        let sections = &self.sections[vector];
        let states = sections.states(lane);
        if self.form == Form::Moving { states } else { sections.coefficients(lane).from_steady(states) }
    }

    /// Before coefficients move.
    pub fn release(&mut self) {
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
    pub fn run_moving(&mut self, left: &mut [f32], right: &mut [f32]) {
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
    pub fn run(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
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

    /// Takes all coefficients at once.
    pub fn settle(&mut self) {
        if self.sections.iter().any(|sections| sections.coefficients != sections.targets) {
            self.release();
            for sections in &mut self.sections {
                sections.coefficients = sections.targets;
            }
        }
    }
}
