//! What is known of the album's songs: their files' analyses with their gains, or what was measured behind the shared chain, true until one
//! of them would sound otherwise; and the way to the anchor's loudness.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::album::edits::set_gains;
use session::album::level::{Level, Move, Standing, bring, off_by_lu, whole};
use session::album::{entries, of};
use session::analysis::Analysis;
use session::model::{ClipId, Cycle, Range, Session, Song, SongId};

use crate::media::Canceller;
use crate::state::Studio;
use crate::ui::master::Measures;

/// Nearer to the anchor there is nothing to gain.
const CLOSE_LU: f64 = 0.05;
/// A song this far from where it is wanted is named.
pub const TOLERANCE_LU: f64 = 0.2;
/// A chain that limits answers a gain with less: it is measured and set again so often.
const MOST_TRIES: usize = 4;
/// What undo says.
const BRING: &str = "Bring the songs to the anchor";

/// A song of the album as the views need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its clip.
    pub clip: ClipId,
    /// Its title.
    pub title: String,
    /// Its audio's name in the store.
    pub hash: String,
    /// Where it begins and ends on the album's timeline.
    pub range: Range,
    /// The album's rate.
    pub rate_hz: u32,
    /// Its gain.
    pub gain_db: f64,
    /// How much louder than the anchor it is meant to be.
    pub offset_lu: f64,
    /// Gap after it.
    pub gap_ms: i32,
    /// Its fades, in and out.
    pub fades_ms: [u32; 2],
}

/// The songs of a session's album.
pub fn lines(session: &Session) -> Vec<Line> {
    let rate_hz = of(session).map_or(0, |(_, song)| song.rate_hz);
    let line = |entry: session::album::Entry<'_>| Line {
        clip: entry.clip.id,
        title: entry.track.title.clone(),
        hash: entry.source.hash.clone(),
        range: Range { start: entry.clip.start, end: entry.clip.end() },
        rate_hz,
        gain_db: f64::from(entry.clip.gain_db),
        offset_lu: f64::from(entry.track.offset_lu),
        gap_ms: entry.track.gap_ms,
        fades_ms: [entry.track.fade_in_ms, entry.track.fade_out_ms],
    };
    entries(session).into_iter().map(line).collect()
}

/// The album's song without what no song of it sounds different for: names, places, markers, the loop.
fn sounding(session: &Session) -> Option<Song> {
    let (_, song) = of(session)?;
    let mut song = Song { name: String::new(), markers: Vec::new(), cycle: Cycle::default(), range: None, ..song.clone() };
    for clip in song.strips.iter_mut().flat_map(|strip| &mut strip.clips) {
        clip.start = 0;
    }
    song.strips.iter_mut().for_each(|strip| strip.clips.sort_by_key(|clip| clip.id));
    Some(song)
}

/// What songs measured behind the chain.
type Heard = HashMap<ClipId, Arc<Analysis>>;

/// See the module's text; a context of the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The studio.
    pub studio: Studio,
    measures: Measures,
    /// What of the album's song is heard in its songs, tracked.
    sounding: Memo<Option<Song>>,
    /// What that was when it was measured, and what it measured.
    heard: RwSignal<Option<(Option<Song>, Heard)>>,
    /// How far the work is, 0 to 1; `None` while there is none.
    pub progress: RwSignal<Option<f32>>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Desk {
    /// Nothing is measured behind the chain.
    pub fn new(studio: Studio, measures: Measures) -> Self {
        let (heard, progress) = (RwSignal::new(None), RwSignal::new(None));
        let sounding = Memo::new(move |_| studio.session(sounding).flatten());
        Self { studio, measures, sounding, heard, progress, canceller: StoredValue::new_local(Canceller::default()) }
    }

    /// The songs, tracked.
    pub fn lines(self) -> Vec<Line> {
        self.studio.session(lines).unwrap_or_default()
    }

    /// The song that plays the album, read once.
    pub fn song(self) -> Option<SongId> {
        self.studio.peek(|session| of(session).map(|(_, song)| song.id)).flatten()
    }

    /// The anchor, tracked.
    pub fn anchor(self) -> Option<ClipId> {
        self.studio.session(|session| session.album.as_ref().and_then(|album| album.anchor())).flatten()
    }

    /// Whether the figures are those behind the chain, tracked.
    pub fn is_heard(self) -> bool {
        self.sounding.with(|now| self.heard.with(|heard| heard.as_ref().is_some_and(|(then, _)| then == now)))
    }

    /// What a song's file measures, tracked.
    pub fn file(self, line: &Line) -> Option<Arc<Analysis>> {
        self.measures.source(&line.hash)
    }

    /// What is known of a song, and the gain that its figures lack; tracked.
    pub fn known(self, line: &Line) -> Option<(Arc<Analysis>, f64)> {
        let heard = || self.heard.with(|heard| heard.as_ref().and_then(|(_, songs)| songs.get(&line.clip).cloned()));
        match self.is_heard().then(heard).flatten() {
            Some(analysis) => Some((analysis, 0.0)),
            None => self.file(line).map(|analysis| (analysis, line.gain_db)),
        }
    }

    /// How loud a song is, tracked.
    pub fn level(self, line: &Line) -> Option<Level> {
        self.known(line).map(|(analysis, gain_db)| Level::of(&analysis, gain_db))
    }

    /// All songs with their levels, once all are known; tracked.
    pub fn standings(self) -> Option<Vec<Standing>> {
        self.lines().iter().map(|line| self.level(line).map(|level| standing(line, level))).collect()
    }

    /// The levels of the songs and of the whole, once all are known; tracked.
    pub fn levels(self) -> Option<(Vec<Level>, Level)> {
        let lines = self.lines();
        let levels: Option<Vec<(Level, u64)>> =
            lines.iter().map(|line| self.level(line).map(|level| (level, line.range.end - line.range.start))).collect();
        let levels = levels.filter(|levels| !levels.is_empty())?;
        Some((levels.iter().map(|(level, _)| *level).collect(), whole(&levels)))
    }

    /// How far a song is from where the anchor and its offset want it; tracked.
    pub fn off_by_lu(self, clip: ClipId) -> Option<f64> {
        off_by_lu(&self.standings()?, self.anchor()?, clip)
    }

    /// Whether the shared chain changes levels by more than a fader does.
    fn has_chain(self) -> bool {
        let has = self.studio.peek(|session| of(session)?.1.master().map(|strip| strip.inserts.iter().any(|insert| !insert.bypassed)));
        has.flatten().unwrap_or(false)
    }

    /// Gives the work up.
    pub fn cancel(self) {
        self.canceller.with_value(Canceller::cancel);
    }

    /// Begins work; `None` while there is some.
    pub fn begin(self) -> Option<Canceller> {
        if self.progress.get_untracked().is_some() {
            return None;
        }
        let canceller = Canceller::default();
        self.canceller.set_value(canceller.clone());
        self.progress.set(Some(0.0));
        Some(canceller)
    }

    /// Measures every song as it leaves the chain.
    pub fn measure(self) {
        let Some(canceller) = self.begin() else { return };
        spawn_local(async move {
            let sounding = self.sounding.get_untracked();
            match self.render(&lines_now(self), None, &canceller, [0.0, 1.0]).await {
                Ok(heard) => self.heard.set(Some((sounding, heard))),
                Err(_) if canceller.is_cancelled() => {}
                Err(sentence) => self.studio.messages.attention(sentence),
            }
            self.progress.set(None);
        });
    }

    async fn render(
        self,
        lines: &[Line],
        gains_db: Option<&[(ClipId, f64)]>,
        canceller: &Canceller,
        share: [f32; 2],
    ) -> Result<Heard, String> {
        let song = self.song().ok_or("There is no album.")?;
        let edit = gains_db.and_then(|gains_db| self.studio.peek(|session| set_gains(session, gains_db)).flatten());
        let (mut heard, count) = (Heard::new(), lines.len() as f32);
        for (at, line) in lines.iter().enumerate() {
            let told = move |part: f32| {
                let whole = (at as f32 + part.clamp(0.0, 1.0)) / count;
                let _ = self.progress.try_set(Some(share[0] + (share[1] - share[0]) * whole));
            };
            let analysis = self.studio.measure_range((song, line.range), edit.clone(), canceller, told).await?;
            heard.insert(line.clip, Arc::new(analysis));
        }
        Ok(heard)
    }

    /// Sets the songs' gains so that each has the anchor's loudness and its own offset: from the files where the chain is empty, else by
    /// measuring behind it. One step of the history.
    pub fn bring(self) {
        let Some(anchor) = untrack(|| self.anchor()) else { return };
        if !self.has_chain() {
            match untrack(|| self.standings()) {
                Some(standings) => self.take(&standings, anchor),
                None => self.studio.messages.news("The songs are still being measured."),
            }
            return;
        }
        let Some(canceller) = self.begin() else { return };
        spawn_local(async move {
            match self.bring_behind_chain(anchor, &canceller).await {
                Err(_) if canceller.is_cancelled() => {}
                Err(sentence) => self.studio.messages.attention(sentence),
                Ok(()) => {}
            }
            self.progress.set(None);
        });
    }

    fn take(self, standings: &[Standing], anchor: ClipId) {
        match bring(standings, anchor) {
            Some(moves) => self.dispatch_gains(&gains(&moves)),
            None => self.studio.messages.attention("The anchor is silent: choose another song."),
        }
    }

    fn dispatch_gains(self, gains_db: &[(ClipId, f64)]) {
        match self.studio.peek(|session| set_gains(session, gains_db)).flatten() {
            Some(edit) => {
                self.studio.dispatch(BRING, edit);
            }
            None => self.studio.messages.news("Every song has the anchor’s loudness already."),
        }
    }

    async fn bring_behind_chain(self, anchor: ClipId, canceller: &Canceller) -> Result<(), String> {
        let mut lines = lines_now(self);
        let before: Vec<f64> = lines.iter().map(|line| line.gain_db).collect();
        let mut heard = Heard::new();
        for attempt in 0..MOST_TRIES {
            let gains_db: Vec<(ClipId, f64)> = lines.iter().map(|line| (line.clip, line.gain_db)).collect();
            // Renders are as many as are needed: each round takes half of what is left of the bar.
            let from = 1.0 - 0.5_f32.powi(attempt as i32);
            heard = self.render(&lines, Some(&gains_db), canceller, [from, (1.0 + from) / 2.0]).await?;
            let level = |line: &Line| heard.get(&line.clip).map(|analysis| Level::of(analysis, 0.0));
            let standings: Vec<Standing> = lines.iter().filter_map(|line| level(line).map(|level| standing(line, level))).collect();
            let moves = bring(&standings, anchor).ok_or("The anchor is silent: choose another song.")?;
            let is_there = standings.iter().all(|song| off_by_lu(&standings, anchor, song.clip).is_none_or(|off| off.abs() <= CLOSE_LU));
            if is_there || attempt + 1 == MOST_TRIES {
                break;
            }
            for line in &mut lines {
                line.gain_db = moves.iter().find(|song| song.clip == line.clip).map_or(line.gain_db, |song| song.gain_db);
            }
        }
        if lines.iter().map(|line| line.gain_db).ne(before) {
            self.dispatch_gains(&lines.iter().map(|line| (line.clip, line.gain_db)).collect::<Vec<_>>());
        }
        self.heard.set(Some((self.sounding.get_untracked(), heard)));
        Ok(())
    }
}

fn standing(line: &Line, level: Level) -> Standing {
    Standing { clip: line.clip, gain_db: line.gain_db, offset_lu: line.offset_lu, level }
}

fn gains(moves: &[Move]) -> Vec<(ClipId, f64)> {
    moves.iter().map(|song| (song.clip, song.gain_db)).collect()
}

fn lines_now(desk: Desk) -> Vec<Line> {
    desk.studio.peek(lines).unwrap_or_default()
}
