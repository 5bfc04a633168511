//! An insert that is listened to beside what goes into it: around it at the same loudness, itself as loud as its input, or only what it
//! changes.
//!
//! Both paths are measured while the processor runs, over the same frames; nothing of this is in a song or an export.

use super::block::StereoBlock;
use super::ramp::{Ramp, SWITCH_MS};
use crate::monitor::{Glide, LevelMatch};
use crate::protocol::Listen;
use crate::units::{db_to_gain, ms_to_frames};

/// Length of a step of the matched gain.
const GAIN_MS: f64 = 50.0;
/// What changes is still told for so long while the monitor stage fades it out.
const TELL_MS: f64 = 30.0;

/// See the module's text.
pub struct Comparison {
    listen: Listen,
    level: LevelMatch,
    /// Share of the way around.
    around: Ramp,
    /// Share of the processor at its input's loudness.
    matched: Ramp,
    /// How much is told of what changes; it outlasts the monitor's fade.
    told: Ramp,
    /// Of the way around, and of the processor at its input's loudness.
    gains: Glide<2>,
}

impl Comparison {
    /// Measures; what is heard does not change.
    pub fn new(rate_hz: f64) -> Self {
        Self {
            listen: Listen::Through,
            level: LevelMatch::new(rate_hz),
            around: Ramp::new(0.0, ms_to_frames(SWITCH_MS, rate_hz)),
            matched: Ramp::new(0.0, ms_to_frames(SWITCH_MS, rate_hz)),
            told: Ramp::new(0.0, ms_to_frames(TELL_MS, rate_hz)),
            gains: Glide::new([1.0; 2], ms_to_frames(GAIN_MS, rate_hz)),
        }
    }

    /// What is heard from now on.
    pub fn listen(&mut self, listen: Listen) {
        self.listen = listen;
        self.around.go(if listen == Listen::Around { 1.0 } else { 0.0 });
        self.matched.go(if listen == Listen::Matched { 1.0 } else { 0.0 });
        if listen == Listen::Change {
            self.told.set(1.0);
        } else {
            self.told.go(0.0);
        }
    }

    /// What is heard.
    pub fn listens(&self) -> Listen {
        self.listen
    }

    /// Whether it can be taken away unheard.
    pub fn is_idle(&self) -> bool {
        self.listen == Listen::Through && self.around.rests_at(0.0) && self.matched.rests_at(0.0) && self.told.rests_at(0.0)
    }

    /// Something changed: both paths are measured anew.
    pub fn restart(&mut self) {
        self.level.restart();
    }

    /// What the way around is turned by, dB; `None` before it was measured.
    pub fn match_db(&self) -> Option<f64> {
        self.level.gain_db().map(|gain| -gain)
    }

    /// The same frames of both paths: what is heard takes the processor's place in `wet`, what changed is added to `change` from frame `at`.
    pub fn process(&mut self, dry: [&[f32]; 2], [left, right]: [&mut [f32]; 2], change: &mut StereoBlock, at: usize) {
        if self.level.process(dry, [left, right])
            && let Some(match_db) = self.match_db()
        {
            self.gains.go([match_db, -match_db].map(|db| db_to_gain(db) as f32));
        }
        let tells_change = !self.told.rests_at(0.0);
        for (frame, (left, right)) in left.iter_mut().zip(right).enumerate() {
            let [gain, level] = self.gains.tick();
            let around = [dry[0][frame] * gain, dry[1][frame] * gain];
            if tells_change {
                let told = self.told.tick();
                change.left[at + frame] += told * (*left - around[0]);
                change.right[at + frame] += told * (*right - around[1]);
            }
            let matched = self.matched.tick();
            if matched > 0.0 {
                let level = 1.0 + matched * (level - 1.0);
                (*left, *right) = (*left * level, *right * level);
            }
            let share = self.around.tick();
            if share > 0.0 {
                *left += share * (around[0] - *left);
                *right += share * (around[1] - *right);
            }
        }
    }
}
