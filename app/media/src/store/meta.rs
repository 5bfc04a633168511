//! What the store knows of a source, and the names of its files.
//!
//! Files are written once under a number that nobody else uses; the small description that names them is written last. So a
//! half-written source is a file without a description, which the next start sweeps away.

use serde::{Deserialize, Serialize};
use session::archive::is_hash;
use session::model::SampleFormat;

/// What a source's samples are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceMeta {
    /// SHA-256 of header and samples, see [`crate::import`].
    pub hash: String,
    /// Rate.
    pub rate_hz: u32,
    /// 1 or 2.
    pub channels: u16,
    /// Frames.
    pub frames: u64,
    /// Width; twins at other rates are floats.
    pub format: SampleFormat,
}

impl SourceMeta {
    /// Bytes of one frame.
    pub fn frame_bytes(&self) -> usize {
        sample_bytes(self.format) * usize::from(self.channels)
    }
}

/// Bytes of a sample.
pub fn sample_bytes(format: SampleFormat) -> usize {
    match format {
        SampleFormat::I16 => 2,
        SampleFormat::I24 => 3,
        SampleFormat::F32 => 4,
    }
}

/// Folder of samples, peaks and their descriptions.
pub const SOURCES: &str = "sources";
/// Folder of sessions.
pub const SESSIONS: &str = "sessions";
/// Folder of files on their way out.
pub const OUT: &str = "out";

/// The name of a description, which is the whole index: hash, the twin's rate (0 for the source itself), the number of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaName {
    /// Whose.
    pub hash: String,
    /// 0, or the twin's rate.
    pub rate_hz: u32,
    /// Name of its files without their endings.
    pub number: String,
}

impl MetaName {
    /// As a file name.
    pub fn file_name(&self) -> String {
        format!("{}.{}.{}.json", self.hash, self.rate_hz, self.number)
    }

    /// From a file name.
    pub fn parse(name: &str) -> Option<Self> {
        let mut parts = name.split('.');
        let parsed = Self { hash: parts.next()?.into(), rate_hz: parts.next()?.parse().ok()?, number: parts.next()?.into() };
        (is_hash(&parsed.hash) && parts.next() == Some("json") && parts.next().is_none()).then_some(parsed)
    }

    /// The file of its samples.
    pub fn samples(&self) -> String {
        samples_name(&self.number)
    }

    /// The file of its peaks.
    pub fn peaks(&self) -> String {
        peaks_name(&self.number)
    }

    /// The file of its analysis.
    pub fn analysis(&self) -> String {
        analysis_name(&self.number)
    }
}

/// The file of samples with this number.
pub fn samples_name(number: &str) -> String {
    format!("{number}.pcm")
}

/// The file of peaks with this number.
pub fn peaks_name(number: &str) -> String {
    format!("{number}.peaks")
}

/// The file of the analysis with this number.
pub fn analysis_name(number: &str) -> String {
    format!("{number}.analysis")
}
