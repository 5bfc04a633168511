//! The feeder: reads the song's audio and places it, block by block, in the ring that the engine plays from.
//!
//! It decides the timeline (where each block starts, where the loop turns back) and nothing of the sound: clip gain, fades and
//! cross-fades are the players'. An edit rewrites the blocks that the engine has not reached, from [`REFEED_MARGIN_BLOCKS`] ahead of it,
//! and only the tracks whose clips moved; the first rewritten block cross-fades. The layout is [`dsp::protocol::feed`]'s.
//!
//! [`REFEED_MARGIN_BLOCKS`]: dsp::protocol::feed::REFEED_MARGIN_BLOCKS

mod block;
mod cache;
mod feeder;
mod plan;
#[cfg(test)]
mod reader;
mod ring;

#[cfg(test)]
mod tests;
mod walk;

use crate::model::SourceId;

pub use cache::RUN_FRAMES;
pub use feeder::{Feeder, Filled};
pub use plan::{FeedPlan, Placement, PlannedSource, TrackPlan};
pub use ring::format;

/// Why audio could not be fed, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    /// The ring's header makes no sense.
    #[error("The audio ring has another layout than this version uses.")]
    Ring,
    /// A source's audio could not be read.
    #[error("{0}")]
    Read(String),
}

/// Where the samples come from.
pub trait SampleSource {
    /// Fills `left` (and `right`, for a source of two channels) with a source's frames at the song's rate, from `start_frame` on. Frames
    /// after its end are silence.
    ///
    /// # Errors
    /// A sentence that names the file and says why it could not be read.
    fn read(&mut self, source: SourceId, start_frame: u64, left: &mut [f32], right: Option<&mut [f32]>) -> Result<(), FeedError>;
}
