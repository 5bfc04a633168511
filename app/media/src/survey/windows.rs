//! Samples for a feeder that cannot wait: what is not here is noted, fetched, and asked for again.

use std::collections::{BTreeMap, VecDeque};

use session::feed::{FeedError, FeedPlan, PlannedSource, RUN_FRAMES, SampleSource};
use session::model::{SampleFormat, SourceId};

use crate::analysis::defects::Defects;
use crate::import::Shelf;
use crate::store::{StoreError, to_floats};

/// Windows begin at multiples of this many frames and reach over the next one's beginning by as much as the feeder reads at a time.
const STEP_FRAMES: u64 = 1 << 16;
/// Windows of a source that are held at once: a source may be heard at two places at a time.
const MOST_HELD: usize = 2;

struct Window {
    number: u64,
    planes: Vec<Vec<f32>>,
}

/// See the module's text.
pub struct Windows {
    rate_hz: u32,
    sources: BTreeMap<SourceId, PlannedSource>,
    held: BTreeMap<SourceId, VecDeque<Window>>,
    wanted: Option<(SourceId, u64)>,
    runs: BTreeMap<(SourceId, u64), u32>,
}

impl Windows {
    /// Nothing is held.
    pub fn new(plan: &FeedPlan) -> Self {
        Self {
            rate_hz: plan.rate_hz,
            sources: plan.sources.iter().map(|source| (source.id, source.clone())).collect(),
            held: BTreeMap::new(),
            wanted: None,
            runs: BTreeMap::new(),
        }
    }

    /// Fetches what was missed; `false` when nothing was.
    pub async fn fetch(&mut self, shelf: &mut impl Shelf) -> Result<bool, StoreError> {
        let Some((id, number)) = self.wanted.take() else { return Ok(false) };
        let Some(source) = self.sources.get(&id) else { return Ok(false) };
        let is_twin = source.rate_hz != self.rate_hz;
        let format = if is_twin { SampleFormat::F32 } else { source.format };
        let frames = STEP_FRAMES as u32 + RUN_FRAMES as u32;
        let bytes = shelf.read(&source.hash, is_twin.then_some(self.rate_hz), number * STEP_FRAMES, frames).await?;
        let (samples, channels) = (to_floats(&bytes, format), usize::from(source.channels.max(1)));
        let planes: Vec<Vec<f32>> =
            (0..channels).map(|channel| samples.iter().skip(channel).step_by(channels).copied().collect()).collect();
        self.runs.entry((id, number)).or_insert_with(|| clipped_runs(&planes));
        let held = self.held.entry(id).or_default();
        held.push_back(Window { number, planes });
        if held.len() > MOST_HELD {
            held.pop_front();
        }
        Ok(true)
    }

    /// Runs of clipped samples in what was fetched of a source.
    pub fn clipped_runs(&self, source: SourceId) -> u32 {
        self.runs.iter().filter(|((id, _), _)| *id == source).map(|(_, runs)| runs).sum()
    }
}

/// In the frames that no other window begins with.
fn clipped_runs(planes: &[Vec<f32>]) -> u32 {
    let mut defects = Defects::default();
    let own = |plane: &Vec<f32>| plane.len().min(STEP_FRAMES as usize);
    match planes {
        [mono] => defects.push(&mono[..own(mono)], &[]),
        [left, right] => defects.push(&left[..own(left)], &right[..own(right)]),
        _ => {}
    }
    defects.clipped_runs()
}

impl SampleSource for Windows {
    fn read(&mut self, source: SourceId, start_frame: u64, left: &mut [f32], right: Option<&mut [f32]>) -> Result<(), FeedError> {
        let number = start_frame / STEP_FRAMES;
        let window = self.held.get(&source).and_then(|held| held.iter().find(|window| window.number == number));
        let Some(window) = window else {
            self.wanted = self.sources.contains_key(&source).then_some((source, number));
            return Err(FeedError::Read("A clip refers to audio that the session does not have.".into()));
        };
        let from = (start_frame - number * STEP_FRAMES) as usize;
        for (plane, out) in window.planes.iter().chain(window.planes.last()).zip([Some(left), right]) {
            let Some(out) = out else { continue };
            let there = plane.get(from..).unwrap_or_default();
            let count = there.len().min(out.len());
            out[..count].copy_from_slice(&there[..count]);
            out[count..].fill(0.0);
        }
        Ok(())
    }
}
