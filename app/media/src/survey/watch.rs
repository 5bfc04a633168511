//! Who watches a render: takes each block at each point of the mixer and measures it.

use std::collections::BTreeMap;

use dsp::engine::BLOCK_FRAMES;
use dsp::meters::peak;
use dsp::protocol::{StripId, StripKind, TapPoint};
use dsp::units::gain_to_db;
use session::model::Song;
use session::survey::{Place, Point, StripSurvey, Survey};

use super::bands::{BandPowers, Bank};
use super::level::LevelMeter;
use super::pairs::Pairs;

/// The largest sample at a point so far, linear, and when it was.
struct Held {
    place: Place,
    peak: f32,
    frame: u64,
}

struct StripWatch {
    strip: StripId,
    head: LevelMeter,
    output: LevelMeter,
    points: Vec<Held>,
    bands: BandPowers,
    peaks: Vec<f32>,
}

/// See the module's text.
#[derive(Default)]
pub struct Watch {
    strips: Vec<StripWatch>,
    /// Which strip and which of its points an insert is.
    inserts: BTreeMap<u32, (usize, usize)>,
    /// Which of the pairs' tracks a strip is.
    tracks: BTreeMap<StripId, usize>,
    pairs: Pairs,
    bank: Option<Bank>,
    position: u64,
    /// Frames measured.
    frames: usize,
}

impl Watch {
    pub fn new(song: &Song) -> Self {
        let rate_hz = f64::from(song.rate_hz);
        let mut inserts = BTreeMap::new();
        let mut strips = Vec::new();
        for (index, strip) in song.strips.iter().enumerate() {
            let held = |place| Held { place, peak: 0.0, frame: 0 };
            let mut points = vec![held(Place::Head)];
            for insert in &strip.inserts {
                inserts.insert(insert.id.0, (index, points.len()));
                points.push(held(Place::Insert(insert.id)));
            }
            points.push(held(Place::Output));
            strips.push(StripWatch {
                strip: strip.id,
                head: LevelMeter::new(rate_hz),
                output: LevelMeter::new(rate_hz),
                points,
                bands: BandPowers::default(),
                peaks: Vec::new(),
            });
        }
        let tracks: Vec<StripId> = song.strips_of(StripKind::Audio).map(|strip| strip.id).collect();
        Self {
            strips,
            inserts,
            tracks: tracks.iter().enumerate().map(|(index, strip)| (*strip, index)).collect(),
            pairs: Pairs::new(tracks),
            bank: Some(Bank::new(rate_hz)),
            position: 0,
            frames: 0,
        }
    }

    /// The next block stands here on the timeline.
    pub fn begin_block(&mut self, position: u64) {
        self.position = position;
    }

    /// All points of the block were seen.
    pub fn end_block(&mut self) {
        self.pairs.end_block();
        self.frames += BLOCK_FRAMES;
    }

    /// A block at a point.
    pub fn take(&mut self, point: TapPoint, left: &[f32], right: &[f32]) {
        match point {
            TapPoint::BeforeInsert(_) => {}
            TapPoint::AfterInsert(insert) => {
                if let Some(&(strip, at)) = self.inserts.get(&insert.0) {
                    self.hold(strip, at, left, right);
                }
            }
            TapPoint::Head(id) => {
                if let Some(index) = self.index_of(id) {
                    self.hold(index, 0, left, right);
                    self.strips[index].head.push(left, right);
                }
                if let Some(track) = self.tracks.get(&id) {
                    self.pairs.take(*track, left, right);
                }
            }
            TapPoint::Strip(id) => {
                if let Some(index) = self.index_of(id) {
                    self.take_output(index, left, right);
                }
            }
        }
    }

    fn index_of(&self, id: StripId) -> Option<usize> {
        self.strips.iter().position(|strip| strip.strip == id)
    }

    fn hold(&mut self, strip: usize, at: usize, left: &[f32], right: &[f32]) -> f32 {
        let position = self.position;
        let Some(held) = self.strips[strip].points.get_mut(at) else { return 0.0 };
        let block = peak(left).max(peak(right));
        if block > held.peak {
            (held.peak, held.frame) = (block, position);
        }
        block
    }

    fn take_output(&mut self, index: usize, left: &[f32], right: &[f32]) {
        let last = self.strips[index].points.len() - 1;
        let block = self.hold(index, last, left, right);
        let Some(bank) = &mut self.bank else { return };
        let slice = self.frames / bank.slice_frames();
        let strip = &mut self.strips[index];
        strip.output.push(left, right);
        strip.bands.push(bank, left, right);
        strip.peaks.resize(slice + 1, 0.0);
        strip.peaks[slice] = strip.peaks[slice].max(block);
    }

    /// What all of it measured.
    pub fn finish(self) -> Survey {
        let slice_frames = self.bank.as_ref().map_or(0, Bank::slice_frames) as u32;
        let strips = self.strips.into_iter().map(|watch| {
            let point = |held: &Held| Point { place: held.place, peak_db: gain_to_db(f64::from(held.peak)), frame: held.frame };
            StripSurvey {
                strip: watch.strip,
                head: watch.head.finish(),
                output: watch.output.finish(),
                clipped_runs: 0,
                points: watch.points.iter().map(point).collect(),
                powers: watch.bands.powers,
                side_powers: watch.bands.side_powers,
                peaks: watch.peaks,
            }
        });
        Survey { slice_frames, strips: strips.collect(), pairs: self.pairs.finish(), ..Survey::default() }
    }
}
