//! References: songs that are only listened to, as loud as the master, at a key's press; and in what they differ from it.

use std::sync::Arc;

use dsp::monitor::{monitor_param, source};
use leptos::html::{Input, Span};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::Edit;
use session::analysis::Analysis;
use session::model::{Session, Song, SourceId};
use session::worker::Imported;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use super::cues::Cues;
use super::difference::DifferenceCurves;
use super::figures::{difference, number};
use super::measures::Measures;
use super::preview::Preview;
use super::reading::write;
use crate::audio::{Excerpt, ReferencePlayer};
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, ToggleButton};

/// A reference whose samples are here.
struct Loaded {
    source: SourceId,
    rate_hz: u32,
    planes: [js_sys::Float32Array; 2],
}

/// What is heard of the references; a context of the page. One at a time is in memory.
#[derive(Clone, Copy)]
pub struct References {
    studio: Studio,
    measures: Measures,
    preview: Preview,
    loaded: StoredValue<Option<Loaded>, LocalStorage>,
    player: StoredValue<Option<ReferencePlayer>, LocalStorage>,
    place_s: StoredValue<f64>,
    /// Where its stretch begins while the song is looped.
    from_s: StoredValue<f64>,
    /// Where the next reference begins.
    cue_s: StoredValue<Option<f64>>,
    /// Length of the song's loop, seconds, while it is on.
    loop_s: Memo<Option<f64>>,
}

impl References {
    /// Follows what the studio wants to be heard.
    pub fn install(studio: Studio, measures: Measures, preview: Preview) -> Self {
        let this = Self {
            studio,
            measures,
            preview,
            loaded: StoredValue::new_local(None),
            player: StoredValue::new_local(None),
            place_s: StoredValue::new(0.0),
            from_s: StoredValue::new(0.0),
            cue_s: StoredValue::new(None),
            loop_s: Memo::new(move |_| studio.song(loop_s).flatten()),
        };
        Effect::new(move |before: Option<Option<SourceId>>| {
            let heard = studio.heard.get();
            let is_audible = studio.playing.get() && studio.audio_on.get();
            this.loop_s.track();
            if before.flatten() != heard {
                if heard.is_some() {
                    studio.set_monitor(monitor_param::SOURCE, source::REFERENCE as f32);
                } else if untrack(|| studio.source()) == source::REFERENCE {
                    studio.set_monitor(monitor_param::SOURCE, source::SONG as f32);
                }
                if before.flatten().is_some() && heard.is_some() {
                    this.begin_at(0.0);
                }
            }
            this.silence();
            if let Some(cue_s) = this.cue_s.get_value() {
                this.cue_s.set_value(None);
                this.begin_at(cue_s);
            }
            if let Some(source) = heard.filter(|_| is_audible) {
                this.load_and_play(source);
            }
            heard
        });
        Effect::new(move |_| {
            let gain = studio.heard.get().map(|source| this.gain(source));
            this.player.with_value(|player| {
                if let (Some(player), Some(gain)) = (player, gain) {
                    player.set_gain(gain);
                }
            });
        });
        // Another song is another level and maybe another rate.
        Effect::new(move |before: Option<Option<_>>| {
            let song = studio.song_id();
            if before.is_some_and(|before| before != song) {
                studio.heard.set(None);
            }
            song
        });
        this
    }

    fn silence(self) {
        self.player.update_value(|player| {
            if let Some(player) = player.take() {
                self.place_s.set_value(player.place_s());
            }
        });
    }

    fn begin_at(self, place_s: f64) {
        self.place_s.set_value(place_s);
        self.from_s.set_value(place_s);
    }

    fn load_and_play(self, source: SourceId) {
        let found = self.studio.peek(|session| Some((session.source(source)?.hash.clone(), self.studio.peek_song(|song| song.rate_hz)?)));
        let Some((hash, rate_hz)) = found.flatten() else { return };
        let is_here = self.loaded.with_value(|loaded| loaded.as_ref().is_some_and(|it| it.source == source && it.rate_hz == rate_hz));
        if is_here {
            return self.play(source);
        }
        self.loaded.set_value(None);
        spawn_local(async move {
            let planes = match self.studio.media().await {
                Ok(media) => media.planes(&hash, rate_hz).await,
                Err(error) => Err(error),
            };
            match planes {
                Ok(planes) => {
                    self.loaded.set_value(Some(Loaded { source, rate_hz, planes }));
                    self.play(source);
                }
                Err(error) => {
                    self.studio.heard.set(None);
                    self.studio.messages.attention(error.to_string());
                }
            }
        });
    }

    fn play(self, source: SourceId) {
        let is_wanted = self.studio.heard.get_untracked() == Some(source) && self.studio.playing.get_untracked();
        let Some(engine) = self.studio.sound.engine().filter(|_| is_wanted) else { return };
        let stretch_s = self.loop_s.get_untracked().map(|length_s| (self.from_s.get_value(), length_s));
        let excerpt = Excerpt { place_s: self.place_s.get_value(), stretch_s, gain: untrack(|| self.gain(source)) };
        let matches = stretch_s.is_some() && untrack(|| !self.preview.is_on());
        self.studio.set_monitor(monitor_param::REFERENCE_MATCH, f32::from(u8::from(matches)));
        let played = self.loaded.with_value(|loaded| loaded.as_ref().map(|loaded| engine.play_reference(&loaded.planes, excerpt)));
        match played {
            Some(Ok(player)) => self.player.set_value(player),
            Some(Err(sentence)) => self.studio.messages.attention(sentence),
            None => {}
        }
    }

    /// Where a reference stands, seconds.
    pub fn place_s(self, source: SourceId) -> f64 {
        let is_heard = self.studio.heard.get_untracked() == Some(source);
        let playing = self.player.with_value(|player| player.as_ref().map(ReferencePlayer::place_s));
        playing.filter(|_| is_heard).unwrap_or_else(|| self.place_s.get_value())
    }

    /// Hears a reference from a place on.
    pub fn hear_from(self, source: SourceId, place_s: f64) {
        self.silence();
        if self.studio.heard.get_untracked() == Some(source) {
            self.begin_at(place_s);
            if self.studio.playing.get_untracked() && self.studio.audio_on.get_untracked() {
                self.load_and_play(source);
            }
        } else {
            self.cue_s.set_value(Some(place_s));
            self.studio.compared.set(Some(source));
            self.studio.heard.set(Some(source));
        }
    }

    /// A reference's analysis, tracked.
    pub fn analysis(self, source: SourceId) -> Option<Arc<Analysis>> {
        let hash = self.studio.session(|session| session.source(source).map(|source| source.hash.clone())).flatten()?;
        self.measures.source(&hash)
    }

    /// What the reference is compared with: the master as measured, or its file.
    fn own(self) -> Option<Arc<Analysis>> {
        self.measures.master().or_else(|| self.measures.file())
    }

    /// The same, untracked.
    pub fn own_untracked(self) -> Option<Arc<Analysis>> {
        untrack(|| self.own())
    }

    /// Song and reference that was chosen last, where both were measured; tracked.
    pub fn both(self) -> Option<(Arc<Analysis>, Arc<Analysis>)> {
        let source = self.studio.compared.get()?;
        let is_there = self.studio.session(|session| session.references.contains(&source)).unwrap_or(false);
        let other = self.analysis(source).filter(|_| is_there)?;
        self.own().filter(|own| !own.is_silent() && !other.is_silent()).map(|own| (own, other))
    }

    /// See [`References::gain_db`]; linear.
    fn gain(self, source: SourceId) -> f32 {
        dsp::units::db_to_gain(self.gain_db(source).unwrap_or(0.0)) as f32
    }

    /// By how much a reference is turned to be as loud as the song, never over full scale, or as a previewed place turns it; tracked.
    fn gain_db(self, source: SourceId) -> Option<f64> {
        let other = self.analysis(source)?;
        if let Some(gain) = self.preview.gain_db(&other) {
            return Some(gain);
        }
        let own = self.own()?;
        let matched = own.integrated_lufs - other.integrated_lufs;
        matched.is_finite().then(|| matched.min((-other.true_peak_dbtp).max(0.0)))
    }
}

/// How long a song's loop is, seconds, while it is on.
fn loop_s(song: &Song) -> Option<f64> {
    let range = song.cycle.range.filter(|_| song.cycle.enabled)?;
    Some(range.end.saturating_sub(range.start) as f64 / f64::from(song.rate_hz.max(1)))
}

/// The edit that makes a file a reference.
fn as_reference(session: &Session, imported: Imported) -> (Edit, SourceId) {
    let mut edits = Vec::new();
    let known = session.source_by_hash(&imported.hash).map(|source| source.id);
    let id = known.unwrap_or_else(|| {
        let id = session.ids().source();
        edits.push(Edit::AddSource { at: usize::MAX, source: imported.into_source(id) });
        id
    });
    let references = session.references.iter().copied().filter(|reference| *reference != id).chain([id]).collect();
    edits.push(Edit::SetReferences { references });
    (Edit::Batch(edits), id)
}

async fn add(studio: Studio, files: Vec<File>) {
    for file in files {
        let name = file.name();
        let rate_hz = studio.peek_song(|song| song.rate_hz);
        let result = match studio.media().await {
            Ok(media) => media.import(file, rate_hz, |_| {}).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(imported) => {
                let made = studio.peek(|session| as_reference(session, imported));
                if let Some((edit, source)) = made
                    && studio.dispatch(format!("Add reference {name}"), edit)
                {
                    studio.compared.set(Some(source));
                }
            }
            Err(error) => studio.messages.attention(error.to_string()),
        }
    }
}

/// Song and references side by side, as buttons.
#[component]
pub fn ReferenceBar() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let references = expect_context::<References>();
    let frames = expect_context::<FrameLoop>();
    let input = NodeRef::<Input>::new();
    let ids = Memo::new(move |_| studio.session(|session| session.references.clone()).unwrap_or_default());
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let files = input.files().map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect::<Vec<_>>()).unwrap_or_default();
        input.set_value("");
        spawn_local(add(studio, files));
    };
    let one = move |source: SourceId| {
        let name = Memo::new(move |_| {
            let name = studio.session(|session| session.source(source).map(|source| source.file_name.clone())).flatten();
            session::guess::song_name(&name.unwrap_or_default())
        });
        let pressed = Signal::derive(move || studio.heard.get() == Some(source));
        let gain = Memo::new(move |_| references.gain_db(source));
        let shown = NodeRef::<Span>::new();
        frames.each(move |frame| {
            if frame.is_number_time {
                // What the stage adds over the loop, while it is heard.
                let over_loop = f64::from(frame.readings.reference_match_db);
                let added = if over_loop.is_finite() && studio.heard.get_untracked() == Some(source) { over_loop } else { 0.0 };
                let text = gain.get_untracked().map(|gain| format!("{} dB", difference(gain + added, 1)));
                write(shown, &text.unwrap_or_default());
            }
        });
        let press = move |_| {
            studio.compared.set(Some(source));
            studio.heard.set(Some(source));
        };
        view! {
            <span class="reference-place" role="group" aria-label=move || name.get()>
                <ToggleButton look=ButtonLook::Listen class="is-small reference" name=name.get_untracked() hint="Heard in the song’s place, as loud as the song; X goes back and forth" pressed on_press=press>
                    <span class="el">{name}</span>
                </ToggleButton>
                <span class="n lbl" node_ref=shown></span>
            </span>
        }
    };
    let is_song = Signal::derive(move || studio.hears_song());
    view! {
        <div class="reference-bar" role="toolbar" aria-label="References">
            <Show when=move || !ids.with(Vec::is_empty)>
                <ToggleButton look=ButtonLook::Listen class="is-small" name="Song" hint="Hear the song itself" pressed=is_song on_press=move |_| studio.listen_to(source::SONG)>"Song"</ToggleButton>
                <For each=move || ids.get() key=|id| *id children=one />
            </Show>
            <Button look=ButtonLook::Quiet class="is-small" hint="Songs to compare with; they are never in the export" on_press=move |()| if let Some(input) = input.get_untracked() { input.click() }>
                <IconView icon=Icon::Plus />"Add reference"
            </Button>
            <input node_ref=input class="sr" type="file" aria-label="Add reference" tabindex="-1" multiple=true accept="audio/*,.wav,.flac,.aif,.aiff,.mp3,.ogg,.opus,.m4a" on:change=chosen />
        </div>
    }
}

/// In what the song differs from the reference that was chosen last.
#[component]
pub fn Comparison() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let references = expect_context::<References>();
    let both = Memo::new(move |_| references.both());
    let name = move || {
        let source = studio.compared.get()?;
        studio.session(|session| session.source(source).map(|source| source.file_name.clone())).flatten()
    };
    let line = |(name, own, other, places): (String, f64, f64, usize)| {
        view! { <tr><th scope="row">{name}</th><td class="n">{number(own, places)}</td><td class="n">{number(other, places)}</td><td class="n">{difference(own - other, places)}</td></tr> }
    };
    let lines = move || {
        let Some((own, other)) = both.get() else { return Vec::new() };
        let mut lines = vec![
            ("Integrated LUFS".to_owned(), own.integrated_lufs, other.integrated_lufs, 1),
            ("Range LU".to_owned(), own.range_lu, other.range_lu, 1),
            ("PLR LU".to_owned(), own.plr_lu(), other.plr_lu(), 1),
            ("Short-term max LUFS".to_owned(), own.short_term_max_lufs, other.short_term_max_lufs, 1),
        ];
        for (own, other) in own.regions().into_iter().zip(other.regions()) {
            lines.push((format!("{} dB", own.name), own.level_db, other.level_db, 1));
        }
        for (own, other) in own.regions().into_iter().zip(other.regions()) {
            lines.push((format!("{} width %", own.name), own.width * 100.0, other.width * 100.0, 0));
        }
        lines.into_iter().map(line).collect_view()
    };
    view! {
        <Show when=move || both.with(Option::is_some)>
            <header class="meters-head"><h2>"Against"</h2><span class="lbl el">{name}</span></header>
            <table class="goal-table" aria-label="Against the reference">
                <thead><tr><th scope="col"><span class="sr">"What"</span></th><th scope="col">"Song"</th><th scope="col">"Reference"</th><th scope="col">"Apart"</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <DifferenceCurves both />
            <Cues />
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::SampleFormat;

    #[test]
    fn a_file_becomes_a_reference_once_and_is_undone_as_one_step() {
        let mut session = Session::new("0".repeat(32), "S");
        let imported = Imported {
            hash: "a".repeat(64),
            file_name: "Ref.wav".into(),
            rate_hz: 48_000,
            channels: 2,
            frames: 100,
            format: SampleFormat::I16,
            notes: Vec::new(),
            time_reference: None,
        };
        let (edit, first) = as_reference(&session, imported.clone());
        let undo = session.apply(&edit).expect("an edit that fits");
        let (again, second) = as_reference(&session, imported);
        session.apply(&again).expect("an edit that fits");
        assert_eq!((first, session.references.clone(), session.sources.len()), (second, vec![first], 1));
        session.apply(&undo).expect("undone");
        assert!(session.references.is_empty() && session.sources.is_empty());
    }
}
