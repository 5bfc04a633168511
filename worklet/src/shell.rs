//! The engine with what stands around it in the worklet: commands that wait, the quantum, the interleaved tap, and what a render keeps.

use std::collections::VecDeque;
use std::ops::Range;

use dsp::engine::{BLOCK_FRAMES, Engine, EngineOptions, Excerpt, Limiting};
use dsp::protocol::feed::BlockHeader;
use dsp::protocol::taps::SLOTS;
use dsp::protocol::{Command, Event};

use crate::memory;
use crate::reference::Reference;

/// Words of the buffer for messages; the page makes none longer.
pub const MESSAGE_WORDS: usize = 1 << 14;

/// See the module's text.
pub struct Shell {
    pub engine: Engine,
    /// Commands one after the other, in postcard.
    pub snapshot: Vec<u8>,
    pub message: Box<[u32]>,
    /// Commands that did not fit into the pool, in order.
    waiting: VecDeque<Command>,
    pub dropped_events: u32,
    quantum: Vec<f32>,
    /// A quantum of the node's input, left then right.
    reference_input: Vec<f32>,
    reference: Reference,
    pub tap: Box<[f32]>,
    /// Per slot of the taps: number, frames.
    pub tap_counts: Box<[u32]>,
    excerpt: Option<Excerpt>,
    pub kept: Range<usize>,
    /// The insert that is watched while a render is kept, and what it did.
    watched: u32,
    limiting: Limiting,
    pub limiting_words: [u32; 4],
    refused: Option<Event>,
}

impl Shell {
    /// A shell around an empty engine.
    pub fn new(rate_hz: f64, feed_tracks: usize, ignore_solo: bool) -> Self {
        Self {
            engine: Engine::new(rate_hz, EngineOptions { feed_tracks, ignore_solo, ..EngineOptions::default() }),
            snapshot: Vec::new(),
            message: vec![0; MESSAGE_WORDS].into_boxed_slice(),
            waiting: VecDeque::new(),
            dropped_events: 0,
            quantum: Vec::new(),
            reference_input: Vec::new(),
            reference: Reference::default(),
            tap: vec![0.0; 2 * BLOCK_FRAMES].into_boxed_slice(),
            tap_counts: vec![0; 2 * SLOTS].into_boxed_slice(),
            excerpt: None,
            kept: 0..0,
            watched: 0,
            limiting: Limiting::default(),
            limiting_words: [0; 4],
            refused: None,
        }
    }

    /// Carries out the snapshot and forgets it.
    pub fn load(&mut self) -> bool {
        let snapshot = std::mem::take(&mut self.snapshot);
        let mut rest = snapshot.as_slice();
        while !rest.is_empty() {
            let Ok((command, after)) = postcard::take_from_bytes(rest) else {
                return false;
            };
            self.engine.apply(command);
            rest = after;
        }
        true
    }

    fn message_bytes(&mut self) -> &mut [u8] {
        // SAFETY: the words are initialised, bytes have no alignment, and the borrow is exclusive.
        unsafe { std::slice::from_raw_parts_mut(self.message.as_mut_ptr().cast(), 4 * MESSAGE_WORDS) }
    }

    /// Carries out the command in the message buffer, or keeps it until the transport stands.
    pub fn take_command(&mut self, bytes: usize) {
        let Some(Ok(command)) = self.message_bytes().get(..bytes).map(postcard::from_bytes::<Command>) else {
            self.refused = Some(Event::Refused { waiting: self.waiting.len() as u32 });
            return;
        };
        let is_tight = !self.waiting.is_empty() || memory::headroom_bytes() < memory::RESERVE_BYTES;
        if !is_tight || !self.is_rolling() {
            self.engine.apply(command);
            return;
        }
        match command {
            Command::Play { .. } | Command::Stop | Command::Locate { .. } | Command::SetMonitor { .. } | Command::SetTap { .. } => {
                self.engine.apply(command);
            }
            // Now for what exists, and later for what waits.
            Command::SetParam { .. } => {
                self.engine.apply(command.clone());
                self.waiting.push_back(command);
            }
            _ => {
                self.waiting.push_back(command);
                self.refused = Some(Event::Refused { waiting: self.waiting.len() as u32 });
            }
        }
    }

    fn is_rolling(&self) -> bool {
        self.engine.wanted_block().is_some()
    }

    /// Grows the pool and carries out what waits; the transport stands.
    fn catch_up(&mut self) {
        memory::fill_pool();
        while let Some(command) = self.waiting.pop_front() {
            self.engine.apply(command);
        }
    }

    /// Puts an event into the message buffer; gives its length.
    pub fn take_event(&mut self) -> usize {
        let Some(event) = self.refused.take().or_else(|| self.engine.next_event()) else {
            return 0;
        };
        postcard::to_slice(&event, self.message_bytes()).map_or(0, |bytes| bytes.len())
    }

    /// Takes the block in the input.
    pub fn block_arrived(&mut self) -> bool {
        let header = BlockHeader::from_words(self.engine.input_mut());
        let arrived = self.engine.block_arrived();
        if arrived && let Some(excerpt) = &mut self.excerpt {
            excerpt.feed(&header);
        }
        arrived
    }

    /// Renders a block.
    pub fn render_block(&mut self) {
        if !self.waiting.is_empty() && !self.is_rolling() {
            self.catch_up();
        }
        self.engine.set_host_readings(u32::try_from(memory::headroom_bytes()).unwrap_or(u32::MAX), self.dropped_events);
        self.reference.take(self.engine.reference_mut());
        self.engine.render_block();
        let (left, right) = self.engine.tap();
        for ((frame, left), right) in self.tap.chunks_exact_mut(2).zip(left).zip(right) {
            frame[0] = *left;
            frame[1] = *right;
        }
        for (counts, (number, written, _)) in self.tap_counts.chunks_exact_mut(2).zip(self.engine.taps()) {
            counts.copy_from_slice(&[number, written]);
        }
        if let Some(excerpt) = &mut self.excerpt {
            self.kept = excerpt.keep(&self.engine);
            if let Some(record) = self.engine.telemetry_ready() {
                self.limiting.note(record, self.watched);
            }
        }
    }

    /// Makes room for a quantum.
    pub fn set_quantum(&mut self, frames: usize) -> *const f32 {
        self.quantum = vec![0.0; 2 * frames];
        self.reference_input = vec![0.0; 2 * frames];
        self.reference.make_room(frames);
        self.quantum.as_ptr()
    }

    /// Where a quantum of a reference is put.
    pub fn reference_input(&mut self) -> *mut f32 {
        self.reference_input.as_mut_ptr()
    }

    /// Takes the quantum that was put there.
    pub fn put_reference(&mut self) {
        let (left, right) = self.reference_input.split_at(self.reference_input.len() / 2);
        self.reference.put(left, right);
    }

    /// Copies frames of the block into the quantum.
    pub fn give(&mut self, from: usize, to: usize, frames: usize) {
        let (left, right) = self.engine.output();
        let half = self.quantum.len() / 2;
        let (quantum_left, quantum_right) = self.quantum.split_at_mut(half);
        for (quantum, block) in [(quantum_left, left), (quantum_right, right)] {
            if let (Some(quantum), Some(block)) = (quantum.get_mut(to..to + frames), block.get(from..from + frames)) {
                quantum.copy_from_slice(block);
            }
        }
    }

    /// What the watched insert did so far; gives where its words lie.
    pub fn write_limiting(&mut self) -> *const u32 {
        self.limiting_words = self.limiting.to_words();
        self.limiting_words.as_ptr()
    }

    /// Keeps the render from now on, and watches an insert.
    pub fn start_excerpt(&mut self, tail_limit_frames: f64, watched: u32) {
        self.watched = watched;
        self.engine.keep_only_the_mix();
        self.excerpt = Some(Excerpt::new(self.engine.rate_hz(), tail_limit_frames.max(0.0) as u64));
    }

    /// Whether the render has its last frame.
    pub fn is_complete(&self) -> bool {
        self.excerpt.as_ref().is_some_and(Excerpt::is_complete)
    }

    /// The newest record.
    pub fn take_record(&mut self) -> *const u32 {
        self.engine.telemetry_ready().map_or(std::ptr::null(), <[u32]>::as_ptr)
    }
}
