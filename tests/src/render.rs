//! A song through the product's feeder and engine to frames, natively and as fast as it goes.

use std::collections::BTreeMap;

use dsp::engine::{Engine, EngineOptions, Excerpt, host};
use dsp::protocol::feed::{BlockHeader, words_for};
use dsp::protocol::{Command, LocalWords, StripKind};
use session::compile::{self, Purpose};
use session::feed::{FeedError, FeedPlan, Feeder, SampleSource, format};
use session::model::{Range, Session, Song, SourceId};

/// Blocks of the ring, unless a test wants it tighter.
const SLOTS: usize = 64;
/// Places for tracks that come while an engine runs.
const SPARE_TRACKS: usize = 2;

/// Why a render failed.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Audio could not be read.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The feeder has nothing more and the engine wants a block.
    #[error("The engine starved.")]
    Starved,
    /// What becomes of the frames could not take them.
    #[error("{0}")]
    Sink(String),
}

/// How the feeder keeps up: the sound must not depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Blocks of the ring.
    pub slots: usize,
    /// The feeder works once in so many blocks of the engine,
    pub every: u32,
    /// and writes at most so many.
    pub blocks: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { slots: SLOTS, every: 1, blocks: SLOTS as u32 }
    }
}

/// An engine with a song in it, and its feeder.
pub struct Stage<'a, S> {
    /// The engine.
    pub engine: Engine,
    /// The feeder.
    pub feeder: Feeder,
    words: LocalWords,
    samples: &'a mut S,
    pace: Pace,
    turn: u32,
    generation: u32,
}

impl<'a, S: SampleSource> Stage<'a, S> {
    /// A fresh engine built from the song's snapshot.
    pub fn new(session: &Session, song: &Song, purpose: Purpose, samples: &'a mut S, pace: Pace) -> Self {
        let tracks = song.strips_of(StripKind::Audio).count() + SPARE_TRACKS;
        let words = LocalWords::new(words_for(pace.slots, tracks));
        format(&words, pace.slots, tracks);
        let options = EngineOptions { feed_tracks: tracks, ignore_solo: purpose == Purpose::Export, ..EngineOptions::default() };
        let feeder = Feeder::new(FeedPlan::from_song(session, song, purpose));
        let engine = Engine::new(f64::from(song.rate_hz), options);
        let mut stage = Self { engine, feeder, words, samples, pace, turn: 0, generation: 0 };
        stage.apply(compile::snapshot(song, purpose));
        stage
    }

    /// Carries commands out.
    pub fn apply(&mut self, commands: impl IntoIterator<Item = Command>) {
        commands.into_iter().for_each(|command| self.engine.apply(command));
    }

    /// Plays from this frame, to `end` when there is one.
    pub fn start(&mut self, frame: u64, end: Option<u64>) {
        self.generation += 1;
        self.feeder.start(self.generation, frame, end);
        self.engine.apply(Command::Play { generation: self.generation });
    }

    /// Renders a block; gives what the feed said of it when it had one.
    ///
    /// # Errors
    /// When audio cannot be read, or the feeder has nothing left to give.
    pub fn step(&mut self) -> Result<Option<BlockHeader>, RenderError> {
        let works = self.turn.is_multiple_of(self.pace.every);
        self.turn = self.turn.wrapping_add(1);
        let written = if works { self.feeder.fill(&self.words, self.samples, self.pace.blocks)?.written } else { 1 };
        let wants = self.engine.wanted_block().is_some();
        let has = host::pump(&mut self.engine, &self.words);
        if wants && !has && written == 0 {
            return Err(RenderError::Starved);
        }
        let header = (wants && has).then(|| BlockHeader::from_words(self.engine.input_mut()));
        self.engine.render_block();
        Ok(header)
    }
}

/// Renders a range and the tail after it; `sink` takes the frames of both channels as they come.
///
/// # Errors
/// When audio cannot be read, or the sink refuses.
pub fn render(
    (session, song, range): (&Session, &Song, Range),
    purpose: Purpose,
    samples: &mut impl SampleSource,
    pace: Pace,
    mut sink: impl FnMut(&[f32], &[f32]) -> Result<(), String>,
) -> Result<(), RenderError> {
    let mut stage = Stage::new(session, song, purpose, samples, pace);
    let mut excerpt = Excerpt::new(f64::from(song.rate_hz), compile::LONGEST_TAIL_S * u64::from(song.rate_hz));
    stage.start(range.start, Some(range.end));
    while !excerpt.is_complete() {
        if let Some(header) = stage.step()? {
            excerpt.feed(&header);
        }
        let kept = excerpt.keep(&stage.engine);
        let (left, right) = stage.engine.tap();
        sink(&left[kept.clone()], &right[kept]).map_err(RenderError::Sink)?;
    }
    Ok(())
}

/// Both channels of a render, in memory.
///
/// # Errors
/// As [`render`].
pub fn render_to_memory(
    song: (&Session, &Song, Range),
    purpose: Purpose,
    samples: &mut impl SampleSource,
    pace: Pace,
) -> Result<[Vec<f32>; 2], RenderError> {
    let mut out = [Vec::new(), Vec::new()];
    render(song, purpose, samples, pace, |left, right| {
        out[0].extend_from_slice(left);
        out[1].extend_from_slice(right);
        Ok(())
    })?;
    Ok(out)
}

/// Sources in memory, one or two planes each.
#[derive(Clone, Debug, Default)]
pub struct MemorySamples(pub BTreeMap<SourceId, Vec<Vec<f32>>>);

impl SampleSource for MemorySamples {
    fn read(&mut self, source: SourceId, start_frame: u64, left: &mut [f32], right: Option<&mut [f32]>) -> Result<(), FeedError> {
        let planes = self.0.get(&source).ok_or_else(|| FeedError::Read("A source is not there.".into()))?;
        let start = usize::try_from(start_frame).unwrap_or(usize::MAX);
        for (plane, out) in planes.iter().zip([Some(left), right]) {
            for (at, out) in out.into_iter().flatten().enumerate() {
                *out = plane.get(start.saturating_add(at)).copied().unwrap_or(0.0);
            }
        }
        Ok(())
    }
}
