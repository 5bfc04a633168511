//! What tests share: a seeded choice, sessions to edit, and random edits.

use std::sync::Arc;

use dsp::protocol::{FadeCurve, LanePoint, Segment, StripId, StripKind};

use crate::edit::Edit;
use crate::freeze;
use crate::make::Ids;
use crate::model::{
    Clip, Cycle, Fade, Insert, Lane, Look, Marker, Range, SampleFormat, Send, Session, Song, SongId, Source, SourceId, Strip, Target,
    Tempo, Values,
};
use crate::worker::Imported;

pub const RATE_HZ: u32 = 48_000;

/// A small generator of choices (xorshift), the same on every run.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound.max(1)
    }

    pub fn of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len() as u64) as usize)
    }

    pub fn coin(&mut self) -> bool {
        self.below(2) == 1
    }
}

pub fn source(id: u32, channels: u16, frames: u64) -> Source {
    Source {
        id: SourceId(id),
        hash: format!("{id:064x}"),
        file_name: format!("{id}.wav"),
        rate_hz: RATE_HZ,
        channels,
        frames,
        format: SampleFormat::F32,
        notes: Vec::new(),
        time_reference: None,
    }
}

pub fn clip(ids: &mut Ids, source: SourceId, (start, offset, length): (u64, u64, u64)) -> Clip {
    Clip { id: ids.clip(), source, start, offset, length, gain_db: 0.0, fade_in: Fade::default(), fade_out: Fade::default() }
}

/// A song of the Master room with an empty chain.
pub fn stereo_session() -> (Session, SongId) {
    let mut session = Session::new(Session::new_id(8), "Test");
    let source = source(1, 2, 48_000);
    session.apply(&Edit::AddSource { at: 0, source: source.clone() }).expect("a source");
    let song = Song::stereo(&mut session.ids(), "Song", RATE_HZ, &source);
    let id = song.id;
    session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a song");
    (session, id)
}

/// A mix with two sources (1 mono, 2 stereo), three tracks with clips, two groups, two returns, inserts and sends.
pub fn session() -> (Session, SongId) {
    let mut session = Session::new(Session::new_id(7), "Test");
    session.next_id = 3;
    let mut ids = session.ids();
    let mut song = Song::mix(&mut ids, "Song", RATE_HZ);
    let mut strips: Vec<Strip> = ["Kick", "Snare", "Bass"].map(|name| Strip::audio(&mut ids, name, 1)).into();
    strips.extend(["Drums", "Music"].map(|name| Strip::group(&mut ids, name, 2)));
    strips.extend(["Room", "Plate"].map(|name| Strip::return_(&mut ids, name, 3)));
    let (group, room, kick) = (strips[3].id, strips[5].id, strips[0].id);
    for (at, track) in strips.iter_mut().take(3).enumerate() {
        let at = at as u64;
        track.output = Some(group);
        track.clips.push(clip(&mut ids, SourceId(1), (at * 100, 17, 30_000)));
        track.clips.push(clip(&mut ids, SourceId(2), (25_001 + at * 100, 0, 40_000)));
        track.inserts.push(Insert::new(&mut ids, "utility"));
        track.sends.push(Send::new(&mut ids, room));
    }
    strips[2].inserts[0].key = Some(kick);
    strips.extend(song.strips.pop());
    song.strips = strips;
    let song_id = song.id;
    let edit = Edit::Batch(vec![
        Edit::AddSource { at: 0, source: source(1, 1, 100_000) },
        Edit::AddSource { at: 1, source: source(2, 2, 200_000) },
        Edit::AddSong { at: 0, song: Box::new(song) },
    ]);
    session.apply(&edit).expect("a valid session");
    (session, song_id)
}

/// An edit that may or may not fit the session.
pub fn random_edit(chance: &mut Chance, session: &Session, song: SongId) -> Edit {
    let mut ids = session.ids();
    let Some(found) = session.song(song) else { return Edit::Batch(Vec::new()) };
    let strip = chance.of(&found.strips).expect("a master at least");
    let other = chance.of(&found.strips).expect("a master at least");
    let strip_id = strip.id;
    match chance.below(29) {
        0 => Edit::RenameSong { song, name: format!("Song {}", chance.below(9)) },
        1 => Edit::SetMarkers { song, markers: vec![Marker { id: ids.marker(), frame: chance.below(9999), name: "Verse".into() }] },
        2 => Edit::SetCycle { song, cycle: Cycle { enabled: chance.coin(), range: range(chance) } },
        3 => Edit::SetRange { song, range: range(chance) },
        4 => Edit::SetTempo { song, tempo: Tempo { bpm: 60.0 + chance.below(99) as f32, beats: 3, beat_unit: 4 } },
        5 => Edit::AddStrip { song, at: chance.below(9) as usize, strip: Box::new(random_strip(chance, &mut ids, other.id)) },
        6 => Edit::RemoveStrip { song, strip: strip_id },
        7 => Edit::MoveStrip { song, strip: strip_id, at: chance.below(9) as usize },
        8 => Edit::SetName { song, strip: strip_id, name: format!("Strip {}", chance.below(9)) },
        26 => Edit::SetLook { song, strip: strip_id, look: Look { folded: chance.coin(), link: 3, ..Look::default() } },
        9 => Edit::SetColour { song, strip: strip_id, colour: chance.below(12) as u8 },
        10 => Edit::SetOutput { song, strip: strip_id, output: chance.coin().then_some(other.id) },
        11 | 12 => Edit::SetValue { song, strip: strip_id, target: target(chance, strip), value: chance.below(20) as f32 - 10.0 },
        13 => Edit::SetRate { song, rate_hz: *chance.of(&[44_100, 48_000, 96_000]).expect("three") },
        14 | 15 => Edit::SetLane { song, strip: strip_id, target: target(chance, strip), lane: lane(chance) },
        16 => Edit::AddClip { song, strip: strip_id, clip: random_clip(chance, &mut ids) },
        17 => random_send_edit(chance, song, strip, other, &mut ids),
        18..=20 => random_insert_edit(chance, song, strip, other, &mut ids),
        21 => Edit::Batch((0..3).map(|_| random_edit(chance, session, song)).collect()),
        22 => Edit::RenameSession { name: format!("Session {}", chance.below(9)) },
        23 => Edit::AddSource { at: 0, source: Source { id: ids.source(), ..source(1, 2, 5000) } },
        24 => Edit::RemoveSource { source: chance.of(&session.sources).map_or(SourceId(1), |source| source.id) },
        25 => random_freeze(session, song, strip),
        _ => random_clip_edit(chance, song, strip),
    }
}

/// Freezes a track, or thaws it.
fn random_freeze(session: &Session, song: SongId, strip: &Strip) -> Edit {
    let imported = Imported {
        hash: format!("f{:063x}", strip.id.0),
        file_name: "Frozen.wav".into(),
        rate_hz: RATE_HZ,
        channels: 2,
        frames: 50_000,
        format: SampleFormat::F32,
        notes: Vec::new(),
        time_reference: None,
    };
    let edit = match strip.frozen {
        Some(_) => freeze::thaw(session, song, strip.id),
        None => freeze::freeze(session, song, strip.id, imported),
    };
    edit.unwrap_or_else(|| Edit::Batch(Vec::new()))
}

fn range(chance: &mut Chance) -> Option<Range> {
    let start = chance.below(20_000);
    chance.coin().then(|| Range { start, end: start + 1024 + chance.below(30_000) })
}

fn random_clip(chance: &mut Chance, ids: &mut Ids) -> Clip {
    let source = SourceId(1 + chance.below(2) as u32);
    let mut clip = clip(ids, source, (chance.below(60_000), chance.below(50_000), 1 + chance.below(20_000)));
    clip.gain_db = chance.below(12) as f32 - 6.0;
    clip.fade_in = Fade { frames: chance.below(500) as u32, curve: FadeCurve::EqualPower };
    clip
}

fn random_strip(chance: &mut Chance, ids: &mut Ids, other: StripId) -> Strip {
    let kind = *chance.of(&[StripKind::Audio, StripKind::Group, StripKind::Return]).expect("three");
    let mut strip = Strip { kind, ..Strip::audio(ids, "New", 4) };
    strip.values.insert("volume".into(), -3.5);
    if chance.coin() {
        strip.inserts.push(Insert { key: chance.coin().then_some(other), ..Insert::new(ids, "utility") });
    }
    if chance.coin() {
        strip.sends.push(Send::new(ids, other));
    }
    strip
}

fn target(chance: &mut Chance, strip: &Strip) -> Target {
    match (chance.below(3), chance.of(&strip.inserts), chance.of(&strip.sends)) {
        (0, Some(insert), _) => Target::Insert(insert.id, "gain".into()),
        (1, _, Some(send)) => Target::Send(send.id, "level".into()),
        _ => Target::Strip((*chance.of(&["trim", "volume", "pan", "width", "mute", "solo"]).expect("six")).into()),
    }
}

fn lane(chance: &mut Chance) -> Option<Lane> {
    let point = |frame| LanePoint { frame, value: (frame % 7) as f32, segment: Segment::Linear };
    let count = chance.below(600);
    let lane = Lane { target: Target::Strip("volume".into()), enabled: chance.coin(), points: Arc::new((0..count).map(point).collect()) };
    chance.coin().then_some(lane)
}

fn random_send_edit(chance: &mut Chance, song: SongId, strip: &Strip, other: &Strip, ids: &mut Ids) -> Edit {
    let id = strip.id;
    match (chance.below(4), chance.of(&strip.sends)) {
        (0, Some(send)) => Edit::RemoveSend { song, strip: id, send: send.id },
        (1, Some(send)) => Edit::SetSendPre { song, strip: id, send: send.id, pre: chance.coin() },
        (2, Some(send)) => Edit::SetSendTo { song, strip: id, send: send.id, to: other.id },
        _ => Edit::AddSend { song, strip: id, at: chance.below(3) as usize, send: Send::new(ids, other.id) },
    }
}

fn random_insert_edit(chance: &mut Chance, song: SongId, strip: &Strip, other: &Strip, ids: &mut Ids) -> Edit {
    let id = strip.id;
    let at = chance.below(3) as usize;
    match (chance.below(7), chance.of(&strip.inserts)) {
        (0, Some(insert)) => Edit::RemoveInsert { song, strip: id, insert: insert.id },
        (1, Some(insert)) => Edit::MoveInsert { song, strip: id, insert: insert.id, to_strip: other.id, at },
        (2, Some(insert)) => Edit::SetBypass { song, strip: id, insert: insert.id, bypassed: chance.coin() },
        (3, Some(insert)) => Edit::SetKey { song, strip: id, insert: insert.id, key: chance.coin().then_some(other.id) },
        (4, Some(insert)) => {
            let values = Values::from([("gain".into(), chance.below(9) as f32), ("of_the_future".into(), 4.0)]);
            Edit::SetInsertValues { song, strip: id, insert: insert.id, values, preset: Some("Loud".into()) }
        }
        (5, _) => Edit::AddInsert { song, strip: id, at, insert: Insert::new(ids, "of_the_future") },
        _ => Edit::AddInsert { song, strip: id, at, insert: Insert::new(ids, "utility") },
    }
}

fn random_clip_edit(chance: &mut Chance, song: SongId, strip: &Strip) -> Edit {
    match chance.of(&strip.clips) {
        Some(clip) if chance.coin() => Edit::RemoveClip { song, strip: strip.id, clip: clip.id },
        Some(clip) => {
            let clip = Clip { start: chance.below(60_000), length: 1 + chance.below(30_000), ..clip.clone() };
            Edit::SetClip { song, strip: strip.id, clip }
        }
        None => Edit::SetName { song, strip: strip.id, name: "Empty".into() },
    }
}
