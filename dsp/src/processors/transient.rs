//! Transient shaper: raises or lowers the beginnings of sounds and what follows them, at any level.
//!
//! Greatest power of both channels over 10 ms → dB, −90 dB at least → four one-pole followers in decibels, two by two
//! - attack: one rises in 1 ms, one in 25 ms, both fall in 150 ms; the first less the second, d ≥ 0, is there while a sound begins;
//! - sustain: both rise in 1 ms, one falls in 20 ms, one in 300 ms; the second less the first is there while a sound dies away.
//!
//! Each difference bends over towards 24 dB, d·24 / (d + 24), and is added to the gain in dB times its dial (−100 to 100 %).
//! Differences of levels do not know the level: the shape is the same for soft and loud sounds. A steady sound passes unchanged; so
//! does everything while both dials stand at 0. No latency.

use super::{Key, Processor, Stereo};
use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Unit};
use crate::primitives::ballistics::pole;
use crate::primitives::fade::{Line, frame_numbers};
use crate::primitives::gain_computer::{gain_of_db, level_db};
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::sliding_max::SlidingMax;
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::ms_to_frames;

mod index {
    pub const ATTACK: usize = 0;
    pub const SUSTAIN: usize = 1;
    pub const OUTPUT: usize = 2;
}

/// The level is the greatest power of this time.
const WINDOW_MS: f64 = 10.0;
/// Levels below this are silence.
const FLOOR_DB: f32 = -90.0;
/// Differences bend over towards this.
const MOST_DB: f32 = 24.0;
/// Rising and falling time constants of the followers: the attack's fast and slow one, the sustain's short and long one.
const FOLLOWERS_MS: [[f64; 2]; 4] = [[1.0, 150.0], [25.0, 150.0], [1.0, 20.0], [1.0, 300.0]];
/// Frames worked on at a time.
const CHUNK_FRAMES: usize = 128;

/// Its declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "transient",
    name: "Transient shaper",
    short_name: "Transient",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::new("attack", "Attack", Unit::Percent, -100.0, 100.0, 0.0, "Raises or lowers the beginning of each sound.")
            .stepped(5.0, 1.0, 25.0)
            .flag(Flags::BIPOLAR),
        ParamSpec::new("sustain", "Sustain", Unit::Percent, -100.0, 100.0, 0.0, "Raises or lowers what follows the beginning.")
            .stepped(5.0, 1.0, 25.0)
            .flag(Flags::BIPOLAR),
        ParamSpec::new("output", "Output", Unit::Db, -24.0, 24.0, 0.0, "Level behind it.").stepped(0.5, 0.1, 3.0).flag(Flags::BIPOLAR),
    ],
    presets: &[
        Preset { name: "More snap", values: &[("attack", 40.0), ("output", -1.0)] },
        Preset { name: "Drums forward", values: &[("attack", 60.0), ("sustain", -20.0), ("output", -2.0)] },
        Preset { name: "Dry room", values: &[("sustain", -60.0)] },
        Preset { name: "Longer tails", values: &[("sustain", 50.0), ("output", -1.0)] },
        Preset { name: "Softer picking", values: &[("attack", -40.0)] },
        Preset { name: "Push back", values: &[("attack", -60.0), ("sustain", 20.0)] },
    ],
    help: "Raises or lowers the beginnings of sounds and what follows them.",
};

/// One follower's shares of the way to the level in a frame, and where it is.
#[derive(Clone, Copy)]
struct Follower {
    rise: f32,
    fall: f32,
    db: f32,
}

impl Follower {
    #[inline(always)]
    fn follow(&mut self, level_db: f32) -> f32 {
        let share = if level_db > self.db { self.rise } else { self.fall };
        self.db += share * (level_db - self.db);
        self.db
    }
}

/// See the module's text.
pub struct TransientShaper {
    attack: Line,
    sustain: Line,
    output_db: Line,
    level: SlidingMax,
    window_frames: usize,
    followers: [Follower; 4],
    deepest_db: f32,
    gain: [f32; CHUNK_FRAMES],
}

impl TransientShaper {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let window_frames = ms_to_frames(WINDOW_MS, rate_hz);
        let zero = Line::new(0.0);
        let mut shaper = Self {
            attack: zero,
            sustain: zero,
            output_db: zero,
            level: SlidingMax::new(window_frames),
            window_frames,
            followers: FOLLOWERS_MS.map(|[rise, fall]| Follower { rise: pole(rise, rate_hz), fall: pole(fall, rate_hz), db: FLOOR_DB }),
            deepest_db: 0.0,
            gain: [0.0; CHUNK_FRAMES],
        };
        shaper.reset();
        shaper
    }

    fn lines(&mut self) -> [&mut Line; 3] {
        [&mut self.attack, &mut self.sustain, &mut self.output_db]
    }

    /// Fills the chunk's gains; `at` is its first frame in the call.
    fn make_gains(&mut self, left: &[f32], right: &[f32], at: usize) {
        let frames = left.len();
        for ((l, r), power) in left.iter().zip(right).zip(&mut self.gain) {
            let (left, right) = (*l * *l, *r * *r);
            *power = self.level.push(if left > right { left } else { right });
        }
        let most = F4::splat(MOST_DB);
        let bent = |difference: [f32; VECTOR_LANES]| {
            let difference = F4::new([difference]).max(F4::splat(0.0));
            difference * most / (difference + most)
        };
        for start in (0..frames).step_by(VECTOR_LANES) {
            let levels = level_db(F4::load(&self.gain[start..])).max(F4::splat(FLOOR_DB)).to_arrays()[0];
            let (mut beginning, mut dying) = ([0.0; VECTOR_LANES], [0.0; VECTOR_LANES]);
            for (lane, level) in levels.into_iter().enumerate().take(frames - start) {
                let [fast, slow, short, long] = self.followers.each_mut().map(|follower| follower.follow(level));
                beginning[lane] = fast - slow;
                dying[lane] = long - short;
            }
            let index = frame_numbers(at + start);
            let shape_db = self.attack.at(index) * bent(beginning) + self.sustain.at(index) * bent(dying);
            self.deepest_db = self.deepest_db.min(-(F4::splat(0.0) - shape_db).greatest());
            gain_of_db(shape_db + self.output_db.at(index)).store(&mut self.gain[start..start + VECTOR_LANES]);
        }
    }
}

impl Processor for TransientShaper {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        for line in self.lines() {
            line.end();
        }
        self.level.reset(self.window_frames);
        for follower in &mut self.followers {
            follower.db = FLOOR_DB;
        }
        self.deepest_db = 0.0;
    }

    fn set(&mut self, index: usize, value: f32) {
        match index {
            index::ATTACK => self.attack.aim(value / 100.0),
            index::SUSTAIN => self.sustain.aim(value / 100.0),
            index::OUTPUT => self.output_db.aim(value),
            _ => {}
        }
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        for line in self.lines() {
            line.begin(left.len());
        }
        for (chunk, (left, right)) in left.chunks_mut(CHUNK_FRAMES).zip(right.chunks_mut(CHUNK_FRAMES)).enumerate() {
            self.make_gains(left, right, chunk * CHUNK_FRAMES);
            for ((l, r), gain) in left.iter_mut().zip(right).zip(self.gain) {
                *l *= gain;
                *r *= gain;
            }
        }
        for line in self.lines() {
            line.end();
        }
    }

    fn take_reduction_db(&mut self) -> f32 {
        core::mem::take(&mut self.deepest_db)
    }
}
