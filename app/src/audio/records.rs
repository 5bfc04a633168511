//! The page's reader of the engine's records: takes the largest of what it has not seen, and the newest of the rest.

use dsp::meters::LU_COUNT;
use dsp::protocol::telemetry::{
    BANDED_WORDS, BANDS, HEADER_WORDS, INSERT_WORDS, MAX_BANDED, MAX_INSERTS, MAX_STRIPS, RECORD_WORDS, RECORDS, STRIP_WORDS, WRITTEN,
    banded, banded_at, flag, insert, insert_at, strip, strip_at, total_words, word,
};
use dsp::protocol::{InsertId, SharedWords, StripId};

use super::shared::SharedMemory;
use crate::state::{Readings, StripReading};

/// See the module's text.
pub struct RecordReader {
    memory: SharedMemory,
    seen: u32,
    record: Vec<u32>,
}

impl RecordReader {
    /// A reader with a ring of its own.
    pub fn new() -> Self {
        let memory = SharedMemory::new(total_words());
        memory.store(dsp::protocol::telemetry::VERSION, dsp::protocol::PROTOCOL_VERSION);
        Self { memory, seen: 0, record: vec![0; RECORD_WORDS] }
    }

    /// The ring's memory.
    pub fn memory(&self) -> &SharedMemory {
        &self.memory
    }

    /// How often the feeder fell behind, as the newest record says.
    pub fn starved(&self) -> u32 {
        let newest = self.memory.load(WRITTEN).wrapping_sub(1);
        self.memory.load(HEADER_WORDS + newest as usize % RECORDS * RECORD_WORDS + word::STARVED)
    }

    /// Brings the readings up to date; without a new record they stay. `false` when there was none.
    pub fn read(&mut self, readings: &mut Readings) -> bool {
        let written = self.memory.load(WRITTEN);
        let unseen = written.wrapping_sub(self.seen).min(RECORDS as u32 - 1);
        let mut is_first = true;
        for number in (0..unseen).map(|back| written.wrapping_sub(unseen - back)) {
            if self.fetch(number) {
                self.merge(readings, is_first);
                is_first = false;
            }
        }
        self.seen = written;
        !is_first
    }

    /// Copies a record out; `false` when it was overwritten meanwhile.
    fn fetch(&mut self, number: u32) -> bool {
        let start = HEADER_WORDS + number as usize % RECORDS * RECORD_WORDS;
        let valid = number.wrapping_add(1);
        if self.memory.load(start) != valid {
            return false;
        }
        let strips_end = {
            self.memory.read(start, &mut self.record[..strip_at(0)]);
            strip_at(self.count(word::STRIPS, MAX_STRIPS))
        };
        let inserts_end = insert_at(self.count(word::INSERTS, MAX_INSERTS));
        let banded_end = banded_at(self.count(word::BANDED, MAX_BANDED));
        for part in [strip_at(0)..strips_end, insert_at(0)..inserts_end, banded_at(0)..banded_end] {
            self.memory.read(start + part.start, &mut self.record[part]);
        }
        self.memory.load(start) == valid
    }

    fn count(&self, at: usize, most: usize) -> usize {
        (self.record[at] as usize).min(most)
    }

    fn f32(&self, at: usize) -> f32 {
        f32::from_bits(self.record[at])
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from(self.record[at]) | u64::from(self.record[at + 1]) << 32
    }

    fn merge(&self, readings: &mut Readings, is_first: bool) {
        let flags = self.record[word::FLAGS];
        readings.playing = flags & flag::PLAYING != 0;
        readings.holding = flags & flag::HOLDING != 0;
        readings.position = self.u64(word::POSITION);
        readings.latency_frames = self.record[word::LATENCY];
        readings.momentary = self.f32(word::MOMENTARY);
        readings.short_term = self.f32(word::SHORT_TERM);
        readings.integrated = self.f32(word::INTEGRATED);
        readings.range = self.f32(word::RANGE);
        readings.measured_frames = self.u64(word::MEASURED_FRAMES);
        readings.true_peak_max = self.f32(word::TRUE_PEAK_MAX);
        readings.correlation = self.f32(word::CORRELATION);
        readings.short_term_max = self.f32(word::SHORT_TERM_MAX);
        readings.psr = self.f32(word::PSR);
        readings.chain_match_db = self.f32(word::CHAIN_MATCH_DB);
        readings.reference_match_db = self.f32(word::REFERENCE_MATCH_DB);
        readings.device_match_db = self.f32(word::DEVICE_MATCH_DB);
        readings.loudness_counts.clear();
        readings.loudness_counts.extend_from_slice(&self.record[word::LOUDNESS_COUNTS..word::LOUDNESS_COUNTS + LU_COUNT]);
        let true_peak = [self.f32(word::TRUE_PEAK_LEFT), self.f32(word::TRUE_PEAK_RIGHT)];
        readings.true_peak = if is_first { true_peak } else { larger(readings.true_peak, true_peak) };
        self.merge_strips(readings, is_first);
        self.merge_inserts(readings, is_first);
        self.merge_bands(readings, is_first);
    }

    fn merge_strips(&self, readings: &mut Readings, is_first: bool) {
        let before = std::mem::take(&mut readings.strips);
        for index in 0..self.count(word::STRIPS, MAX_STRIPS) {
            let words = &self.record[strip_at(index)..][..STRIP_WORDS];
            let value = |at: usize| f32::from_bits(words[at]);
            let id = StripId(words[strip::ID]);
            let mut peak = [value(strip::PEAK_LEFT), value(strip::PEAK_RIGHT)];
            let mut peak_pre = value(strip::PEAK_PRE);
            if !is_first && let Some(known) = before.iter().find(|known| known.id == id) {
                peak = larger(known.peak, peak);
                peak_pre = known.peak_pre.max(peak_pre);
            }
            readings.strips.push(StripReading {
                id,
                peak,
                peak_pre,
                rms: [value(strip::RMS_LEFT), value(strip::RMS_RIGHT)],
                peak_max: value(strip::PEAK_MAX),
                clipped: words[strip::CLIPPED],
            });
        }
    }

    fn merge_inserts(&self, readings: &mut Readings, is_first: bool) {
        let before = std::mem::take(&mut readings.reductions_db);
        readings.matches_db.clear();
        for index in 0..self.count(word::INSERTS, MAX_INSERTS) {
            let words = &self.record[insert_at(index)..][..INSERT_WORDS];
            let id = InsertId(words[insert::ID]);
            let known = before.iter().find(|known| known.0 == id && !is_first).map_or(0.0, |known| known.1);
            readings.matches_db.push((id, f32::from_bits(words[insert::MATCH_DB])));
            readings.reductions_db.push((id, f32::from_bits(words[insert::REDUCTION_DB]).min(known)));
        }
    }

    fn merge_bands(&self, readings: &mut Readings, is_first: bool) {
        let before = std::mem::take(&mut readings.band_reductions_db);
        for index in 0..self.count(word::BANDED, MAX_BANDED) {
            let words = &self.record[banded_at(index)..][..BANDED_WORDS];
            let id = InsertId(words[banded::ID]);
            let known = before.iter().find(|known| known.0 == id && !is_first).map_or([0.0; BANDS], |known| known.1);
            let now = |band: usize| f32::from_bits(words[banded::REDUCTIONS_DB + band]).min(known[band]);
            readings.band_reductions_db.push((id, std::array::from_fn(now)));
        }
    }
}

fn larger(one: [f32; 2], other: [f32; 2]) -> [f32; 2] {
    [one[0].max(other[0]), one[1].max(other[1])]
}
