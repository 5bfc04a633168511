//! What a host does around an engine: fetch the wanted block from the feed's ring, leave records in the telemetry ring, and hand blocks out
//! to a caller that takes frames in quanta of its own.

use super::{BLOCK_FRAMES, Engine};
use crate::protocol::feed::{
    FIRST_LANES_ONLY, HEADER_WORDS, READ_GENERATION, READ_SEQUENCE, SLOT_WORDS, SLOTS, TRACKS, first_lanes_words, slot_words,
};
use crate::protocol::{SharedWords, taps, telemetry};

/// Copies the block that the engine wants from the ring, or tells the engine that it is missing, and tells the feeder what is wanted
/// next. Called before each [`Engine::render_block`]; gives whether the engine has what it needs.
pub fn pump(engine: &mut Engine, ring: &impl SharedWords) -> bool {
    let Some((generation, sequence)) = engine.wanted_block() else {
        return true;
    };
    let arrived = copy_block(engine, ring, generation, sequence) && engine.block_arrived();
    if !arrived {
        engine.block_missing();
    }
    // Sequence first: a feeder that sees the old generation beside the new sequence ignores both.
    ring.store(READ_SEQUENCE, sequence.wrapping_add(u32::from(arrived)));
    ring.store(READ_GENERATION, generation);
    arrived
}

/// Copies a slot out; `false` when it does not hold this block or was rewritten meanwhile.
fn copy_block(engine: &mut Engine, ring: &impl SharedWords, generation: u32, sequence: u32) -> bool {
    if ring.len() < HEADER_WORDS {
        return false;
    }
    let (slots, words) = (ring.load(SLOTS) as usize, ring.load(SLOT_WORDS) as usize);
    let into = engine.input_mut();
    let fits = slots > 0 && words == into.len() && words == slot_words(ring.load(TRACKS) as usize);
    let start = HEADER_WORDS + (sequence as usize).checked_rem(slots).unwrap_or(0) * words;
    if !fits || start + words > ring.len() {
        return false;
    }
    let holds_it = || ring.load(start) == generation && ring.load(start + 1) == sequence;
    if !holds_it() {
        return false;
    }
    let used = if ring.load(start + FIRST_LANES_ONLY) == 1 { first_lanes_words(ring.load(TRACKS) as usize) } else { words };
    ring.read(start, &mut into[..used]);
    holds_it()
}

/// Leaves the engine's newest record, if there is a new one, in the telemetry ring.
pub fn publish(engine: &mut Engine, ring: &impl SharedWords) {
    let Some(record) = engine.telemetry_ready() else {
        return;
    };
    if ring.len() < telemetry::total_words() {
        return;
    }
    let number = ring.load(telemetry::WRITTEN);
    let start = telemetry::HEADER_WORDS + number as usize % telemetry::RECORDS * telemetry::RECORD_WORDS;
    ring.store(start + telemetry::word::SEQUENCE, 0);
    ring.write(start + 1, &record[1..]);
    ring.store(start + telemetry::word::SEQUENCE, number.wrapping_add(1));
    ring.store(telemetry::WRITTEN, number.wrapping_add(1));
}

/// Leaves what was tapped in the last block in the taps' ring.
pub fn publish_taps(engine: &Engine, ring: &impl SharedWords) {
    if ring.len() < taps::total_words() {
        return;
    }
    for (slot, (number, written, block)) in engine.taps().enumerate() {
        let blocks = written as usize / BLOCK_FRAMES;
        if blocks > 0 && (ring.load(taps::number_at(slot)), ring.load(taps::written_at(slot))) != (number, written) {
            ring.write_f32(taps::block_at(slot, blocks - 1), block);
            ring.store(taps::written_at(slot), written);
            ring.store(taps::number_at(slot), number);
        }
    }
}

/// Hands the engine's blocks out in quanta of any length; the sound does not depend on them.
#[derive(Default)]
pub struct Quanta {
    /// Frames of the block in hand that were not given out.
    left_frames: usize,
}

impl Quanta {
    /// Fills both channels, which have the same length; `next_block` renders the engine's next block whenever one is needed.
    pub fn take(&mut self, engine: &mut Engine, left: &mut [f32], right: &mut [f32], mut next_block: impl FnMut(&mut Engine)) {
        let mut done = 0;
        while done < left.len().min(right.len()) {
            if self.left_frames == 0 {
                next_block(engine);
                self.left_frames = BLOCK_FRAMES;
            }
            let frames = self.left_frames.min(left.len() - done);
            let from = BLOCK_FRAMES - self.left_frames;
            let (block_left, block_right) = engine.output();
            left[done..done + frames].copy_from_slice(&block_left[from..from + frames]);
            right[done..done + frames].copy_from_slice(&block_right[from..from + frames]);
            self.left_frames -= frames;
            done += frames;
        }
    }
}
