//! A song that uses everything the engine has: every processor (those that this file does not place itself stand in a chain of their own,
//! each keyed where it can be and with a lane of automation), a sidechain, sends before and after the fader, groups in groups,
//! automation, cross-fades and odd offsets. Its sources are noise and tones made from fixed seeds.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use dsp::params::{Flags, ParamSpec, ProcessorSpec};
use dsp::processors::SPECS;
use dsp::protocol::{FadeCurve, LanePoint, Segment, StripId};
use media::archive::write_to_memory;
use media::import::import_planes;
use media::store::{MemoryFiles, Store, now};
use session::model::{Clip, Fade, Insert, Lane, SampleFormat, Send, Session, Song, SongId, Source, SourceId, Strip, Target, Values};
use session::{Edit, Ids};

use crate::render::MemorySamples;

/// Its length.
pub const SECONDS: u32 = 30;
const MONO: SourceId = SourceId(1);
const STEREO: SourceId = SourceId(2);

/// White noise from −1 to 1 as 16-bit values, the same on every run (xorshift).
pub fn noise(seed: u32, frames: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    let next = move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        f32::from((state >> 16) as u16 as i16) / 32768.0
    };
    std::iter::repeat_with(next).take(frames).collect()
}

/// Noise that comes in strokes, as drums do.
pub fn strokes(seed: u32, frames: usize, period: usize) -> Vec<f32> {
    let decay = |at: usize| 1.0 / (1.0 + (at % period) as f32 / 300.0);
    noise(seed, frames).into_iter().enumerate().map(|(at, sample)| sample * decay(at)).collect()
}

/// A source of `seconds`, as it is before a store has named it.
pub fn source(id: SourceId, channels: u16, rate_hz: u32, seconds: u32) -> Source {
    Source {
        id,
        hash: format!("{:064x}", id.0),
        file_name: format!("source {}.wav", id.0),
        rate_hz,
        channels,
        frames: u64::from(rate_hz * seconds),
        format: SampleFormat::F32,
        notes: Vec::new(),
        time_reference: None,
    }
}

/// The session, its song, and its audio.
pub fn example(rate_hz: u32) -> (Session, SongId, MemorySamples) {
    let frames = (rate_hz * SECONDS) as usize;
    let planes = [
        (MONO, vec![strokes(1, frames, rate_hz as usize / 2)]),
        (STEREO, vec![strokes(2, frames, rate_hz as usize / 3), strokes(3, frames, rate_hz as usize / 3)]),
    ];
    let mut session = Session::new(Session::new_id(1), "Example");
    session.next_id = 3;
    let mut ids = session.ids();
    let song = song(&mut ids, rate_hz);
    let id = song.id;
    let edits = Edit::Batch(vec![
        Edit::AddSource { at: 0, source: source(MONO, 1, rate_hz, SECONDS) },
        Edit::AddSource { at: 1, source: source(STEREO, 2, rate_hz, SECONDS) },
        Edit::AddSong { at: 0, song: Box::new(song) },
    ]);
    session.apply(&edits).expect("a valid song");
    (session, id, MemorySamples(BTreeMap::from(planes)))
}

/// The example with its sources in a store.
pub fn stored(rate_hz: u32) -> (Session, SongId, MemorySamples, Store<MemoryFiles>) {
    let (session, song, samples) = example(rate_hz);
    let (session, store) = keep(&session, &samples);
    (session, song, samples, store)
}

/// Puts a session's sources into a store; in the session that comes back their names there are right.
pub fn keep(session: &Session, samples: &MemorySamples) -> (Session, Store<MemoryFiles>) {
    let mut store = now(Store::open(MemoryFiles::default(), "t")).expect("memory");
    let mut named = Session::new(session.id.clone(), session.name.clone());
    for (at, source) in session.sources.iter().enumerate() {
        let planes = samples.0[&source.id].clone();
        let imported = now(import_planes(planes, &source.file_name, source.rate_hz, None, &mut store, |_| true)).expect("samples");
        named.apply(&Edit::AddSource { at, source: imported.into_source(source.id) }).expect("a source");
    }
    for (at, song) in session.songs.iter().enumerate() {
        named.apply(&Edit::AddSong { at, song: Box::new(song.clone()) }).expect("the song");
    }
    (named, store)
}

/// Writes a session and the audio of its store into a session file.
pub fn write_archive(session: &Session, store: &mut Store<MemoryFiles>, path: &Path) {
    let bytes = write_to_memory(session, store).expect("an archive").into_inner();
    std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn song(ids: &mut Ids, rate_hz: u32) -> Song {
    let mut song = Song::mix(ids, "Example", rate_hz);
    let mut tracks: Vec<Strip> = ["Kick", "Bass", "Keys", "Vocal"].map(|name| Strip::audio(ids, name, 1)).into();
    let (mut drums, mut band) = (Strip::group(ids, "Drums", 2), Strip::group(ids, "Band", 2));
    let mut room = Strip::return_(ids, "Room", 3);
    drums.output = Some(band.id);
    drums.inserts.push(insert(ids, "compressor", &[("threshold", -24.0), ("ratio", 3.0), ("lookahead", 2.0)]));
    band.values = values(&[("width", 120.0), ("volume", -2.5)]);
    band.inserts.push(insert(ids, "equalizer", &[("band2_gain", -3.0), ("band6_gain", 2.0), ("band7_on", 1.0)]));
    room.inserts.push(insert(ids, "utility", &[("delay", 7.3), ("width", 150.0)]));
    for (at, track) in tracks.iter_mut().enumerate() {
        track.output = Some(if at == 0 { drums.id } else { band.id });
        track.values = values(&[("pan", 20.0 * at as f32 - 30.0), ("volume", -6.0 - at as f32), ("pan_law", at as f32)]);
        track.sends.push(Send { pre: at % 2 == 1, values: values(&[("level", -12.0)]), ..Send::new(ids, room.id) });
        track.clips = clips(ids, at as u64, rate_hz);
    }
    let keyed = Insert { key: Some(tracks[0].id), ..insert(ids, "compressor", &[("threshold", -30.0), ("release", 80.0)]) };
    tracks[1].inserts.push(keyed);
    tracks[2].inserts.push(insert(ids, "equalizer", &[("band1_gain", 4.0), ("band5_gain", -6.0), ("band5_q", 3.0)]));
    tracks[3].lanes.push(lane(Target::Strip("volume".into()), rate_hz, [-20.0, 0.0, -6.0]));
    tracks[3].lanes.push(lane(Target::Strip("pan".into()), rate_hz, [-100.0, 100.0, 0.0]));
    let band2 = Target::Insert(tracks[2].inserts[0].id, "band2_gain".into());
    tracks[2].lanes.push(lane(band2, rate_hz, [0.0, -12.0, 6.0]));
    let band5 = Target::Insert(tracks[2].inserts[0].id, "band5_frequency".into());
    tracks[2].lanes.push(lane(band5, rate_hz, [300.0, 9_000.0, 1_200.0]));
    let send = Target::Send(tracks[0].sends[0].id, "level".into());
    tracks[0].lanes.push(lane(send, rate_hz, [-40.0, -6.0, -20.0]));
    if let Some(master) = song.strips.first_mut() {
        master.inserts.push(insert(ids, "limiter", &[("gain", 6.0), ("ceiling", -1.0)]));
    }
    let placed = ["equalizer", "compressor", "limiter", "utility"];
    for (at, spec) in SPECS.iter().filter(|spec| !placed.contains(&spec.id)).enumerate() {
        let key = tracks[0].id;
        add_automated(ids, &mut tracks[2 + at % 2], spec, key, rate_hz);
    }
    tracks.extend([drums, band, room]);
    song.strips.splice(0..0, tracks);
    song
}

/// A processor with its first preset, keyed where it can be, and with a lane for the first of its parameters that glides.
fn add_automated(ids: &mut Ids, track: &mut Strip, spec: &ProcessorSpec, key: StripId, rate_hz: u32) {
    let preset = spec.presets.first().map_or(&[][..], |preset| preset.values);
    let insert = Insert { key: spec.sidechain.then_some(key), ..insert(ids, spec.id, preset) };
    let glides = |param: &&ParamSpec| {
        let refused = [Flags::MONITOR, Flags::AFFECTS_LATENCY].iter().any(|flag| param.flags.has(*flag));
        param.flags.has(Flags::AUTOMATABLE) && !param.is_discrete() && !refused
    };
    if let Some(param) = spec.params.iter().find(glides) {
        let at = param.to_position(param.default);
        let around = [0.8 * at, at, 0.8 * at + 0.2].map(|position| param.from_position(position));
        track.lanes.push(lane(Target::Insert(insert.id, param.id.into()), rate_hz, around));
    }
    track.inserts.push(insert);
}

fn values(list: &[(&str, f32)]) -> Values {
    list.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect()
}

fn insert(ids: &mut Ids, processor: &str, list: &[(&str, f32)]) -> Insert {
    Insert { values: values(list), ..Insert::new(ids, processor) }
}

/// Two clips that cross-fade and one apart, at odd places.
fn clips(ids: &mut Ids, track: u64, rate_hz: u32) -> Vec<Clip> {
    let second = u64::from(rate_hz);
    let fade = Fade { frames: rate_hz / 2, curve: FadeCurve::EqualPower };
    let source = if track.is_multiple_of(2) { MONO } else { STEREO };
    let other = if track.is_multiple_of(2) { STEREO } else { MONO };
    let clip = |id, source, start, offset, length| Clip {
        id,
        source,
        start,
        offset,
        length,
        gain_db: -1.5 * track as f32,
        fade_in: Fade::default(),
        fade_out: Fade::default(),
    };
    let first = Clip { fade_out: fade, ..clip(ids.clip(), source, 17 * track, 1001, 9 * second) };
    let second_clip = Clip { fade_in: fade, ..clip(ids.clip(), other, first.end() - second / 2, 3 + track, 8 * second) };
    let third = clip(ids.clip(), source, second_clip.end() + 4567, 12_345, 14 * second);
    vec![first, second_clip, third]
}

fn lane(target: Target, rate_hz: u32, values: [f32; 3]) -> Lane {
    let segments = [Segment::Linear, Segment::Curve(0.4), Segment::Hold];
    let points = values.iter().zip(segments).enumerate();
    let points =
        points.map(|(at, (value, segment))| LanePoint { frame: 1003 + at as u64 * u64::from(rate_hz) * 5, value: *value, segment });
    Lane { target, enabled: true, points: Arc::new(points.collect()) }
}
