//! Why a file is refused: one sentence with its name and the reason, one with the way on.

use std::fmt;

/// The reason, without the file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 0 bytes.
    Empty,
    /// Nothing but tags.
    OnlyTags,
    /// A known kind of file that has no sound ("a PNG picture").
    NotAudio(&'static str),
    /// Nobody knows what it is.
    Unknown,
    /// A header without frames.
    NoFrames,
    /// A header that says too little or nonsense.
    Header(&'static str),
    /// This many channels.
    Channels(u32),
    /// This rate.
    Rate(u32),
    /// A known kind of audio that is not read ("WavPack").
    NotRead(&'static str),
    /// A WAV of this format number.
    WaveFormat(u16),
    /// Perhaps the browser can, at this rate.
    NeedsBrowser(u32),
    /// The file could not be read at all.
    Unreadable,
}

/// Why a file was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The file's name as it came.
    pub file_name: String,
    /// The reason.
    pub refusal: Refusal,
}

impl ImportError {
    /// For this file.
    pub fn new(file_name: &str, refusal: Refusal) -> Self {
        Self { file_name: file_name.to_string(), refusal }
    }
}

impl std::error::Error for ImportError {}

const EXPORT_AGAIN: &str = "Export it again from where it came from.";
const CONVERT: &str = "Convert it to WAV or FLAC.";

impl fmt::Display for ImportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.file_name;
        match &self.refusal {
            Refusal::Empty => write!(formatter, "“{name}” holds no audio: it is an empty file. {EXPORT_AGAIN}"),
            Refusal::OnlyTags => write!(formatter, "“{name}” holds no audio: it has only tags. {EXPORT_AGAIN}"),
            Refusal::NotAudio(kind) => write!(formatter, "“{name}” holds no audio: it is {kind}. Drop an audio file instead."),
            Refusal::Unknown => write!(formatter, "“{name}” is not audio that Headroom knows. {CONVERT}"),
            Refusal::NoFrames => write!(formatter, "“{name}” holds no audio: there is nothing after its header. {EXPORT_AGAIN}"),
            Refusal::Header(what) => write!(formatter, "“{name}” cannot be read: {what}. {EXPORT_AGAIN}"),
            Refusal::Channels(0) => write!(formatter, "“{name}” cannot be read: its header says 0 channels. {EXPORT_AGAIN}"),
            Refusal::Channels(count) => {
                write!(formatter, "“{name}” has {count} channels, more than Headroom folds down to stereo. Export it in stereo.")
            }
            Refusal::Rate(hz) => write!(formatter, "“{name}” cannot be read: its header says a sample rate of {hz} Hz. {EXPORT_AGAIN}"),
            Refusal::NotRead(kind) => write!(formatter, "“{name}” is {kind}, which Headroom does not read. {CONVERT}"),
            Refusal::WaveFormat(tag) => {
                write!(formatter, "“{name}” is a WAV with a compression that Headroom does not read (number {tag}). {CONVERT}")
            }
            Refusal::NeedsBrowser(_) => write!(formatter, "“{name}” needs a decoder that only a browser has. {CONVERT}"),
            Refusal::Unreadable => write!(formatter, "“{name}” could not be read from the disk. Drop it again."),
        }
    }
}
