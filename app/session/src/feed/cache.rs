//! Reading ahead: a source is read in runs of many blocks, and blocks are cut from them.

use super::block::Part;
use super::{FeedError, SampleSource};
use crate::model::SourceId;

/// How much of a source is read at a time, at least while its clip lasts.
pub const RUN_FRAMES: usize = 8192;

/// The last run that was read for one lane of a track.
#[derive(Default)]
pub struct Run {
    source: Option<SourceId>,
    start: u64,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Run {
    /// Copies a part of a block out, after reading a new run when the one in hand does not hold it; `ahead` is how many frames that run
    /// should have.
    pub fn copy(
        &mut self,
        part: &Part,
        ahead: usize,
        samples: &mut impl SampleSource,
        (left, right): (&mut [f32], &mut [f32]),
    ) -> Result<(), FeedError> {
        if !self.holds(part) {
            self.read(part, ahead, samples)?;
        }
        let from = (part.from - self.start) as usize;
        left.copy_from_slice(&self.left[from..from + part.frames]);
        let other = if part.is_stereo { &self.right } else { &self.left };
        right.copy_from_slice(&other[from..from + part.frames]);
        Ok(())
    }

    fn holds(&self, part: &Part) -> bool {
        self.source == Some(part.source) && part.from >= self.start && part.from + part.frames as u64 <= self.start + self.left.len() as u64
    }

    fn read(&mut self, part: &Part, ahead: usize, samples: &mut impl SampleSource) -> Result<(), FeedError> {
        let in_clip = usize::try_from(part.until - part.from).unwrap_or(usize::MAX);
        let frames = in_clip.min(ahead).max(part.frames);
        self.source = None;
        self.left.resize(frames, 0.0);
        if part.is_stereo {
            self.right.resize(frames, 0.0);
            samples.read(part.source, part.from, &mut self.left, Some(&mut self.right))?;
        } else {
            samples.read(part.source, part.from, &mut self.left, None)?;
        }
        self.source = Some(part.source);
        self.start = part.from;
        Ok(())
    }
}
