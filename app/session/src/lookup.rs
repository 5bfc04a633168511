//! Finding things in a session and reading their values.

use dsp::engine::{SEND_PARAMS, STRIP_PARAMS};
use dsp::params::{ParamSpec, ProcessorSpec};
use dsp::protocol::{InsertId, SendId, StripId, StripKind};

use crate::model::{
    Clip, ClipId, Insert, Lane, Marker, MarkerId, Range, Send, Session, Song, SongId, SongKind, Source, SourceId, Strip, Target,
};

impl Session {
    /// The song with this id.
    pub fn song(&self, song: SongId) -> Option<&Song> {
        self.songs.iter().find(|found| found.id == song)
    }

    /// The song of the Mix room.
    pub fn mix(&self) -> Option<&Song> {
        self.songs.iter().find(|song| song.kind == SongKind::Mix)
    }

    /// The strip with this id of this song.
    pub fn strip(&self, song: SongId, strip: StripId) -> Option<&Strip> {
        self.song(song)?.strip(strip)
    }

    /// The source with this id.
    pub fn source(&self, source: SourceId) -> Option<&Source> {
        self.sources.iter().find(|found| found.id == source)
    }

    /// The source whose samples have this hash.
    pub fn source_by_hash(&self, hash: &str) -> Option<&Source> {
        self.sources.iter().find(|found| found.hash == hash)
    }

    /// Whether any clip plays this source, or it is a reference.
    pub fn uses(&self, source: SourceId) -> bool {
        let frozen = self.songs.iter().flat_map(|song| &song.strips).flat_map(Strip::frozen_clips);
        let mut clips = self.songs.iter().flat_map(Song::clips).map(|(_, clip)| clip).chain(frozen);
        self.references.contains(&source) || clips.any(|clip| clip.source == source)
    }
}

impl Source {
    /// Its length at a song's rate: what the resampled twin has, and how far clips may reach.
    pub fn frames_at(&self, rate_hz: u32) -> u64 {
        crate::worker::frames_at_rate(self.frames, self.rate_hz, rate_hz)
    }
}

impl Song {
    /// The strip with this id.
    pub fn strip(&self, strip: StripId) -> Option<&Strip> {
        self.strips.iter().find(|found| found.id == strip)
    }

    /// The place of the strip with this id in the console.
    pub fn strip_index(&self, strip: StripId) -> Option<usize> {
        self.strips.iter().position(|found| found.id == strip)
    }

    /// The master strip.
    pub fn master(&self) -> Option<&Strip> {
        self.strips.iter().find(|strip| strip.kind == StripKind::Master)
    }

    /// The strips of this kind in console order.
    pub fn strips_of(&self, kind: StripKind) -> impl Iterator<Item = &Strip> {
        self.strips.iter().filter(move |strip| strip.kind == kind)
    }

    /// All clips with their strips.
    pub fn clips(&self) -> impl Iterator<Item = (&Strip, &Clip)> {
        self.strips.iter().flat_map(|strip| strip.clips.iter().map(move |clip| (strip, clip)))
    }

    /// The clip with this id and its strip.
    pub fn clip(&self, clip: ClipId) -> Option<(&Strip, &Clip)> {
        self.clips().find(|(_, found)| found.id == clip)
    }

    /// The insert with this id and its strip.
    pub fn insert(&self, insert: InsertId) -> Option<(&Strip, &Insert)> {
        self.strips.iter().find_map(|strip| strip.insert(insert).map(|found| (strip, found)))
    }

    /// The marker with this id.
    pub fn marker(&self, marker: MarkerId) -> Option<&Marker> {
        self.markers.iter().find(|found| found.id == marker)
    }

    /// Frame after the last clip's last.
    pub fn end_frame(&self) -> u64 {
        self.clips().map(|(_, clip)| clip.end()).max().unwrap_or(0)
    }

    /// What an export of the whole song holds, without the tail.
    pub fn whole(&self) -> Range {
        self.range.unwrap_or(Range { start: 0, end: self.end_frame() })
    }

    /// What playing repeats, when it does: the loop's range or the whole song, if that is long enough to loop.
    pub fn cycle_range(&self) -> Option<Range> {
        let range = self.cycle.range.unwrap_or_else(|| self.whole());
        let is_long_enough = range.end.saturating_sub(range.start) >= dsp::protocol::feed::MIN_LOOP_FRAMES;
        (self.cycle.enabled && is_long_enough).then_some(range)
    }

    /// Where a strip's sound goes: its group, or the master; `None` for the master itself.
    pub fn output_of(&self, strip: &Strip) -> Option<StripId> {
        if strip.kind == StripKind::Master { None } else { strip.output.or_else(|| self.master().map(|master| master.id)) }
    }

    /// Whether a strip stands in the console: not hidden, and nothing folded that it goes into.
    pub fn is_shown(&self, strip: &Strip) -> bool {
        let into = std::iter::successors(strip.output.and_then(|to| self.strip(to)), |group| group.output.and_then(|to| self.strip(to)));
        !strip.look.hidden && !into.take(self.strips.len()).any(|group| group.look.folded)
    }

    /// The strips of this kind that stand in the console, in its order.
    pub fn shown_of(&self, kind: StripKind) -> impl Iterator<Item = &Strip> {
        self.strips_of(kind).filter(|strip| self.is_shown(strip))
    }

    /// Whether any strip is soloed.
    pub fn has_solo(&self) -> bool {
        self.strips.iter().any(|strip| strip.is_on("solo"))
    }
}

impl Clip {
    /// Frame after its last on the timeline.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.length)
    }
}

impl Strip {
    /// The insert with this id.
    pub fn insert(&self, insert: InsertId) -> Option<&Insert> {
        self.inserts.iter().find(|found| found.id == insert)
    }

    /// The send with this id.
    pub fn send(&self, send: SendId) -> Option<&Send> {
        self.sends.iter().find(|found| found.id == send)
    }

    /// The first send to this strip.
    pub fn send_to(&self, to: StripId) -> Option<&Send> {
        self.sends.iter().find(|found| found.to == to)
    }

    /// The clip with this id.
    pub fn clip(&self, clip: ClipId) -> Option<&Clip> {
        self.clips.iter().find(|found| found.id == clip)
    }

    /// The clips that a frozen track had before, and will have again.
    pub fn frozen_clips(&self) -> impl Iterator<Item = &Clip> {
        self.frozen.iter().flat_map(|frozen| &frozen.clips)
    }

    /// The automation of this parameter.
    pub fn lane(&self, target: &Target) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.target == *target)
    }

    /// The declaration of this parameter; `None` for what this version does not know.
    pub fn spec_of(&self, target: &Target) -> Option<&'static ParamSpec> {
        let (specs, id) = match target {
            Target::Strip(id) => (STRIP_PARAMS, id),
            Target::Send(_, id) => (SEND_PARAMS, id),
            Target::Insert(insert, id) => (self.insert(*insert)?.spec()?.params, id),
        };
        specs.iter().find(|spec| spec.id == id)
    }

    /// The value of this parameter: what was set, or its declared default (0 for what is not known).
    pub fn value_of(&self, target: &Target) -> f32 {
        let written = match target {
            Target::Strip(id) => self.values.get(id),
            Target::Insert(insert, id) => self.insert(*insert).and_then(|insert| insert.values.get(id)),
            Target::Send(send, id) => self.send(*send).and_then(|send| send.values.get(id)),
        };
        written.copied().or_else(|| self.spec_of(target).map(|spec| spec.default)).unwrap_or(0.0)
    }

    /// Whether this switch of [`STRIP_PARAMS`] is on.
    pub fn is_on(&self, id: &str) -> bool {
        self.values.get(id).is_some_and(|value| *value >= 0.5)
    }
}

impl Insert {
    /// Its processor's declaration; `None` for one that this version does not know.
    pub fn spec(&self) -> Option<&'static ProcessorSpec> {
        dsp::processors::spec(&self.processor)
    }

    /// Its processor's name on screen; an unknown one goes by its id.
    pub fn name(&self) -> &str {
        self.spec().map_or(self.processor.as_str(), |spec| spec.name)
    }
}
