//! What the desk promises, heard in the export: each test sets a document as the studio's edits do and looks at the samples of its native render.

use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

use dsp::protocol::{FadeCurve, LanePoint, Segment, StripId};
use session::Edit;
use session::compile::Purpose;
use session::model::{Clip, Fade, Insert, Lane, Look, Range, Send, Session, Song, SongId, Source, SourceId, Strip, StripWidth, Target};
use tests::example::{noise, source};
use tests::render::{MemorySamples, Pace, render_to_memory};

const RATE_HZ: u32 = 48_000;
const FRAMES: usize = 24_000;
/// A frame at which everything has settled.
const SETTLED: usize = FRAMES - 500;
/// Half the amplitude.
const HALF_DB: f32 = -6.0206;

type Planes = [Vec<f32>; 2];

/// A mix with one mono track for each signal, at unity.
struct Desk {
    session: Session,
    song: SongId,
    samples: MemorySamples,
}

impl Desk {
    fn new(signals: &[(&str, Vec<f32>)]) -> Self {
        let (mut session, mut samples) = (Session::new(Session::new_id(4), "Desk"), MemorySamples::default());
        for (at, (_, signal)) in signals.iter().enumerate() {
            let id = SourceId(at as u32 + 1);
            let source = Source { frames: signal.len() as u64, ..source(id, 1, RATE_HZ, 1) };
            session.apply(&Edit::AddSource { at, source }).expect("a source");
            samples.0.insert(id, vec![signal.clone()]);
        }
        let mut ids = session.ids();
        let mut song = Song::mix(&mut ids, "Desk", RATE_HZ);
        for (at, (name, _)) in signals.iter().enumerate() {
            let mut strip = Strip::audio(&mut ids, *name, 1);
            strip.clips = vec![Clip::whole(&mut ids, &session.sources[at], RATE_HZ, 0)];
            song.strips.insert(at, strip);
        }
        let id = song.id;
        session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a song");
        Self { session, song: id, samples }
    }

    /// Tracks that are still: their digits are told apart in the sum.
    fn of_digits() -> Self {
        Self::new(&[("Kick", vec![0.1; FRAMES]), ("Bass", vec![0.01; FRAMES]), ("Lead", vec![0.001; FRAMES])])
    }

    fn strip(&self, name: &str) -> Strip {
        let song = self.session.song(self.song).expect("the song");
        song.strips.iter().find(|strip| strip.name == name).expect("the strip").clone()
    }

    fn id(&self, name: &str) -> StripId {
        self.strip(name).id
    }

    fn apply(&mut self, edit: Edit) {
        self.session.apply(&edit).unwrap_or_else(|error| panic!("{edit:?}: {error}"));
    }

    fn set(&mut self, name: &str, value: &str, to: f32) {
        let (song, strip) = (self.song, self.id(name));
        self.apply(Edit::SetValue { song, strip, target: Target::Strip(value.into()), value: to });
    }

    fn add(&mut self, strip: Strip) -> StripId {
        let (song, id) = (self.song, strip.id);
        self.apply(Edit::AddStrip { song, at: usize::MAX, strip: Box::new(strip) });
        id
    }

    fn lead(&mut self, name: &str, output: Option<StripId>) {
        let (song, strip) = (self.song, self.id(name));
        self.apply(Edit::SetOutput { song, strip, output });
    }

    fn put_clips(&mut self, name: &str, clips: Vec<Clip>) {
        let (song, old) = (self.song, self.strip(name));
        let removed = old.clips.iter().map(|clip| Edit::RemoveClip { song, strip: old.id, clip: clip.id });
        let added = clips.into_iter().map(|clip| Edit::AddClip { song, strip: old.id, clip });
        self.apply(Edit::Batch(removed.chain(added).collect()));
    }

    fn insert(&mut self, name: &str, processor: &str, values: &[(&str, f32)], key: Option<StripId>) -> Insert {
        let values = values.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect();
        let insert = Insert { values, key, ..Insert::new(&mut self.session.ids(), processor) };
        let (song, strip) = (self.song, self.id(name));
        self.apply(Edit::AddInsert { song, strip, at: usize::MAX, insert: insert.clone() });
        insert
    }

    /// The song without its tail.
    fn rendered(&mut self, purpose: Purpose) -> Planes {
        let song = self.session.song(self.song).expect("the song");
        let range = Range { start: 0, end: FRAMES as u64 };
        let planes = render_to_memory((&self.session, song, range), purpose, &mut self.samples, Pace::default()).expect("a render");
        planes.map(|plane| plane[..FRAMES].to_vec())
    }

    fn exported(&mut self) -> Planes {
        self.rendered(Purpose::Export)
    }

    /// The left level at the end of what is exported, or of what is heard.
    fn level(&mut self, purpose: Purpose) -> f32 {
        self.rendered(purpose)[0][SETTLED]
    }

    #[track_caller]
    fn leaves(&mut self, expected: f32) {
        let level = self.level(Purpose::Export);
        assert!((level - expected).abs() < 1e-5, "{level} and not {expected}");
    }
}

fn bits(planes: &Planes) -> [Vec<u32>; 2] {
    planes.each_ref().map(|plane| plane.iter().map(|sample| sample.to_bits()).collect())
}

fn db(gain: f32) -> f64 {
    20.0 * f64::from(gain).log10()
}

#[test]
fn a_clip_s_gain_and_fades_are_in_every_sample() {
    let signal = noise(1, FRAMES);
    let mut desk = Desk::new(&[("Kick", signal.clone())]);
    let clip = desk.strip("Kick").clips[0].clone();
    let fade_in = Fade { frames: 4_800, curve: FadeCurve::Linear };
    let fade_out = Fade { frames: 9_600, curve: FadeCurve::EqualPower };
    desk.put_clips("Kick", vec![Clip { gain_db: HALF_DB, fade_in, fade_out, ..clip }]);
    let out = desk.exported();
    for (at, sample) in signal.iter().enumerate() {
        let rise = ((at as f64 + 0.5) / 4_800.0).min(1.0);
        let fall = (((FRAMES - at) as f64 - 0.5) / 9_600.0).min(1.0);
        let expected = f64::from(*sample) * 0.5 * rise * (FRAC_PI_2 * fall).sin();
        assert!((f64::from(out[0][at]) - expected).abs() < 1e-6, "frame {at}: {} and not {expected}", out[0][at]);
        assert_eq!(out[0][at].to_bits(), out[1][at].to_bits());
    }
}

#[test]
fn a_split_changes_no_bit() {
    let mut desk = Desk::new(&[("Kick", noise(1, FRAMES))]);
    let clip = desk.strip("Kick").clips[0].clone();
    let faded = Clip { gain_db: -3.0, fade_in: Fade { frames: 700, curve: FadeCurve::Smooth }, ..clip };
    desk.put_clips("Kick", vec![faded.clone()]);
    let whole = bits(&desk.exported());
    let at = 10_007;
    let left = Clip { length: at, ..faded.clone() };
    let (id, length) = (desk.session.ids().clip(), faded.length - at);
    let right = Clip { id, start: at, offset: at, length, fade_in: Fade::default(), ..faded };
    desk.put_clips("Kick", vec![left, right]);
    assert!(bits(&desk.exported()) == whole);
}

#[test]
fn a_cross_fade_keeps_the_power_and_is_the_sum_of_both_clips() {
    let (first, second) = (noise(1, FRAMES), noise(2, FRAMES));
    let mut desk = Desk::new(&[("Kick", first.clone()), ("Bass", second.clone())]);
    let (one, other) = (desk.strip("Kick").clips[0].clone(), desk.strip("Bass").clips[0].clone());
    desk.put_clips("Bass", Vec::new());
    let (start, overlap) = (9_000, 4_000);
    let fade = Fade { frames: overlap as u32, curve: FadeCurve::EqualPower };
    let one = Clip { length: start + overlap, fade_out: fade, ..one };
    let other = Clip { start, length: FRAMES as u64 - start, fade_in: fade, ..other };
    desk.put_clips("Kick", vec![one, other]);
    let out = desk.exported();
    for (at, sample) in first.iter().enumerate() {
        let course = ((at as f64 - start as f64 + 0.5) / overlap as f64).clamp(0.0, 1.0);
        let [down, up] = [(FRAC_PI_2 * (1.0 - course)).sin(), (FRAC_PI_2 * course).sin()];
        assert!((down * down + up * up - 1.0).abs() < 1e-9);
        let later = at.checked_sub(start as usize).map_or(0.0, |at| f64::from(second[at]));
        let expected = down * f64::from(*sample) + up * later;
        assert!((f64::from(out[0][at]) - expected).abs() < 1e-6, "frame {at}: {} and not {expected}", out[0][at]);
    }
}

#[test]
fn an_equalizer_s_automated_frequency_is_exported_as_it_stands_there() {
    let (low_hz, high_hz, changes) = (200.0, 6_000.0, 12_000);
    let mut desk = Desk::new(&[("Kick", noise(1, FRAMES))]);
    let insert = desk.insert("Kick", "equalizer", &[("band4_gain", -18.0)], None);
    let (song, strip, target) = (desk.song, desk.id("Kick"), Target::Insert(insert.id, "band4_frequency".into()));
    let mut still = |hz: f32| {
        desk.apply(Edit::SetValue { song, strip, target: target.clone(), value: hz });
        desk.exported()
    };
    let (low, high) = (still(low_hz), still(high_hz));
    let point = |frame, value| LanePoint { frame, value, segment: Segment::Hold };
    let points = Arc::new(vec![point(0, low_hz), point(changes as u64, high_hz)]);
    desk.apply(Edit::SetLane { song, strip, target: target.clone(), lane: Some(Lane { target: target.clone(), enabled: true, points }) });
    let moved = desk.exported();
    let furthest = |other: &Planes, from: usize, to: usize| {
        moved[0][from..to].iter().zip(&other[0][from..to]).fold(0.0f32, |most, (one, other)| most.max((one - other).abs()))
    };
    // The change is heard over one grain of the lane's grid, and the old filter rings out.
    assert!(furthest(&low, 0, changes - 512) < 1e-6 && furthest(&high, changes + 4_800, FRAMES) < 1e-4);
    assert!(furthest(&high, 0, changes) > 0.1 && furthest(&low, changes, FRAMES) > 0.1, "both filters are heard apart");
}

#[test]
fn solo_is_heard_with_what_is_safe_and_never_exported() {
    let mut desk = Desk::of_digits();
    desk.set("Kick", "solo", 1.0);
    assert!((desk.level(Purpose::Live) - 0.1).abs() < 1e-6);
    desk.set("Lead", "solo_safe", 1.0);
    assert!((desk.level(Purpose::Live) - 0.101).abs() < 1e-6);
    desk.leaves(0.111);
}

#[test]
fn a_send_before_the_fader_goes_on_with_the_fader_down() {
    let mut desk = Desk::of_digits();
    let room = Strip::return_(&mut desk.session.ids(), "Room", 3);
    let room = desk.add(room);
    let (song, strip) = (desk.song, desk.id("Kick"));
    let mut send = Send::new(&mut desk.session.ids(), room);
    send.values.insert("level".into(), HALF_DB);
    let id = send.id;
    desk.apply(Edit::AddSend { song, strip, at: 0, send });
    desk.leaves(0.161);
    desk.set("Kick", "volume", -144.0);
    desk.leaves(0.011);
    desk.apply(Edit::SetSendPre { song, strip, send: id, pre: true });
    desk.leaves(0.061);
    desk.set("Room", "volume", HALF_DB);
    desk.leaves(0.036);
    desk.set("Kick", "mute", 1.0);
    desk.leaves(0.011);
}

#[test]
fn groups_in_groups_carry_their_tracks() {
    let mut desk = Desk::of_digits();
    let mut ids = desk.session.ids();
    let (drums, band) = (Strip::group(&mut ids, "Drums", 2), Strip::group(&mut ids, "Band", 2));
    let (drums, band) = (desk.add(drums), desk.add(band));
    desk.lead("Kick", Some(drums));
    desk.lead("Drums", Some(band));
    desk.lead("Bass", Some(band));
    desk.leaves(0.111);
    desk.set("Drums", "volume", HALF_DB);
    desk.leaves(0.061);
    desk.set("Band", "mute", 1.0);
    desk.leaves(0.001);
    desk.lead("Drums", None);
    desk.leaves(0.051);
}

#[test]
fn a_keyed_compressor_ducks_by_what_its_curve_says() {
    let (before, after) = (FRAMES / 3, 2 * FRAMES / 3);
    let kick = (0..FRAMES).map(|at| if (before..after).contains(&at) { if at % 96 < 48 { 0.5 } else { -0.5 } } else { 0.0 }).collect();
    let mut desk = Desk::new(&[("Kick", kick), ("Pad", vec![0.25; FRAMES])]);
    desk.set("Kick", "pan", -100.0);
    desk.set("Pad", "pan", 100.0);
    let key = Some(desk.id("Kick"));
    let values = [("threshold", HALF_DB - 20.0), ("ratio", 4.0), ("knee", 0.0), ("attack", 1.0), ("release", 20.0)];
    desk.insert("Pad", "compressor", &values, key);
    let out = desk.exported();
    // 20 dB over the threshold become 5.
    let (rest, ducked, back) = (db(out[1][before - 1] / 0.25), db(out[1][after - 1] / 0.25), db(out[1][FRAMES - 1] / 0.25));
    assert!(rest.abs() < 0.01 && (ducked + 15.0).abs() < 0.1 && back.abs() < 0.1, "{rest}, {ducked}, {back} dB");
}

#[test]
fn trim_polarity_and_pan_law_are_in_the_samples() {
    let mut desk = Desk::new(&[("Kick", vec![0.25; FRAMES]), ("Again", vec![0.25; FRAMES])]);
    desk.set("Again", "polarity", 1.0);
    desk.leaves(0.0);
    desk.set("Again", "trim", HALF_DB);
    desk.leaves(0.125);
    desk.set("Again", "mute", 1.0);
    for (law, centre_db) in [0.0, -3.01, -4.515, -6.02, 0.0].into_iter().enumerate() {
        desk.set("Kick", "pan_law", law as f32);
        let level = db(desk.level(Purpose::Export) / 0.25);
        assert!((level - centre_db).abs() < 0.01, "law {law}: {level} dB");
    }
}

#[test]
fn how_strips_stand_in_the_console_is_not_heard() {
    let mut desk = Desk::of_digits();
    let group = Strip::group(&mut desk.session.ids(), "Drums", 2);
    let group = desk.add(group);
    desk.lead("Kick", Some(group));
    let plain = bits(&desk.exported());
    let look = Look { width: StripWidth::Narrow, hidden: true, folded: true, link: 1, note: "Too loud?".into() };
    for name in ["Kick", "Bass", "Lead", "Drums"] {
        let (song, strip, look) = (desk.song, desk.id(name), look.clone());
        desk.apply(Edit::SetLook { song, strip, look });
    }
    let (song, strip) = (desk.song, desk.id("Lead"));
    desk.apply(Edit::MoveStrip { song, strip, at: 0 });
    assert!(bits(&desk.exported()) == plain);
}

#[test]
fn a_bypassed_insert_and_two_that_change_places_and_back_leave_the_bits() {
    let mut desk = Desk::new(&[("Kick", noise(1, FRAMES))]);
    let plain = bits(&desk.exported());
    let equalizer = desk.insert("Kick", "equalizer", &[("band4_gain", 6.0)], None);
    let one = bits(&desk.exported());
    let saturator = desk.insert("Kick", "saturator", &[("drive", 12.0)], None);
    let both = bits(&desk.exported());
    assert!(plain != one && one != both);
    let (song, strip) = (desk.song, desk.id("Kick"));
    desk.apply(Edit::MoveInsert { song, strip, insert: saturator.id, to_strip: strip, at: 0 });
    let turned = bits(&desk.exported());
    assert!(turned != both, "the order is heard");
    desk.apply(Edit::MoveInsert { song, strip, insert: saturator.id, to_strip: strip, at: 1 });
    assert!(bits(&desk.exported()) == both);
    desk.apply(Edit::SetBypass { song, strip, insert: saturator.id, bypassed: true });
    desk.apply(Edit::SetBypass { song, strip, insert: equalizer.id, bypassed: true });
    let bypassed = desk.exported();
    let late = desk.samples.0[&SourceId(1)][0].iter().zip(&bypassed[0]).position(|(one, other)| one.to_bits() != other.to_bits());
    assert_eq!(late, None, "both are gone around");
}
