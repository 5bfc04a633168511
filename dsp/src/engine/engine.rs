//! The engine: everything between the feed's blocks and the two channels that a listener hears or an export keeps.
//!
//! Between two blocks the host hands it commands and the feed's next block; [`Engine::render_block`] then renders one block without
//! taking memory, waiting or failing. The sound before the monitor stage ([`Engine::tap`]) is the mix, the sound after it
//! ([`Engine::output`]) is what goes to the speakers.

use alloc::vec;
use alloc::vec::Vec;

use super::block::StereoBlock;
use super::context::Context;
use super::events::EventQueue;
use super::graph;
use super::insert::BuildProcessor;
use super::master_meters::MasterMeters;
use super::player::FeedBlock;
use super::strip::Strip;
use super::taps::Taps;
use super::telemetry::Recorder;
use super::timeline::Timeline;
use super::transport::{Change, Phase, Transport};
use super::{BLOCK_FRAMES, latency, solo};
use crate::monitor::{Heard, Monitor};
use crate::processors;
use crate::protocol::feed::{BlockHeader, SLOT_HEADER_WORDS, slot_words};
use crate::protocol::{Event, StripKind};
use crate::units::db_to_gain;

/// A stopped engine rests when it has been below this level, in dBFS, for [`REST_SECONDS`] and the tails' length.
const REST_LEVEL_DB: f64 = -120.0;
/// See [`REST_LEVEL_DB`]; longer than the window of the short-term loudness, so that the meters come to rest on silence.
const REST_SECONDS: f64 = 3.5;

/// What an engine is made for.
#[derive(Clone, Copy)]
pub struct EngineOptions {
    /// Most tracks in a block of the feed.
    pub feed_tracks: usize,
    /// All strips are heard, whatever is soloed: for exports.
    pub ignore_solo: bool,
    /// Makes the processors.
    pub build: BuildProcessor,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { feed_tracks: 1, ignore_solo: false, build: processors::build }
    }
}

/// See the module's text.
pub struct Engine {
    pub(super) rate_hz: f64,
    pub(super) options: EngineOptions,
    /// Ascending by id.
    pub(super) strips: Vec<Strip>,
    order: Vec<usize>,
    pub(super) timeline: Timeline,
    pub(super) transport: Transport,
    input: Vec<u32>,
    has_input: bool,
    tap: StereoBlock,
    tap_frames: usize,
    output: StereoBlock,
    /// A reference's next block, which the host lays here.
    reference: StereoBlock,
    /// What the insert that is listened to changes.
    change: StereoBlock,
    pub(super) monitor: Monitor,
    pub(super) master_meters: MasterMeters,
    pub(super) recorder: Recorder,
    pub(super) taps: Taps,
    pub(super) events: EventQueue,
    pub(super) repaired: u32,
    pub(super) latency_frames: usize,
    tail_frames: usize,
    /// Frames of quiet since anything was heard or told.
    pub(super) quiet_frames: usize,
    /// Frames of quiet after which a stopped engine rests.
    rest_frames: usize,
    pub(super) host_readings: [u32; 2],
    /// Whether somebody reads meters and hears the monitor stage.
    pub(super) is_read: bool,
}

impl Engine {
    /// An engine without strips, stopped at frame 0.
    pub fn new(rate_hz: f64, options: EngineOptions) -> Self {
        let mut engine = Self {
            rate_hz,
            options,
            strips: Vec::new(),
            order: Vec::new(),
            timeline: Timeline::new(),
            transport: Transport::new(rate_hz),
            input: Vec::new(),
            has_input: false,
            tap: StereoBlock::new(),
            tap_frames: 0,
            output: StereoBlock::new(),
            reference: StereoBlock::new(),
            change: StereoBlock::new(),
            monitor: Monitor::new(rate_hz),
            master_meters: MasterMeters::new(rate_hz),
            recorder: Recorder::new(rate_hz),
            taps: Taps::new(),
            events: EventQueue::new(),
            repaired: 0,
            latency_frames: 0,
            tail_frames: 0,
            quiet_frames: usize::MAX,
            rest_frames: 0,
            host_readings: [0; 2],
            is_read: true,
        };
        engine.set_feed_tracks(options.feed_tracks);
        engine
    }

    /// The sample rate.
    pub fn rate_hz(&self) -> f64 {
        self.rate_hz
    }

    /// From now on only the mix is kept: no meter is computed, no monitor stage runs, and records tell of inserts alone. For exports, whose
    /// file is measured by itself.
    pub fn keep_only_the_mix(&mut self) {
        self.is_read = false;
    }

    /// Makes room for blocks of this many tracks.
    pub fn set_feed_tracks(&mut self, tracks: usize) {
        self.options.feed_tracks = tracks;
        self.input = vec![0; slot_words(tracks)];
        self.has_input = false;
    }

    /// The block (generation, sequence) that the next [`Engine::render_block`] wants; `None` when it needs none.
    pub fn wanted_block(&self) -> Option<(u32, u32)> {
        self.transport.wanted()
    }

    /// Where the host copies the wanted block's slot.
    pub fn input_mut(&mut self) -> &mut [u32] {
        &mut self.input
    }

    /// The wanted block lies in the input; `false` when it is another one, which counts as missing.
    pub fn block_arrived(&mut self) -> bool {
        let header = BlockHeader::from_words(&self.input);
        self.has_input = self.input.len() > SLOT_HEADER_WORDS && self.wanted_block() == Some((header.generation, header.sequence));
        self.has_input
    }

    /// The wanted block is not there: the engine holds over the next block.
    pub fn block_missing(&mut self) {
        self.has_input = false;
    }

    /// Renders one block; neither takes memory nor waits nor fails.
    pub fn render_block(&mut self) {
        let has_input = core::mem::take(&mut self.has_input);
        self.tap_frames = 0;
        match self.transport.phase {
            Phase::Playing(_) if has_input => self.render_feed(),
            Phase::Playing(_) => self.hold(),
            Phase::Stopped if self.quiet_frames > self.rest_frames => self.rest(),
            Phase::Stopped | Phase::Ended { .. } => self.render_silence(),
        }
        if self.transport.change.is_some() && self.monitor.is_silent() {
            self.commit_change();
        }
        if self.recorder.count_block() {
            self.write_record();
        }
    }

    /// Where the host lays a reference's block before [`Engine::render_block`], left and right; it is heard through the monitor stage only.
    pub fn reference_mut(&mut self) -> (&mut [f32], &mut [f32]) {
        (&mut self.reference.left, &mut self.reference.right)
    }

    /// The last block after the monitor stage, left and right.
    pub fn output(&self) -> (&[f32], &[f32]) {
        (&self.output.left, &self.output.right)
    }

    /// The last block of the mix, before the monitor stage, left and right.
    pub fn tap(&self) -> (&[f32], &[f32]) {
        (&self.tap.left, &self.tap.right)
    }

    /// How many frames of the tap belong to the play: none while it holds, waits or is stopped.
    pub fn tap_frames(&self) -> usize {
        self.tap_frames
    }

    /// Frames by which the mix is late against the timeline; an export leaves as many out at its beginning.
    pub fn latency_frames(&self) -> usize {
        self.latency_frames
    }

    /// How long the mix sounds after the last clip, in frames, latency not counted: the sum over the longest path.
    pub fn tail_frames(&self) -> usize {
        self.tail_frames
    }

    /// The timeline frame right after what was rendered, at the players.
    pub fn position(&self) -> u64 {
        self.timeline.position()
    }

    /// The oldest event that was not taken yet.
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop()
    }

    /// Whether sound may be running through: changes must not be heard as jumps.
    pub(super) fn is_live(&self) -> bool {
        self.transport.phase != Phase::Stopped || self.quiet_frames <= self.rest_frames
    }

    /// Takes the transport's change into effect; the monitor is silent.
    pub(super) fn commit_change(&mut self) {
        let change = self.transport.change;
        self.transport.commit();
        self.monitor.shut();
        match change {
            Some(Change::Stop) => {
                let position = self.transport.stand_at.take().unwrap_or_else(|| self.timeline.position());
                self.timeline.stand(position);
                self.quiet_frames = 0;
            }
            Some(Change::Play(_)) | None => {}
        }
    }

    /// Routing, latencies or inserts changed: finds order, delays and open connections anew.
    pub(super) fn lay_out(&mut self) {
        self.order = graph::render_order(&self.strips);
        self.latency_frames = latency::compensate(&mut self.strips, &self.order);
        self.connect_keys();
        self.strips.iter_mut().for_each(Strip::align_before);
        self.tail_frames = latency::longest_tail(&mut self.strips, &self.order);
        self.rest_frames = (REST_SECONDS * self.rate_hz) as usize + self.latency_frames + self.tail_frames;
        self.apply_solo();
    }

    /// Solo changed.
    pub(super) fn apply_solo(&mut self) {
        solo::apply(&mut self.strips, &self.order, self.options.ignore_solo);
        if !self.is_live() {
            self.strips.iter_mut().for_each(Strip::snap_connections);
        }
    }

    fn connect_keys(&mut self) {
        self.strips.iter_mut().for_each(|strip| strip.key_taps.clear());
        for index in 0..self.strips.len() {
            for place in 0..self.strips[index].inserts.len() {
                let key = self.strips[index].inserts[place].key.and_then(|id| graph::index_of(&self.strips, id));
                if let Some(key) = key {
                    self.strips[key].key_taps.push((index, place));
                }
            }
        }
    }

    fn render_feed(&mut self) {
        let header = BlockHeader::from_words(&self.input);
        let starts_fresh = matches!(self.transport.phase, Phase::Playing(playing) if playing.fresh);
        if starts_fresh {
            self.reset(header.start);
        }
        if header.sequence == 0 {
            self.events.push(Event::Started { generation: header.generation });
        }
        if self.transport.go_on() {
            self.tell_starved();
        }
        self.timeline.follow(&header);
        self.render_strips(Some(header));
        self.transport.went_on(&header, self.latency_frames + header.frames as usize);
        if header.is_last {
            self.tail_frames = latency::longest_tail(&mut self.strips, &self.order);
        }
        self.tap_frames = BLOCK_FRAMES;
        self.end_block();
    }

    fn render_silence(&mut self) {
        self.render_strips(None);
        if self.transport.phase != Phase::Stopped {
            self.tap_frames = BLOCK_FRAMES;
        }
        self.end_block();
    }

    /// Counts an ended play's last frames out and passes the block to the monitor.
    fn end_block(&mut self) {
        if let Phase::Ended { left_frames, .. } = &mut self.transport.phase
            && *left_frames > 0
        {
            *left_frames = left_frames.saturating_sub(BLOCK_FRAMES);
            if *left_frames == 0 {
                self.events.push(Event::Ended);
            }
        }
        self.timeline.next_block();
        let is_quiet = self.tap.peaks().into_iter().all(|peak| f64::from(peak) < db_to_gain(REST_LEVEL_DB));
        self.quiet_frames = if is_quiet { self.quiet_frames.saturating_add(BLOCK_FRAMES) } else { 0 };
        if self.is_read {
            self.master_meters.process(&self.tap);
            self.monitor.open(self.transport.change.is_none());
            let before = self.strips.iter().find_map(|strip| strip.before.as_ref()).map_or(&self.tap, |before| &before.block);
            let sources = Heard { mix: &self.tap, before, reference: &self.reference, change: &self.change };
            self.monitor.process(&sources, &mut self.output);
        }
    }

    fn hold(&mut self) {
        if self.transport.hold() {
            self.tell_starved();
        }
        self.rest();
    }

    fn tell_starved(&mut self) {
        self.events.push(Event::Starved { count: self.transport.starved });
    }

    /// Nothing moves and nothing is heard.
    fn rest(&mut self) {
        self.tap.clear();
        self.monitor.rest(&mut self.output);
    }

    fn reset(&mut self, position: u64) {
        self.timeline.restart(position);
        self.strips.iter_mut().for_each(|strip| strip.reset(position));
        self.monitor.shut();
        self.monitor.restart_matches();
    }

    fn render_strips(&mut self, header: Option<BlockHeader>) {
        self.tap.clear();
        self.change.clear();
        for at in 0..self.order.len() {
            let index = self.order[at];
            self.play_track(index, header);
            let mut context = Context {
                timeline: &self.timeline,
                events: &mut self.events,
                repaired: &mut self.repaired,
                is_read: self.is_read,
                taps: &mut self.taps,
                change: &mut self.change,
            };
            self.strips[index].process(&mut context);
            if self.strips[index].kind == StripKind::Master {
                self.tap.copy_from(&self.strips[index].out);
            }
            self.carry(index);
        }
    }

    /// Fills an audio strip's input from the feed.
    fn play_track(&mut self, index: usize, header: Option<BlockHeader>) {
        let strip = &mut self.strips[index];
        if let Some(header) = header
            && strip.kind == StripKind::Audio
        {
            let feed = FeedBlock { header, words: &self.input, tracks: self.options.feed_tracks };
            let silenced = strip.player.render(strip.id, &feed, &self.timeline, &mut strip.input);
            self.repaired = self.repaired.saturating_add(silenced);
        }
    }

    /// Carries a strip's sound to where it goes.
    fn carry(&mut self, index: usize) {
        if let Some(to) = graph::output_of(&self.strips, index)
            && let Ok([from, to]) = self.strips.get_disjoint_mut([index, to])
        {
            from.out_edge.carry(&from.out, &mut to.input);
        }
        for send in 0..self.strips[index].sends.len() {
            let to = graph::index_of(&self.strips, self.strips[index].sends[send].to);
            if let Some(to) = to
                && let Ok([from, to]) = self.strips.get_disjoint_mut([index, to])
            {
                let send = &mut from.sends[send];
                send.edge.carry(&send.block, &mut to.input);
            }
        }
        for tap in 0..self.strips[index].key_taps.len() {
            let (to, place) = self.strips[index].key_taps[tap];
            if let Ok([from, to]) = self.strips.get_disjoint_mut([index, to])
                && let Some(slot) = to.inserts.get_mut(place)
            {
                slot.take_key(&from.out);
            }
        }
    }
}
