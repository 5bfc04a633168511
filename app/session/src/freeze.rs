//! Freezing a track: what stands before its fader (clips, trim, polarity, inserts) is rendered once and played as one clip, until it is thawed.
//!
//! The head of the strip, as it is called here, is put aside in [`Frozen`]; the strip itself then holds the rendered clip and an empty chain,
//! so that engine, feeder and export need to know nothing of it. Fader, pan, sends and inserts that are added later stay live. The render is an
//! ordinary export of a song in which only this chain is heard; at unity the fader and the master change no bit, so a frozen track sounds as the
//! live one does from the song's start. At a loop's seam the live one's tail goes on and the frozen one's does not. An automated fader reads its
//! lane on a grid that follows the latency before it, which freezing takes away: there the last bits may differ.
//!
//! A frozen group holds the rendered clip itself; [`played`] lays the song out for engine and feeder, which know clips only on tracks. What goes
//! into the group keeps its own sends, and is heard in the group again when that is thawed, or for as long as it is soloed: a render holds all
//! that went into it, so a group of which a part is to be heard plays as it did before.

use std::borrow::Cow;
use std::collections::BTreeSet;

use dsp::engine::{STRIP_PARAMS, strip_param};
use dsp::protocol::{StripId, StripKind};

use crate::compile::Purpose;
use crate::edit::Edit;
use crate::model::{Clip, Frozen, Lane, Range, Session, Song, SongId, Strip, Target, Values};
use crate::worker::Imported;

/// What of a strip's own values stands before the inserts.
const HEAD_PARAMS: [usize; 2] = [strip_param::TRIM, strip_param::POLARITY];

/// Marks of the strips that [`played`] adds for a group, in the high bits of its own id: a document's ids count up from 1.
const AWAY: u32 = 1 << 31;
const RENDER: u32 = 1 << 30;

fn is_head_value(id: &str) -> bool {
    HEAD_PARAMS.iter().any(|index| STRIP_PARAMS[*index].id == id)
}

fn is_head_lane(lane: &Lane) -> bool {
    match &lane.target {
        Target::Strip(id) => is_head_value(id),
        Target::Insert(..) => true,
        Target::Send(..) => false,
    }
}

/// Whether this strip can be frozen: a track with clips or a group with inserts that is not frozen already.
pub fn can_freeze(strip: &Strip) -> bool {
    let has_cost = match strip.kind {
        StripKind::Audio => !strip.clips.is_empty(),
        StripKind::Group => !strip.inserts.is_empty(),
        _ => false,
    };
    has_cost && strip.frozen.is_none()
}

/// What is rendered: all up to the end of the last clip of a track, or of the song for a group; the tail follows. From the song's start, because
/// processors that sway by themselves begin there.
pub fn range(song: &Song, strip: &Strip) -> Option<Range> {
    let last = match strip.kind {
        StripKind::Group => song.clips().map(|(_, clip)| clip.end()).max(),
        _ => strip.clips.iter().map(Clip::end).max(),
    };
    last.map(|end| Range { start: 0, end })
}

/// The song as engine and feeder play it: what goes into a frozen group goes to a silent one, and a track of its own plays the group's render. A
/// group into which something soloed leads, where solo is heard at all, has its head back instead.
pub fn played(song: &Song, purpose: Purpose) -> Cow<'_, Song> {
    let frozen = song.strips_of(StripKind::Group).filter(|strip| strip.frozen.is_some());
    let frozen: Vec<StripId> = frozen.map(|strip| strip.id).collect();
    if frozen.is_empty() {
        return Cow::Borrowed(song);
    }
    let live = if purpose.hears_solo() { behind_soloed(song) } else { BTreeSet::new() };
    let mut played = song.clone();
    for group in frozen {
        if live.contains(&group) {
            restore(&mut played, group);
        } else {
            lay_out(&mut played, group);
        }
    }
    Cow::Owned(played)
}

/// All that soloed strips lead into, by their outputs and sends.
fn behind_soloed(song: &Song) -> BTreeSet<StripId> {
    let into = |strip: &Strip| strip.output.into_iter().chain(strip.sends.iter().map(|send| send.to)).collect::<Vec<_>>();
    let mut reached = BTreeSet::new();
    let mut next: Vec<StripId> = song.strips.iter().filter(|strip| strip.is_on("solo")).flat_map(into).collect();
    while let Some(strip) = next.pop() {
        if reached.insert(strip) {
            next.extend(song.strip(strip).map(into).unwrap_or_default());
        }
    }
    reached
}

fn lay_out(song: &mut Song, group: StripId) {
    let mut away = Strip::with_id(StripId(group.0 | AWAY), StripKind::Group);
    away.values.insert(STRIP_PARAMS[strip_param::MUTE].id.into(), 1.0);
    let mut render = Strip::with_id(StripId(group.0 | RENDER), StripKind::Audio);
    render.output = Some(group);
    for strip in &mut song.strips {
        if strip.id == group {
            render.clips = std::mem::take(&mut strip.clips);
        }
        if strip.output == Some(group) {
            strip.output = Some(away.id);
        }
        strip.sends.iter_mut().filter(|send| send.to == group).for_each(|send| send.to = away.id);
    }
    let at = song.strips.len().saturating_sub(1);
    song.strips.splice(at..at, [render, away]);
}

/// The change to a copy of the session after which the song is this strip's head alone. Strips that its inserts listen to stay, silently, and all
/// that may lead into a group.
pub fn only_head(session: &Session, song: SongId, strip: StripId) -> Option<Edit> {
    let mut song = session.song(song)?.clone();
    let found = song.strip(strip)?;
    let needs_others = found.kind == StripKind::Group || found.inserts.iter().any(|insert| insert.key.is_some());
    if needs_others {
        send_away(session, &mut song, strip);
    } else {
        song.strips.retain(|found| found.id == strip || found.kind == StripKind::Master);
    }
    for found in song.strips.iter_mut().filter(|found| found.id == strip || found.kind == StripKind::Master) {
        found.output = None;
        found.sends.clear();
        let is_master = found.kind == StripKind::Master;
        if is_master {
            found.inserts.clear();
        }
        found.values.retain(|id, _| !is_master && is_head_value(id));
        found.lanes.retain(|lane| !is_master && is_head_lane(lane));
    }
    Some(Edit::PutSong { song: Box::new(song) })
}

/// Leads all strips but one to a silent group.
fn send_away(session: &Session, song: &mut Song, but: StripId) {
    let mut away = Strip::group(&mut session.ids(), "Away", 0);
    away.values.insert(STRIP_PARAMS[strip_param::MUTE].id.into(), 1.0);
    for strip in song.strips.iter_mut().filter(|strip| strip.id != but && strip.kind != StripKind::Master) {
        strip.output = strip.output.or(Some(away.id));
    }
    song.strips.insert(song.strips.len().saturating_sub(1), away);
}

/// The edit that freezes a strip, whose head was rendered into this audio.
pub fn freeze(session: &Session, song: SongId, strip: StripId, rendered: Imported) -> Option<Edit> {
    let mut ids = session.ids();
    let mut changed = session.song(song)?.clone();
    let rate_hz = changed.rate_hz;
    let found = changed.strips.iter_mut().find(|found| found.id == strip).filter(|strip| can_freeze(strip))?;
    let (source, add) = rendered.adopted(session, &mut ids);
    found.frozen = Some(Box::new(take_head(found)));
    found.clips.push(Clip::whole(&mut ids, &source, rate_hz, 0));
    Some(Edit::Batch(add.into_iter().chain([Edit::PutSong { song: Box::new(changed) }]).collect()))
}

/// The edit that puts a frozen strip's head back, before the inserts that came since.
pub fn thaw(session: &Session, song: SongId, strip: StripId) -> Option<Edit> {
    let mut changed = session.song(song)?.clone();
    restore(&mut changed, strip)?;
    Some(Edit::PutSong { song: Box::new(changed) })
}

/// Puts a frozen strip's head in the place of its render.
fn restore(song: &mut Song, strip: StripId) -> Option<()> {
    let there: BTreeSet<StripId> = song.strips.iter().filter(|strip| strip.kind != StripKind::Master).map(|strip| strip.id).collect();
    let found = song.strips.iter_mut().find(|found| found.id == strip)?;
    let mut head = *found.frozen.take()?;
    head.inserts.iter_mut().for_each(|insert| insert.key = insert.key.filter(|key| there.contains(key) && *key != strip));
    found.clips.clear();
    put_head(found, head);
    Some(())
}

/// A strip with the head of another state of it.
pub fn with_head_of(mut strip: Strip, other: &Strip) -> Strip {
    let mut other = other.clone();
    take_head(&mut strip);
    strip.frozen = other.frozen.take();
    put_head(&mut strip, take_head(&mut other));
    strip
}

fn take_head(strip: &mut Strip) -> Frozen {
    let (lanes, others) = std::mem::take(&mut strip.lanes).into_iter().partition(is_head_lane);
    let (values, rest): (Values, Values) = std::mem::take(&mut strip.values).into_iter().partition(|(id, _)| is_head_value(id));
    (strip.lanes, strip.values) = (others, rest);
    Frozen { clips: std::mem::take(&mut strip.clips), inserts: std::mem::take(&mut strip.inserts), values, lanes }
}

fn put_head(strip: &mut Strip, head: Frozen) {
    let Frozen { clips, inserts, values, lanes } = head;
    strip.clips = clips;
    strip.inserts.splice(..0, inserts);
    // What was set since (a trim into the added inserts) gives way to what it was made with.
    strip.values.extend(values);
    strip.lanes.retain(|lane| lanes.iter().all(|old| old.target != lane.target));
    strip.lanes.extend(lanes);
    strip.lanes.sort_by(|a, b| a.target.cmp(&b.target));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EditError;
    use crate::model::{Insert, SampleFormat};
    use crate::testing::{RATE_HZ, session};

    fn rendered() -> Imported {
        Imported {
            hash: "f".repeat(64),
            file_name: "Kick frozen.wav".into(),
            rate_hz: RATE_HZ,
            channels: 2,
            frames: 90_000,
            format: SampleFormat::F32,
            notes: Vec::new(),
            time_reference: None,
        }
    }

    fn kick(session: &Session, song: SongId) -> &Strip {
        &session.song(song).expect("the song").strips[0]
    }

    /// The test's mix with its first track frozen, and as it was.
    fn frozen() -> (Session, Session, SongId, StripId) {
        let (mut session, song) = session();
        let strip = kick(&session, song).id;
        let trim = Edit::SetValue { song, strip, target: Target::Strip("trim".into()), value: -3.0 };
        let volume = Edit::SetValue { song, strip, target: Target::Strip("volume".into()), value: -6.0 };
        session.apply(&Edit::Batch(vec![trim, volume])).expect("two values");
        let before = session.clone();
        let edit = freeze(&session, song, strip, rendered()).expect("a track with clips");
        session.apply(&edit).expect("frozen");
        (session, before, song, strip)
    }

    fn without_counter(session: &Session) -> Session {
        Session { next_id: 0, ..session.clone() }
    }

    #[test]
    fn a_frozen_track_plays_its_render_under_its_fader_and_pays_for_no_insert() {
        let (session, _, song, _) = frozen();
        let strip = kick(&session, song);
        assert_eq!((strip.clips.len(), strip.clips[0].length, strip.inserts.len()), (1, 90_000, 0));
        assert_eq!((strip.values.get("volume"), strip.values.get("trim")), (Some(&-6.0), None));
        assert!(!can_freeze(strip));
    }

    #[test]
    fn thawing_brings_everything_back_before_what_was_added_since() {
        let (mut session, before, song, strip) = frozen();
        let added = Insert::new(&mut session.ids(), "equalizer");
        session.apply(&Edit::AddInsert { song, strip, at: 0, insert: added.clone() }).expect("a live insert");
        session.apply(&thaw(&session, song, strip).expect("it is frozen")).expect("thawed");
        let mut expected = kick(&before, song).clone();
        expected.inserts.push(added);
        assert_eq!(*kick(&session, song), expected);
    }

    #[test]
    fn a_frozen_group_plays_its_render_on_a_track_of_its_own_and_what_goes_into_it_is_silent() {
        let (mut session, song) = session();
        let group = session.song(song).expect("the song").strips_of(StripKind::Group).next().expect("a group").id;
        let insert = Insert::new(&mut session.ids(), "compressor");
        session.apply(&Edit::AddInsert { song, strip: group, at: 0, insert }).expect("an insert");
        let into = kick(&session, song).id;
        session.apply(&Edit::SetOutput { song, strip: into, output: Some(group) }).expect("a way into it");
        let before = session.clone();
        session.apply(&freeze(&session, song, group, rendered()).expect("a group with inserts")).expect("frozen");
        let shown = session.song(song).expect("the song");
        let heard = played(shown, Purpose::Live);
        let player = heard.strips.iter().find(|strip| strip.clips.len() == 1 && strip.clips[0].length == 90_000).expect("its render");
        assert_eq!((player.kind, player.output), (StripKind::Audio, Some(group)));
        let away = heard.strip(into).and_then(|strip| heard.strip(strip.output?)).expect("a silent group");
        assert!(away.is_on("mute") && heard.strip(group).is_some_and(|strip| strip.inserts.is_empty() && strip.clips.is_empty()));
        assert_eq!(shown.strip(into).and_then(|strip| strip.output), Some(group), "the document keeps its ways");
        assert!(matches!(played(before.song(song).expect("the song"), Purpose::Live), Cow::Borrowed(_)));
        session.apply(&thaw(&session, song, group).expect("it is frozen")).expect("thawed");
        assert_eq!(session.song(song), before.song(song));
    }

    #[test]
    fn undo_takes_freezing_and_thawing_back() {
        let (mut session, before, song, strip) = frozen();
        let state = without_counter(&session);
        let back = session.apply(&thaw(&session, song, strip).expect("it is frozen")).expect("thawed");
        session.apply(&back).expect("frozen again");
        assert_eq!(without_counter(&session), state);
        let mut document = crate::Document::new(before.clone());
        let edit = freeze(&before, song, strip, rendered()).expect("a track");
        document.dispatch("Freeze Kick", edit).expect("frozen");
        document.undo().expect("an inverse");
        assert_eq!(without_counter(document.session()), without_counter(&before));
    }

    #[test]
    fn what_a_frozen_insert_listened_to_may_go() {
        let (mut session, song) = session();
        let (kick, bass) = (kick(&session, song).id, session.song(song).expect("the song").strips[2].id);
        session.apply(&freeze(&session, song, bass, rendered()).expect("a track")).expect("frozen");
        session.apply(&Edit::RemoveStrip { song, strip: kick }).expect("removable");
        session.apply(&thaw(&session, song, bass).expect("it is frozen")).expect("thawed");
        assert_eq!(session.strip(song, bass).expect("the bass").inserts[0].key, None);
    }

    #[test]
    fn another_rate_keeps_the_time_of_what_is_put_aside() {
        let (mut session, _, song, _) = frozen();
        let starts = |session: &Session| kick(session, song).frozen_clips().map(|clip| clip.start).collect::<Vec<_>>();
        let before = starts(&session);
        session.apply(&Edit::SetRate { song, rate_hz: 2 * RATE_HZ }).expect("a rate");
        assert_eq!(starts(&session), before.iter().map(|start| start * 2).collect::<Vec<_>>());
    }

    #[test]
    fn the_clip_of_a_frozen_track_stays_and_says_why_and_its_old_sources_are_kept() {
        let (mut session, before, song, strip) = frozen();
        let clip = kick(&session, song).clips[0].id;
        let refused = session.apply(&Edit::RemoveClip { song, strip, clip }).expect_err("frozen");
        assert_eq!(refused.to_string(), "Kick is frozen. Thaw it to edit its clips.");
        let source = kick(&before, song).clips[0].source;
        assert!(matches!(session.apply(&Edit::RemoveSource { source }), Err(EditError::SourceInUse { .. })));
    }

    #[test]
    fn the_song_that_is_rendered_holds_the_head_alone_and_keys_are_heard_by_nobody_else() {
        let (mut session, song) = session();
        let bass = session.song(song).expect("the song").strips[2].clone();
        let edit = only_head(&session, song, bass.id).expect("a track");
        session.apply(&edit).expect("a valid song");
        let song = session.song(song).expect("the song");
        let away = song.strips.iter().find(|strip| strip.name == "Away").expect("a group for the others");
        assert!(away.is_on("mute") && song.master().is_some_and(|master| master.inserts.is_empty()));
        let reaches_master = song.strips.iter().filter(|strip| strip.kind != StripKind::Master && strip.output.is_none());
        assert_eq!(reaches_master.map(|strip| strip.id).collect::<Vec<_>>(), [bass.id, away.id]);
        assert!(song.strip(bass.id).is_some_and(|strip| strip.sends.is_empty() && strip.inserts == bass.inserts));
    }
}
