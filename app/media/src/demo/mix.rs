//! The demo song's session: tracks, groups, a parallel-compression return, and faders that somebody set by ear once and left.

use std::collections::BTreeMap;

use dsp::protocol::{InsertId, SendId, StripId, StripKind};
use session::model::{
    Clip, ClipId, Cycle, FORMAT, FORMAT_VERSION, Fade, Insert, Look, Marker, MarkerId, Range, Send, Session, Song, SongId, SongKind,
    Source, Strip, Tempo, Values, Versions,
};

use super::score::{BAR_FRAMES, BPM, FORM, RATE_HZ};
use super::{STEMS, StemSpec};

/// Name of session and song.
const NAME: &str = "Low tide";
/// Fade at the end of each stem, so that nothing is cut.
const END_FADE_FRAMES: u32 = RATE_HZ / 2;

/// Where a track goes and how loud it stands: name of the stem, group, fader in dB, pan.
const BALANCE: &[(&str, &str, f32, f32)] = &[
    ("Kick", "Drums", -7.0, 0.0),
    ("Snare", "Drums", -9.0, 0.0),
    ("Hats", "Drums", -13.0, 22.0),
    ("Overheads", "Drums", -12.0, 0.0),
    ("Shaker", "Drums", -16.0, -35.0),
    ("Bass", "Band", -8.0, 0.0),
    ("Piano", "Band", -9.0, 0.0),
    ("Guitar", "Band", -11.0, -45.0),
    ("Pad", "Band", -13.0, 0.0),
    ("Lead", "Band", -14.0, 18.0),
    ("Lead vox", "Voices", -7.0, 0.0),
    ("Backing vox", "Voices", -13.0, 0.0),
    ("Effects", "Band", -14.0, 0.0),
];

/// Values by a parameter's permanent id.
type Settings = &'static [(&'static str, f32)];

/// Inserts that stand on a strip from the start: strip, processor, values.
const CHAINS: &[(&str, &str, Settings)] = &[
    ("Snare", "equalizer", &[("band1_on", 1.0), ("band1_frequency", 380.0), ("band1_gain", -3.0), ("band1_q", 2.5)]),
    ("Lead vox", "equalizer", &[("band1_on", 1.0), ("band1_frequency", 240.0), ("band1_gain", -2.5), ("band1_q", 1.0)]),
    ("Lead vox", "compressor", &[("threshold", -22.0), ("ratio", 3.0), ("attack", 8.0), ("release", 120.0)]),
    ("Squash", "compressor", &[("threshold", -34.0), ("ratio", 8.0), ("attack", 3.0), ("release", 90.0)]),
];

struct Ids(u32);

impl Ids {
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn values(pairs: &[(&str, f32)]) -> Values {
    pairs.iter().map(|(id, value)| ((*id).to_string(), *value)).collect()
}

fn strip(ids: &mut Ids, kind: StripKind, name: &str, colour: u8, pairs: &[(&str, f32)]) -> Strip {
    let inserts = CHAINS
        .iter()
        .filter(|(on, ..)| *on == name)
        .map(|(_, processor, pairs)| Insert {
            id: InsertId(ids.next()),
            processor: (*processor).to_string(),
            version: dsp::processors::spec(processor).map_or(1, |spec| spec.version),
            values: values(pairs),
            bypassed: false,
            key: None,
            preset: None,
        })
        .collect();
    Strip {
        id: StripId(ids.next()),
        kind,
        name: name.to_string(),
        colour,
        output: None,
        values: values(pairs),
        inserts,
        sends: Vec::new(),
        clips: Vec::new(),
        lanes: Vec::new(),
        look: Look::default(),
        frozen: None,
    }
}

fn clip(ids: &mut Ids, source: &Source) -> Clip {
    Clip {
        id: ClipId(ids.next()),
        source: source.id,
        start: 0,
        offset: 0,
        length: source.frames,
        gain_db: 0.0,
        fade_in: Fade::default(),
        fade_out: Fade { frames: END_FADE_FRAMES, ..Fade::default() },
    }
}

/// The session on these sources, which are the stored [`STEMS`] in their order; `id` names it in the store.
pub fn session(id: String, mut sources: Vec<Source>) -> Session {
    let mut ids = Ids(0);
    for source in &mut sources {
        source.id.0 = ids.next();
    }
    let groups = [("Drums", 1), ("Band", 5), ("Voices", 10)].map(|(name, colour)| strip(&mut ids, StripKind::Group, name, colour, &[]));
    let by_name: BTreeMap<&str, StripId> = groups.iter().map(|group| (group.name.as_str(), group.id)).collect();
    let squash = strip(&mut ids, StripKind::Return, "Squash", 2, &[("volume", -9.0)]);

    let mut strips: Vec<Strip> =
        STEMS.iter().zip(&sources).map(|(stem, source)| track(&mut ids, stem, source, &by_name, squash.id)).collect();
    let master = strip(&mut ids, StripKind::Master, "Master", 0, &[]);
    strips.extend(groups.clone());
    strips.extend([squash, master]);

    let markers = FORM
        .iter()
        .map(|(name, _, bar, _)| Marker { id: MarkerId(ids.next()), frame: (bar * BAR_FRAMES) as u64, name: (*name).to_string() })
        .collect();
    let song = Song {
        id: SongId(ids.next()),
        kind: SongKind::Mix,
        name: NAME.to_string(),
        rate_hz: RATE_HZ,
        strips,
        markers,
        cycle: Cycle { enabled: false, range: Some(Range { start: (12 * BAR_FRAMES) as u64, end: (20 * BAR_FRAMES) as u64 }) },
        range: None,
        tempo: Tempo { bpm: BPM as f32, beats: 4, beat_unit: 4 },
        versions: Versions::default(),
    };
    Session {
        format: FORMAT.to_string(),
        version: FORMAT_VERSION,
        id,
        name: NAME.to_string(),
        next_id: ids.next(),
        sources,
        songs: vec![song],
        references: Vec::new(),
        cues: BTreeMap::new(),
        album: None,
    }
}

fn track(ids: &mut Ids, stem: &StemSpec, source: &Source, groups: &BTreeMap<&str, StripId>, squash: StripId) -> Strip {
    let (_, group, volume_db, pan) = BALANCE.iter().find(|(name, ..)| *name == stem.name).copied().unwrap_or(("", "Band", -12.0, 0.0));
    let mut track = strip(ids, StripKind::Audio, stem.name, stem.colour, &[("volume", volume_db), ("pan", pan)]);
    track.output = groups.get(group).copied();
    track.clips.push(clip(ids, source));
    if matches!(stem.name, "Kick" | "Snare") {
        track.sends.push(Send { id: SendId(ids.next()), to: squash, pre: false, values: values(&[("level", -10.0)]) });
    }
    track
}
