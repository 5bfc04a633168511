//! The blind test: two of the song's states or references, as loud as each other and in step, hidden behind X and Y until the score is asked
//! for.

use dsp::units::db_to_gain;
use js_sys::{Function, Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::Edit;
use session::blind::BlindTest;
use session::model::{Range, Session, Song, SongId};
use session::versions;
use wasm_bindgen::JsCast;

use super::in_step::InStep;
use crate::audio::{Pair, asked};
use crate::media::{Canceller, MediaError, Planes};
use crate::state::Studio;
use crate::ui::topbar::MixSides;

/// In the address, for a test of the test: the number that the trials follow from.
const SEED: &str = "blind-seed";
/// How many trials a test may have, the usual number first.
pub const LENGTHS: [usize; 3] = [16, 10, 24];

/// What can be compared.
#[derive(Clone, Debug, PartialEq)]
enum What {
    Version(u8),
    Bare,
    OtherMix(Box<Song>),
    Reference(String),
}

/// One of them, as the list names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Permanent while the list is shown.
    pub id: String,
    /// Name on screen.
    pub name: String,
    what: What,
}

/// What is heard, as the listener knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// The first.
    A,
    /// The second.
    B,
    /// One of them.
    X,
    /// The other one.
    Y,
}

impl Sound {
    /// All, in the order of their buttons.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::X, Self::Y];

    /// On its button.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::X => "X",
            Self::Y => "Y",
        }
    }

    /// Which of the two it is in this trial.
    fn of(self, test: &BlindTest) -> usize {
        match self {
            Self::A => 0,
            Self::B => 1,
            Self::X => test.x(),
            Self::Y => 1 - test.x(),
        }
    }
}

/// Which two are compared, and the test; kept while the page is open.
#[derive(Clone, Copy)]
pub struct Blind {
    studio: Studio,
    sides: MixSides,
    in_step: InStep,
    /// Ids of the two.
    pub chosen: [RwSignal<String>; 2],
    /// How many trials the next test has.
    pub length: RwSignal<usize>,
    /// How far the two are rendered, 0 to 1; `None` while nothing is.
    pub progress: RwSignal<Option<f32>>,
    /// The test, once both are there.
    pub test: RwSignal<Option<BlindTest>>,
    /// What is heard.
    pub heard: RwSignal<Option<Sound>>,
    names: RwSignal<[String; 2]>,
    gains: StoredValue<[f32; 2]>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Blind {
    /// No test.
    pub fn new(studio: Studio, sides: MixSides, in_step: InStep) -> Self {
        Self {
            studio,
            sides,
            in_step,
            chosen: [RwSignal::new(String::new()), RwSignal::new(String::new())],
            length: RwSignal::new(LENGTHS[0]),
            progress: RwSignal::new(None),
            test: RwSignal::new(None),
            heard: RwSignal::new(None),
            names: RwSignal::default(),
            gains: StoredValue::new([1.0; 2]),
            canceller: StoredValue::new_local(Canceller::default()),
        }
    }

    /// Everything that the song on show can be compared with, itself first; tracked.
    pub fn candidates(self) -> Vec<Candidate> {
        let other = self.sides.other(self.studio);
        let song = self.studio.song_id();
        self.studio.session(|session| session.song(song?).map(|song| candidates(session, song, other))).flatten().unwrap_or_default()
    }

    /// Chooses what is likely to be meant, where nothing that exists is chosen.
    pub fn choose_likely(self) {
        let found = untrack(|| self.candidates());
        for (at, chosen) in self.chosen.into_iter().enumerate() {
            if found.iter().all(|candidate| chosen.with_untracked(|id| *id != candidate.id)) {
                chosen.set(found.get(at).map(|candidate| candidate.id.clone()).unwrap_or_default());
            }
        }
    }

    /// The names of both sides of the test, tracked.
    pub fn names(self) -> [String; 2] {
        self.names.get()
    }

    /// Whether one of them is heard, tracked.
    pub fn hears(self, sound: Sound) -> bool {
        self.heard.get() == Some(sound) && self.in_step.is_heard()
    }

    /// Renders both and begins a test.
    pub fn prepare(self) {
        let found = untrack(|| self.candidates());
        let of = |at: usize| found.iter().find(|candidate| self.chosen[at].with_untracked(|id| *id == candidate.id)).cloned();
        let (Some(first), Some(second)) = (of(0), of(1)) else { return };
        if self.progress.get_untracked().is_some() || first == second {
            return;
        }
        let canceller = Canceller::default();
        self.canceller.set_value(canceller.clone());
        self.progress.set(Some(0.0));
        spawn_local(async move {
            let names = [first.name.clone(), second.name.clone()];
            match self.prepared([first, second], &canceller).await {
                Ok(gains) if !canceller.is_cancelled() => {
                    self.names.set(names);
                    self.gains.set_value(gains);
                    self.heard.set(None);
                    self.test.set(Some(BlindTest::new(seed(), self.length.get_untracked())));
                }
                Ok(_) => self.in_step.forget(),
                Err(_) if canceller.is_cancelled() => {}
                Err(sentence) => self.studio.messages.attention(sentence),
            }
            self.progress.set(None);
        });
    }

    /// Has both ready to be heard; gives the gains that make them as loud as the softer one.
    async fn prepared(self, both: [Candidate; 2], canceller: &Canceller) -> Result<[f32; 2], String> {
        let (song, rate_hz, stretch) =
            self.studio.peek_song(|song| (song.id, song.rate_hz, song.cycle_range())).ok_or("There is no song to compare.")?;
        let mut sounds = Vec::new();
        for (at, candidate) in both.into_iter().enumerate() {
            let told = move |part: f32| {
                let _ = self.progress.try_set(Some((at as f32 + part) / 2.0));
            };
            let (planes, lufs) = self.sound(candidate.what, (song, stretch), rate_hz, canceller, told).await?;
            if !lufs.is_finite() {
                return Err(format!("{} is silent there, so there is nothing to compare.", candidate.name));
            }
            sounds.push((planes, lufs));
        }
        let [(first, first_lufs), (second, second_lufs)] = &sounds[..] else { return Err("Nothing was rendered.".to_owned()) };
        self.in_step.take(Pair::new([first, second], rate_hz)?);
        let softer = first_lufs.min(*second_lufs);
        Ok([first_lufs, second_lufs].map(|lufs| db_to_gain(softer - lufs) as f32))
    }

    /// One of the two: its sides and its loudness.
    async fn sound(
        self,
        what: What,
        (song, stretch): (SongId, Option<Range>),
        rate_hz: u32,
        canceller: &Canceller,
        on_progress: impl Fn(f32) + 'static,
    ) -> Result<(Planes, f64), String> {
        let failed = |error: MediaError| error.to_string();
        let media = self.studio.media().await.map_err(failed)?;
        if let What::Reference(hash) = &what {
            let lufs = media.analyse(hash, on_progress).await.map_err(failed)?.integrated_lufs;
            return Ok((media.planes(hash, rate_hz).await.map_err(failed)?, lufs));
        }
        let state = self.studio.peek(|session| in_state(session, song, what)).flatten().ok_or("The song is no longer in the session.")?;
        let job = media.render(&state, song, stretch, on_progress);
        let cancel = job.canceller();
        canceller.on_cancel(move || cancel.cancel());
        let (analysis, planes) = job.await.map_err(failed)?;
        Ok((planes, analysis.integrated_lufs))
    }

    /// Gives the renders up.
    pub fn cancel(self) {
        self.canceller.with_value(Canceller::cancel);
    }

    /// Hears one of them.
    pub fn hear(self, sound: Sound) {
        let Some(which) = self.test.with_untracked(|test| test.as_ref().map(|test| sound.of(test))) else { return };
        self.heard.set(Some(sound));
        let gains = self.gains.get_value();
        self.in_step.hear([0, 1].map(|at| if at == which { gains[at] } else { 0.0 }));
    }

    /// The listener says that X is the first or the second. Then there is silence: to hear X become the next X would tell whether it changed.
    pub fn answer(self, x: usize) {
        self.test.update(|test| test.iter_mut().for_each(|test| test.answer(x)));
        if self.test.with_untracked(|test| test.as_ref().is_none_or(BlindTest::is_over)) {
            self.silence();
        } else if self.heard.get_untracked().is_some() {
            self.heard.set(None);
            self.in_step.hear([0.0; 2]);
        }
    }

    /// Ends the test; its score is shown.
    pub fn end(self) {
        self.test.update(|test| test.iter_mut().for_each(BlindTest::end));
        self.silence();
    }

    /// Hears nothing.
    pub fn silence(self) {
        self.heard.set(None);
        self.in_step.end();
    }

    /// No test any more.
    pub fn forget(self) {
        if self.progress.with_untracked(Option::is_some) {
            self.cancel();
        }
        self.test.set(None);
        self.heard.set(None);
        self.in_step.forget();
    }
}

fn candidates(session: &Session, song: &Song, other_mix: Option<Song>) -> Vec<Candidate> {
    let one = |id: String, name: String, what: What| Candidate { id, name, what };
    let version = |version: u8| {
        let name = versions::NAMES.get(usize::from(version)).copied().unwrap_or_default();
        one(format!("version {version}"), format!("Version {name}"), What::Version(version))
    };
    let mut all = vec![version(song.versions.current)];
    all.extend(song.versions.others.keys().copied().map(version));
    all.extend(other_mix.map(|mix| one("mix".to_owned(), "The other mix".to_owned(), What::OtherMix(Box::new(mix)))));
    all.push(one("bare".to_owned(), "Without the chain".to_owned(), What::Bare));
    all.extend(session.references.iter().filter_map(|id| session.source(*id)).map(|source| {
        one(format!("reference {}", source.id.0), session::guess::song_name(&source.file_name), What::Reference(source.hash.clone()))
    }));
    all
}

/// The session with its song in another state.
fn in_state(session: &Session, song: SongId, what: What) -> Option<Session> {
    let edit = match what {
        What::Version(version) => versions::switch(session, song, version),
        What::Bare => Some(versions::without_chain(session, song)?),
        What::OtherMix(song) => Some(Edit::PutSong { song }),
        What::Reference(_) => return None,
    };
    let mut state = session.clone();
    if let Some(edit) = edit {
        state.apply(&edit).ok()?;
    }
    Some(state)
}

/// A number that nobody can guess, or the one in the address.
fn seed() -> u64 {
    if let Some(seed) = asked(SEED) {
        return u64::from(seed);
    }
    random().unwrap_or_else(|| js_sys::Math::random().to_bits())
}

/// From the browser's source of numbers for keys.
fn random() -> Option<u64> {
    let crypto = Reflect::get(&js_sys::global(), &"crypto".into()).ok()?;
    let fill: Function = Reflect::get(&crypto, &"getRandomValues".into()).ok()?.dyn_into().ok()?;
    let bytes = Uint8Array::new_with_length(8);
    fill.call1(&crypto, &bytes).ok()?;
    Some(u64::from_le_bytes(bytes.to_vec().try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::Insert;

    #[test]
    fn a_song_is_compared_with_its_versions_and_with_itself_without_its_chain() {
        let mut session = Session::new("0".repeat(32), "S");
        let mut ids = session.ids();
        let mut song = Song::mix(&mut ids, "Mix", 48_000);
        let limiter = Insert::new(&mut ids, "limiter");
        let at = song.strips.len() - 1;
        song.strips[at].inserts.push(limiter);
        let id = song.id;
        session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a song");
        let list = |session: &Session| candidates(session, session.song(id).expect("the song"), None);
        assert_eq!(list(&session).iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Version A", "Without the chain"]);
        session.apply(&versions::switch(&session, id, 1).expect("an edit")).expect("a version");
        assert_eq!(list(&session).iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Version B", "Version A", "Without the chain"]);
        let steps = |what| {
            let state = in_state(&session, id, what).expect("a state");
            state.song(id).and_then(Song::master).map(|strip| strip.inserts.len())
        };
        assert_eq!([What::Version(0), What::Version(1), What::Bare].map(steps), [Some(1), Some(1), Some(0)]);
    }
}
