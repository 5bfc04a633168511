//! What stands between the mix and the speakers: what is heard, as where, the listening controls, the fades of start, seek and stop, and the
//! safety clamp.

use alloc::boxed::Box;

use super::glide::Glide;
use super::level_match::LevelMatch;
use super::preview::PreviewLimiter;
use super::translation::Translation;
use super::{MONITOR_PARAMS, monitor_param, source};
use crate::engine::{BLOCK_FRAMES, Ramp, StereoBlock};
use crate::units::{db_to_gain, ms_to_frames};

/// Length of the fades around a start, a seek, a stop and a hold.
const GATE_MS: f64 = 5.0;
/// Length of the fade from one setting of the listening controls to another.
const CONTROL_MS: f64 = 20.0;
/// How far dim turns down.
const DIM_DB: f64 = -20.0;
/// Nothing louder than this leaves: it protects ears and speakers from a runaway, and no mix comes near it.
const SAFETY_DB: f64 = 18.0;

/// Indices of the words of [`monitor_param::CHANNEL`].
mod channel {
    pub const LEFT: usize = 1;
    pub const RIGHT: usize = 2;
    pub const MID: usize = 3;
    pub const SIDE: usize = 4;
}

/// What goes from left and right to left (first two) and right (last two).
type Matrix = [f32; 4];

/// Everything that can be heard of one block.
pub struct Heard<'a> {
    /// The song as it leaves its master.
    pub mix: &'a StereoBlock,
    /// The song before its master chain, at the same time.
    pub before: &'a StereoBlock,
    /// A reference.
    pub reference: &'a StereoBlock,
    /// What one step changes.
    pub change: &'a StereoBlock,
}

impl<'a> Heard<'a> {
    fn blocks(&self) -> [&'a StereoBlock; 4] {
        [self.mix, self.before, self.reference, self.change]
    }
}

/// The song alone, as it is.
const SONG_ALONE: [f32; 4] = [1.0, 0.0, 0.0, 0.0];

/// See the module's text.
pub struct Monitor {
    rate_hz: f64,
    values: [f32; MONITOR_PARAMS.len()],
    matrix: Glide<4>,
    /// Gains of what [`Heard`] holds.
    sources: Glide<4>,
    hears_step: bool,
    /// The song before its chain against the song behind it; taken when it is first asked for.
    chain: Option<Box<LevelMatch>>,
    /// The song against the reference that is heard in its place.
    beside: Option<Box<LevelMatch>>,
    preview: PreviewLimiter,
    translation: Translation,
    heard: StereoBlock,
    gate: Ramp,
    /// The frame given out last.
    last: [f32; 2],
    /// What was given out last before sound failed to come, let go to zero by `fall`.
    falling: [f32; 2],
    fall: Ramp,
    ceiling: f32,
}

impl Monitor {
    /// Closed, with all controls at their defaults.
    pub fn new(rate_hz: f64) -> Self {
        let gate_frames = ms_to_frames(GATE_MS, rate_hz);
        let mut values = [0.0; MONITOR_PARAMS.len()];
        for (value, spec) in values.iter_mut().zip(MONITOR_PARAMS) {
            *value = spec.default;
        }
        let control_frames = ms_to_frames(CONTROL_MS, rate_hz);
        Self {
            rate_hz,
            values,
            matrix: Glide::new(matrix_of(&values), control_frames),
            sources: Glide::new(SONG_ALONE, control_frames),
            hears_step: false,
            chain: None,
            beside: None,
            preview: PreviewLimiter::new(rate_hz),
            translation: Translation::new(rate_hz),
            heard: StereoBlock::new(),
            gate: Ramp::new(0.0, gate_frames),
            last: [0.0; 2],
            falling: [0.0; 2],
            fall: Ramp::new(0.0, gate_frames),
            ceiling: db_to_gain(SAFETY_DB) as f32,
        }
    }

    /// Sets one of [`MONITOR_PARAMS`]; unknown indices are ignored. May take memory.
    pub fn set(&mut self, index: usize, value: f32) {
        let (Some(spec), Some(slot)) = (MONITOR_PARAMS.get(index), self.values.get_mut(index)) else {
            return;
        };
        *slot = spec.clamp(value);
        self.matrix.go(matrix_of(&self.values));
        self.translation.want(self.values[monitor_param::DEVICE] as usize);
        if self.measures_chain() && self.chain.is_none() {
            self.chain = Some(Box::new(LevelMatch::new(self.rate_hz)));
        }
        if index == monitor_param::REFERENCE_MATCH {
            self.beside = self.is_on(index).then(|| Box::new(LevelMatch::new(self.rate_hz)));
        }
        self.aim_sources();
    }

    /// Whether what a step changes is heard, whatever else is chosen.
    pub fn hear_step(&mut self, hears: bool) {
        self.hears_step = hears;
        self.aim_sources();
    }

    /// The song becomes another one: what is measured begins anew.
    pub fn restart_matches(&mut self) {
        self.chain.iter_mut().chain(&mut self.beside).for_each(|matched| matched.restart());
        self.translation.restart();
    }

    /// What brings the song behind its chain to its loudness before it, dB; `None` while it is not measured.
    pub fn chain_match_db(&self) -> Option<f64> {
        self.chain.as_ref().filter(|_| self.measures_chain()).and_then(|chain| chain.gain_db())
    }

    /// What the reference is turned by to be as loud as the song over what was played of both, dB; `None` while it is not measured.
    pub fn reference_match_db(&self) -> Option<f64> {
        self.beside.as_ref().and_then(|beside| beside.gain_db())
    }

    /// What the device is turned by to be as loud as none, dB.
    pub fn device_match_db(&self) -> f64 {
        self.translation.gain_db()
    }

    fn is_on(&self, index: usize) -> bool {
        self.values[index] >= 0.5
    }

    fn measures_chain(&self) -> bool {
        let source = self.values[monitor_param::SOURCE] as usize;
        self.is_on(monitor_param::WATCH) || self.is_on(monitor_param::MATCH) || matches!(source, source::BEFORE | source::CHANGE)
    }

    fn aim_sources(&mut self) {
        let gain = |db: f64| db_to_gain(db) as f32;
        let place = gain(f64::from(self.values[monitor_param::PREVIEW] + self.values[monitor_param::MIX_MATCH]));
        let chain_db = self.chain.as_ref().and_then(|chain| chain.gain_db()).unwrap_or(0.0);
        // As loud as before the chain, or everything as loud as behind it.
        let [mix, before] = if self.is_on(monitor_param::MATCH) { [gain(chain_db), 1.0] } else { [1.0, gain(-chain_db)] };
        self.sources.go(match self.values[monitor_param::SOURCE] as usize {
            _ if self.hears_step => [0.0, 0.0, 0.0, 1.0],
            source::REFERENCE => [0.0, 0.0, mix * gain(self.reference_match_db().unwrap_or(0.0)), 0.0],
            source::BEFORE => [0.0, before * place, 0.0, 0.0],
            source::CHANGE => [mix * place, -before * place, 0.0, 0.0],
            _ => [mix * place, 0.0, 0.0, 0.0],
        });
    }

    /// Lets sound through, or fades it out.
    pub fn open(&mut self, open: bool) {
        self.gate.go(if open { 1.0 } else { 0.0 });
    }

    /// Closed at once: nothing is heard now, and what comes next fades in.
    pub fn shut(&mut self) {
        self.gate.set(0.0);
        self.last = [0.0; 2];
    }

    /// Whether nothing is heard.
    pub fn is_silent(&self) -> bool {
        self.gate.rests_at(0.0) && self.fall.rests_at(0.0)
    }

    /// A block as it is heard.
    pub fn process(&mut self, sources: &Heard<'_>, out: &mut StereoBlock) {
        if self.measures_chain()
            && let Some(chain) = &mut self.chain
            && chain.process([&sources.before.left, &sources.before.right], [&sources.mix.left, &sources.mix.right])
        {
            self.aim_sources();
        }
        if self.values[monitor_param::SOURCE] as usize == source::REFERENCE
            && let Some(beside) = &mut self.beside
            && beside.process([&sources.mix.left, &sources.mix.right], [&sources.reference.left, &sources.reference.right])
        {
            self.aim_sources();
        }
        self.choose(sources);
        let limits = self.is_on(monitor_param::PREVIEW_LIMIT);
        self.preview.process(&mut self.heard.left, &mut self.heard.right, limits);
        self.translation.process(&mut self.heard);
        for frame in 0..BLOCK_FRAMES {
            let matrix = self.matrix.tick();
            let gate = self.gate.tick();
            let fall = self.fall.tick();
            let (left, right) = (self.heard.left[frame], self.heard.right[frame]);
            let heard = |row: [f32; 2], falling: f32| (left * row[0] + right * row[1]) * gate + falling * fall;
            out.left[frame] = self.safe(heard([matrix[0], matrix[1]], self.falling[0]));
            out.right[frame] = self.safe(heard([matrix[2], matrix[3]], self.falling[1]));
        }
        self.last = [out.left[BLOCK_FRAMES - 1], out.right[BLOCK_FRAMES - 1]];
    }

    /// Brings what is chosen into `heard`.
    fn choose(&mut self, sources: &Heard<'_>) {
        if self.sources.is_settled() && self.sources.target() == SONG_ALONE {
            self.heard.copy_from(sources.mix);
            return;
        }
        let blocks = sources.blocks();
        for frame in 0..BLOCK_FRAMES {
            let mut sum = [0.0; 2];
            for (gain, block) in self.sources.tick().into_iter().zip(blocks) {
                sum = [sum[0] + gain * block.left[frame], sum[1] + gain * block.right[frame]];
            }
            (self.heard.left[frame], self.heard.right[frame]) = (sum[0], sum[1]);
        }
        self.heard.silence_non_finite();
    }

    /// A block without sound: what was heard last goes to zero, and what comes next fades in.
    pub fn rest(&mut self, out: &mut StereoBlock) {
        if !self.gate.rests_at(0.0) {
            self.gate.set(0.0);
            self.falling = self.last;
            self.fall.set(1.0);
            self.fall.go(0.0);
        }
        for (left, right) in out.left.iter_mut().zip(&mut out.right) {
            let fall = self.fall.tick();
            *left = self.falling[0] * fall;
            *right = self.falling[1] * fall;
        }
    }

    fn safe(&self, sample: f32) -> f32 {
        if sample.is_finite() { sample.clamp(-self.ceiling, self.ceiling) } else { 0.0 }
    }
}

fn matrix_of(values: &[f32]) -> Matrix {
    let is_on = |index: usize| values[index] >= 0.5;
    let mut matrix: [[f32; 2]; 2] = [[1.0, 0.0], [0.0, 1.0]];
    if is_on(monitor_param::SWAP) {
        matrix.swap(0, 1);
    }
    let [left, right] = matrix;
    let blend = |sign: f32| [0.5 * (left[0] + sign * right[0]), 0.5 * (left[1] + sign * right[1])];
    matrix = match values[monitor_param::CHANNEL] as usize {
        channel::LEFT => [left; 2],
        channel::RIGHT => [right; 2],
        channel::MID => [blend(1.0); 2],
        channel::SIDE => [blend(-1.0); 2],
        _ if is_on(monitor_param::MONO) => [blend(1.0); 2],
        _ => matrix,
    };
    let dim = if is_on(monitor_param::DIM) { db_to_gain(DIM_DB) } else { 1.0 };
    let mute = if is_on(monitor_param::MUTE) { 0.0 } else { 1.0 };
    let gain = (db_to_gain(f64::from(values[monitor_param::LEVEL])) * dim * mute) as f32;
    let [left, right] = matrix;
    [left[0], left[1], right[0], right[1]].map(|share| share * gain)
}
