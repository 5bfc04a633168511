//! A send: a copy of a strip's sound, before or after its fader, with its own level, pan and mute, on its way to a return.

use super::automation::Driven;
use super::block::StereoBlock;
use super::context::Context;
use super::controls::{SEND_PARAMS, send_param};
use super::edge::Edge;
use super::gain_stage::{GainPair, apply_ramp};
use super::pan::{BALANCE, fader_gains};
use super::ramp::{Ramp, SWITCH_MS};
use crate::protocol::{SendId, StripId};
use crate::units::ms_to_frames;

/// See the module's text.
pub struct Send {
    pub id: SendId,
    pub to: StripId,
    pub pre: bool,
    pub driven: Driven,
    pub edge: Edge,
    pub block: StereoBlock,
    gains: GainPair,
    mute: Ramp,
}

impl Send {
    /// A send at these values, not yet heard.
    pub fn new(id: SendId, to: StripId, pre: bool, values: &[f32], rate_hz: f64) -> Self {
        let mut driven = Driven::new(SEND_PARAMS, rate_hz);
        driven.set_targets(values);
        let mute = Ramp::new(1.0, ms_to_frames(SWITCH_MS, rate_hz));
        let mut send = Self { id, to, pre, driven, edge: Edge::new(rate_hz), block: StereoBlock::new(), gains: GainPair::default(), mute };
        send.start(0);
        send
    }

    /// Starts from nothing at this position.
    pub fn reset(&mut self, position: i64) {
        self.start(position);
        self.edge.reset();
    }

    /// Fills the send's block from its strip's; `latency_frames` lies upstream of the fader.
    pub fn process(&mut self, from: &StereoBlock, latency_frames: usize, context: &Context<'_>) {
        self.block.copy_from(from);
        for run in context.timeline.runs(latency_frames) {
            let mut done = 0;
            while done < run.frames {
                let frames = self.driven.prepare(&run, done, false);
                self.take_changes(frames);
                let (from, to) = (run.offset + done, run.offset + done + frames);
                let (left, right) = (&mut self.block.left[from..to], &mut self.block.right[from..to]);
                self.gains.process(left, right);
                apply_ramp(&mut self.mute, left, right);
                done += frames;
            }
        }
    }

    fn start(&mut self, position: i64) {
        self.driven.snap(position);
        self.take_changes(0);
        self.gains.snap();
        self.mute.snap();
    }

    fn take_changes(&mut self, frames: usize) {
        let mut changed = false;
        self.driven.advance(frames, |_| changed = true);
        if changed {
            let value = |index| self.driven.value(index);
            self.gains.set(fader_gains(value(send_param::LEVEL), value(send_param::PAN), BALANCE));
            self.mute.go(if value(send_param::MUTE) >= 0.5 { 0.0 } else { 1.0 });
        }
    }
}
