//! Readings from the engine: records of fixed layout, one every [`PERIOD_MS`], in a ring that the engine never waits for.
//!
//! Header words `[version, written, memory pages, …]`, then [`RECORDS`] records of [`RECORD_WORDS`] words. Record `n` lies at `n % RECORDS`; its word 0
//! is n+1 while it is valid and 0 while it is being written. Each reader keeps its own cursor, walks the records it has not seen
//! (at most [`RECORDS`] − 1 back), and takes maxima over them.

use crate::meters::LU_COUNT;
use crate::primitives::crossover::MAX_BANDS;

/// Time between two records.
pub const PERIOD_MS: f64 = 10.0;
/// Words in front of the records.
pub const HEADER_WORDS: usize = 4;
/// Header word: protocol version.
pub const VERSION: usize = 0;
/// Header word: records ever written.
pub const WRITTEN: usize = 1;
/// Header word: size of the audio thread's memory in pages of 64 KiB.
pub const MEMORY_PAGES: usize = 2;
/// Records in the ring: more than half a second.
pub const RECORDS: usize = 64;
/// Most strips in a record.
pub const MAX_STRIPS: usize = 256;
/// Most inserts in a record.
pub const MAX_INSERTS: usize = 512;
/// Words of a record's fixed part.
pub const FIXED_WORDS: usize = word::LOUDNESS_COUNTS + LU_COUNT;
/// Words per strip.
pub const STRIP_WORDS: usize = 8;
/// Words per insert.
pub const INSERT_WORDS: usize = 3;
/// Most inserts in a record whose bands are told one by one.
pub const MAX_BANDED: usize = 64;
/// Bands that are told of an insert.
pub const BANDS: usize = MAX_BANDS;
/// Words per insert with bands.
pub const BANDED_WORDS: usize = banded::REDUCTIONS_DB + BANDS;
/// Words of one record.
pub const RECORD_WORDS: usize = banded_at(MAX_BANDED);

/// Words of the whole ring.
pub const fn total_words() -> usize {
    HEADER_WORDS + RECORDS * RECORD_WORDS
}

/// Places of the fixed part's words. Floats are IEEE-754 bits; 64-bit numbers take two words, low first.
pub mod word {
    /// Number of the record plus one; 0 while it is written.
    pub const SEQUENCE: usize = 0;
    /// [`super::flag`]s.
    pub const FLAGS: usize = 1;
    /// Timeline frame that leaves the engine at the end of the record (before latency), u64.
    pub const POSITION: usize = 2;
    /// Frames rendered since the engine began, u64.
    pub const ENGINE_FRAME: usize = 4;
    /// Generation that sounds.
    pub const GENERATION: usize = 6;
    /// How often the feeder fell behind.
    pub const STARVED: usize = 7;
    /// Momentary loudness, LUFS, f32 (−∞ when silent).
    pub const MOMENTARY: usize = 8;
    /// Short-term loudness, LUFS.
    pub const SHORT_TERM: usize = 9;
    /// Integrated loudness since the last reset, LUFS.
    pub const INTEGRATED: usize = 10;
    /// Loudness range, LU (NaN when not measured).
    pub const RANGE: usize = 11;
    /// True peak since the last reset, linear, the larger channel.
    pub const TRUE_PEAK_MAX: usize = 12;
    /// True peak in this record, linear, left.
    pub const TRUE_PEAK_LEFT: usize = 13;
    /// True peak in this record, linear, right.
    pub const TRUE_PEAK_RIGHT: usize = 14;
    /// Correlation of the master, −1 to 1.
    pub const CORRELATION: usize = 15;
    /// Latency from the timeline to the output, frames.
    pub const LATENCY: usize = 16;
    /// Free bytes of the pool, from which structures are made.
    pub const HEADROOM_BYTES: usize = 17;
    /// How many values that are not numbers were stopped.
    pub const REPAIRED: usize = 18;
    /// Frames over which integrated loudness was measured, u64.
    pub const MEASURED_FRAMES: usize = 19;
    /// Largest short-term loudness since the last reset, LUFS.
    pub const SHORT_TERM_MAX: usize = 21;
    /// Largest momentary loudness since the last reset, LUFS.
    pub const MOMENTARY_MAX: usize = 22;
    /// Messages lost for want of room in the event ring.
    pub const EVENTS_DROPPED: usize = 23;
    /// Largest true peak of the last 3 s less the short-term loudness, LU (NaN in silence).
    pub const PSR: usize = 24;
    /// What brings the song behind its master chain to its loudness before it, dB (NaN while it is not measured).
    pub const CHAIN_MATCH_DB: usize = 25;
    /// What the device that it is heard through is turned by to be as loud as none, dB.
    pub const DEVICE_MATCH_DB: usize = 26;
    /// What the reference is turned by to be as loud as the song over what was played of both, dB (NaN while it is not measured).
    pub const REFERENCE_MATCH_DB: usize = 27;
    /// How many inserts with bands follow after the room for [`super::MAX_INSERTS`] inserts.
    pub const BANDED: usize = 29;
    /// How many strips follow.
    pub const STRIPS: usize = 30;
    /// How many inserts follow after the room for [`super::MAX_STRIPS`] strips.
    pub const INSERTS: usize = 31;
    /// How many short-term windows, ten a second, lay in each LU from −70 LUFS on since the last reset: [`crate::meters::LU_COUNT`] words.
    pub const LOUDNESS_COUNTS: usize = 32;
}

/// Bits of [`word::FLAGS`].
pub mod flag {
    /// The transport plays.
    pub const PLAYING: u32 = 1;
    /// It plays, but holds for the feeder.
    pub const HOLDING: u32 = 2;
}

/// Places of a strip's words.
pub mod strip {
    /// Its id.
    pub const ID: usize = 0;
    /// Peak after the fader in this record, linear, left.
    pub const PEAK_LEFT: usize = 1;
    /// Right.
    pub const PEAK_RIGHT: usize = 2;
    /// RMS over 300 ms after the fader, linear, left.
    pub const RMS_LEFT: usize = 3;
    /// Right.
    pub const RMS_RIGHT: usize = 4;
    /// Highest peak since it was reset, linear, the larger channel.
    pub const PEAK_MAX: usize = 5;
    /// Samples over full scale since it was reset.
    pub const CLIPPED: usize = 6;
    /// Peak before the fader in this record, linear, the larger channel.
    pub const PEAK_PRE: usize = 7;
}

/// Places of an insert's words.
pub mod insert {
    /// Its id.
    pub const ID: usize = 0;
    /// Lowest gain reduction in this record, dB (0 or negative).
    pub const REDUCTION_DB: usize = 1;
    /// What the way around it is turned by to be as loud, dB (NaN while it is not compared).
    pub const MATCH_DB: usize = 2;
}

/// Places of the words of an insert that works in bands.
pub mod banded {
    /// Its id.
    pub const ID: usize = 0;
    /// Lowest gain reduction of each band in this record, dB (0 or negative, 0 of bands that it has not): [`super::BANDS`] words.
    pub const REDUCTIONS_DB: usize = 1;
}

/// Word in a record where strip number `index` starts.
pub const fn strip_at(index: usize) -> usize {
    FIXED_WORDS + index * STRIP_WORDS
}

/// Word in a record where insert number `index` starts.
pub const fn insert_at(index: usize) -> usize {
    FIXED_WORDS + MAX_STRIPS * STRIP_WORDS + index * INSERT_WORDS
}

/// Word in a record where the insert with bands number `index` starts.
pub const fn banded_at(index: usize) -> usize {
    insert_at(MAX_INSERTS) + index * BANDED_WORDS
}
