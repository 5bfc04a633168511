//! A song to try processors on: a steady sine on the left and music on the right, each on a strip of its own with the same processor, and
//! what it gives while nothing is touched.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use dsp::engine::BLOCK_FRAMES;
use dsp::params::ProcessorSpec;
use session::Edit;
use session::compile::Purpose;
use session::model::{Clip, Insert, Session, Song, SongId, SourceId, Strip, Values};

use crate::example::source;
use crate::render::{MemorySamples, Pace, Stage};

/// The song's rate.
pub const RATE_HZ: u32 = 48_000;
/// The strip with the sine, heard on the left.
pub const SINE: &str = "Sine";
/// The strip with music, heard on the right.
pub const MUSIC: &str = "Music";
/// A divisor of the rate, so that clips of whole seconds join without a step.
const SINE_HZ: f64 = 480.0;
const SOURCE_SECONDS: u32 = 4;
/// Longer than a walk through the largest processor on a slow machine.
const CLIPS: u64 = 75;

/// The song without inserts, and its audio.
pub struct WalkSong {
    /// The session.
    pub session: Session,
    /// Its only song.
    pub song: SongId,
    /// Its audio.
    pub samples: MemorySamples,
}

impl WalkSong {
    /// Makes it.
    pub fn new() -> Self {
        let sources = [SourceId(1), SourceId(2)];
        let samples = MemorySamples(BTreeMap::from([(sources[0], vec![sine()]), (sources[1], vec![plucks(1.0), plucks(1.003)])]));
        let mut session = Session::new(Session::new_id(3), "Walk");
        session.next_id = 3;
        let mut ids = session.ids();
        let mut song = Song::mix(&mut ids, "Walk", RATE_HZ);
        let length = u64::from(RATE_HZ * SOURCE_SECONDS);
        for (at, (name, pan)) in [(SINE, -100.0), (MUSIC, 100.0)].into_iter().enumerate() {
            let mut strip = Strip::audio(&mut ids, name, 1);
            strip.values.insert("pan".into(), pan);
            strip.clips = (0..CLIPS)
                .map(|turn| Clip {
                    id: ids.clip(),
                    source: sources[at],
                    start: turn * length,
                    offset: 0,
                    length,
                    gain_db: 0.0,
                    fade_in: Default::default(),
                    fade_out: Default::default(),
                })
                .collect();
            song.strips.insert(at, strip);
        }
        let id = song.id;
        let add = |(at, id): (usize, &SourceId)| Edit::AddSource { at, source: source(*id, at as u16 + 1, RATE_HZ, SOURCE_SECONDS) };
        let edits = sources.iter().enumerate().map(add).chain([Edit::AddSong { at: 0, song: Box::new(song) }]).collect();
        session.apply(&Edit::Batch(edits)).unwrap_or_else(|error| panic!("{error}"));
        Self { session, song: id, samples }
    }

    /// Both sides of a play from the start in which the strips have this processor at these values throughout.
    pub fn settled(&self, spec: &ProcessorSpec, values: &[Values; 2], frames: usize) -> [Vec<f32>; 2] {
        let mut samples = self.samples.clone();
        let mut song = self.session.song(self.song).unwrap_or_else(|| panic!("the song is gone")).clone();
        let mut ids = self.session.ids();
        for (strip, values) in song.strips.iter_mut().zip(values) {
            strip.inserts.push(Insert { values: values.clone(), ..Insert::new(&mut ids, spec.id) });
        }
        let mut stage = Stage::new(&self.session, &song, Purpose::Live, &mut samples, Pace::default());
        stage.start(0, None);
        let mut sides = [Vec::with_capacity(frames + BLOCK_FRAMES), Vec::with_capacity(frames + BLOCK_FRAMES)];
        while sides[0].len() < frames {
            stage.step().unwrap_or_else(|error| panic!("{error}"));
            let tapped = stage.engine.tap_frames();
            let (left, right) = stage.engine.tap();
            sides[0].extend_from_slice(&left[..tapped]);
            sides[1].extend_from_slice(&right[..tapped]);
        }
        sides
    }
}

impl Default for WalkSong {
    fn default() -> Self {
        Self::new()
    }
}

fn sine() -> Vec<f32> {
    let frames = RATE_HZ * SOURCE_SECONDS;
    (0..frames).map(|frame| (0.5 * (TAU * SINE_HZ * f64::from(frame) / f64::from(RATE_HZ)).sin()) as f32).collect()
}

/// Three plucked notes of eight partials each, every quarter of a second.
fn plucks(detune: f64) -> Vec<f32> {
    let sample = |frame: u32| {
        let seconds = f64::from(frame) / f64::from(RATE_HZ);
        let since = seconds % 0.25;
        let notes = [110.0, 165.0, 277.0].iter().enumerate().map(|(note, hz)| {
            let partial = |n: i32| (TAU * hz * detune * f64::from(n) * seconds).sin() / f64::from(n);
            (1..=8).map(partial).sum::<f64>() * (-since * (6.0 + note as f64)).exp() * (since * 200.0).min(1.0)
        });
        (0.15 * notes.sum::<f64>()) as f32
    };
    (0..RATE_HZ * SOURCE_SECONDS).map(sample).collect()
}
