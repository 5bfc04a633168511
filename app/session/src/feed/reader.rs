//! A reader of the feed that knows the song frame by frame, for tests.
//!
//! Every sample of a test's sources is a number that names source, channel and frame, so a frame in the wrong place shows.

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::feed::{BlockHeader, TrackHeader};
use dsp::protocol::feed::{
    CHANGE_OVER, HEADER_WORDS, LANE_0, LANE_0_MONO, LANE_1, LANE_1_MONO, READ_GENERATION, READ_SEQUENCE, TRACK_WORDS, plane_at, slot_words,
    track_header_at, words_for,
};
use dsp::protocol::{LocalWords, SharedWords, StripId};

use super::{FeedError, FeedPlan, Feeder, Filled, SampleSource, format};
use crate::compile::{Purpose, clip_plays, revision};
use crate::edit::Edit;
use crate::model::{Clip, Cycle, Range, Session, SongId, SourceId};
use crate::testing::session;

pub const SLOTS: usize = 16;
pub const TRACKS: usize = 4;
pub const BLOCK: u64 = BLOCK_FRAMES as u64;

fn sample(source: SourceId, channel: u32, frame: u64) -> f32 {
    (frame as u32 * 4 + source.0 % 2 * 2 + channel) as f32
}

#[derive(Default)]
pub struct Numbers {
    pub reads: Vec<usize>,
    pub broken: bool,
}

impl SampleSource for Numbers {
    fn read(&mut self, source: SourceId, start: u64, left: &mut [f32], right: Option<&mut [f32]>) -> Result<(), FeedError> {
        if self.broken {
            return Err(FeedError::Read("2.wav could not be read: the store is gone.".into()));
        }
        self.reads.push(left.len());
        for (channel, plane) in [Some(left), right].into_iter().enumerate() {
            for (at, out) in plane.into_iter().flatten().enumerate() {
                *out = sample(source, channel as u32, start + at as u64);
            }
        }
        Ok(())
    }
}

/// What one frame of a track holds: per lane both channels, or nothing.
pub type Frame = [Option<[f32; 2]>; 2];

/// A track's frame by brute force: looks at every clip.
pub fn expected(clips: &[Clip], position: u64) -> Frame {
    let mut frame = [None; 2];
    for (clip, play) in clips.iter().zip(clip_plays(clips)) {
        if (clip.start..clip.end()).contains(&position) {
            let at = clip.offset + position - clip.start;
            let right = if clip.source == SourceId(1) { 0 } else { 1 };
            frame[usize::from(play.lane)] = Some([sample(clip.source, 0, at), sample(clip.source, right, at)]);
        }
    }
    frame
}

/// A block as the engine would copy it out.
pub struct Block(Vec<u32>);

impl Block {
    pub fn header(&self) -> BlockHeader {
        BlockHeader::from_words(&self.0)
    }

    pub fn track(&self, strip: StripId) -> Option<(usize, TrackHeader)> {
        let header = |place| TrackHeader::from_words(&self.0[track_header_at(place)..track_header_at(place) + TRACK_WORDS]);
        (0..TRACKS).map(|place| (place, header(place))).find(|(_, header)| header.strip == strip)
    }

    /// What the player hears of a track's frame, lane by lane; 0 is what a lane without a clip there may hold.
    pub fn frame(&self, strip: StripId, at: usize) -> Frame {
        let Some((place, header)) = self.track(strip) else { return [None; 2] };
        let sample = |plane: usize| f32::from_bits(self.0[plane_at(TRACKS, place, plane) + at]);
        [(LANE_0, LANE_0_MONO, 0), (LANE_1, LANE_1_MONO, 2)].map(|(filled, mono, plane)| {
            let right = if header.flags & mono != 0 { plane } else { plane + 1 };
            (header.flags & filled != 0).then(|| [sample(plane), sample(right)])
        })
    }
}

/// A song being fed and read.
pub struct Play {
    pub session: Session,
    pub song: SongId,
    pub words: LocalWords,
    pub feeder: Feeder,
    pub source: Numbers,
    generation: u32,
    pub sequence: u32,
}

impl Play {
    pub fn new() -> Self {
        let (session, song) = session();
        let words = LocalWords::new(words_for(SLOTS, TRACKS));
        format(&words, SLOTS, TRACKS);
        let feeder = Feeder::new(FeedPlan::from_song(&session, session.song(song).expect("the song"), Purpose::Live));
        Self { session, song, words, feeder, source: Numbers::default(), generation: 0, sequence: 0 }
    }

    pub fn edit(&mut self, edit: Edit) {
        self.session.apply(&edit).expect("an edit that fits");
        self.feeder.set_plan(FeedPlan::from_song(&self.session, self.session.song(self.song).expect("the song"), Purpose::Live));
    }

    pub fn clips(&self, track: usize) -> Vec<Clip> {
        self.session.song(self.song).expect("the song").strips[track].clips.clone()
    }

    pub fn strip(&self, track: usize) -> StripId {
        self.session.song(self.song).expect("the song").strips[track].id
    }

    pub fn set_cycle(&mut self, start: u64, end: u64) {
        let cycle = Cycle { enabled: true, range: Some(Range { start, end }) };
        self.edit(Edit::SetCycle { song: self.song, cycle });
    }

    pub fn start(&mut self, frame: u64, end: Option<u64>) {
        self.generation += 1;
        self.sequence = 0;
        self.feeder.start(self.generation, frame, end);
    }

    pub fn fill(&mut self, blocks: u32) -> Filled {
        self.feeder.fill(&self.words, &mut self.source, blocks).expect("readable audio")
    }

    pub fn peek(&self, sequence: u32) -> Option<Block> {
        let size = slot_words(TRACKS);
        let mut block = Block(vec![0; size]);
        self.words.read(HEADER_WORDS + sequence as usize % SLOTS * size, &mut block.0);
        let header = block.header();
        ((header.generation, header.sequence) == (self.generation, sequence)).then_some(block)
    }

    fn publish(&self) {
        self.words.store(READ_SEQUENCE, self.sequence);
        self.words.store(READ_GENERATION, self.generation);
    }

    /// Reads the next block as the engine does.
    pub fn read(&mut self) -> Option<Block> {
        let block = self.peek(self.sequence);
        self.sequence += u32::from(block.is_some());
        self.publish();
        block
    }

    /// Checks all tracks of a block against the document, at the positions that its header gives.
    pub fn check(&self, block: &Block) {
        let header = block.header();
        for track in 0..3 {
            let (strip, clips) = (self.strip(track), self.clips(track));
            let (_, written) = block.track(strip).expect("the track's place");
            assert_eq!((written.revision, written.flags & CHANGE_OVER), (revision(&clips), 0));
            for at in 0..header.frames as usize {
                let first = u64::from(header.first_frames);
                let position = if (at as u64) < first { header.start + at as u64 } else { header.jump_to + at as u64 - first };
                check_frame(block.frame(strip, at), expected(&clips, position), (header.sequence, position));
            }
        }
    }
}

/// A lane that holds audio elsewhere in the block is silent where no clip is.
pub fn check_frame(heard: Frame, expected: Frame, at: (u32, u64)) {
    for (heard, expected) in heard.into_iter().zip(expected) {
        assert_eq!(heard.unwrap_or_default(), expected.unwrap_or_default(), "(block, frame) {at:?}");
    }
}

/// The timeline by brute force, frame by frame.
fn follow(position: u64, cycle: Option<Range>) -> u64 {
    match cycle {
        Some(cycle) if position + 1 == cycle.end => cycle.start,
        _ => position + 1,
    }
}

pub fn check_positions(header: &BlockHeader, position: &mut u64, cycle: Option<Range>) {
    for at in 0..BLOCK {
        let first = u64::from(header.first_frames);
        let held = if at < first { header.start + at } else { header.jump_to + at - first };
        assert_eq!(held, *position, "frame {at} of block {}", header.sequence);
        *position = follow(*position, cycle);
    }
}
