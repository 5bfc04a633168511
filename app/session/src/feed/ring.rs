//! The feed's ring as its writer sees it.

use dsp::protocol::feed::{
    BlockHeader, FIRST_LANES_ONLY, FIRST_LANES_WORDS, HEADER_WORDS, READ_GENERATION, READ_SEQUENCE, SLOT_HEADER_WORDS, SLOT_WORDS, SLOTS,
    TRACK_WORDS, TRACKS, TrackHeader, UNWRITTEN, VERSION, first_lanes_words, plane_at, slot_words, track_header_at,
};
use dsp::protocol::{PROTOCOL_VERSION, SharedWords};

use super::FeedError;

/// Marks shared words ([`dsp::protocol::feed::words_for`] of them) as an empty ring; done once, by whoever made them. Generations start
/// at 1.
pub fn format(words: &impl SharedWords, slots: usize, tracks: usize) {
    let size = slot_words(tracks);
    for slot in 0..slots {
        words.store(HEADER_WORDS + slot * size + 1, UNWRITTEN);
    }
    let sizes = [(SLOTS, slots), (SLOT_WORDS, size), (TRACKS, tracks), (FIRST_LANES_WORDS, first_lanes_words(tracks))];
    for (word, value) in sizes.into_iter().chain([(READ_GENERATION, 0), (READ_SEQUENCE, 0)]) {
        words.store(word, value as u32);
    }
    words.store(VERSION, PROTOCOL_VERSION);
}

/// A writer's view.
pub struct Ring<'a, W> {
    words: &'a W,
    pub slots: u32,
    pub tracks: usize,
}

impl<'a, W: SharedWords> Ring<'a, W> {
    pub fn new(words: &'a W) -> Result<Self, FeedError> {
        if words.len() < HEADER_WORDS || words.load(VERSION) != PROTOCOL_VERSION {
            return Err(FeedError::Ring);
        }
        let (slots, tracks) = (words.load(SLOTS), words.load(TRACKS) as usize);
        let room = words.len() - HEADER_WORDS;
        let size = tracks.checked_mul(slot_words(1)).and_then(|bound| (bound < usize::MAX / 2).then(|| slot_words(tracks)));
        match size.and_then(|size| size.checked_mul(slots as usize)) {
            Some(needed) if slots > 1 && needed <= room => Ok(Self { words, slots, tracks }),
            _ => Err(FeedError::Ring),
        }
    }

    /// The block that the reader wants next, when it plays this generation.
    pub fn wanted(&self, generation: u32) -> Option<u32> {
        (self.words.load(READ_GENERATION) == generation).then(|| self.words.load(READ_SEQUENCE))
    }

    fn slot(&self, sequence: u32) -> usize {
        HEADER_WORDS + (sequence % self.slots) as usize * slot_words(self.tracks)
    }

    /// What the ring holds of this block.
    pub fn header(&self, generation: u32, sequence: u32) -> Option<BlockHeader> {
        let mut words = [0; SLOT_HEADER_WORDS];
        self.words.read(self.slot(sequence), &mut words);
        let header = BlockHeader::from_words(&words);
        (header.generation == generation && header.sequence == sequence).then_some(header)
    }

    /// What the ring holds of a track in this block.
    pub fn track(&self, sequence: u32, place: usize) -> TrackHeader {
        let mut words = [0; TRACK_WORDS];
        self.words.read(self.slot(sequence) + track_header_at(place), &mut words);
        TrackHeader::from_words(&words)
    }

    /// Takes a slot out of force, so that it can be written.
    pub fn open(&self, sequence: u32) {
        self.words.store(self.slot(sequence) + 1, UNWRITTEN);
    }

    /// Whether a slot that is or was in force says that no track uses its second lane.
    pub fn keeps_to_first_lanes(&self, sequence: u32) -> bool {
        self.words.load(self.slot(sequence) + FIRST_LANES_ONLY) == 1
    }

    /// Puts a slot into force.
    pub fn close(&self, header: BlockHeader, keeps_to_first_lanes: bool) {
        let (slot, mut words) = (self.slot(header.sequence), header.to_words());
        words[FIRST_LANES_ONLY] = u32::from(keeps_to_first_lanes);
        self.words.write(slot + 2, &words[2..]);
        self.words.store(slot, header.generation);
        self.words.store(slot + 1, header.sequence);
    }

    pub fn write_track(&self, sequence: u32, place: usize, header: TrackHeader) {
        self.words.write(self.slot(sequence) + track_header_at(place), &header.to_words());
    }

    pub fn write_plane(&self, sequence: u32, place: usize, plane: usize, samples: &[f32]) {
        self.words.write_f32(self.slot(sequence) + plane_at(self.tracks, place, plane), samples);
    }
}
