//! A small studio for the engine's tests: a feeder whose tracks are functions of the timeline's frame, and a few processors whose output
//! is easy to compute by hand.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod processors;

use dsp::engine::{BLOCK_FRAMES, BuildProcessor, Engine, EngineOptions, host};
use dsp::protocol::feed::{self, BlockHeader, TrackHeader};
use dsp::protocol::{
    Address, ClipPlay, Command, Event, FadeCurve, InsertId, LanePoint, LocalWords, Piece, Segment, SendId, SharedWords, StripId, StripKind,
};

pub const RATE_HZ: f64 = 48_000.0;
pub const MASTER: StripId = StripId(1000);
pub const WHOLE: Piece = Piece { first: true, last: true, total: 0 };

/// A lane's audio at a timeline frame, left and right.
pub type Sound = Box<dyn Fn(u64) -> [f32; 2]>;

/// What the feeder puts into a track's place.
pub struct Track {
    pub strip: StripId,
    pub revision: u32,
    pub mono: bool,
    /// The coming block changes over from this revision, whose audio lies in this lane.
    pub change_over: Option<(u32, u8)>,
    pub lanes: [Option<Sound>; 2],
}

/// A feeder that writes blocks when it is told to.
pub struct Feeder {
    pub ring: LocalWords,
    pub tracks: Vec<Track>,
    pub generation: u32,
    pub position: u64,
    pub sequence: u32,
    /// First frame and first frame after.
    pub turn: Option<(u64, u64)>,
    /// Frame at which a render ends.
    pub end: Option<u64>,
}

const SLOTS: usize = 16;

impl Feeder {
    pub fn new(tracks: Vec<Track>) -> Self {
        let ring = LocalWords::new(feed::words_for(SLOTS, tracks.len()));
        ring.store(feed::SLOTS, SLOTS as u32);
        ring.store(feed::SLOT_WORDS, feed::slot_words(tracks.len()) as u32);
        ring.store(feed::TRACKS, tracks.len() as u32);
        Self { ring, tracks, generation: 1, position: 0, sequence: 0, turn: None, end: None }
    }

    pub fn seek(&mut self, generation: u32, position: u64) {
        self.generation = generation;
        self.position = position;
        self.sequence = 0;
    }

    /// Writes the next block.
    pub fn write_block(&mut self) {
        let block = BLOCK_FRAMES as u64;
        let mut header = BlockHeader {
            generation: self.generation,
            sequence: self.sequence,
            start: self.position,
            first_frames: BLOCK_FRAMES as u32,
            jump_to: 0,
            frames: BLOCK_FRAMES as u32,
            is_last: false,
        };
        if let Some((from, to)) = self.turn
            && self.position + block > to
        {
            header.first_frames = (to - self.position) as u32;
            header.jump_to = from;
        }
        if let Some(end) = self.end
            && self.position + block >= end
        {
            header.frames = (end - self.position) as u32;
            header.is_last = true;
        }
        let frame_at = |at: usize| {
            let first = header.first_frames as usize;
            if at < first { header.start + at as u64 } else { header.jump_to + (at - first) as u64 }
        };
        let slot = feed::HEADER_WORDS + self.sequence as usize % SLOTS * feed::slot_words(self.tracks.len());
        for (index, track) in self.tracks.iter().enumerate() {
            self.write_track(slot, index, track, frame_at);
        }
        self.ring.write(slot, &header.to_words());
        self.position = frame_at(BLOCK_FRAMES - 1) + 1;
        if let Some((from, to)) = self.turn
            && self.position == to
        {
            self.position = from;
        }
        self.sequence += 1;
    }

    fn write_track(&self, slot: usize, index: usize, track: &Track, frame_at: impl Fn(usize) -> u64) {
        let mut flags = 0;
        for (lane, sound) in track.lanes.iter().enumerate() {
            let Some(sound) = sound else { continue };
            flags |= [feed::LANE_0, feed::LANE_1][lane];
            flags |= if track.mono { [feed::LANE_0_MONO, feed::LANE_1_MONO][lane] } else { 0 };
            for side in 0..2 {
                let plane: Vec<u32> = (0..BLOCK_FRAMES).map(|at| sound(frame_at(at))[side].to_bits()).collect();
                self.ring.write(slot + feed::plane_at(self.tracks.len(), index, 2 * lane + side), &plane);
            }
        }
        let old_revision = track.change_over.map_or(0, |(revision, lane)| {
            flags |= feed::CHANGE_OVER | if lane == 1 { feed::OLD_IN_LANE_1 } else { 0 };
            revision
        });
        let header = TrackHeader { strip: track.strip, revision: track.revision, flags, old_revision };
        self.ring.write(slot + feed::track_header_at(index), &header.to_words());
    }
}

/// An engine with its feeder.
pub struct Studio {
    pub engine: Engine,
    pub feeder: Feeder,
}

impl Studio {
    /// One audio strip per sound, each with one endless clip, and a master.
    pub fn new(sounds: Vec<Sound>) -> Self {
        Self::with_options(sounds, EngineOptions::default())
    }

    pub fn with_options(sounds: Vec<Sound>, options: EngineOptions) -> Self {
        Self::built_by(processors::build, sounds, options)
    }

    /// The same with another list of processors.
    pub fn built_by(build: BuildProcessor, sounds: Vec<Sound>, options: EngineOptions) -> Self {
        let tracks: Vec<Track> = sounds
            .into_iter()
            .enumerate()
            .map(|(at, sound)| Track {
                strip: StripId(at as u32 + 1),
                revision: 1,
                mono: false,
                change_over: None,
                lanes: [Some(sound), None],
            })
            .collect();
        let options = EngineOptions { feed_tracks: tracks.len(), build, ..options };
        let mut engine = Engine::new(RATE_HZ, options);
        engine.apply(Command::AddStrip { strip: MASTER, kind: StripKind::Master });
        for track in &tracks {
            engine.apply(Command::AddStrip { strip: track.strip, kind: StripKind::Audio });
            engine.apply(Command::SetClips { strip: track.strip, revision: 1, piece: WHOLE, clips: vec![endless_clip()] });
        }
        Self { engine, feeder: Feeder::new(tracks) }
    }

    pub fn apply(&mut self, command: Command) {
        self.engine.apply(command);
    }

    pub fn add(&mut self, strip: u32, kind: StripKind) {
        self.apply(Command::AddStrip { strip: StripId(strip), kind });
    }

    pub fn set(&mut self, strip: u32, index: usize, value: f32) {
        self.apply(Command::SetParam { address: strip_param(strip, index), value });
    }

    pub fn output(&mut self, strip: u32, to: u32) {
        self.apply(Command::SetOutput { strip: StripId(strip), to: Some(StripId(to)) });
    }

    pub fn insert(&mut self, strip: u32, insert: u32, processor: &str, values: &[f32]) {
        self.insert_keyed(strip, insert, processor, values, None);
    }

    pub fn insert_keyed(&mut self, strip: u32, insert: u32, processor: &str, values: &[f32], key: Option<u32>) {
        self.apply(Command::PutInsert {
            strip: StripId(strip),
            insert: InsertId(insert),
            processor: processor.into(),
            place: u16::MAX,
            bypassed: false,
            key: key.map(StripId),
            values: values.to_vec(),
        });
    }

    pub fn send(&mut self, strip: u32, send: u32, to: u32, pre: bool, level_db: f32) {
        let (strip, send, to) = (StripId(strip), SendId(send), StripId(to));
        self.apply(Command::PutSend { strip, send, to, pre, values: vec![level_db, 0.0, 0.0] });
    }

    pub fn lane(&mut self, address: Address, points: &[(u64, f32, Segment)]) {
        let points = points.iter().map(|&(frame, value, segment)| LanePoint { frame, value, segment }).collect();
        self.apply(Command::SetLane { address, piece: WHOLE, points });
    }

    /// Plays a new generation from this frame.
    pub fn play(&mut self, generation: u32, position: u64) {
        self.feeder.seek(generation, position);
        self.apply(Command::Play { generation });
    }

    /// Stops and waits for the monitor to fade out.
    pub fn stop(&mut self) {
        self.apply(Command::Stop);
        for _ in 0..20 {
            self.block(&mut Vec::new());
        }
        assert_eq!(self.engine.wanted_block(), None);
    }

    /// Feeds and renders one block; the block's tap is added to `tap`.
    pub fn block(&mut self, tap: &mut Vec<[f32; 2]>) {
        if self.engine.wanted_block() == Some((self.feeder.generation, self.feeder.sequence)) {
            self.feeder.write_block();
        }
        host::pump(&mut self.engine, &self.feeder.ring);
        self.engine.render_block();
        let (left, right) = self.engine.tap();
        let frames = self.engine.tap_frames();
        tap.extend(left[..frames].iter().zip(&right[..frames]).map(|(&left, &right)| [left, right]));
    }

    /// Feeds and renders until the tap gave this many frames.
    pub fn render(&mut self, frames: usize) -> Vec<[f32; 2]> {
        let mut tap = Vec::new();
        for _ in 0..frames.div_ceil(BLOCK_FRAMES) + 16 {
            if tap.len() < frames {
                self.block(&mut tap);
            }
        }
        assert!(tap.len() >= frames, "the engine gave {} of {frames} frames", tap.len());
        tap.truncate(frames);
        tap
    }

    /// Plays from this frame and gives the tap's first frames.
    pub fn play_and_render(&mut self, generation: u32, position: u64, frames: usize) -> Vec<[f32; 2]> {
        self.play(generation, position);
        self.render(frames)
    }

    /// Renders blocks without feeding.
    pub fn starve(&mut self, blocks: usize) {
        for _ in 0..blocks {
            self.engine.block_missing();
            self.engine.render_block();
            assert_eq!(self.engine.tap_frames(), 0);
        }
    }

    pub fn events(&mut self) -> Vec<Event> {
        core::iter::from_fn(|| self.engine.next_event()).collect()
    }
}

pub fn strip_param(strip: u32, index: usize) -> Address {
    Address::Strip(StripId(strip), index as u16)
}

pub fn endless_clip() -> ClipPlay {
    ClipPlay {
        start: 0,
        length: 1 << 40,
        lane: 0,
        gain: 1.0,
        fade_in: 0,
        fade_out: 0,
        fade_in_curve: FadeCurve::Linear,
        fade_out_curve: FadeCurve::Linear,
    }
}

/// White noise as a function of seed and frame, each channel within ±0.5.
pub fn noise(seed: u64) -> Sound {
    Box::new(move |frame| [noise_at(seed, frame), noise_at(seed ^ 0xABCD, frame)])
}

pub fn noise_at(seed: u64, frame: u64) -> f32 {
    let mut word = (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ frame).wrapping_add(0x1234_5678_9ABC_DEF1);
    for _ in 0..3 {
        word ^= word >> 33;
        word = word.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    }
    (word >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
}

/// The same value in both channels for ever.
pub fn constant(value: f32) -> Sound {
    Box::new(move |_| [value; 2])
}

pub fn bits(tap: &[[f32; 2]]) -> Vec<[u32; 2]> {
    tap.iter().map(|frame| frame.map(f32::to_bits)).collect()
}

/// The largest step from one frame to the next.
pub fn largest_step(tap: &[[f32; 2]]) -> f32 {
    tap.windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs().max((pair[1][1] - pair[0][1]).abs())).fold(0.0, f32::max)
}

/// The largest difference of two taps, in dBFS.
pub fn difference_db(one: &[[f32; 2]], other: &[[f32; 2]]) -> f64 {
    assert_eq!(one.len(), other.len());
    let largest = one.iter().flatten().zip(other.iter().flatten()).map(|(a, b)| f64::from(a - b).abs()).fold(0.0, f64::max);
    dsp::units::gain_to_db(largest)
}

/// The level of the loudest sample, in dBFS.
pub fn peak_db(tap: &[[f32; 2]]) -> f64 {
    difference_db(tap, &vec![[0.0; 2]; tap.len()])
}
