//! What holds in every session: the limits, two clips at a time on a track, and routing without circles.

use std::collections::{BTreeMap, BTreeSet};

use dsp::params::ParamSpec;
use dsp::protocol::{LanePoint, Segment, StripId, StripKind};

use crate::model::{Clip, Look, Session, Song, Source, Strip, Tempo, Values, Versions};

/// Latest frame that anything may have: a day at the highest rate.
pub const MAX_FRAME: u64 = 24 * 3600 * MAX_RATE_HZ as u64;
/// Lowest song rate.
pub const MIN_RATE_HZ: u32 = 8_000;
/// Highest song rate.
pub const MAX_RATE_HZ: u32 = 192_000;
/// Highest rate of a source's own.
pub const MAX_SOURCE_RATE_HZ: u32 = 768_000;
/// Range of a clip's gain in dB.
pub const CLIP_GAIN_DB: (f32, f32) = (-144.0, 24.0);
/// Most characters of a name.
pub const MAX_NAME: usize = 200;
/// Most characters of a note.
pub const MAX_NOTE: usize = 4000;
/// Last number of linked faders.
pub const MAX_LINK: u8 = 8;
/// Last colour of the design's track colours.
pub const MAX_COLOUR: u8 = 12;
/// Range of the tempo in quarter notes per minute.
pub const TEMPO_BPM: (f32, f32) = (20.0, 400.0);
/// Most strips of a song.
pub const MAX_STRIPS: usize = dsp::protocol::telemetry::MAX_STRIPS;
/// Most inserts of a song.
pub const MAX_INSERTS: usize = dsp::protocol::telemetry::MAX_INSERTS;

/// Most cues of a reference: as many as there are digits.
pub const MAX_CUES: usize = 9;

/// Whether a source can have these cues, seconds: few, in order, inside it.
pub fn are_cues(source: &Source, cues_s: &[f64]) -> bool {
    let length_s = source.frames as f64 / f64::from(source.rate_hz.max(1));
    cues_s.len() <= MAX_CUES && cues_s.is_sorted() && cues_s.iter().all(|cue| (0.0..=length_s).contains(cue))
}

/// Whether these are versions A to D, the one that is heard not among the others.
pub fn are_versions(versions: &Versions) -> bool {
    let most = crate::versions::NAMES.len() as u8;
    versions.current < most && versions.others.keys().all(|at| *at < most && *at != versions.current)
}

/// Whether this is a tempo and metre that a ruler can show.
pub fn is_tempo(tempo: &Tempo) -> bool {
    let (slowest, fastest) = TEMPO_BPM;
    let is_metre = (1..=32).contains(&tempo.beats) && tempo.beat_unit.is_power_of_two() && tempo.beat_unit <= 32;
    (slowest..=fastest).contains(&tempo.bpm) && is_metre
}

/// For each clip (in order of start) the player's lane that carries it: the first that is free. A third clip over two others
/// gives its index.
///
/// # Errors
/// The index of the first clip that finds both lanes taken.
pub fn lanes_of(clips: &[Clip]) -> Result<Vec<u8>, usize> {
    let mut busy_until = [0_u64; 2];
    clips
        .iter()
        .enumerate()
        .map(|(index, clip)| {
            let lane = busy_until.iter().position(|end| *end <= clip.start).ok_or(index)?;
            busy_until[lane] = clip.end();
            Ok(lane as u8)
        })
        .collect()
}

/// A circle in the song's routing (outputs, sends and sidechain keys), the first strip repeated at the end.
pub fn routing_loop(song: &Song) -> Option<Vec<StripId>> {
    let mut next: BTreeMap<StripId, Vec<StripId>> = BTreeMap::new();
    for strip in &song.strips {
        let feeds = next.entry(strip.id).or_default();
        feeds.extend(song.output_of(strip));
        feeds.extend(strip.sends.iter().map(|send| send.to));
        for key in strip.inserts.iter().filter_map(|insert| insert.key) {
            next.entry(key).or_default().push(strip.id);
        }
    }
    let mut done = BTreeSet::new();
    song.strips.iter().find_map(|strip| walk(strip.id, &next, &mut done))
}

/// Depth first with an explicit path, so that no file can exhaust the stack.
fn walk(from: StripId, next: &BTreeMap<StripId, Vec<StripId>>, done: &mut BTreeSet<StripId>) -> Option<Vec<StripId>> {
    let mut path: Vec<(StripId, usize)> = vec![(from, 0)];
    while let Some((strip, edge)) = path.last_mut() {
        let to = next.get(strip).and_then(|feeds| feeds.get(*edge)).copied();
        *edge += 1;
        match to {
            None => {
                done.insert(*strip);
                path.pop();
            }
            Some(to) if done.contains(&to) => {}
            Some(to) => {
                if let Some(at) = path.iter().position(|(strip, _)| *strip == to) {
                    return Some(path[at..].iter().map(|(strip, _)| *strip).chain([to]).collect());
                }
                path.push((to, 0));
            }
        }
    }
    None
}

/// Whether a strip's output may be this strip.
pub fn can_output_to(from: &Strip, to: &Strip) -> bool {
    from.kind != StripKind::Master && to.kind == StripKind::Group && from.id != to.id
}

/// Whether a strip may send to this strip.
pub fn can_send_to(from: &Strip, to: &Strip) -> bool {
    from.kind != StripKind::Master && matches!(to.kind, StripKind::Group | StripKind::Return) && from.id != to.id
}

/// Every id that the session has given and still uses.
pub fn used_ids(session: &Session) -> Vec<u32> {
    let mut ids: Vec<u32> = session.sources.iter().map(|source| source.id.0).collect();
    for song in &session.songs {
        ids.extend(song_ids(song));
    }
    ids
}

/// The ids in a song, its own first.
pub fn song_ids(song: &Song) -> Vec<u32> {
    let mut ids = vec![song.id.0];
    ids.extend(song.markers.iter().map(|marker| marker.id.0));
    for strip in &song.strips {
        ids.extend(strip_ids(strip));
    }
    ids
}

/// The ids in a strip, its own first.
pub fn strip_ids(strip: &Strip) -> Vec<u32> {
    let mut ids = vec![strip.id.0];
    ids.extend(strip.inserts.iter().map(|insert| insert.id.0));
    ids.extend(strip.sends.iter().map(|send| send.id.0));
    ids.extend(strip.clips.iter().chain(strip.frozen_clips()).map(|clip| clip.id.0));
    ids.extend(strip.frozen.iter().flat_map(|frozen| &frozen.inserts).map(|insert| insert.id.0));
    ids
}

/// A name as it is kept: without control characters, spaces at its ends and excess length; `None` when nothing is left.
pub fn tidy_name(name: &str) -> Option<String> {
    let clean: String = name.chars().filter(|c| !c.is_control()).collect();
    let clean: String = clean.trim().chars().take(MAX_NAME).collect();
    let clean = clean.trim_end();
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// A look as it is kept: the note without control characters but line ends, links in their range.
pub fn tidy_look(look: &mut Look) {
    look.link = look.link.min(MAX_LINK);
    if look.note.chars().count() > MAX_NOTE || look.note.contains(|c: char| c.is_control() && c != '\n') {
        look.note = look.note.chars().filter(|c| !c.is_control() || *c == '\n').take(MAX_NOTE).collect();
    }
}

/// Values as they are kept: known ones in range and only where they differ from their defaults, unknown ones as they are.
pub fn tidy_values(specs: &[ParamSpec], values: &mut Values) {
    values.retain(|id, value| match specs.iter().find(|spec| spec.id == id) {
        Some(spec) => {
            *value = spec.clamp(*value);
            *value != spec.default
        }
        None => value.is_finite(),
    });
}

/// A clip as it is kept: gain and fades in range.
pub fn tidy_clip(clip: &mut Clip) {
    let (low, high) = CLIP_GAIN_DB;
    clip.gain_db = if clip.gain_db.is_nan() { 0.0 } else { clip.gain_db.clamp(low, high) };
    let longest = u32::try_from(clip.length).unwrap_or(u32::MAX);
    for fade in [&mut clip.fade_in, &mut clip.fade_out] {
        fade.frames = fade.frames.min(longest);
    }
}

/// A lane's points as they are kept: ordered, finite and in range.
pub fn tidy_points(spec: Option<&ParamSpec>, points: &mut Vec<LanePoint>) {
    points.retain(|point| point.value.is_finite());
    points.sort_by_key(|point| point.frame);
    for point in points {
        point.frame = point.frame.min(MAX_FRAME);
        if let Some(spec) = spec {
            point.value = spec.clamp(point.value);
        }
        if let Segment::Curve(bend) = &mut point.segment {
            *bend = if bend.is_nan() { 0.0 } else { bend.clamp(-1.0, 1.0) };
        }
    }
}

/// A strip and all that stands on it as they are kept.
pub fn tidy_strip(strip: &mut Strip) {
    if let Some(name) = tidy_name(&strip.name) {
        strip.name = name;
    }
    strip.colour = strip.colour.min(MAX_COLOUR);
    tidy_look(&mut strip.look);
    tidy_values(dsp::engine::STRIP_PARAMS, &mut strip.values);
    for insert in &mut strip.inserts {
        let specs = dsp::processors::spec(&insert.processor).map_or(&[][..], |spec| spec.params);
        tidy_values(specs, &mut insert.values);
    }
    for send in &mut strip.sends {
        tidy_values(dsp::engine::SEND_PARAMS, &mut send.values);
    }
    strip.clips.iter_mut().for_each(tidy_clip);
    strip.clips.sort_by_key(|clip| (clip.start, clip.id));
    let specs: Vec<_> = strip.lanes.iter().map(|lane| strip.spec_of(&lane.target)).collect();
    for (lane, spec) in strip.lanes.iter_mut().zip(specs) {
        if !points_are_tidy(spec, &lane.points) {
            tidy_points(spec, std::sync::Arc::make_mut(&mut lane.points));
        }
    }
    strip.lanes.sort_by(|a, b| a.target.cmp(&b.target));
}

/// Whether [`tidy_points`] would change nothing; lanes are long and shared, so they are copied only when they must be.
pub fn points_are_tidy(spec: Option<&ParamSpec>, points: &[LanePoint]) -> bool {
    let is_ordered = points.is_sorted_by_key(|point| point.frame);
    is_ordered
        && points.iter().all(|point| {
            let value_fits = point.value.is_finite() && spec.is_none_or(|spec| spec.clamp(point.value) == point.value);
            let bend_fits = !matches!(point.segment, Segment::Curve(bend) if !(-1.0..=1.0).contains(&bend));
            point.frame <= MAX_FRAME && value_fits && bend_fits
        })
}
