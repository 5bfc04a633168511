//! A loop that is turned a thousand times sounds, frame for frame, like the song with the loop's content laid out a thousand times.

use std::sync::Arc;

use dsp::processors::SPECS;
use dsp::protocol::{LanePoint, Segment, StripKind};
use session::Edit;
use session::compile::Purpose;
use session::model::{Clip, Cycle, Insert, Lane, Range, Session, Song, SongId, SourceId, Target};
use tests::example::{example, noise};
use tests::render::{MemorySamples, Pace, Stage};

const RATE_HZ: u32 = 48_000;
const SOURCE: SourceId = SourceId(2);
const TURNS: u64 = 1000;
/// Frames that are played before the loop.
const LEAD_IN: u64 = 304;

struct Trial {
    range: Range,
    processors: Vec<&'static str>,
}

impl Trial {
    fn length(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// The song with the loop, or with its turns laid out.
    fn song(&self, is_laid_out: bool) -> (Session, SongId) {
        let (mut session, old, _) = example(RATE_HZ);
        session.apply(&Edit::RemoveSong { song: old }).expect("removable");
        let mut ids = session.ids();
        let source = session.source(SOURCE).expect("the source").clone();
        let mut song = Song::stereo(&mut ids, "Loop", RATE_HZ, &source);
        let turns = if is_laid_out { TURNS + 1 } else { 1 };
        let strip = &mut song.strips[0];
        let (start, lead) = (self.range.start, self.range.start - LEAD_IN);
        let clip = |id, at, offset, length| Clip { id, start: at, offset, length, ..strip.clips[0].clone() };
        let mut clips = vec![clip(ids.clip(), lead, lead, LEAD_IN)];
        clips.extend((0..turns).map(|turn| clip(ids.clip(), start + turn * self.length(), start, self.length())));
        strip.clips = clips;
        for processor in &self.processors {
            let mut insert = Insert::new(&mut ids, processor);
            let preset = SPECS.iter().find(|spec| spec.id == *processor).and_then(|spec| spec.presets.first());
            insert.values = preset.into_iter().flat_map(|preset| preset.values).map(|(id, value)| ((*id).to_owned(), *value)).collect();
            if *processor == "utility" {
                insert.values.insert("delay".into(), 7.3);
            }
            strip.inserts.push(insert);
        }
        strip.lanes.push(self.lane("volume", [0.0, -14.0], turns));
        strip.lanes.push(self.lane("pan", [-40.0, 60.0], turns));
        if !is_laid_out {
            song.cycle = Cycle { enabled: true, range: Some(self.range) };
        }
        let id = song.id;
        session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a valid song");
        (session, id)
    }

    /// From the first value to the second and back in every turn.
    fn lane(&self, param: &str, [edge, middle]: [f32; 2], turns: u64) -> Lane {
        let point = |frame, value| LanePoint { frame, value, segment: Segment::Linear };
        let turn = |turn: u64| {
            let start = self.range.start + turn * self.length();
            [point(start, edge), point(start + self.length() / 2, middle)]
        };
        let points = (0..turns).flat_map(turn).chain([point(self.range.start + turns * self.length(), edge)]);
        Lane { target: Target::Strip(param.into()), enabled: true, points: Arc::new(points.collect()) }
    }

    /// The frames from before the loop to the end of its last turn.
    fn play(&self, is_laid_out: bool) -> Vec<[f32; 2]> {
        let (session, song) = self.song(is_laid_out);
        let song = session.song(song).expect("the song");
        assert_eq!(song.strips_of(StripKind::Audio).count(), 1);
        let frames = self.range.end as usize;
        let mut samples = MemorySamples([(SOURCE, vec![noise(7, frames), noise(8, frames)])].into());
        let mut stage = Stage::new(&session, song, Purpose::Live, &mut samples, Pace::default());
        stage.start(self.range.start - LEAD_IN, None);
        let mut out = Vec::new();
        while out.len() < (LEAD_IN + TURNS * self.length()) as usize {
            stage.step().expect("a block");
            let (left, right) = stage.engine.tap();
            out.extend(left.iter().zip(right).map(|(left, right)| [*left, *right]));
        }
        out
    }
}

#[test]
fn a_thousand_turns_through_every_processor_are_bit_for_bit_a_song_of_a_thousand_parts() {
    // Turns of whole steps of automation's grid: both songs then meet the same points of it.
    let trial = Trial { range: Range { start: 9_600, end: 9_600 + 1_504 }, processors: SPECS.iter().map(|spec| spec.id).collect() };
    let (looped, laid_out) = (trial.play(false), trial.play(true));
    let differs = looped.iter().zip(&laid_out).position(|(looped, laid_out)| looped.map(f32::to_bits) != laid_out.map(f32::to_bits));
    assert_eq!(differs, None, "{:?}", differs.map(|at| (looped[at], laid_out[at])));
    let last = &looped[looped.len() - 1_504..];
    assert!(last.iter().filter(|frame| frame[0].abs() > 0.001).count() > 1_000, "the last turn is nearly silent");
}

#[test]
fn turns_of_an_odd_length_neither_click_nor_drift() {
    let trial = Trial { range: Range { start: 10_007, end: 10_007 + 1_501 }, processors: vec!["utility"] };
    let (looped, laid_out) = (trial.play(false), trial.play(true));
    let apart = |at: usize| (0..2).map(|side| (looped[at][side] - laid_out[at][side]).abs()).fold(0.0, f32::max);
    let worst = (0..looped.len()).max_by(|one, other| apart(*one).total_cmp(&apart(*other))).unwrap_or(0);
    // Automation is read at multiples of its grid, which such turns meet in other places: its corners are cut by a grain of 16 frames, over
    // which the fader moves by 0.3 dB. A frame too many or too few of noise is as loud as the noise.
    assert!(apart(worst) < 0.02, "{:?} and {:?} in frame {worst}", looped[worst], laid_out[worst]);
    assert!(looped[looped.len() - 1_000..].iter().any(|frame| frame[0].abs() > 0.1), "the last turn is nearly silent");
}
