//! A written file read back from where it lies and measured, so that what is said of it is true of the file and not of what was meant.

use std::rc::Rc;

use session::analysis::Analysis;
use session::model::SampleFormat;

use super::wav::header;
use crate::analysis::Analyser;
use crate::store::{StoreError, StoreFile, sample_bytes, to_floats};

/// Frames that are read at a time.
const STEP_FRAMES: u64 = 1 << 15;

/// See the module's text.
pub struct ReadBack {
    file: Rc<dyn StoreFile>,
    format: SampleFormat,
    channels: usize,
    at: u64,
    end: u64,
    analyser: Analyser,
}

impl ReadBack {
    /// Of a file that should hold so many frames.
    ///
    /// # Errors
    /// When its header does not say so.
    pub fn new(file: Rc<dyn StoreFile>, format: SampleFormat, rate_hz: u32, channels: u16, frames: u64) -> Result<Self, StoreError> {
        let data_bytes = frames * sample_bytes(format) as u64 * u64::from(channels);
        let wanted = header(format, rate_hz, channels, data_bytes);
        let mut found = vec![0; wanted.len()];
        file.read_at(0, &mut found)?;
        if found != wanted {
            return Err(StoreError::Broken("The written file does not begin as it should.".into()));
        }
        let at = wanted.len() as u64;
        let analyser = Analyser::new(rate_hz);
        Ok(Self { file, format, channels: usize::from(channels), at, end: at + data_bytes, analyser })
    }

    /// Reads on; `true` when all is read.
    ///
    /// # Errors
    /// Whatever the file says, and that it is cut short.
    pub fn step(&mut self) -> Result<bool, StoreError> {
        let most = STEP_FRAMES * (sample_bytes(self.format) * self.channels) as u64;
        let bytes = (self.end - self.at).min(most);
        let mut piece = vec![0; usize::try_from(bytes).unwrap_or(0)];
        if self.file.read_at(self.at, &mut piece)? < piece.len() {
            return Err(StoreError::Broken("The written file is cut short.".into()));
        }
        self.analyser.push_interleaved(&to_floats(&piece, self.format), self.channels);
        self.at += bytes;
        Ok(self.at == self.end)
    }

    /// What it measures.
    pub fn finish(self) -> Analysis {
        self.analyser.finish()
    }
}
