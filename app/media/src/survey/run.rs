//! A render that plays nowhere: the engine, its feeder, and samples that are fetched as the feeder misses them.

use dsp::engine::{BLOCK_FRAMES, Engine, EngineOptions, Excerpt, host};
use dsp::protocol::feed::{BlockHeader, words_for};
use dsp::protocol::{Command, LocalWords};
use session::compile::{self, Purpose};
use session::feed::{FeedPlan, Feeder, format};
use session::model::{Range, Session, Song, SourceId};

use super::windows::Windows;
use crate::import::{Shelf, ensure_rate};
use crate::store::StoreError;

/// Blocks of the ring between feeder and engine.
const SLOTS: usize = 64;
/// The one play of the engine.
const GENERATION: u32 = 1;

/// See the module's text.
pub struct Run {
    pub engine: Engine,
    feeder: Feeder,
    words: LocalWords,
    windows: Windows,
    excerpt: Excerpt,
    range: Range,
    /// Where the next block stands on the timeline, latency not counted.
    pub position: u64,
    blocks: u64,
}

impl Run {
    /// Of a stretch of a song; sources are brought to its rate first.
    pub async fn new(
        session: &Session,
        song: &Song,
        range: Range,
        shelf: &mut impl Shelf,
        on_progress: &mut impl FnMut(f32) -> bool,
    ) -> Result<Self, StoreError> {
        if range.start >= range.end {
            return Err(StoreError::Broken("There is nothing in this song to measure.".into()));
        }
        let plan = FeedPlan::from_song(session, song, Purpose::Export);
        for source in &plan.sources {
            ensure_rate(&source.hash, plan.rate_hz, shelf, |_| on_progress(0.0)).await?;
        }
        let tracks = plan.tracks.len().max(1);
        let words = LocalWords::new(words_for(SLOTS, tracks));
        format(&words, SLOTS, tracks);
        let rate_hz = f64::from(song.rate_hz);
        let mut engine = Engine::new(rate_hz, EngineOptions { feed_tracks: tracks, ignore_solo: true, ..EngineOptions::default() });
        compile::snapshot(song, Purpose::Export).into_iter().for_each(|command| engine.apply(command));
        let windows = Windows::new(&plan);
        let mut feeder = Feeder::new(plan);
        feeder.start(GENERATION, range.start, Some(range.end));
        engine.apply(Command::Play { generation: GENERATION });
        let excerpt = Excerpt::new(rate_hz, compile::LONGEST_TAIL_S * u64::from(song.rate_hz));
        Ok(Self { engine, feeder, words, windows, excerpt, range, position: range.start, blocks: 0 })
    }

    /// Frames rendered.
    pub fn frames(&self) -> u64 {
        self.blocks * BLOCK_FRAMES as u64
    }

    /// Runs of clipped samples in what was heard of a source.
    pub fn clipped_runs(&self, source: SourceId) -> u32 {
        self.windows.clipped_runs(source)
    }

    /// Renders to the end of the tail; `before` each block and `after` it, with which frames of it belong to the song.
    pub async fn run(
        &mut self,
        shelf: &mut impl Shelf,
        on_progress: &mut impl FnMut(f32) -> bool,
        mut before: impl FnMut(u64),
        mut after: impl FnMut(&Engine, std::ops::Range<usize>),
    ) -> Result<(), StoreError> {
        let expected = self.range.end.saturating_sub(self.range.start).max(1);
        while !self.excerpt.is_complete() {
            self.feed(shelf).await?;
            self.take_block();
            before(self.position);
            self.engine.render_block();
            after(&self.engine, self.excerpt.keep(&self.engine));
            self.blocks += 1;
            if self.blocks.is_multiple_of(SLOTS as u64) && !on_progress((self.frames() as f32 / expected as f32).min(1.0)) {
                return Err(StoreError::Cancelled);
            }
        }
        Ok(())
    }

    /// Fills the ring; what the feeder misses is fetched, and the feeder tries again.
    async fn feed(&mut self, shelf: &mut impl Shelf) -> Result<(), StoreError> {
        while let Err(error) = self.feeder.fill(&self.words, &mut self.windows, SLOTS as u32) {
            if !self.windows.fetch(shelf).await? {
                return Err(StoreError::Broken(error.to_string()));
            }
        }
        Ok(())
    }

    fn take_block(&mut self) {
        if self.engine.wanted_block().is_some() && host::pump(&mut self.engine, &self.words) {
            let header = BlockHeader::from_words(self.engine.input_mut());
            self.excerpt.feed(&header);
            self.position = header.start;
        } else {
            self.position += BLOCK_FRAMES as u64;
        }
    }
}
