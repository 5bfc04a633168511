//! What the page and the workers say to each other, as postcard bytes.
//!
//! One STORE worker owns the files and feeds the engine, COMPUTE workers decode, resample and draw peaks. Every request carries an
//! id, its answer the same; errors are sentences that can be shown. Whatever cannot be bytes (files, shared memory, ports) travels
//! beside the message, in the order that the request's text names. A [`crate::model::Session`] travels as its JSON, because absent fields
//! have no place in postcard.

use serde::{Deserialize, Serialize};

use crate::analysis::Analysis;
use crate::assist::ledger::{Ledger, Row};
use crate::assist::matching::{self, Matched};
use crate::codec::Checked;
use crate::model::{Range, SampleFormat, SongId, Source, SourceId};
use crate::survey::Survey;

/// What a worker is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Owns the files, feeds the engine, writes what is delivered.
    Store,
    /// Decodes, resamples, computes.
    Compute,
}

/// A message to a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// The first message: what the worker is.
    Start(Role),
    /// A port to the other kind of worker, beside the message.
    Connect,
    /// A request to the store.
    Store(u32, StoreRequest),
    /// A request to a compute worker.
    Compute(u32, ComputeRequest),
    /// The request with this id is no longer wanted.
    Cancel(u32),
}

/// A message from a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// It can work. The store says whether what it keeps outlives the page.
    Ready {
        /// False when audio is kept in memory.
        persistent: bool,
    },
    /// How far a request is, 0 to 1.
    Progress(u32, f32),
    /// Audio of the plan cannot be read; the sentence says which and why.
    FeedFailed(String),
    /// The answer to a request.
    Answer(u32, Result<Answer, String>),
}

/// What the store is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StoreRequest {
    /// Feed into this ring from now on. Beside it: its SharedArrayBuffer.
    AttachFeed {
        /// How many times slower than it could the feeder works: 1, but for a trial of it.
        slowness: u32,
    },
    /// What is to be fed, as [`crate::feed`]'s plan in postcard; kept for the next start, taken over at once while feeding.
    SetPlan(Vec<u8>),
    /// Feed from this frame as this generation.
    FeedStart {
        /// The generation.
        generation: u32,
        /// The first frame.
        frame: u64,
        /// Where a render ends; `None` goes on and follows the loop.
        end: Option<u64>,
    },
    /// Feed no more.
    FeedStop,
    /// The peaks of a source.
    Peaks {
        /// Its name in the store.
        hash: String,
    },
    /// A stretch of a source as peaks of one frame, both channels in one.
    CloseUp {
        /// Its name in the store.
        hash: String,
        /// The first frame at its own rate.
        from: u64,
        /// How many, as far as there are so many.
        frames: u32,
    },
    /// All samples of a source at a rate for which it is there.
    Planes {
        /// Its name in the store.
        hash: String,
        /// The rate.
        rate_hz: u32,
    },
    /// The sessions in this browser.
    ListSessions,
    /// Keeps a session; the old one is replaced whole or not at all.
    SaveSession {
        /// The session.
        json: Vec<u8>,
        /// The page's clock, milliseconds since 1970.
        now_ms: u64,
    },
    /// A session's JSON.
    LoadSession {
        /// Its id.
        id: String,
    },
    /// Takes a session away, and the audio that no other session uses.
    DeleteSession {
        /// Its id.
        id: String,
    },
    /// Takes the audio away that no kept session uses. For when all that an earlier page left is kept: what only an unsaved session uses
    /// would be lost.
    Collect,
    /// Writes a session and its audio into one file.
    SaveArchive {
        /// The session.
        json: Vec<u8>,
    },
    /// Measures what comes through the output ring, and writes it into a file if asked. Beside it: the ring's SharedArrayBuffer.
    Deliver(Delivery),
}

/// What a compute worker is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ComputeRequest {
    /// Decodes a file into the store. Beside it: the File, and a port to the worker that helps, if one does.
    Import {
        /// A rate at which it will be played, for which the twin is made too.
        target_rate_hz: Option<u32>,
    },
    /// Makes the twin of what another worker decodes. Beside it: a port to that one.
    Help,
    /// Takes in what the browser has decoded. Beside it: the File, then one Float32Array per channel.
    ImportDecoded {
        /// Rate of the arrays.
        rate_hz: u32,
        /// As for an import.
        target_rate_hz: Option<u32>,
    },
    /// Makes a source's twin for a rate, if there is none.
    EnsureRate {
        /// Its name in the store.
        hash: String,
        /// The rate.
        rate_hz: u32,
    },
    /// Measures a source, unless that was done before.
    Analyse {
        /// Its name in the store.
        hash: String,
    },
    /// Renders a song and measures it at every point of its mixer.
    Survey {
        /// The session.
        json: Vec<u8>,
        /// Its song.
        song: SongId,
        /// The stretch; `None` is the whole song.
        range: Option<Range>,
    },
    /// Renders a song, proposes moves for its master, and renders it with them.
    Assist {
        /// The session.
        json: Vec<u8>,
        /// What is wanted.
        order: Order,
    },
    /// Renders a song, matches it to references, and renders it with the match.
    Match {
        /// The session.
        json: Vec<u8>,
        /// What is wanted.
        order: matching::Order,
    },
    /// Renders a song as an export holds it.
    Render {
        /// The session.
        json: Vec<u8>,
        /// Its song.
        song: SongId,
        /// The stretch; `None` is the whole song.
        range: Option<Range>,
    },
    /// Which of [`crate::codec::CODECS`] this browser can encode with.
    Codecs,
    /// Renders a song, encodes and decodes it.
    Check {
        /// The session.
        json: Vec<u8>,
        /// Its song.
        song: SongId,
        /// [`crate::codec::Codec::id`].
        codec: String,
    },
    /// Takes a session file's audio into the store. Beside it: the File.
    OpenArchive,
    /// Plays every `parts`-th stem of the demo song into the store, from number `part` on.
    DemoStems {
        /// Which.
        part: u32,
        /// Over how many workers the song is spread.
        parts: u32,
    },
    /// The demo song's session on its stems.
    DemoSession {
        /// The session's id.
        id: String,
        /// All stems in their order.
        stems: Vec<Imported>,
    },
}

/// What the assistant is to bring a song to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The song.
    pub song: SongId,
    /// Its loudness.
    pub target_lufs: f64,
    /// Its largest true peak.
    pub peak_dbtp: f64,
    /// Its tone, dB for each third octave.
    pub tone: Vec<f64>,
    /// The moves with their amounts.
    pub rows: Vec<Row>,
    /// Whether moves are found anew, beside those of `rows` that are locked.
    pub finds: bool,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// It is done.
    Done,
    /// An imported file.
    Imported(Imported),
    /// Some of the demo song's stems.
    Stems(Vec<Imported>),
    /// Only the browser itself may know this file: decode it at this rate and send [`ComputeRequest::ImportDecoded`].
    NeedsBrowser {
        /// The rate at which nothing is lost.
        rate_hz: u32,
    },
    /// Samples: beside the message an array of one Float32Array per channel.
    Planes,
    /// Peaks.
    Peaks(PeaksData),
    /// What a source measures.
    Analysis(Box<Analysis>),
    /// What a song measures at every point of its mixer.
    Survey(Box<Survey>),
    /// The assistant's ledger.
    Ledger(Box<Ledger>),
    /// What a match has come to.
    Matched(Box<Matched>),
    /// What a rendered song measures; beside the message an array of a Float32Array for each side.
    Rendered(Box<Analysis>),
    /// For each codec whether it can be used.
    Codecs(Vec<bool>),
    /// What became of a song. Beside the message an array, at the song's rate: a Float32Array for each side of the master, then for each side
    /// of what was decoded, and the bytes of the encoded file where there is one.
    Checked(Box<Checked>),
    /// Sessions, the latest first.
    Sessions(Vec<SessionEntry>),
    /// A session's JSON.
    Session(Vec<u8>),
    /// A file, beside the message.
    File,
    /// What was rendered, with its file beside the message when there is one.
    Delivered(Box<Delivered>),
}

/// What an import found: a source without an id, which is the document's to give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// See [`Source::hash`].
    pub hash: String,
    /// See [`Source::file_name`]; as text it is safe to show, never to run.
    pub file_name: String,
    /// See [`Source::rate_hz`].
    pub rate_hz: u32,
    /// See [`Source::channels`].
    pub channels: u16,
    /// See [`Source::frames`].
    pub frames: u64,
    /// See [`Source::format`].
    pub format: SampleFormat,
    /// See [`Source::notes`].
    pub notes: Vec<String>,
    /// See [`Source::time_reference`].
    pub time_reference: Option<u64>,
}

impl Imported {
    /// As the document keeps it.
    pub fn into_source(self, id: SourceId) -> Source {
        let Self { hash, file_name, rate_hz, channels, frames, format, notes, time_reference } = self;
        Source { id, hash, file_name, rate_hz, channels, frames, format, notes, time_reference }
    }
}

/// Frames of a source under the finest peak.
pub const PEAK_BASE_FRAMES: u32 = 64;
/// How many peaks become one of the next level.
pub const PEAK_STEP: u32 = 4;
/// Numbers per peak and channel: lowest, highest, root mean square, full scale ±32767.
pub const PEAK_VALUES: usize = 3;

/// A source's waveform at several scales.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeaksData {
    /// 1 or 2.
    pub channels: u16,
    /// The source's own rate: frames below are at this rate.
    pub rate_hz: u32,
    /// The source's length.
    pub frames: u64,
    /// Frames under a peak of level 0: [`PEAK_BASE_FRAMES`], or more for a long source, whose finest levels stay in the store.
    pub base_frames: u32,
    /// Level n has one peak per `base_frames`·[`PEAK_STEP`]ⁿ frames: per peak, per channel, [`PEAK_VALUES`] numbers.
    pub levels: Vec<Vec<i16>>,
}

/// A session in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionEntry {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was saved last, milliseconds since 1970.
    pub saved_ms: u64,
    /// Bytes of its audio in the store.
    pub bytes: u64,
    /// How many sources it has.
    pub sources: u32,
}

/// The samples of a delivered file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryFormat {
    /// 16-bit WAV.
    Wav16,
    /// 24-bit WAV.
    Wav24,
    /// 32-bit float WAV.
    WavFloat,
}

/// Noise that makes the error of rounding to integers independent of the music.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dither {
    /// Rounds to the nearest.
    None,
    /// Triangular, two least significant bits wide, white.
    Triangular,
    /// Triangular, its error shaped by three taps.
    ShapedGentle,
    /// By five taps.
    ShapedMedium,
    /// By nine taps.
    ShapedStrong,
}

/// What a render turned out to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivered {
    /// What left the engine, at the song's rate.
    pub rendered: Analysis,
    /// The written file, read back.
    pub file: Option<Analysis>,
}

/// What is to be delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The file's name, which is made safe for a download.
    pub file_name: String,
    /// Rate of the frames in the ring.
    pub rate_hz: u32,
    /// Rate of the file; `None` writes no file and only measures.
    pub file_rate_hz: Option<u32>,
    /// The true peak that a limiter holds where the rate changes.
    pub ceiling_dbtp: Option<f32>,
    /// Samples.
    pub format: DeliveryFormat,
    /// Dither of the integer formats.
    pub dither: Dither,
    /// Frames that are expected, for progress; the end is when the ring says so.
    pub expected_frames: u64,
}

/// How many frames a source has at another rate.
pub fn frames_at_rate(frames: u64, from_hz: u32, to_hz: u32) -> u64 {
    if from_hz == to_hz || from_hz == 0 || frames == 0 {
        return frames;
    }
    let product = u128::from(frames) * u128::from(to_hz);
    let nearest = (product + u128::from(from_hz / 2)) / u128::from(from_hz);
    u64::try_from(nearest).unwrap_or(u64::MAX).max(1)
}
