//! The records that the engine leaves for the page, one every 10 ms of what it gives out.

use alloc::vec;
use alloc::vec::Vec;

use super::BLOCK_FRAMES;
use super::insert::InsertSlot;
use super::master_meters::MasterReading;
use super::strip::Strip;
use crate::meters::LU_COUNT;
use crate::protocol::telemetry::{
    BANDED_WORDS, MAX_BANDED, MAX_INSERTS, MAX_STRIPS, PERIOD_MS, RECORD_WORDS, banded as banded_word, banded_at, insert as insert_word,
    insert_at, strip as strip_word, strip_at, word,
};
use crate::units::ms_to_frames;

/// What a record tells of the engine as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct EngineReading {
    /// Flags of [`crate::protocol::telemetry::flag`].
    pub flags: u32,
    /// Timeline frame at the players.
    pub position: u64,
    /// Frames rendered.
    pub engine_frame: u64,
    /// Generation that sounds.
    pub generation: u32,
    /// How often the feeder fell behind.
    pub starved: u32,
    /// Latency from the players to the output.
    pub latency_frames: u32,
    /// Free bytes of the host's memory.
    pub headroom_bytes: u32,
    /// Values that were not numbers.
    pub repaired: u32,
    /// Events that were lost.
    pub events_dropped: u32,
    /// See [`word::CHAIN_MATCH_DB`] and the two after it.
    pub matches_db: [f32; 3],
}

/// The record in the making.
pub struct Recorder {
    record: Vec<u32>,
    period_frames: usize,
    frames: usize,
    sequence: u32,
    fresh: bool,
}

impl Recorder {
    /// A recorder before its first record.
    pub fn new(rate_hz: f64) -> Self {
        Self { record: vec![0; RECORD_WORDS], period_frames: ms_to_frames(PERIOD_MS, rate_hz).max(1), frames: 0, sequence: 0, fresh: false }
    }

    /// A block was given out; `true` when a record is due.
    pub fn count_block(&mut self) -> bool {
        self.frames += BLOCK_FRAMES;
        let due = self.frames >= self.period_frames;
        if due {
            self.frames %= self.period_frames;
        }
        due
    }

    /// Writes a record.
    pub fn write(&mut self, engine: &EngineReading, master: &MasterReading, strips: &mut [Strip]) {
        self.write_engine(engine);
        self.write_master(master);
        self.write_strips(strips);
        self.write_reductions(strips);
    }

    /// Writes a record in which the inserts alone are new: what they reduce is known without meters.
    pub fn write_reductions(&mut self, strips: &mut [Strip]) {
        self.sequence = self.sequence.wrapping_add(1).max(1);
        self.record[word::SEQUENCE] = self.sequence;
        self.write_inserts(strips);
        self.fresh = true;
    }

    /// The record, once.
    pub fn take(&mut self) -> Option<&[u32]> {
        core::mem::take(&mut self.fresh).then_some(&self.record)
    }

    fn write_engine(&mut self, engine: &EngineReading) {
        let record = &mut self.record;
        record[word::FLAGS] = engine.flags;
        put_u64(record, word::POSITION, engine.position);
        put_u64(record, word::ENGINE_FRAME, engine.engine_frame);
        record[word::GENERATION] = engine.generation;
        record[word::STARVED] = engine.starved;
        record[word::LATENCY] = engine.latency_frames;
        record[word::HEADROOM_BYTES] = engine.headroom_bytes;
        record[word::REPAIRED] = engine.repaired;
        record[word::EVENTS_DROPPED] = engine.events_dropped;
        for (at, db) in [word::CHAIN_MATCH_DB, word::DEVICE_MATCH_DB, word::REFERENCE_MATCH_DB].into_iter().zip(engine.matches_db) {
            record[at] = db.to_bits();
        }
    }

    fn write_master(&mut self, master: &MasterReading) {
        let record = &mut self.record;
        let floats = [
            (word::MOMENTARY, master.lufs[0]),
            (word::SHORT_TERM, master.lufs[1]),
            (word::INTEGRATED, master.lufs[2]),
            (word::RANGE, master.range_lu),
            (word::TRUE_PEAK_MAX, master.true_peak_max),
            (word::TRUE_PEAK_LEFT, master.true_peaks[0]),
            (word::TRUE_PEAK_RIGHT, master.true_peaks[1]),
            (word::CORRELATION, master.correlation),
            (word::MOMENTARY_MAX, master.max_lufs[0]),
            (word::SHORT_TERM_MAX, master.max_lufs[1]),
            (word::PSR, master.psr_lu),
        ];
        for (at, value) in floats {
            record[at] = value.to_bits();
        }
        record[word::LOUDNESS_COUNTS..word::LOUDNESS_COUNTS + LU_COUNT].copy_from_slice(&master.loudness_counts);
        put_u64(record, word::MEASURED_FRAMES, master.measured_frames);
    }

    fn write_strips(&mut self, strips: &mut [Strip]) {
        self.record[word::STRIPS] = strips.len().min(MAX_STRIPS) as u32;
        for (index, strip) in strips.iter_mut().take(MAX_STRIPS).enumerate() {
            let reading = strip.meter.take();
            let words = &mut self.record[strip_at(index)..];
            words[strip_word::ID] = strip.id.0;
            words[strip_word::PEAK_LEFT] = reading.peaks[0].to_bits();
            words[strip_word::PEAK_RIGHT] = reading.peaks[1].to_bits();
            words[strip_word::RMS_LEFT] = reading.rms[0].to_bits();
            words[strip_word::RMS_RIGHT] = reading.rms[1].to_bits();
            words[strip_word::PEAK_MAX] = reading.peak_max.to_bits();
            words[strip_word::CLIPPED] = reading.clipped;
            words[strip_word::PEAK_PRE] = reading.peak_pre.to_bits();
        }
    }

    fn write_inserts(&mut self, strips: &mut [Strip]) {
        let (mut inserts, mut banded) = (0, 0);
        let slots = strips.iter_mut().take(MAX_STRIPS).flat_map(|strip| &mut strip.inserts);
        for slot in slots.filter(|slot| !slot.is_leaving()).take(MAX_INSERTS) {
            let words = &mut self.record[insert_at(inserts)..];
            words[insert_word::ID] = slot.id.0;
            words[insert_word::REDUCTION_DB] = slot.take_reduction_db().to_bits();
            words[insert_word::MATCH_DB] = slot.match_db().map_or(f32::NAN, |db| db as f32).to_bits();
            inserts += 1;
            banded += usize::from(banded < MAX_BANDED && self.write_bands(banded, slot));
        }
        self.record[word::INSERTS] = inserts as u32;
        self.record[word::BANDED] = banded as u32;
    }

    /// Writes what each band of a slot did; `false` when it has none.
    fn write_bands(&mut self, at: usize, slot: &InsertSlot) -> bool {
        let reductions_db = slot.band_reductions_db();
        let words = &mut self.record[banded_at(at)..][..BANDED_WORDS];
        words.fill(0);
        words[banded_word::ID] = slot.id.0;
        for (word, reduction_db) in words[banded_word::REDUCTIONS_DB..].iter_mut().zip(reductions_db) {
            *word = reduction_db.to_bits();
        }
        !reductions_db.is_empty()
    }
}

fn put_u64(record: &mut [u32], at: usize, value: u64) {
    record[at] = value as u32;
    record[at + 1] = (value >> 32) as u32;
}
