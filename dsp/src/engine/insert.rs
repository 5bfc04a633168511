//! An insert slot: one processor with its values, its lanes, its bypass and the dry signal that stands in for it.
//!
//! The dry signal is delayed by the processor's latency, so that a bypass changes no timing and a cross-fade does not comb. A bypassed
//! processor does not run; it starts from its reset state when it comes back. What is not a finite number never leaves a slot.

use alloc::boxed::Box;
use alloc::string::String;

use super::automation::Driven;
use super::block::{StereoBlock, is_finite};
use super::comparison::Comparison;
use super::context::Context;
use super::delay::DelayLine;
use super::ramp::{Ramp, SWITCH_MS};
use super::timeline::Run;
use crate::params::Flags;
use crate::processors::{Key, Processor, Stereo};
use crate::protocol::{Event, InsertId, Listen, StripId};
use crate::units::ms_to_frames;

/// Makes a processor from its id and the rate.
pub type BuildProcessor = fn(&str, f64) -> Option<Box<dyn Processor>>;

/// See the module's text.
pub struct InsertSlot {
    pub id: InsertId,
    pub processor_id: String,
    pub driven: Driven,
    /// The strip that it listens to.
    pub key: Option<StripId>,
    /// That strip's output in this block, aligned with the slot's input.
    pub key_block: StereoBlock,
    pub key_delay: DelayLine,
    /// `None` for a processor that this engine does not know: the slot passes audio through.
    processor: Option<Box<dyn Processor>>,
    latency_frames: usize,
    bypassed: bool,
    leaving: bool,
    /// Share of the processor's output against the dry signal.
    wet: Ramp,
    /// The processor is to start from its reset state before it runs again.
    stale: bool,
    dry_delay: DelayLine,
    dry: StereoBlock,
    repair_told: bool,
    /// While somebody compares.
    comparison: Option<Box<Comparison>>,
    /// It goes as soon as it is not heard.
    ends_comparison: bool,
}

impl InsertSlot {
    /// A slot with this processor at these values, not yet heard.
    pub fn new(id: InsertId, processor_id: String, values: &[f32], build: BuildProcessor, rate_hz: f64) -> Self {
        let processor = build(&processor_id, rate_hz);
        let specs = processor.as_ref().map_or(&[][..], |processor| processor.spec().params);
        let fade_frames = ms_to_frames(SWITCH_MS, rate_hz);
        let mut slot = Self {
            id,
            processor_id,
            driven: Driven::new(specs, rate_hz),
            key: None,
            key_block: StereoBlock::new(),
            key_delay: DelayLine::new(fade_frames),
            processor,
            latency_frames: 0,
            bypassed: true,
            leaving: false,
            wet: Ramp::new(0.0, fade_frames),
            stale: true,
            dry_delay: DelayLine::new(fade_frames),
            dry: StereoBlock::new(),
            repair_told: false,
            comparison: None,
            ends_comparison: false,
        };
        slot.driven.set_targets(values);
        slot.start_processor(0);
        slot.take_latency();
        slot
    }

    /// Frames by which the slot's output is late, bypassed or not.
    pub fn latency_frames(&self) -> usize {
        if self.leaving { 0 } else { self.latency_frames }
    }

    /// How long it sounds after silence goes in.
    pub fn tail_frames(&self) -> usize {
        self.processor.as_ref().map_or(0, |processor| processor.tail_frames())
    }

    /// A parameter's new target; `true` when the slot's latency changed with it.
    pub fn set_target(&mut self, index: usize, value: f32) -> bool {
        self.driven.set_target(index, value);
        let affects_latency = self.driven.specs().get(index).is_some_and(|spec| spec.flags.has(Flags::AFFECTS_LATENCY));
        affects_latency && self.hand_over_and_take_latency()
    }

    /// All targets; `true` when the latency changed.
    pub fn set_targets(&mut self, values: &[f32]) -> bool {
        self.driven.set_targets(values);
        let affects_latency = self.driven.specs().iter().any(|spec| spec.flags.has(Flags::AFFECTS_LATENCY));
        affects_latency && self.hand_over_and_take_latency()
    }

    /// Cross-fades to the dry signal or back.
    pub fn set_bypassed(&mut self, bypassed: bool) {
        self.bypassed = bypassed;
        self.fade();
    }

    /// Compares the processor with what goes into it, or ends that; takes and gives back memory.
    pub fn compare(&mut self, listen: Option<Listen>, rate_hz: f64) {
        match listen {
            Some(listen) => {
                self.comparison.get_or_insert_with(|| Box::new(Comparison::new(rate_hz))).listen(listen);
                self.ends_comparison = false;
            }
            None => {
                self.comparison.iter_mut().for_each(|comparison| comparison.listen(Listen::Through));
                self.ends_comparison = true;
            }
        }
    }

    /// Gives the memory of a comparison that has ended back; between blocks.
    pub fn drop_ended_comparison(&mut self) {
        if self.ends_comparison && self.comparison.as_ref().is_none_or(|comparison| comparison.is_idle()) {
            self.comparison = None;
            self.ends_comparison = false;
        }
    }

    /// What is heard of it, where it is compared.
    pub fn listens(&self) -> Option<Listen> {
        self.comparison.as_ref().map(|comparison| comparison.listens())
    }

    /// Something upstream or here changed.
    pub fn restart_comparison(&mut self) {
        self.comparison.iter_mut().for_each(|comparison| comparison.restart());
    }

    /// What the way around is turned by, dB.
    pub fn match_db(&self) -> Option<f64> {
        self.comparison.as_ref().and_then(|comparison| comparison.match_db())
    }

    /// Fades out for good; see [`InsertSlot::is_gone`].
    pub fn leave(&mut self) {
        self.leaving = true;
        self.fade();
        if self.wet.rests_at(0.0) {
            self.dry_delay.set_frames(0);
        }
    }

    /// Whether it has left and can be taken out unheard.
    pub fn is_gone(&self) -> bool {
        self.leaving && self.wet.rests_at(0.0) && self.dry_delay.is_settled()
    }

    /// Whether it is on its way out.
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }

    /// Starts from nothing at this position, all fades at their ends.
    pub fn reset(&mut self, position: i64) {
        self.wet.snap();
        if self.leaving {
            self.dry_delay.set_frames(0);
        }
        self.dry_delay.reset();
        self.key_delay.reset();
        self.start_processor(position);
        self.repair_told = false;
        self.restart_comparison();
    }

    /// Lowest gain reduction since the last call.
    pub fn take_reduction_db(&mut self) -> f32 {
        match &mut self.processor {
            Some(processor) if !self.wet.rests_at(0.0) => processor.take_reduction_db(),
            _ => 0.0,
        }
    }

    /// The same of each band, as of that call; empty for processors without bands, and while it is not heard.
    pub fn band_reductions_db(&self) -> &[f32] {
        match &self.processor {
            Some(processor) if !self.wet.rests_at(0.0) => processor.band_reductions_db(),
            _ => &[],
        }
    }

    /// Takes the key's block in.
    pub fn take_key(&mut self, from: &StereoBlock) {
        self.key_block.copy_from(from);
        self.key_delay.process(&mut self.key_block.left, &mut self.key_block.right);
    }

    /// Changes a block in place; `latency_frames` lies upstream of the slot.
    pub fn process(&mut self, block: &mut StereoBlock, latency_frames: usize, context: &mut Context<'_>) {
        if self.is_gone() {
            return;
        }
        for run in context.timeline.runs(latency_frames) {
            let mut done = 0;
            while done < run.frames {
                done += self.process_grain(block, &run, done, context);
            }
        }
        if self.leaving && self.wet.rests_at(0.0) {
            self.dry_delay.set_frames(0);
        }
    }

    fn process_grain(&mut self, block: &mut StereoBlock, run: &Run, done: usize, context: &mut Context<'_>) -> usize {
        let asleep = self.wet.rests_at(0.0) || self.processor.is_none();
        if !asleep && self.stale {
            self.start_processor(run.position_of(done) - 1);
        }
        let frames = if asleep { run.frames - done } else { self.driven.prepare(run, done, false) };
        let from = run.offset + done;
        let (left, right) = (&mut block.left[from..from + frames], &mut block.right[from..from + frames]);
        let (dry_left, dry_right) = (&mut self.dry.left[..frames], &mut self.dry.right[..frames]);
        dry_left.copy_from_slice(left);
        dry_right.copy_from_slice(right);
        self.dry_delay.process(dry_left, dry_right);
        let wet = !asleep && self.run_processor(left, right, from, context);
        if wet {
            self.mix(left, right);
            if let Some(comparison) = &mut self.comparison {
                comparison.process([&self.dry.left[..frames], &self.dry.right[..frames]], [left, right], context.change, from);
            }
        } else {
            self.wet.advance(frames);
            left.copy_from_slice(&self.dry.left[..frames]);
            right.copy_from_slice(&self.dry.right[..frames]);
        }
        self.stale |= asleep;
        frames
    }

    /// Runs the processor; `false` when its output was of no use and it was reset.
    fn run_processor(&mut self, left: &mut [f32], right: &mut [f32], from: usize, context: &mut Context<'_>) -> bool {
        let Some(processor) = &mut self.processor else {
            return false;
        };
        self.driven.advance(left.len(), |change| processor.set(change.index, change.value));
        let end = from + left.len();
        let key = self.key.map(|_| Key { left: &self.key_block.left[from..end], right: &self.key_block.right[from..end] });
        processor.process(Stereo { left, right }, key);
        if is_finite(left) && is_finite(right) {
            return true;
        }
        processor.reset();
        *context.repaired = context.repaired.saturating_add(1);
        if !self.repair_told {
            self.repair_told = true;
            context.events.push(Event::Repaired { insert: self.id });
        }
        false
    }

    fn mix(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.wet.rests_at(1.0) {
            return;
        }
        let dry = self.dry.left.iter().zip(&self.dry.right);
        for ((left, right), (dry_left, dry_right)) in left.iter_mut().zip(right).zip(dry) {
            let share = self.wet.tick();
            *left = dry_left + share * (*left - dry_left);
            *right = dry_right + share * (*right - dry_right);
        }
    }

    /// A processor that comes in late is faded in once its output is there.
    fn fade(&mut self) {
        let to = if self.bypassed || self.leaving { 0.0 } else { 1.0 };
        let wait = if self.wet.rests_at(0.0) { self.latency_frames } else { 0 };
        self.wet.go_after(to, wait);
    }

    fn start_processor(&mut self, position: i64) {
        self.driven.snap(position);
        if let Some(processor) = &mut self.processor {
            self.driven.advance(0, |change| processor.set(change.index, change.value));
            processor.reset();
        }
        self.stale = false;
    }

    fn hand_over_and_take_latency(&mut self) -> bool {
        if let Some(processor) = &mut self.processor {
            self.driven.advance(0, |change| processor.set(change.index, change.value));
        }
        self.take_latency()
    }

    fn take_latency(&mut self) -> bool {
        let latency = self.processor.as_ref().map_or(0, |processor| processor.latency_frames());
        let changed = latency != self.latency_frames;
        self.latency_frames = latency;
        self.dry_delay.set_frames(latency);
        changed
    }
}
