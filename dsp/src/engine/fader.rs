//! The end of a strip: width, then fader, pan and mute together.

use super::automation::Driven;
use super::block::StereoBlock;
use super::context::Context;
use super::controls::{STRIP_PARAMS, strip_param};
use super::gain_stage::{GainPair, apply_ramp};
use super::pan::{BALANCE, fader_gains};
use super::ramp::{Ramp, SWITCH_MS};
use crate::units::ms_to_frames;

/// See the module's text.
pub struct Fader {
    pub driven: Driven,
    gains: GainPair,
    /// Gain of the side signal at the end of the last stretch, and where it goes.
    width: [f32; 2],
    mute: Ramp,
    /// The pan law before the last change and the one in force; `law_share` leads from one to the other.
    laws: [usize; 2],
    law_share: Ramp,
}

impl Fader {
    /// A fader at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(SWITCH_MS, rate_hz);
        Self {
            driven: Driven::new(STRIP_PARAMS, rate_hz),
            gains: GainPair::default(),
            width: [1.0; 2],
            mute: Ramp::new(1.0, fade_frames),
            laws: [BALANCE; 2],
            law_share: Ramp::new(1.0, fade_frames),
        }
    }

    /// All values and fades at their ends, as lanes have them at this position.
    pub fn reset(&mut self, position: i64) {
        self.driven.snap(position);
        self.take_changes(0);
        self.law_share.snap();
        self.set_gains();
        self.gains.snap();
        self.width[0] = self.width[1];
        self.mute.snap();
    }

    /// Fills `pre` (muted only), where it is asked for, and `out` from `input`, which is left as it is used up.
    pub fn process(
        &mut self,
        input: &mut StereoBlock,
        mut pre: Option<&mut StereoBlock>,
        out: &mut StereoBlock,
        latency_frames: usize,
        context: &Context<'_>,
    ) {
        for run in context.timeline.runs(latency_frames) {
            let mut done = 0;
            while done < run.frames {
                let frames = self.driven.prepare(&run, done, !self.law_share.is_settled());
                self.take_changes(frames);
                let part = run.offset + done..run.offset + done + frames;
                let (left, right) = (&mut input.left[part.clone()], &mut input.right[part.clone()]);
                apply_ramp(&mut self.mute, left, right);
                if let Some(pre) = &mut pre {
                    pre.left[part.clone()].copy_from_slice(left);
                    pre.right[part.clone()].copy_from_slice(right);
                }
                self.widen(left, right);
                self.gains.carry([left, right], [&mut out.left[part.clone()], &mut out.right[part]]);
                done += frames;
            }
        }
    }

    fn widen(&mut self, left: &mut [f32], right: &mut [f32]) {
        let [from, to] = self.width;
        self.width[0] = to;
        if from == 1.0 && to == 1.0 {
            return;
        }
        let step = (to - from) / left.len() as f32;
        for (frame, (left, right)) in left.iter_mut().zip(right).enumerate() {
            let (mid, side) = ((*left + *right) * 0.5, (*left - *right) * 0.5);
            let side = side * (from + step * (frame + 1) as f32);
            *left = mid + side;
            *right = mid - side;
        }
    }

    fn take_changes(&mut self, frames: usize) {
        let mut changed = !self.law_share.is_settled();
        self.driven.advance(frames, |_| changed = true);
        if !changed {
            return;
        }
        let law = self.driven.value(strip_param::PAN_LAW) as usize;
        if law != self.laws[1] {
            self.laws = [self.laws[1], law];
            self.law_share.set(0.0);
            self.law_share.go(1.0);
        }
        self.law_share.advance(frames);
        self.width[1] = self.driven.value(strip_param::WIDTH) / 100.0;
        self.mute.go(if self.driven.value(strip_param::MUTE) >= 0.5 { 0.0 } else { 1.0 });
        self.set_gains();
    }

    fn set_gains(&mut self) {
        let gains = |law| fader_gains(self.driven.value(strip_param::VOLUME), self.driven.value(strip_param::PAN), law);
        let new = gains(self.laws[1]);
        if self.law_share.rests_at(1.0) {
            self.gains.set(new);
            return;
        }
        let (old, share) = (gains(self.laws[0]), self.law_share.value());
        self.gains.set([old[0] + share * (new[0] - old[0]), old[1] + share * (new[1] - old[1])]);
    }
}
