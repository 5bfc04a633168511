//! A strip of the console: input → trim and polarity → inserts → (pre sends) → width → fader, pan and mute → (post sends, keys) → output.
//!
//! Trim and polarity stand before the inserts, everything else behind them; so the two halves read their automation at positions that lie
//! the inserts' latency apart.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::automation::Driven;
use super::block::StereoBlock;
use super::context::Context;
use super::controls::{STRIP_PARAMS, strip_param};
use super::declick::Declick;
use super::delay::DelayLine;
use super::edge::Edge;
use super::fader::Fader;
use super::gain_stage::{GainPair, apply_ramp};
use super::insert::InsertSlot;
use super::player::Player;
use super::ramp::{Ramp, SWITCH_MS};
use super::send::Send;
use super::strip_meter::StripMeters;
use crate::protocol::{Event, StripId, StripKind, TapPoint};
use crate::units::{db_to_gain, ms_to_frames};

/// What a meter is shown of a strip that solo silences.
static SILENCE: StereoBlock = StereoBlock::new();

/// See [`Strip::before`].
pub struct Before {
    pub block: StereoBlock,
    pub delay: DelayLine,
}

/// See the module's text.
pub struct Strip {
    pub id: StripId,
    pub kind: StripKind,
    /// A group; `None` is the master.
    pub output: Option<StripId>,
    pub inserts: Vec<InsertSlot>,
    /// Ascending by id.
    pub sends: Vec<Send>,
    pub out_edge: Edge,
    pub meter: StripMeters,
    /// Of audio strips.
    pub player: Player,
    /// Sum of what comes in.
    pub input: StereoBlock,
    /// What goes out, after the fader.
    pub out: StereoBlock,
    /// What goes out before the fader, muted with the strip.
    pub pre: StereoBlock,
    pub input_declick: Declick,
    pub insert_declick: Declick,
    /// Aligns the player with keys that come in late.
    pub player_delay: DelayLine,
    /// Latency upstream of the trim, in frames.
    pub latency_frames: usize,
    /// How long what comes in sounds after silence went into the tracks.
    pub tail_before_frames: usize,
    /// Inserts of other strips that listen to this one: (strip, slot).
    pub key_taps: Vec<(usize, usize)>,
    /// Of the master: what goes into its inserts, as late as what comes out.
    pub before: Option<Box<Before>>,
    head: Driven,
    trim: GainPair,
    polarity: Ramp,
    fader: Fader,
}

impl Strip {
    /// A strip at its defaults.
    pub fn new(id: StripId, kind: StripKind, rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(SWITCH_MS, rate_hz);
        let mut strip = Self {
            id,
            kind,
            output: None,
            inserts: Vec::new(),
            sends: Vec::new(),
            out_edge: Edge::new(rate_hz),
            meter: StripMeters::new(rate_hz),
            player: Player::new(rate_hz),
            input: StereoBlock::new(),
            out: StereoBlock::new(),
            pre: StereoBlock::new(),
            input_declick: Declick::new(fade_frames),
            insert_declick: Declick::new(fade_frames),
            player_delay: DelayLine::new(fade_frames),
            latency_frames: 0,
            tail_before_frames: 0,
            key_taps: Vec::new(),
            before: (kind == StripKind::Master).then(|| Box::new(Before { block: StereoBlock::new(), delay: DelayLine::new(fade_frames) })),
            head: Driven::new(STRIP_PARAMS, rate_hz),
            trim: GainPair::default(),
            polarity: Ramp::new(1.0, fade_frames),
            fader: Fader::new(rate_hz),
        };
        strip.reset_controls(0);
        strip
    }

    /// The values of one of the strip's parameters.
    pub fn driven(&mut self, index: usize) -> &mut Driven {
        if matches!(index, strip_param::TRIM | strip_param::POLARITY) { &mut self.head } else { &mut self.fader.driven }
    }

    /// Whether a switch of [`strip_param`] is on.
    pub fn switch(&self, index: usize) -> bool {
        self.fader.driven.target(index) >= 0.5
    }

    /// Latency of the inserts before slot `place`.
    pub fn inserts_latency_frames(&self, place: usize) -> usize {
        self.inserts[..place].iter().map(InsertSlot::latency_frames).sum()
    }

    /// Latency of everything up to the strip's output.
    pub fn output_latency_frames(&self) -> usize {
        self.latency_frames + self.inserts_latency_frames(self.inserts.len())
    }

    /// The inserts' latency changed.
    pub fn align_before(&mut self) {
        let latency_frames = self.inserts_latency_frames(self.inserts.len());
        if let Some(before) = &mut self.before {
            before.delay.set_frames(latency_frames);
        }
    }

    /// Starts from nothing, with the timeline's players at `position`; all fades at their ends.
    pub fn reset(&mut self, position: u64) {
        let at = |latency_frames: usize| position as i64 - latency_frames as i64 - 1;
        let mut latency_frames = self.latency_frames;
        self.reset_controls(at(latency_frames));
        for slot in &mut self.inserts {
            slot.reset(at(latency_frames));
            latency_frames += slot.latency_frames();
        }
        self.fader.reset(at(latency_frames));
        for send in &mut self.sends {
            send.reset(at(latency_frames));
        }
        self.out_edge.reset();
        self.player.reset();
        self.player_delay.reset();
        self.before.iter_mut().for_each(|before| before.delay.reset());
        self.input_declick.reset();
        self.insert_declick.reset();
        self.input.clear();
    }

    /// Fades and delays go to their ends at once: nothing is heard.
    pub fn snap_connections(&mut self) {
        self.out_edge.reset();
        self.player_delay.reset();
        for send in &mut self.sends {
            send.edge.reset();
        }
        for slot in &mut self.inserts {
            slot.key_delay.reset();
        }
    }

    /// Turns `input` into `pre`, `out` and the sends' blocks.
    pub fn process(&mut self, context: &mut Context<'_>) {
        if self.kind == StripKind::Audio {
            self.player_delay.process(&mut self.input.left, &mut self.input.right);
        }
        self.input_declick.process(&mut self.input.left, &mut self.input.right);
        self.process_head(context);
        *context.repaired = context.repaired.saturating_add(self.input.silence_non_finite());
        context.taps.take(TapPoint::Head(self.id), &self.input);
        let latency_frames = self.process_inserts(context);
        if context.is_read {
            self.meter.take_pre(&self.input);
        }
        let pre = self.sends.iter().any(|send| send.pre).then_some(&mut self.pre);
        self.fader.process(&mut self.input, pre, &mut self.out, latency_frames, context);
        *context.repaired = context.repaired.saturating_add(self.out.silence_non_finite());
        for send in &mut self.sends {
            send.process(if send.pre { &self.pre } else { &self.out }, latency_frames, context);
        }
        context.taps.take(TapPoint::Strip(self.id), &self.out);
        if context.is_read {
            self.measure(context);
        }
        self.input.clear();
    }

    fn measure(&mut self, context: &mut Context<'_>) {
        let is_heard = self.kind == StripKind::Master || self.out_edge.gate() > 0.0;
        if self.meter.take_post(if is_heard { &self.out } else { &SILENCE }) {
            context.events.push(Event::Clipped { strip: self.id });
        }
    }

    fn process_head(&mut self, context: &Context<'_>) {
        for run in context.timeline.runs(self.latency_frames) {
            let mut done = 0;
            while done < run.frames {
                let frames = self.head.prepare(&run, done, false);
                self.take_head_changes(frames);
                let (from, to) = (run.offset + done, run.offset + done + frames);
                let (left, right) = (&mut self.input.left[from..to], &mut self.input.right[from..to]);
                self.trim.process(left, right);
                apply_ramp(&mut self.polarity, left, right);
                done += frames;
            }
        }
    }

    /// Runs the inserts over `input` and tells the latency behind them.
    fn process_inserts(&mut self, context: &mut Context<'_>) -> usize {
        let mut latency_frames = self.latency_frames;
        if let Some(before) = &mut self.before {
            before.block.copy_from(&self.input);
            before.delay.process(&mut before.block.left, &mut before.block.right);
        }
        for slot in &mut self.inserts {
            context.taps.take(TapPoint::BeforeInsert(slot.id), &self.input);
            slot.process(&mut self.input, latency_frames, context);
            context.taps.take(TapPoint::AfterInsert(slot.id), &self.input);
            latency_frames += slot.latency_frames();
        }
        self.insert_declick.process(&mut self.input.left, &mut self.input.right);
        latency_frames
    }

    fn reset_controls(&mut self, position: i64) {
        self.head.snap(position);
        self.take_head_changes(0);
        self.trim.snap();
        self.polarity.snap();
        self.fader.reset(position);
    }

    fn take_head_changes(&mut self, frames: usize) {
        let mut changed = false;
        self.head.advance(frames, |_| changed = true);
        if changed {
            let trim = db_to_gain(f64::from(self.head.value(strip_param::TRIM))) as f32;
            self.trim.set([trim; 2]);
            self.polarity.go(if self.head.value(strip_param::POLARITY) >= 0.5 { -1.0 } else { 1.0 });
        }
    }
}
